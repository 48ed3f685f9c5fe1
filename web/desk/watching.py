"""A page that stays up to date: it looks anew when something happened, for as long as it is open."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from nicegui import background_tasks, ui

from core.vocabulary import History
from web.desk.draw import element
from web.desk.frame import Here
from web.live import Behind, Follower

BREATH = 0.7  # seconds between two looks of a page, whatever happens

Concerns = Callable[[History], bool]
Looking = Callable[[Sequence[History]], Awaitable[None]]


def keep_up(
    here: Here,
    concerns: Concerns,
    look: Looking,
    *,
    breath: float = BREATH,
) -> None:
    """Call ``look`` on this page after what ``concerns`` it, with all that has happened meanwhile, and
    whenever it is connected again, with a ``breath`` (seconds) between. Pages take turns: what people
    write and do is never behind all that only look."""
    client = ui.context.client
    tasks: list[asyncio.Task[None]] = []
    sign = element("span", "away", aria_hidden="true")
    live, turns = here.common.live, here.common.looks.turns

    async def watch() -> None:
        while not live.closed:
            with live.following() as follower, client.content:
                async with turns:
                    await look(())
                sign.props["data-live"] = True
                sign.update()
                async for happened in _happenings(follower, concerns, breath):
                    async with turns:
                        await look(happened)

    def begin() -> None:
        end()
        tasks.append(background_tasks.create(watch(), name="a staff page"))

    def end() -> None:
        while tasks:
            tasks.pop().cancel()

    client.on_connect(begin)
    client.on_disconnect(end)


async def _happenings(
    follower: Follower, concerns: Concerns, breath: float
) -> AsyncIterator[list[History]]:
    """What happened since the last look where any of it matters, until there was too much to keep."""
    while True:
        try:
            happened = [await follower.next(), *follower.waiting()]
        except Behind:
            return
        if any(map(concerns, happened)):
            yield happened
        await asyncio.sleep(breath)
