"""Evenly: what takes the same time whatever is found, so that nobody learns it by the time it takes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

EVENLY = timedelta(seconds=0.3)  # longer than either way takes


@asynccontextmanager
async def evenly() -> AsyncIterator[None]:
    """Ends no sooner than that, refusals included."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + EVENLY.total_seconds()
    try:
        yield
    finally:
        await asyncio.sleep(max(0, ends - loop.time()))
