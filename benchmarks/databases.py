"""Fresh databases to measure on: a file of SQLite, a PostgreSQL of our own."""

import contextlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from app.migrate import migrate
from core.storage.database import Database
from tests import postgres


@contextlib.asynccontextmanager
async def fresh(kind: str) -> AsyncIterator[Database]:
    """An empty, migrated database; ``kind`` is sqlite or postgresql."""
    with contextlib.ExitStack() as stack:
        if kind == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            url = f"sqlite:///{Path(folder) / 'desk.db'}"
        else:
            server = stack.enter_context(postgres.running())
            await server.create("desk")
            url = server.url("desk")
        database = Database(url)
        try:
            await migrate(database)
            yield database
        finally:
            await database.close()
