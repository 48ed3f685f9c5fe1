"""Live updates: a page hears what moved, whoever moved it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from bots.console.channel import ConsoleChannel
from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import House
from tests.bots.console.shop import STAFF
from tests.scene import message

Lines = AsyncIterator[str]


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Lines]:
    """A live connection whose first word was heard."""
    async with (
        httpx.AsyncClient(base_url=url, timeout=5) as client,
        client.stream("GET", "/console/api/live") as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.aiter_lines()
        await _next(lines, "event: ready")
        yield lines


async def _next(lines: Lines, wanted: str) -> str:
    async with asyncio.timeout(5):
        async for line in lines:
            if line.startswith(wanted):
                return line
    raise AssertionError(f"the stream ended without {wanted}")


async def _moved(lines: Lines, rooms: set[str]) -> None:
    """Wait until each of the rooms was named."""
    while rooms:
        await _next(lines, "event: moved")
        rooms = rooms - set(json.loads((await _next(lines, "data:")).removeprefix("data:")))


async def test_a_page_hears_which_conversations_moved(url: str) -> None:
    async with listening(url) as lines, httpx.AsyncClient(base_url=url) as client:
        said = {"as": "ana", "text": "the printer smokes", "id": "post-0001"}
        await client.post("/console/api/say", json=said)
        await _moved(lines, {"ana", "staff"})


async def test_what_another_process_writes_is_heard_too(url: str, sqlite_url: str) -> None:
    """``switchboard say``, or a second web process: nothing nudges this one but the clock."""
    database = Database(sqlite_url)
    other = Desk(database, House(staff_rooms=(STAFF,)), channels={"console": ConsoleChannel()})
    async with listening(url) as lines:
        await other.receive(message("the printer smokes", by="bob"))
        await _moved(lines, {"bob", "staff"})
    await database.close()


async def test_a_channel_that_closes_ends_its_streams(url: str, channel: ConsoleChannel) -> None:
    async with listening(url) as lines:
        channel.close()
        async with asyncio.timeout(3):
            async for _ in lines:
                pass
