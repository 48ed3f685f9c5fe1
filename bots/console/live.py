"""Live updates: which conversations have moved, as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

from bots.console.channel import NAME, WORKSPACE, ConsoleChannel
from core.desk import Desk

LOOK_EVERY = 1.0  # seconds; another process may have written
GATHER = 0.04  # seconds for what belongs together to arrive, and for the courier to settle it
BREATHE_EVERY = 15  # looks without news


async def moved(desk: Desk, channel: ConsoleChannel) -> AsyncIterator[str]:
    """Events named ``moved`` with the conversations that changed, for as long as the page listens."""
    with channel.listening() as nudged:
        before = await desk.pulse(NAME, WORKSPACE)
        yield "retry: 1000\nevent: ready\ndata: []\n\n"  # what came before is the page's to fetch
        quiet = 0
        while not channel.closed:
            await _nudged_or_late(nudged)
            now = await desk.pulse(NAME, WORKSPACE)
            rooms = sorted(now.moved_since(before))
            before = now
            quiet = 0 if rooms else quiet + 1
            if rooms:
                yield f"event: moved\ndata: {json.dumps(rooms)}\n\n"
            elif quiet % BREATHE_EVERY == 0:
                yield ": still here\n\n"


async def _nudged_or_late(nudged: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(nudged.wait(), LOOK_EVERY)
        await asyncio.sleep(GATHER)
    nudged.clear()
