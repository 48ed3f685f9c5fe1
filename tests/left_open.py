"""Connections to PostgreSQL that stay open from test to test, and from desk to desk.

A new connection is dear: the server starts a process for it, which knows neither a table nor a
statement yet. That took half of what a test took.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import AsyncAdaptedQueuePool, event

from core.storage.database import Database

NAME = "left open"  # what they call themselves, so that they are spared when a desk is emptied


class LeftOpen:
    """The databases of one event loop."""

    def __init__(self) -> None:
        self._open: dict[str, Database] = {}
        self._used: set[str] = set()

    @asynccontextmanager
    async def opened(self, url: str) -> AsyncIterator[Database]:
        """A database for one test; on PostgreSQL by connections that another test had before."""
        if url.startswith("sqlite"):
            database = Database(url)
            try:
                yield database
            finally:
                await database.close()
            return
        there = self._open.get(url) or await self._connected(url)
        self._used.add(url)
        try:
            yield _as_new(url, there)
        finally:
            self._used.remove(url)
            if _checked_out(there):  # the test left something behind
                await self._open.pop(url).close()

    async def close(self) -> None:
        """Let go of those that no test has."""
        for url in self._open.keys() - self._used:
            await self._open.pop(url).close()

    async def _connected(self, url: str) -> Database:
        await self.close()  # the desk before is gone, or will not be asked for soon
        database = self._open[url] = Database(url)

        @event.listens_for(database.engine.sync_engine, "connect")
        def name(connection: Any, _record: Any) -> None:
            cursor = connection.cursor()
            cursor.execute(f"set application_name = '{NAME}'")
            cursor.close()
            connection.commit()

        return database


def _as_new(url: str, there: Database) -> Database:
    """A database with engines of its own, of which nothing is known yet, on the same connections."""
    new = Database(url)
    new.engine = there.engine.execution_options()
    reading = there.readers.sync_engine.get_execution_options()
    new.readers = new.engine.execution_options(**reading)
    return new


def _checked_out(there: Database) -> int:
    pool = there.engine.pool
    assert isinstance(pool, AsyncAdaptedQueuePool)
    return pool.checkedout()
