"""Waking other processes: a NOTIFY after a commit that owes deliveries, on PostgreSQL.

Polling is the net beneath it, so a lost notice costs a second, not a delivery. At most one notice
is in flight: a NOTIFY within every transaction would cost more than a third of the throughput.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.storage.database import Database

log = logging.getLogger(__name__)

CHANNEL = "switchboard_owed"
GATHER = 0.02  # seconds between two notices
PAUSE = 5.0  # seconds before listening again after the connection was lost


class Wake:
    """Tells the other processes on a PostgreSQL database, and hears from them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wanted = asyncio.Event()
        self._name = secrets.token_hex(8)

    def notify(self) -> None:
        """Ask for a notice; several asks while one is on its way become one."""
        self._wanted.set()

    async def run(self, woken: Callable[[], None]) -> None:
        """Send what is asked for and call ``woken`` for what is heard, for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._send())
            tasks.create_task(self._listen(woken))

    async def _send(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            with contextlib.suppress(SQLAlchemyError, OSError):
                async with self._database.engine.connect() as connection:
                    alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
                    await alone.execute(text(f"NOTIFY {CHANNEL}, '{self._name}'"))
            await asyncio.sleep(GATHER)

    async def _listen(self, woken: Callable[[], None]) -> None:
        while True:
            try:
                await self._listen_until_lost(woken)
            except (SQLAlchemyError, OSError) as error:
                log.warning("not listening for other processes: %s", type(error).__name__)
            await asyncio.sleep(PAUSE)

    async def _listen_until_lost(self, woken: Callable[[], None]) -> None:
        async with self._database.engine.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            if raw is None:
                raise ConnectionResetError("no driver connection")
            lost = asyncio.Event()
            raw.add_termination_listener(lambda *_: lost.set())

            def heard(_connection: object, _pid: int, _channel: str, name: str) -> None:
                if name != self._name:  # its own courier is awake
                    woken()

            await raw.add_listener(CHANNEL, heard)
            await lost.wait()
