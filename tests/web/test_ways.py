"""Signing in by Slack and Discord, against stand-ins for both: who is an agent gets in."""

import base64
import hashlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from aiohttp import web

from bots.discord.signing_in import DiscordSignIn
from bots.slack.signing_in import SlackSignIn
from core.channels import Who
from core.desk import Desk
from core.vocabulary import OPERATOR, Details, Role
from tests.clock import FakeClock
from web.site import site
from web.ways import Way

HERE = "http://127.0.0.1:8080"
WHO = {
    "slack": Who("slack", "T01", "U0GRACE", "Grace"),
    "discord": Who("discord", "global", "4242", "Grace"),
}
Json = dict[str, Any]


@dataclass
class Platform:
    """Slack's and Discord's token endpoints. ``says`` changes what an identity token says, ``codes``
    are good once, each for what was asked on the platform's page."""

    url: str = ""
    codes: dict[str, Json] = field(default_factory=dict)
    says: Json = field(default_factory=dict)
    user: Json = field(default_factory=lambda: {"id": "4242", "username": "grace"})
    broken: bool = False

    def agreed(self, address: str) -> str:
        """Somebody presses Allow on the page at this address; where they are sent then."""
        asked = {name: each[0] for name, each in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    async def slack(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        asked = self.codes.pop(form["code"], None)
        if self.broken:
            return web.Response(status=503, text="<html>")
        good = asked and form["redirect_uri"] == asked["redirect_uri"]
        if not asked or not good or form["client_secret"] != "s3cret":
            return web.json_response({"ok": False, "error": "invalid_code"})
        claims = {
            "iss": "https://slack.com",
            "aud": asked["client_id"],
            "exp": time.time() + 300,
            "nonce": asked["nonce"],
            "https://slack.com/team_id": "T01",
            "https://slack.com/user_id": "U0GRACE",
        } | self.says
        body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
        return web.json_response({"ok": True, "access_token": "x", "id_token": f"h.{body}.s"})

    async def discord(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if self.broken or not asked or asked["code_challenge"] != challenge:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"access_token": "a-token", "token_type": "Bearer"})

    async def me(self, request: web.Request) -> web.Response:
        good = request.headers["authorization"] == "Bearer a-token"
        return web.json_response(self.user, status=200 if good else 401)


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    """Both, on loopback."""
    there = Platform()
    app = web.Application()
    app.router.add_post("/openid.connect.token", there.slack)
    app.router.add_post("/oauth2/token", there.discord)
    app.router.add_get("/users/@me", there.me)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield there
    await runner.cleanup()


def ways(platform: Platform) -> list[Way]:
    return [
        SlackSignIn("an-app", "s3cret", api_url=platform.url),
        DiscordSignIn("an-app", "s3cret", api_url=platform.url),
    ]


@asynccontextmanager
async def browser(desk: Desk, platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the desk, which is reached by HTTP on loopback."""
    served = Desk.beside(desk)
    served.house = replace(desk.house, url=HERE)
    app = site(served, channels=dict, console=False, ways=ways(platform))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE) as client:
        yield client


async def begun(client: httpx.AsyncClient, name: str) -> str:
    """The address of the platform's page, to which the browser is sent."""
    sent = await client.get(f"/sign-in/with/{name}")
    assert sent.status_code == 303
    assert "HttpOnly" in sent.headers["set-cookie"]
    return sent.headers["location"]


@pytest.mark.parametrize("name", ["slack", "discord"])
async def test_an_agent_comes_in_with_a_session_that_is_listed_and_can_be_ended(
    desk: Desk, platform: Platform, name: str
) -> None:
    await desk.add_agent(OPERATOR, WHO[name], Details(role=Role.LEAD))
    async with browser(desk, platform) as client:
        looked = await client.get("/sign-in")
        entered = await client.get(platform.agreed(await begun(client, name)))
        visit = await desk.visit(client.cookies["switchboard"])

    assert f'href="/sign-in/with/{name}"' in looked.text
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk")
    assert visit is not None
    assert (visit.name, visit.role) == ("Grace", Role.LEAD)
    [session] = await desk.sessions(WHO[name])
    await desk.end_session(WHO[name], session.id)
    assert await desk.visit(client.cookies["switchboard"]) is None


@pytest.mark.parametrize("name", ["slack", "discord"])
async def test_whoever_is_no_agent_is_told_so_and_made_none(
    desk: Desk, platform: Platform, name: str
) -> None:
    elsewhere = replace(WHO["slack"], workspace="T02")
    for who in (elsewhere, replace(WHO["discord"], user="4243")):
        await desk.add_agent(OPERATOR, who, Details())
    async with browser(desk, platform) as client:
        refused = await client.get(platform.agreed(await begun(client, name)))

    assert refused.status_code == 403
    assert "No agent of this desk has that account." in refused.text
    assert "switchboard" not in client.cookies
    assert len(await desk.agents(OPERATOR)) == 2


@pytest.mark.parametrize("name", ["slack", "discord"])
async def test_the_way_back_is_open_to_the_browser_that_went_and_once(
    desk: Desk, platform: Platform, name: str
) -> None:
    await desk.add_agent(OPERATOR, WHO[name], Details())
    async with browser(desk, platform) as client, browser(desk, platform) as other:
        back = platform.agreed(await begun(client, name))
        await begun(other, name)
        stolen = await other.get(back)
        kept = dict(client.cookies)
        entered = await client.get(back)
        state = parse_qs(urlsplit(back).query)["state"][0]
        page = await begun(client, name)
        client.cookies.clear()
        replayed = await client.get(back)
        client.cookies.update(kept)
        again = platform.agreed(page).replace(parse_qs(urlsplit(page).query)["state"][0], state)
        twice = await client.get(again)

    assert entered.status_code == 303
    assert [each.status_code for each in (stolen, replayed, twice)] == [403] * 3
    assert len(await desk.sessions(OPERATOR)) == 1


@pytest.mark.parametrize("name", ["slack", "discord"])
async def test_who_takes_too_long_begins_again(
    desk: Desk, platform: Platform, clock: FakeClock, name: str
) -> None:
    await desk.add_agent(OPERATOR, WHO[name], Details())
    async with browser(desk, platform) as client:
        back = platform.agreed(await begun(client, name))
        clock.advance(timedelta(minutes=11))
        late = await client.get(back)

    assert late.status_code == 403
    assert await desk.sessions(OPERATOR) == []


@pytest.mark.parametrize(
    "says",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-app"},
        {"exp": 1},
        {"exp": None},
        {"nonce": "another"},
        {"nonce": None},
        {"https://slack.com/team_id": None},
        {"https://slack.com/user_id": ["U0GRACE"]},
    ],
)
async def test_a_token_that_is_not_for_us_lets_nobody_in(
    desk: Desk, platform: Platform, says: Json
) -> None:
    await desk.add_agent(OPERATOR, WHO["slack"], Details())
    platform.says = says
    async with browser(desk, platform) as client:
        refused = await client.get(platform.agreed(await begun(client, "slack")))

    assert refused.status_code == 403
    assert "Slack did not say who you are." in refused.text


@pytest.mark.parametrize("name", ["slack", "discord"])
async def test_a_platform_that_refuses_or_is_down_is_no_error_of_ours(
    desk: Desk, platform: Platform, name: str
) -> None:
    await desk.add_agent(OPERATOR, WHO[name], Details())
    platform.user = {"id": "<b>4242"}
    async with browser(desk, platform) as client:
        state = parse_qs(urlsplit(await begun(client, name)).query)["state"][0]
        back = f"/sign-in/with/{name}/back"
        denied = await client.get(f"{back}?error=access_denied&state={state}")
        unknown = await client.get(f"{back}?code=<script>&state={state}")
        platform.broken = True
        down = await client.get(platform.agreed(await begun(client, name)))

    assert [each.status_code for each in (denied, unknown, down)] == [403] * 3
    assert "did not let you through" in denied.text
    assert "did not say who you are" in down.text
    assert "<script>" not in unknown.text


async def test_so_many_can_be_on_their_way_and_without_a_setting_nobody_is(
    desk: Desk, platform: Platform
) -> None:
    for _ in range(1_000):
        await desk.begin_sign_in()
    async with browser(desk, platform) as client:
        full = await client.get("/sign-in/with/slack")
    off = site(desk, channels=dict, console=False)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(off), base_url=HERE) as client:
        looked, gone = await client.get("/sign-in"), await client.get("/sign-in/with/slack")

    assert full.status_code == 429
    assert gone.status_code == 404
    assert "Sign in with" not in looked.text


async def test_one_address_does_not_use_up_the_way_for_all(desk: Desk, platform: Platform) -> None:
    async with browser(desk, platform) as client:
        answers = [await client.get("/sign-in/with/slack") for _ in range(40)]

    assert [each.status_code for each in answers] == [303] * 30 + [429] * 10
    assert await desk.begin_sign_in()
