"""Webhooks: what happens here, told to programs elsewhere by signed requests."""
