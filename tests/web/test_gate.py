"""The gate of the staff pages: who is signed in comes in, from our own pages only."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from nicegui import background_tasks
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from app.page_commands import PageCommands
from app.serve import listen, web_server
from core.desk import Desk
from tests.scene import hire, open_ticket
from tests.web.test_signing_in import OURS, signed_in
from web.desk.mount import running, staff_pages
from web.live import Live
from web.site import site


@asynccontextmanager
async def browser(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    app = site(
        desk, channels=dict, console=True, routes=[staff_pages(desk, Live(desk), PageCommands())]
    )
    at = httpx.ASGITransport(app)
    async with running(), httpx.AsyncClient(transport=at, base_url=OURS["origin"]) as client:
        yield client


async def test_who_is_not_signed_in_is_shown_the_way(desk: Desk) -> None:
    async with browser(desk) as client:
        person = await client.get("/desk/", headers={"accept": "text/html"})
        program = await client.get("/desk/")

    assert (person.status_code, person.headers["location"]) == (303, "/sign-in")
    assert program.status_code == 401


async def test_who_is_signed_in_sees_the_queue(desk: Desk) -> None:
    number = await open_ticket(desk, "the printer smokes")
    grace = await hire(desk, "grace")
    async with browser(desk) as client:
        await signed_in(client, desk, grace)
        shown = await client.get("/desk/", headers={"accept": "text/html"})

    assert shown.status_code == 200
    assert "the printer smokes" in shown.text
    assert f"#{number}" in shown.text
    assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]


def test_what_a_server_left_behind_holds_up_none_after_it() -> None:
    async def leave() -> None:
        async with running():
            pass
        background_tasks.create(asyncio.sleep(100), name="left behind")

    async def come_after() -> None:
        async with running():
            pass

    asyncio.run(leave())
    asyncio.run(asyncio.wait_for(come_after(), 10))


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:8080"},
    ],
)
async def test_another_site_changes_nothing_with_our_cookie(
    desk: Desk, headers: dict[str, str]
) -> None:
    grace = await hire(desk, "grace")
    async with browser(desk) as client:
        await signed_in(client, desk, grace)
        refused = await client.post("/desk/", headers=headers)
        ours = await client.post("/desk/", headers=OURS)

    assert refused.status_code == 403
    assert ours.status_code == 405


@asynccontextmanager
async def served(desk: Desk) -> AsyncIterator[str]:
    """The staff pages on a real socket: the address of the site."""
    live = Live(desk)
    app = site(desk, channels=dict, console=True, routes=[staff_pages(desk, live, PageCommands())])
    listening = listen("127.0.0.1", 0)
    serving = web_server(app).serve_until_cancelled(listening, hang_up=live.close)
    async with running():
        task = asyncio.create_task(serving)
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    listening.close()


SOCKET = "/desk/_nicegui_ws/socket.io/?EIO=4&transport=websocket"


async def test_a_page_of_another_site_gets_no_socket_with_our_cookie(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    async with served(desk) as host:
        async with httpx.AsyncClient(base_url=f"http://{host}") as client:
            code = await desk.sign_in_link(grace)
            await client.post(f"/sign-in/{code}", headers={"origin": f"http://{host}"})
            cookie = {"cookie": f"switchboard={client.cookies['switchboard']}"}
        for origin in ("https://evil.example", "null", f"http://{host}.evil.example"):
            with pytest.raises(InvalidStatus):
                await connect(
                    f"ws://{host}{SOCKET}", origin=Origin(origin), additional_headers=cookie
                )
        with pytest.raises(InvalidStatus):
            await connect(f"ws://{host}{SOCKET}", origin=Origin(f"http://{host}"))
        ours = Origin(f"http://{host}")
        async with connect(
            f"ws://{host}{SOCKET}", origin=ours, additional_headers=cookie
        ) as socket:
            opened = str(await socket.recv())

    assert opened.startswith("0{")
