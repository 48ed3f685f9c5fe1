"""A line to PostgreSQL that breaks when a test wants it to: a TCP stand-in between us and it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from enum import Enum, auto

from sqlalchemy import make_url


class Cut(Enum):
    """When the line breaks, seen from the server."""

    BEFORE = auto()  # the statement never reaches it
    AFTER = auto()  # it has done it, and its answer never reaches us


class Line:
    """Passes everything on. `will_cut` arms it, and it cuts once; ``cuts`` counts.

    ``url`` is the address by which the database is reached through it.
    """

    def __init__(self) -> None:
        self.url = ""
        self.cuts = 0
        self._armed: tuple[bytes, Cut] | None = None
        self._ways: set[asyncio.Task[None]] = set()

    def will_cut(self, statement: str, when: Cut) -> None:
        """Break the line at the next statement that begins so."""
        self._armed = (statement.encode(), when)

    async def hang_up(self) -> None:
        """Break every connection that there is, whether or not anything is said on it."""
        ways = [*self._ways]
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        await asyncio.sleep(0)

    async def join(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        """Carry both ways until one end hangs up, or the line is cut."""
        answer_lost = asyncio.Event()
        ways = [
            asyncio.create_task(self._to_server(client[0], server[1], answer_lost)),
            asyncio.create_task(self._to_client(server[0], client[1], answer_lost)),
        ]
        self._ways.update(ways)
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        self._ways.difference_update(ways)
        for writer in (client[1], server[1]):
            writer.transport.abort()

    async def _to_server(
        self, said: asyncio.StreamReader, to: asyncio.StreamWriter, answer_lost: asyncio.Event
    ) -> None:
        while data := await said.read(1 << 16):
            if self._armed is not None and self._armed[0] in data:
                when = self._armed[1]
                self._armed = None
                self.cuts += 1
                if when is Cut.BEFORE:
                    return
                answer_lost.set()
            to.write(data)
            await to.drain()

    async def _to_client(
        self, said: asyncio.StreamReader, to: asyncio.StreamWriter, answer_lost: asyncio.Event
    ) -> None:
        while data := await said.read(1 << 16):
            if answer_lost.is_set():
                return
            to.write(data)
            await to.drain()


@contextlib.asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    """A line to the PostgreSQL at an address."""
    there = make_url(url)
    line = Line()
    joined: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        joined.add(task)
        try:
            server = await asyncio.open_connection(there.host, there.port)
            await line.join((reader, writer), server)
        finally:
            joined.discard(task)

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    line.url = there.set(port=port).render_as_string(hide_password=False)
    try:
        yield line
    finally:
        listening.close()
        for task in joined:
            task.cancel()
        await asyncio.gather(*joined, return_exceptions=True)
