"""Signing in: a link of one's own, once and soon; a session that can be ended; keys for programs."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from core.channels import Who
from core.desk import Desk
from core.errors import DeskError
from core.vocabulary import OPERATOR, Role, Scope
from tests.clock import FakeClock
from tests.scene import HOUSE, hire, open_ticket, person
from web.site import site

OURS = {"origin": "http://127.0.0.1:8080"}


def browser(desk: Desk) -> httpx.AsyncClient:
    app = site(desk, channels=dict, console=True)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080")


async def signed_in(client: httpx.AsyncClient, desk: Desk, who: Who) -> str:
    """Open the link of an agent; the secret that the browser keeps."""
    entered = await client.post(f"/sign-in/{await desk.sign_in_link(who)}", headers=OURS)
    assert entered.status_code == 303
    return client.cookies["switchboard"]


async def test_looking_at_a_link_does_not_use_it_and_pressing_the_button_does(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    code = await desk.sign_in_link(grace)
    async with browser(desk) as client:
        for _ in range(3):
            assert "Sign in as Grace" in (await client.get(f"/sign-in/{code}")).text
        entered = await client.post(f"/sign-in/{code}", headers=OURS)
        again = await client.post(f"/sign-in/{code}", headers=OURS)
        looked = await client.get(f"/sign-in/{code}")

    assert entered.status_code == 303
    assert entered.headers["location"] == "/desk"
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert (again.status_code, looked.status_code) == (404, 404)


async def test_over_https_the_cookie_is_bound_to_the_host(desk: Desk) -> None:
    secure = Desk.beside(desk)
    secure.house = type(HOUSE)(staff_rooms=HOUSE.staff_rooms, url="https://desk.example")
    grace = await hire(desk, "grace")
    async with browser(secure) as client:
        entered = await client.post(f"/sign-in/{await desk.sign_in_link(grace)}", headers=OURS)

    assert entered.headers["set-cookie"].startswith("__Host-switchboard=")
    assert "Secure" in entered.headers["set-cookie"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999"])
async def test_another_site_cannot_sign_anybody_in_or_out(desk: Desk, origin: str) -> None:
    grace = await hire(desk, "grace")
    async with browser(desk) as client:
        code = await desk.sign_in_link(grace)
        refused = await client.post(f"/sign-in/{code}", headers={"origin": origin})
        secret = await signed_in(client, desk, grace)
        out = await client.post("/sign-out", headers={"origin": origin})

    assert (refused.status_code, out.status_code) == (403, 403)
    assert await desk.whose_link(code) == "Grace"
    assert await desk.visit(secret) is not None


async def test_of_twenty_who_use_one_link_at_once_one_is_let_in(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    code = await desk.sign_in_link(grace)

    ends = await asyncio.gather(
        *(desk.sign_in(code, f"browser {n}") for n in range(20)), return_exceptions=True
    )

    assert sum(isinstance(end, str) for end in ends) == 1
    assert all(isinstance(end, str | DeskError) for end in ends)


async def test_a_link_is_good_for_ten_minutes(desk: Desk, clock: FakeClock) -> None:
    grace = await hire(desk, "grace")
    code = await desk.sign_in_link(grace)
    clock.advance(timedelta(minutes=11))

    with pytest.raises(DeskError, match="too old"):
        await desk.sign_in(code, "")


async def test_a_session_goes_on_while_it_is_used_and_ends_when_it_is_not(
    desk: Desk, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    secret = await desk.sign_in(await desk.sign_in_link(grace), "a browser")
    for _ in range(5):
        clock.advance(timedelta(days=13))
        assert await desk.visit(secret) is not None
        await desk.stay(secret)
    clock.advance(timedelta(days=15))

    assert await desk.visit(secret) is None


async def test_signing_out_ends_the_session_and_what_it_could_do(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    async with browser(desk) as client:
        secret = await signed_in(client, desk, grace)
        visit = await desk.visit(secret)
        assert visit is not None
        await desk.note(visit.who, number, "from the page")
        left = await client.post("/sign-out", headers=OURS)

    assert left.status_code == 303
    assert await desk.visit(secret) is None
    with pytest.raises(DeskError, match="for the support team"):
        await desk.note(visit.who, number, "too late")


async def test_who_leaves_the_team_is_signed_out_everywhere(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    secret = await desk.sign_in(await desk.sign_in_link(grace), "a browser")
    visit = await desk.visit(secret)
    assert visit is not None
    await desk.remove_agent(OPERATOR, grace)

    assert await desk.visit(secret) is None
    assert (await desk.whoever(visit.who)).role is Role.CUSTOMER


async def test_agents_see_and_end_their_own_sessions_and_admins_everybodys(desk: Desk) -> None:
    grace, dora = await hire(desk, "grace"), await hire(desk, "dora", role=Role.ADMIN)
    secrets = [await desk.sign_in(await desk.sign_in_link(who), "b") for who in (grace, dora)]
    mine, theirs = [visit for each in secrets if (visit := await desk.visit(each))]

    assert [each.id for each in await desk.sessions(grace)] == [mine.session]
    assert {each.id for each in await desk.sessions(dora)} == {mine.session, theirs.session}
    with pytest.raises(DeskError, match=f"no session {theirs.session}"):
        await desk.end_session(grace, theirs.session)
    await desk.end_session(dora, mine.session)
    assert await desk.visit(secrets[0]) is None


async def test_customers_get_no_link(desk: Desk) -> None:
    with pytest.raises(DeskError, match="for the support team"):
        await desk.sign_in_link(person("ana"))


async def test_nobody_is_staff_by_making_up_a_session(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await desk.sign_in(await desk.sign_in_link(grace), "a browser")
    await hire(desk, "dora")
    for workspace, user in (("session-1", "2"), ("session-9", "1"), ("", "1"), ("session-1", "1x")):
        assert (await desk.whoever(Who("desk", workspace, user))).role is Role.CUSTOMER


async def test_a_key_works_until_it_is_removed_or_too_old(desk: Desk, clock: FakeClock) -> None:
    dora = await hire(desk, "dora", role=Role.ADMIN)
    _, forever = await desk.make_key(dora, "shop", [Scope.ORDERS_WRITE], None)
    key, short = await desk.make_key(dora, "trial", [Scope.INTAKE], timedelta(days=1))
    assert (await desk.program(forever)) is not None
    assert (await desk.program(short)) is not None
    clock.advance(timedelta(days=2))

    assert await desk.program(short) is None
    behind = await desk.program(forever)
    assert behind is not None
    assert behind.scopes == {Scope.ORDERS_WRITE}
    assert behind.who.name == "shop"
    await desk.end_key(dora, behind.key)
    assert await desk.program(forever) is None
    assert (await desk.whoever(behind.who)).role is Role.CUSTOMER
    assert [each.id for each in await desk.api_keys(dora)] == [key.id]


@pytest.mark.parametrize(
    ("name", "scopes", "days", "sentence"),
    [
        ("", [Scope.INTAKE], None, "has a name"),
        ("a" * 61, [Scope.INTAKE], None, "has a name"),
        ("shop", [], None, "can do nothing"),
        ("shop", [Scope.INTAKE], 0, "from 1 to 3660"),
        ("shop", [Scope.INTAKE], -3, "from 1 to 3660"),
        ("shop", [Scope.INTAKE], 9999, "from 1 to 3660"),
    ],
)
async def test_a_key_that_makes_no_sense_is_refused(
    desk: Desk, name: str, scopes: list[Scope], days: int | None, sentence: str
) -> None:
    dora = await hire(desk, "dora", role=Role.ADMIN)
    lasts = None if days is None else timedelta(days=days)

    with pytest.raises(DeskError, match=sentence):
        await desk.make_key(dora, name, scopes, lasts)
    assert await desk.api_keys(dora) == []


async def test_only_admins_make_keys(desk: Desk) -> None:
    grace = await hire(desk, "grace", role=Role.LEAD)

    with pytest.raises(DeskError, match="Only admins"):
        await desk.make_key(grace, "shop", [Scope.INTAKE], None)
