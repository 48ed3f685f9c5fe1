"""Slack: customers write to the app, agents work in a staff channel."""
