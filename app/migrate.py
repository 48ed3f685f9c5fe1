"""Migrations: bring the database to the state that this code expects, or say that it is not."""

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from app.errors import CannotStart
from core.storage.database import Database

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 7_239_114  # a number of our own: two processes do not migrate at once


def head() -> str:
    """The newest revision there is: the number that the last file's name begins with."""
    return max(file.name for file in (SCRIPTS / "versions").glob("[0-9]*.py")).partition("_")[0]


async def current(database: Database) -> str | None:
    """The revision that the database has; None where it has never been migrated."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_current)


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    has: str | None = connection.scalar(text("select version_num from alembic_version"))
    return has


async def migrate(database: Database, to: str = "head") -> str:
    """Bring the database to a revision, all or nothing; which one it has then."""
    async with database.engine.begin() as connection:
        if not database.is_sqlite:
            await connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        await connection.run_sync(_upgrade, to)
    return await current(database) or ""


def _upgrade(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


async def require_current(database: Database) -> None:
    """Raise `CannotStart` where the database is older or newer than this code."""
    has = await current(database)
    if has != head():
        state = "has never been migrated" if has is None else f"is at {has}, not at {head()}"
        raise CannotStart(f"The database {state}. Run: switchboard migrate")
