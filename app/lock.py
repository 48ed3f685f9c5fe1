"""One process a file: the lock that keeps a second Switchboard off an SQLite database.

SQLite before 3.51.3 can corrupt its write-ahead log when several processes write; and a second
process would send what the first is sending. The lock file also says how to reach its holder.
"""

import asyncio
import fcntl
import json
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from app.errors import CannotStart

SAFE_SQLITE = (3, 51, 3)
PATIENCE = 20.0  # seconds to wait for another command line
PAUSE = 0.1


@dataclass(frozen=True)
class Holder:
    """Who holds the lock, and where they take the command line's requests."""

    pid: int
    port: int
    token: str


class FileLock:
    """Held from `take` until `give_back`, or until the process ends, however it ends."""

    def __init__(self, database_file: Path) -> None:
        self._database = database_file
        self._path = database_file.with_name(database_file.name + ".lock")
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Take the lock; False where another process has it.

        Raises `CannotStart` where the folder cannot be written.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            opened = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CannotStart(
                f"{self._path.parent} cannot be written ({error.strerror}). Set DATABASE_URL."
            ) from error
        file = os.fdopen(opened, "r+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.truncate(0)
        self._file = file
        self._make_private()
        return True

    def _make_private(self) -> None:
        """A new database is readable for its owner alone: it holds what customers write."""
        os.close(os.open(self._database, os.O_RDWR | os.O_CREAT, 0o600))

    def announce(self, holder: Holder) -> None:
        """Write down how this process is reached."""
        if self._file is not None:
            self._file.seek(0)
            self._file.truncate(0)
            json.dump(asdict(holder), self._file)
            self._file.flush()

    def holder(self) -> Holder | None:
        """Who has the lock, as far as they have said."""
        try:
            return Holder(**json.loads(self._path.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def running(self) -> Holder | None:
        """Who runs a desk on the file; none where nobody has it, or a command line for a moment."""
        if self.take():
            self.give_back()
            return None
        return self.holder()

    def give_back(self) -> None:
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None


class Busy(CannotStart):
    """Another process has the SQLite file; ``lock`` says how to reach it."""

    def __init__(self, lock: FileLock) -> None:
        self.lock = lock
        holder = lock.holder()
        who = f"process {holder.pid}" if holder else "another process"
        super().__init__(
            f"The database is open in {who}. Stop that one first, or use PostgreSQL for several."
        )


@asynccontextmanager
async def held(database_file: Path | None) -> AsyncIterator[FileLock | None]:
    """The lock of a file, for so long; none where the database is no file. Raises `Busy`."""
    if database_file is None:
        yield None
        return
    lock = FileLock(database_file)
    await _take(lock)
    try:
        yield lock
    finally:
        lock.give_back()


async def _take(lock: FileLock) -> None:
    """Take the lock; a command line that has it for a moment is waited for.

    Raises `Busy` where a running desk has it, which says so in the lock file.
    """
    for _ in range(round(PATIENCE / PAUSE)):
        if lock.take():
            return
        if lock.holder() is not None:
            break
        await asyncio.sleep(PAUSE)
    raise Busy(lock)


def sqlite_warning() -> str | None:
    """A word of warning where this SQLite has the write-ahead log's known fault."""
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return None
    return (
        f"SQLite {sqlite3.sqlite_version} is older than 3.51.3: only one process may write a file. "
        "The lock sees to that; do not write to the file with other programs."
    )
