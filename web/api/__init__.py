"""The API for programs: JSON over HTTP under ``/api/v1``, by keys with scopes."""
