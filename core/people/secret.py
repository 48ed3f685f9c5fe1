"""Secrets that are handed out once: made at random, and known again by their hash."""

import hashlib
import secrets

SECRET_BYTES = 32  # 256 bits


def new_secret(prefix: str = "") -> str:
    """A secret to hand out; 256 random bits need no slow hash to be kept by."""
    return prefix + secrets.token_urlsafe(SECRET_BYTES)


def hashed(secret: str) -> str:
    """What is kept of a secret: its SHA-256, in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
