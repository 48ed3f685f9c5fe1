"""Live: what happened on the desk, looked up once a process, for everybody who watches."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from core.desk import Desk
from core.vocabulary import History

LOOK_EVERY = 0.5  # seconds
HELD = 1_000  # events for one who is slow; who misses one is told to look at everything
LATE = timedelta(seconds=10)  # by which a transaction that began before may still commit
MOST_GAPS = 1_000  # numbers that are looked for once more
PAUSE = 2.0  # seconds after a look that failed

log = logging.getLogger(__name__)


class Behind(Exception):
    """Whoever watched was too slow, or the desk stops: look at everything anew."""


class Follower:
    """One who watches. ``next`` waits for what happens."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[History | None] = asyncio.Queue(HELD)
        self._behind = False

    async def next(self) -> History:
        """The next event. Raises `Behind`."""
        event = None if self._behind else await self._queue.get()
        if event is None:
            raise Behind
        return event

    def waiting(self) -> list[History]:
        """What has happened meanwhile, without waiting."""
        found = []
        while not self._queue.empty():
            event = self._queue.get_nowait()
            if event is not None:
                found.append(event)
        return found

    def tell(self, event: History | None) -> None:
        """Pass an event on; None ends it."""
        try:
            self._queue.put_nowait(event)
        except asyncio.QueueFull:
            self._behind = True


class Live:
    """Reads history while anybody watches, and passes each event on once.

    On PostgreSQL a transaction that took longer commits a lower number later: what is not ``LATE``
    is looked for again, so that no event is passed over. ``moment`` changes with what happens: what
    was looked up in the same one need not be looked up again.
    """

    moment = 0
    closed = False

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._followers: set[Follower] = set()
        self._wanted = asyncio.Event()

    @contextmanager
    def following(self) -> Iterator[Follower]:
        """Watch from now on."""
        follower = Follower()
        if not self._followers:
            self.moment += 1  # nobody knows what happened since the last one went
        self._followers.add(follower)
        self._wanted.set()
        try:
            yield follower
        finally:
            self._followers.discard(follower)

    def close(self) -> None:
        """Let everybody go, so that a server that stops need not wait for them."""
        self.closed = True
        for follower in self._followers:
            follower.tell(None)

    async def run(self) -> None:
        """Look for as long as anybody watches, until cancelled. What happens while the database does
        not answer is told afterwards."""
        while True:
            await self._wanted.wait()
            await self._while_wanted()
            self._wanted.clear()

    async def _while_wanted(self) -> None:
        newest: int | None = None
        gaps = _Gaps()
        while self._followers:
            try:
                if newest is None:
                    newest = await self._desk.newest_event()
                newest = await self._tell(newest, gaps)
            except Exception:
                log.exception("what happened could not be looked up; it is looked up again")
                await asyncio.sleep(PAUSE)
            await asyncio.sleep(LOOK_EVERY)

    async def _tell(self, newest: int, gaps: "_Gaps") -> int:
        """Pass on what happened after the ``newest`` event; which one is that now."""
        while rows := await self._desk.happened(newest, passed_over=gaps.numbers):
            for row in rows:
                gaps.seen(row, newest)
                newest = max(newest, row.id)
                for follower in self._followers:
                    follower.tell(row)
            self.moment += 1
        return newest


class _Gaps:
    """Numbers that were passed over, and until when they are looked for."""

    def __init__(self) -> None:
        self.numbers: dict[int, datetime] = {}

    def seen(self, row: History, newest: int) -> None:
        """A row came, after the ``newest`` one until then, or into a gap."""
        self.numbers.pop(row.id, None)
        for number in range(max(newest + 1, row.id - MOST_GAPS), row.id):
            self.numbers[number] = row.at
        for number in [each for each, at in self.numbers.items() if row.at - at > LATE]:
            del self.numbers[number]
