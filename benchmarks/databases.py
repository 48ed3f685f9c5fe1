"""Fresh databases to measure on: a file of SQLite, a PostgreSQL of our own."""

import contextlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from app.migrate import migrate
from core.storage.database import Database
from tests import postgres


@contextlib.asynccontextmanager
async def address(kind: str) -> AsyncIterator[str]:
    """The address of an empty database; ``kind`` is sqlite or postgresql."""
    with contextlib.ExitStack() as stack:
        if kind == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            yield f"sqlite:///{Path(folder) / 'desk.db'}"
        else:
            server = stack.enter_context(postgres.running())
            await server.create("desk")
            yield server.url("desk")


@contextlib.asynccontextmanager
async def fresh(kind: str) -> AsyncIterator[Database]:
    """An empty, migrated database; ``kind`` is sqlite or postgresql."""
    async with address(kind) as url:
        database = Database(url)
        try:
            await migrate(database)
            yield database
        finally:
            await database.close()
