"""The site: health for machines, and the one-time link for the first admin."""

from datetime import timedelta

import httpx
import pytest

from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role
from tests.clock import FakeClock
from tests.outbox import Outbox
from tests.scene import open_ticket
from web.site import site


def client_of(desk: Desk, *, console: bool = True, slack: bool = True) -> httpx.AsyncClient:
    app = site(desk, channels=lambda: {"slack": slack}, console=console)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080")


async def test_a_desk_that_works_is_ready(desk: Desk) -> None:
    async with client_of(desk) as client:
        live = await client.get("/health/live")
        ready = await client.get("/health/ready")

    assert live.status_code == 200
    assert ready.status_code == 200
    assert ready.json()["database"] is True
    assert ready.json()["channels"] == {"slack": True}


async def test_a_channel_that_is_not_connected_is_not_ready(desk: Desk) -> None:
    async with client_of(desk, slack=False) as client:
        ready = await client.get("/health/ready")

    assert ready.status_code == 503
    assert ready.json()["channels"] == {"slack": False}


async def test_deliveries_that_stay_behind_are_not_ready(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    await open_ticket(desk)
    clock.advance(timedelta(minutes=10))

    async with client_of(desk) as client:
        ready = await client.get("/health/ready")

    assert ready.status_code == 503
    assert ready.json()["oldest_due_delivery_seconds"] >= 600


async def test_looking_at_the_link_does_not_use_it_and_saying_who_one_is_does(desk: Desk) -> None:
    code = await desk.invite_admin()
    async with client_of(desk) as client:
        for _ in range(3):
            shown = await client.get(f"/admin/{code}")
            assert shown.status_code == 200
            assert "Become an admin" in shown.text

        joined = await client.post(f"/admin/{code}", data={"handle": "ada"})
        again = await client.post(f"/admin/{code}", data={"handle": "eve"})
        looked = await client.get(f"/admin/{code}")

    assert joined.status_code == 303
    assert joined.headers["location"] == "/console?agent=ada"
    assert again.status_code == 404
    assert looked.status_code == 404
    assert (await desk.whoever(Who("console", "local", "ada"))).role is Role.ADMIN
    assert (await desk.whoever(Who("console", "local", "eve"))).role is Role.CUSTOMER


@pytest.mark.parametrize("handle", ["", "<script>", "a" * 41, "a b", "../x", "é", "staff"])
async def test_a_name_that_cannot_be_one_uses_nothing(desk: Desk, handle: str) -> None:
    code = await desk.invite_admin()
    async with client_of(desk) as client:
        refused = await client.post(f"/admin/{code}", data={"handle": handle})

    assert refused.status_code == 422
    assert await desk.code_is_good(code)


async def test_without_the_console_the_link_only_says_what_to_type_in_chat(desk: Desk) -> None:
    code = await desk.invite_admin()
    async with client_of(desk, console=False) as client:
        shown = await client.get(f"/admin/{code}")
        refused = await client.post(f"/admin/{code}", data={"handle": "ada"})

    assert "<form" not in shown.text
    assert f"/agent join {code}" in shown.text
    assert refused.status_code == 422
    assert await desk.code_is_good(code)


async def test_every_answer_keeps_other_sites_and_scripts_out(desk: Desk) -> None:
    async with client_of(desk) as client:
        for path in ("/", "/health/live", "/admin/none", "/nowhere", "/page.css"):
            headers = (await client.get(path)).headers
            assert "default-src 'self'" in headers["content-security-policy"], path
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
