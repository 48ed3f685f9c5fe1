"""The API for tests: a client with a key of an admin called Dora."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import httpx

from core.desk import Desk
from core.vocabulary import Role, Scope
from tests.scene import hire, person
from web.api.app import api
from web.api.pace import WITH_KEY
from web.live import Live
from web.site import site

DORA = person("dora")


async def key(desk: Desk, scopes: Collection[Scope] = tuple(Scope)) -> str:
    """A key of Dora's, who is hired where she is not there."""
    if (await desk.whoever(DORA)).agent is None:
        await hire(desk, "dora", role=Role.ADMIN, capacity=50)
    _, secret = await desk.make_key(DORA, "tests", scopes, None)
    return secret


@asynccontextmanager
async def program(
    desk: Desk, secret: str = "", *, a_minute: int = WITH_KEY, shows_faults: bool = False
) -> AsyncIterator[httpx.AsyncClient]:
    """A program that calls the API, with a key or without. A fault of ours is raised here, or shown
    to it as it would be."""
    app = site(
        desk, channels=dict, console=False, routes=[api(desk, Live(desk), a_minute=a_minute)]
    )
    headers = {"authorization": f"Bearer {secret}"} if secret else {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=not shows_faults),
        base_url="http://127.0.0.1:8080/api/v1",
        headers=headers,
    ) as client:
        yield client
