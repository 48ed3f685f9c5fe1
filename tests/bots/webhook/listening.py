"""A program elsewhere that listens to webhooks, on loopback."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Listener:
    """What came, and what is answered: the next of ``answers``, or 204."""

    url: str = ""
    came: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.came.append((headers, await request.read()))
        return self.answers.pop(0) if self.answers else web.Response(status=204)


@asynccontextmanager
async def listener() -> AsyncIterator[Listener]:
    """One that listens until the end."""
    listening = Listener()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", listening.take)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        listening.url = f"http://127.0.0.1:{port}/hooks"
        yield listening
    finally:
        await runner.cleanup()
