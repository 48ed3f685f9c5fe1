"""Logging for operators: one line an event, on standard error, without secrets or bodies."""

import logging
import sys

QUIET = {
    "aiobotocore": logging.WARNING,
    "alembic": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "apscheduler": logging.WARNING,
    "asyncio": logging.WARNING,
    "botocore": logging.WARNING,
    "discord": logging.WARNING,
    "markdown_it": logging.WARNING,
    "slack_sdk": logging.WARNING,
    "slack_bolt": logging.WARNING,
    "uvicorn.access": logging.WARNING,
    "uvicorn.error": logging.WARNING,
    "sqlalchemy": logging.WARNING,
}
"""Libraries that would print bodies or tokens below this level, whatever LOG_LEVEL says."""


def configure(level: str) -> None:
    """Log to standard error from this level on."""
    logging.basicConfig(
        level=level,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        force=True,
    )
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, logging.getLevelName(level)))
