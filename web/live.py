"""Live: what happened on the desk, looked up once a process, for everybody who watches."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from core.desk import Desk
from core.vocabulary import History

LOOK_EVERY = 0.5  # seconds
HELD = 1_000  # events for one who is slow; who misses one is told to look at everything
LATE = timedelta(seconds=10)  # by which a transaction that began before may still commit


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
    is looked for again, so that no event is passed over.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._followers: set[Follower] = set()
        self._wanted = asyncio.Event()

    @contextmanager
    def following(self) -> Iterator[Follower]:
        """Watch from now on."""
        follower = Follower()
        self._followers.add(follower)
        self._wanted.set()
        try:
            yield follower
        finally:
            self._followers.discard(follower)

    def close(self) -> None:
        """Let everybody go, so that a server that stops need not wait for them."""
        for follower in self._followers:
            follower.tell(None)

    async def run(self) -> None:
        """Look for as long as anybody watches, until cancelled."""
        while True:
            await self._wanted.wait()
            await self._while_wanted()
            self._wanted.clear()

    async def _while_wanted(self) -> None:
        floor = await self._desk.newest_event()
        seen: dict[int, datetime] = {}
        while self._followers:
            await asyncio.sleep(LOOK_EVERY)
            rows = await self._desk.happened(floor)
            for row in rows:
                if row.id not in seen:
                    seen[row.id] = row.at
                    for follower in self._followers:
                        follower.tell(row)
            floor = _settled(floor, seen)


def _settled(floor: int, seen: dict[int, datetime]) -> int:
    """The number up to which nothing can be missing any more; what is below it is forgotten."""
    newest = max(seen.values(), default=None)
    for number in sorted(seen):
        old = newest is not None and newest - seen[number] > LATE
        if number != floor + 1 and not old:
            break
        floor = number
        del seen[number]
    return floor
