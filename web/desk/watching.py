"""A page that stays up to date: it looks anew when something happened, for as long as it is open."""

import asyncio
from collections.abc import Awaitable, Callable

from nicegui import background_tasks, ui

from core.vocabulary import History
from web.desk.draw import element
from web.desk.frame import Here
from web.live import Behind

BREATH = 0.7  # seconds between two looks of a page, whatever happens

Concerns = Callable[[History], bool]


def keep_up(
    here: Here,
    concerns: Concerns,
    look: Callable[[], Awaitable[None]],
    *,
    breath: float = BREATH,
) -> None:
    """Call ``look`` on this page after what ``concerns`` it, and whenever it is connected again, with
    a ``breath`` (seconds) between."""
    client = ui.context.client
    tasks: list[asyncio.Task[None]] = []
    sign = element("span", "away", aria_hidden="true")

    async def watch() -> None:
        with here.common.live.following() as follower, client.content:
            await look()
            sign.props["data-live"] = True
            sign.update()
            while True:
                try:
                    happened = [await follower.next(), *follower.waiting()]
                except Behind:
                    return
                if any(map(concerns, happened)):
                    await look()
                await asyncio.sleep(breath)

    def begin() -> None:
        end()
        tasks.append(background_tasks.create(watch(), name="a staff page"))

    def end() -> None:
        while tasks:
            tasks.pop().cancel()

    client.on_connect(begin)
    client.on_disconnect(end)
