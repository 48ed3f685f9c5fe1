"""The connection to SQLite or PostgreSQL, set up so that a commit is a promise."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.storage.one_hop import OneHopConnection

BUSY_TIMEOUT_MS = 15_000
STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 10_000
POOL_SIZE = 10
REST = 10.0  # seconds unused, after which a connection is asked whether it is still there
READERS = 4

# PostgreSQL: serialization failure, deadlock, lock not available, and a server that is going away.
PASSING_STATES = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03"}


class WrongSetup(Exception):
    """The database is there, but not set up so that it keeps what it is given."""


def async_url(url: str) -> URL:
    """The address with the asynchronous driver of ours; ``sqlite:///desk.db``, ``postgresql://…``.

    Raises `WrongSetup` for anything else.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise WrongSetup(
            "DATABASE_URL cannot be read. Use sqlite:///path or postgresql://user:password@host/name."
        ) from None
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    backend = parsed.get_backend_name()
    if backend == "postgres":
        backend = "postgresql"
    if backend not in drivers:
        raise WrongSetup(
            f"DATABASE_URL begins with {backend}://. Use sqlite:///path or postgresql://…"
        )
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise WrongSetup(
            "DATABASE_URL names no file. Use sqlite:///path, such as sqlite:///desk.db."
        )
    query = dict(parsed.query)
    if backend == "postgresql" and "sslmode" in query:  # libpq's word for what asyncpg calls ssl
        query["ssl"] = query.pop("sslmode")
    return parsed.set(drivername=drivers[backend], query=query)


class Database:
    """One database. `transaction` writes, `reading` only reads; both yield a session."""

    def __init__(self, url: str, *, pool_size: int = POOL_SIZE) -> None:
        self.url = async_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            # One writer: SQLite has one anyway, and waiting in our queue is fair where its is not.
            self.engine = self._sqlite("IMMEDIATE", connections=1)
            self.readers = self._sqlite("DEFERRED", connections=READERS)
        else:
            self.engine = _postgres(self.url, pool_size)
            # Each statement sees what is committed, either way: BEGIN and ROLLBACK are two trips for nothing.
            self.readers = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    def _sqlite(self, begin: str, *, connections: int) -> AsyncEngine:
        engine = create_async_engine(
            self.url,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=60,
            hide_parameters=True,  # an error is logged; what people wrote is not
            # The driver's own transactions lose updates and leak savepoints; BEGIN is ours.
            connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000},
        )
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)

        @event.listens_for(engine.sync_engine, "do_connect")
        def connect(dialect: Any, _: Any, where: list[str], options: dict[str, Any]) -> Any:
            return dialect.dbapi.connect(*where, async_creator_fn=OneHopConnection, **options)

        @event.listens_for(engine.sync_engine, "begin")
        def explicit_begin(connection: Connection) -> None:
            connection.exec_driver_sql(f"BEGIN {begin}")

        return engine

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed at the end, or rolled back by an exception."""
        holding = AsyncSession(
            self.engine, expire_on_commit=False, sync_session_class=HoldingSession
        )
        async with holding as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that only looks; it never waits for a writer."""
        async with AsyncSession(self.readers, expire_on_commit=False) as session:
            yield session

    async def check(self) -> None:
        """Assert the set-up that the desk's promises rest on. Raises `WrongSetup`."""
        if not self.is_sqlite:
            return
        for engine in (self.engine, self.readers):
            async with engine.connect() as connection:
                for pragma, wanted in (
                    ("journal_mode", "wal"),
                    ("foreign_keys", 1),
                    ("synchronous", 2),
                    ("busy_timeout", BUSY_TIMEOUT_MS),
                ):
                    found = (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar()
                    if found != wanted:
                        raise WrongSetup(f"SQLite has {pragma} = {found}, the desk needs {wanted}.")

    async def close(self) -> None:
        await self.engine.dispose()
        await self.readers.dispose()


class HoldingSession(Session):
    """A session that holds on to its rows: what was loaded once is not asked for again.

    A session by itself holds them weakly, so that a row which a use case has let go of would be
    read a second time by what follows from it.
    """


@event.listens_for(HoldingSession, "loaded_as_persistent")
@event.listens_for(HoldingSession, "pending_to_persistent")
def _hold(session: Session, row: object) -> None:
    session.info.setdefault("held", []).append(row)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _postgres(url: URL, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,
        connect_args={
            "server_settings": {
                "statement_timeout": str(STATEMENT_TIMEOUT_MS),
                "lock_timeout": str(LOCK_TIMEOUT_MS),
                "timezone": "UTC",
                "application_name": "switchboard",
            }
        },
    )
    _ask_after_rest(engine.sync_engine)
    return engine


def _ask_after_rest(engine: Engine) -> None:
    """Ask a connection that has rested whether it is still there. ``pool_pre_ping`` asks every time,
    which is three trips for each transaction; what breaks in between is begun again (`core.door`)."""

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _: Any) -> None:
        since = record.info.get("rests_since")
        if since is None or time.monotonic() - since < REST:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def lost_race(error: Exception) -> bool:
    """Whether the transaction failed only because of another one, and is worth starting over."""
    if isinstance(error, (IntegrityError, StaleDataError)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    return state in PASSING_STATES or "database is locked" in str(error.orig)


def surely_undone(error: Exception) -> bool:
    """Whether the database itself said that nothing was written; a broken line says nothing."""
    return not (isinstance(error, DBAPIError) and error.connection_invalidated)


def out_of_reach(error: BaseException) -> bool:
    """Whether the database could not be reached, or lost to others to the end: worth a longer wait."""
    if isinstance(error, (OSError, TimeoutError)):  # the driver's own, where it cannot connect
        return True
    if getattr(error, "sqlstate", None) in PASSING_STATES:  # it is there, and still starting
        return True
    return isinstance(error, DBAPIError) and lost_race(error)
