"""Who asks: whoever connects, or whom a proxy names that was set; over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from app.serve import listen, web_server
from core.desk import Desk
from tests.web.api import key
from web.api.app import api
from web.api.pace import WITHOUT_KEY
from web.live import Live
from web.site import site

ANA, BEN = "203.0.113.7", "198.51.100.9"


@asynccontextmanager
async def behind(desk: Desk, proxies: str) -> AsyncIterator[httpx.AsyncClient]:
    live = Live(desk)
    app = site(desk, channels=dict, console=False, routes=[api(desk, live)])
    listening = listen("127.0.0.1", 0)
    server = web_server(app, proxies=proxies)
    serving = asyncio.create_task(server.serve_until_cancelled(listening, hang_up=live.close))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1"
    async with httpx.AsyncClient(base_url=url) as client:
        yield client
    serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving
    listening.close()


async def left(client: httpx.AsyncClient, **forwarded: str) -> int:
    """How many requests without a key whoever asks so has left."""
    headers = {name.replace("_", "-"): value for name, value in forwarded.items()}
    answer = await client.get("/tickets", headers=headers)
    return WITHOUT_KEY - int(answer.headers["ratelimit-remaining"])


@pytest.mark.parametrize("proxies", ["", "192.0.2.0/24"])
async def test_nobody_says_by_themselves_from_where_they_ask(desk: Desk, proxies: str) -> None:
    async with behind(desk, proxies) as client:
        asked = [
            await left(client, x_forwarded_for=ANA),
            await left(client, x_forwarded_for=BEN),
            await left(client, forwarded=f"for={ANA}"),
            await left(client),
        ]

    assert asked == [1, 2, 3, 4]


async def test_a_proxy_that_was_set_says_who_asks(desk: Desk) -> None:
    async with behind(desk, "127.0.0.1,10.0.0.0/8") as client:
        asked = [
            await left(client, x_forwarded_for=ANA),
            await left(client, x_forwarded_for=BEN),
            await left(client, x_forwarded_for=f"{BEN}, {ANA}"),  # Ana says that she is Ben
            await left(client, x_forwarded_for=f"{ANA}, 10.1.2.3"),  # through two of ours
            await left(client, forwarded=f"for={ANA}"),
        ]

    assert asked == [1, 1, 2, 3, 1]


async def test_a_key_counts_wherever_it_comes_from(desk: Desk) -> None:
    secret = await key(desk)
    async with behind(desk, "127.0.0.1") as client:
        client.headers["authorization"] = f"Bearer {secret}"
        asked = [
            await client.get("/tickets", headers={"x-forwarded-for": address})
            for address in (ANA, BEN)
        ]

    assert [each.headers["ratelimit-remaining"] for each in asked] == ["599", "598"]
