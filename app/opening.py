"""The database alone: locked where it is a file, and answering; migrated or not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from app.errors import CannotStart
from app.lock import FileLock, held
from app.settings import Settings
from core.storage.database import Database, WrongSetup


class DatabaseFailed(CannotStart):
    """The database said no where it never should."""

    def __init__(self, error: SQLAlchemyError) -> None:
        super().__init__(f"The database failed: {_cause(error)}.")


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Database, FileLock | None]]:
    """The database, and the lock of its file. Raises `CannotStart`, `Busy`."""
    async with held(settings.database_file) as lock:
        database = await _answering(settings)
        try:
            yield database, lock
        except SQLAlchemyError as error:
            raise DatabaseFailed(error) from error
        finally:
            await database.close()


async def _answering(settings: Settings) -> Database:
    """A database that answers and is set up right. Raises `CannotStart`."""
    try:
        database = Database(settings.database_url)
    except (WrongSetup, ValueError) as error:
        raise CannotStart(str(error)) from error
    try:
        await database.check()
        async with database.engine.connect():
            return database
    except WrongSetup as error:
        fault = str(error)
    except (OSError, DBAPIError) as error:
        fault = unreachable(settings, error)
    except TypeError as error:  # the driver was given a parameter that it does not know
        fault = f"DATABASE_URL has a parameter that is not known: {error}."
    await database.close()
    raise CannotStart(fault)


def unreachable(settings: Settings, error: Exception) -> str:
    """Why the database does not answer, without its password."""
    cause = _cause(error)
    if settings.database_file is not None:
        return f"{settings.database_file} cannot be opened as a database: {cause}."
    return f"The database does not answer: {cause}. Check DATABASE_URL and that it is running."


def _cause(error: Exception) -> str:
    return str(getattr(error, "orig", error)).splitlines()[0]
