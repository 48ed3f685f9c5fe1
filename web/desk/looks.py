"""Looks that pages share: what is the same for everybody is asked once, however many watch it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from core.vocabulary import History
from web.live import Live

AT_ONCE = 2  # pages that look at the same time, whoever else waits: the others' work comes between
ALONE_EVERY = 30.0  # seconds after which a page asks by itself, with its reader's rights
RIGHTS = ("Session", "Agent", "Team", "Signed")  # how events begin that may have changed them

T = TypeVar("T")


class Looks:
    """What was asked at the present moment of the desk, and by how many pages at a time."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._moment = -1
        self._kept: dict[Hashable, asyncio.Task[Any]] = {}
        self.turns = asyncio.Semaphore(AT_ONCE)

    async def together(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer of this moment: somebody else's, or the first one's."""
        if self._moment != self._live.moment:
            self._moment = self._live.moment
            self._kept.clear()
        asking = self._kept.get(key)
        if asking is None or (asking.done() and _failed(asking)):
            asking = self._kept[key] = asyncio.ensure_future(_asked(ask))
        found: T = await asyncio.shield(asking)
        return found


@dataclass
class Look(Generic[T]):
    """What a page asks for again and again."""

    looks: Looks
    ask: Callable[[], Awaitable[T]]
    _alone_at: float = 0.0

    async def alone(self) -> T:
        """Ask now, as whoever reads this page. Raises what the question raises."""
        self._alone_at = time.monotonic()
        return await self.ask()

    async def together(self, key: Hashable | None, happened: Sequence[History]) -> T:
        """Ask with all others whose question has the same ``key``; None where it is one's own. Alone,
        where what happened may have changed who may ask."""
        old = time.monotonic() - self._alone_at > ALONE_EVERY
        if key is None or old or any(each.event.startswith(RIGHTS) for each in happened):
            return await self.alone()
        return await self.looks.together(key, self.ask)


async def _asked(ask: Callable[[], Awaitable[T]]) -> T:
    return await ask()


def _failed(asking: asyncio.Task[Any]) -> bool:
    return asking.cancelled() or asking.exception() is not None
