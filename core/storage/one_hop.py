"""SQLite beside the event loop, with one hop to its thread for a whole statement.

aiosqlite goes over to its thread and back four times for each: to make a cursor, to execute, to
fetch, to close. Where a statement takes 20 µs, the hops are what takes the time.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Self

import aiosqlite


class Cursor:
    """As much of a cursor as SQLAlchemy asks for; all rows are at hand once it has executed."""

    def __init__(self, connection: "OneHopConnection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.lastrowid: int | None = None
        self.rowcount = -1
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> None:
        await self._connection.hop(partial(self._run, sqlite3.Cursor.execute, sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> None:
        await self._connection.hop(partial(self._run, sqlite3.Cursor.executemany, sql, parameters))

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing: the cursor behind it was closed when it had executed."""

    def _run(self, execute: Any, sql: str, parameters: Iterable[Any]) -> None:
        """All there is to do in the thread."""
        cursor = self._connection.cursor_in_thread()
        try:
            execute(cursor, sql, parameters)
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else []
            self.lastrowid, self.rowcount = cursor.lastrowid, cursor.rowcount
        finally:
            cursor.close()


class OneHopConnection(aiosqlite.Connection):
    """aiosqlite's connection with such cursors."""

    def __init__(self, path: str, **options: Any) -> None:
        super().__init__(partial(sqlite3.connect, path, **options), iter_chunk_size=64)
        self._thread.daemon = True  # as SQLAlchemy has it: a connection left open ends with us
        self._end: asyncio.Future[Any] | None = None

    def cursor(self) -> Any:
        return Cursor(self)

    def stop(self) -> asyncio.Future[Any] | None:
        """End the thread, once. SQLAlchemy asks twice where a task is cancelled while it gives a
        connection back, and the thread, which has ended, would never answer the second time."""
        if self._running:
            self._end = super().stop()
        return self._end

    async def hop(self, run: Callable[[], None]) -> None:
        """Run something in the thread that has the connection."""
        await self._execute(run)  # type: ignore[no-untyped-call]

    def cursor_in_thread(self) -> sqlite3.Cursor:
        return self._conn.cursor()
