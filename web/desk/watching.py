"""A page that stays up to date: it looks anew when something happened, for as long as it is open."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from nicegui import background_tasks, ui

from core.vocabulary import History
from web.desk.draw import element
from web.desk.frame import Here
from web.live import Behind, Follower

BREATH = 0.7  # seconds between two looks of a page, whatever happens
PAUSE = 5.0  # seconds after a look that failed

Concerns = Callable[[History], bool]
Looking = Callable[[Sequence[History]], Awaitable[None]]

log = logging.getLogger(__name__)


def keep_up(
    here: Here,
    concerns: Concerns,
    look: Looking,
    *,
    breath: float = BREATH,
) -> None:
    """Call ``look`` on this page after what ``concerns`` it, with all that has happened meanwhile, and
    whenever it is connected again, with a ``breath`` (seconds) between. Pages take turns: what people
    write and do is never behind all that only look. A look that fails is not the last one."""
    watch = _Watch(here, concerns, look, breath)
    client = ui.context.client
    client.on_connect(watch.begin)
    client.on_disconnect(watch.end)


class _Watch:
    def __init__(self, here: Here, concerns: Concerns, look: Looking, breath: float) -> None:
        self._live = here.common.live
        self._turns = here.common.looks.turns
        self._concerns = concerns
        self._look = look
        self._breath = breath
        self._client = ui.context.client
        self._sign = element("span", "away", aria_hidden="true")
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self.end()
        self._task = background_tasks.create(self._watch(), name="a staff page")

    def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _watch(self) -> None:
        while not self._live.closed:
            try:
                await self._follow()
            except Exception:
                log.exception("a page could not look; it looks again")
                await asyncio.sleep(PAUSE)

    async def _follow(self) -> None:
        """Look at everything, and then at what happens, until there was too much to keep."""
        with self._live.following() as follower, self._client.content:
            async with self._turns:
                await self._look(())
            self._sign.props["data-live"] = True
            async for happened in self._happenings(follower):
                async with self._turns:
                    await self._look(happened)

    async def _happenings(self, follower: Follower) -> AsyncIterator[list[History]]:
        while True:
            try:
                happened = [await follower.next(), *follower.waiting()]
            except Behind:
                return
            if any(map(self._concerns, happened)):
                yield happened
            await asyncio.sleep(self._breath)
