"""The gate of the staff pages: who is signed in comes in, from our own pages only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from app.page_commands import PageCommands
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
