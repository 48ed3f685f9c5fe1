"""Order within a conversation: what happens in one is taken in one after another, as it arrived.

Discord does not repeat an event, so one that cannot be stored is tried until it can.
"""

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from datetime import timedelta

import discord

from core.errors import DeskError

log = logging.getLogger(__name__)

Errand = Callable[[], Awaitable[None]]

FIRST_PAUSE = 0.2  # seconds; doubled up to the longest
LONGEST_PAUSE = 30.0


class Lanes:
    """A queue for each conversation, worked off side by side."""

    def __init__(self) -> None:
        self._waiting: dict[Hashable, deque[Errand]] = {}
        self._working: dict[Hashable, asyncio.Task[None]] = {}
        self._open = asyncio.Event()
        self._open.set()
        self._holds = 0

    def put(self, lane: Hashable, errand: Errand, *, first: bool = False) -> None:
        """Have it done after all that waits in its lane, or before it."""
        waiting = self._waiting.setdefault(lane, deque())
        if first:
            waiting.appendleft(errand)
        else:
            waiting.append(errand)
        if lane not in self._working:
            self._working[lane] = asyncio.create_task(self._work_off(lane))

    def hold(self) -> None:
        """Begin nothing more until it is let go as often as it was held."""
        self._holds += 1
        self._open.clear()

    def let_go(self) -> None:
        """Go on."""
        self._holds -= 1
        if self._holds == 0:
            self._open.set()

    async def settle(self, within: timedelta) -> None:
        """Until all is done; what takes longer is given up, and found again by the next backfill."""
        if self._working:
            _, late = await asyncio.wait(self._working.values(), timeout=within.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _work_off(self, lane: Hashable) -> None:
        waiting = self._waiting[lane]
        try:
            while waiting:
                await self._open.wait()
                await _until_done(waiting.popleft())
        finally:
            del self._waiting[lane], self._working[lane]


async def _until_done(errand: Errand) -> None:
    pause = FIRST_PAUSE
    while True:
        try:
            await errand()
        except DeskError as refusal:
            log.info("not taken in: %s", refusal)
            return
        except (discord.Forbidden, discord.NotFound) as error:
            log.warning("not taken in, since Discord says no: %s", error)
            return
        except Exception:
            log.exception("error %s: tried again in %.1f s", secrets.token_hex(4), pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return
