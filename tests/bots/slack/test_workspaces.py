"""Several workspaces: installed by Slack's page, kept sealed, renewed in time, forgotten when removed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from app.sealed import Seal, WrongKey
from app.slack_store import SlackState, SlackStore
from bots.slack.connect import Slack, SlackSettings, SlackSetupError, connect
from bots.slack.pace import Pacer
from bots.slack.workspaces import Workspaces
from core.cards import Card
from core.channels import Address, OutgoingMessage, Undeliverable, Who
from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details
from tests.bots.slack.conftest import ALICE, GRACE, ON_BOTH
from tests.bots.slack.stand_in import BOT_TOKEN, SECRET, STAFF, TEAM, Fault, StandIn
from tests.bots.slack.workspace import Json, Workspace, envelope

KEY = "a secret key of thirty-two characters"
OTHER = {"id": "T2OTHER", "name": "Other"}
SITE = "http://desk"


@pytest.fixture
def settings(stand_in: StandIn) -> SlackSettings:
    return SlackSettings(
        BOT_TOKEN,
        signing_secret=SECRET,
        staff_channel=STAFF,
        api_url=stand_in.url,
        client_id="1.2",
        client_secret="client secret",
        site=SITE,
    )


@pytest.fixture
def store(database: Database) -> SlackStore:
    return SlackStore(database, KEY)


@pytest.fixture
async def slack(settings: SlackSettings, store: SlackStore, brisk: Pacer) -> AsyncIterator[Slack]:
    connected = await connect(settings, pacer=brisk, store=store)
    yield connected
    await connected.close()


@pytest.fixture
async def browser(slack: Slack, desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=slack.routes()))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
        yield client


async def to_slack_and_back(
    browser: httpx.AsyncClient, stand_in: StandIn, *, team: dict[str, str] | None = None
) -> httpx.Response:
    """Install the app as somebody would."""
    sent = await browser.get("/slack/install")
    assert sent.status_code == 302
    stand_in.codes["code-1"] = team or OTHER
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    return await browser.get(f"/slack/oauth_redirect?code=code-1&state={state}")


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """The connections of other processes."""
    async with aiohttp.ClientSession() as session:
        yield session


def of_other(event: Json) -> Json:
    """An event in the other workspace."""
    there = [{"team_id": OTHER["id"], "user_id": "U0BOT", "is_bot": True}]
    return {**envelope(event), "team_id": OTHER["id"], "authorizations": there}


@ON_BOTH
async def test_whoever_installs_the_app_is_answered_there_with_its_own_token(
    browser: httpx.AsyncClient, people: Workspace, desk: Desk, stand_in: StandIn
) -> None:
    answer = await to_slack_and_back(browser, stand_in)
    assert (answer.status_code, "Other is connected" in answer.text) == (200, True)

    question = people.post(ALICE, "D1ALICE", "the lamp flickers", channel_type="im")
    assert (await people.send(of_other(question))).status_code == 200
    await desk.courier.deliver_due()

    whole = await desk.ticket(OPERATOR, 1)
    assert (whole.ticket.workspace, whole.ticket.conversation) == (OTHER["id"], ALICE)
    assert any("ticket #1" in each for each in stand_in.texts("D1ALICE"))
    assert "xoxb-T2OTHER-1" in stand_in.used_tokens


@ON_BOTH
async def test_tokens_are_sealed_in_the_database(
    browser: httpx.AsyncClient, stand_in: StandIn, database: Database, store: SlackStore
) -> None:
    stand_in.rotates = True
    await to_slack_and_back(browser, stand_in)

    async with database.reading() as session:
        [row] = (await session.execute(text("select * from slack_installations"))).all()
    assert "xox" not in str(row)
    kept = await store.of(OTHER["id"])
    assert kept is not None
    assert kept.bot_token == "xoxb-T2OTHER-1"
    assert "xox" not in repr(kept)
    assert await SlackStore(database, "another " + KEY).of(OTHER["id"]) is None


@ON_BOTH
async def test_a_state_is_used_once_however_many_race(store: SlackStore) -> None:
    now = datetime.now(UTC)
    for _ in range(10):
        state = await store.issue_state(now)
        used = await asyncio.gather(*(store.use_state(state, now) for _ in range(20)))
        assert used.count(True) == 1
    late = await store.issue_state(now)
    assert not await store.use_state(late, now + timedelta(minutes=11))
    assert not await store.use_state("made up \ud800", now)


async def test_the_way_back_is_for_the_browser_that_went(
    browser: httpx.AsyncClient, stand_in: StandIn, store: SlackStore
) -> None:
    stand_in.codes["code-1"] = OTHER
    sent = await browser.get("/slack/install")
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    cookie = sent.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    browser.cookies.clear()
    for back in (f"?code=code-1&state={state}", "?code=code-1", "", "?state=x&code=y"):
        answer = await browser.get(f"/slack/oauth_redirect{back}")
        assert answer.status_code == 400

    assert await store.every() == []


async def test_the_link_back_works_once_and_a_refusal_changes_nothing(
    browser: httpx.AsyncClient, stand_in: StandIn, store: SlackStore
) -> None:
    sent = await browser.get("/slack/install")
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    refused = await browser.get(f"/slack/oauth_redirect?error=access_denied&state={state}")
    assert "Nothing was changed" in refused.text
    assert (await browser.get(f"/slack/oauth_redirect?code=c&state={state}")).status_code == 400
    failed = await browser.get("/slack/install")
    state = parse_qs(urlsplit(failed.headers["location"]).query)["state"][0]
    wrong = await browser.get(f"/slack/oauth_redirect?code=wrong&state={state}")
    assert wrong.status_code == 502
    assert await store.every() == []


@ON_BOTH
@pytest.mark.parametrize("how", ["app_uninstalled", "tokens_revoked"])
async def test_a_workspace_that_removes_the_app_is_forgotten_at_once(
    browser: httpx.AsyncClient,
    people: Workspace,
    slack: Slack,
    desk: Desk,
    stand_in: StandIn,
    store: SlackStore,
    how: str,
) -> None:
    await to_slack_and_back(browser, stand_in)
    await slack.channel.send(said(OTHER["id"]))
    tokens = {"tokens": {"bot": ["U0BOT"], "oauth": []}}
    event: Json = {"type": how, **(tokens if how == "tokens_revoked" else {})}
    assert (await people.send(of_other(event))).status_code == 200

    assert await store.every() == []
    with pytest.raises(Undeliverable, match="not in this workspace"):
        await slack.channel.send(said(OTHER["id"]))


async def test_a_persons_revoked_token_is_not_the_bots(
    browser: httpx.AsyncClient, people: Workspace, desk: Desk, stand_in: StandIn, store: SlackStore
) -> None:
    await to_slack_and_back(browser, stand_in)
    event = {"type": "tokens_revoked", "tokens": {"oauth": [ALICE], "bot": []}}
    await people.send(of_other(event))

    assert len(await store.every()) == 1


def said(team: str, key: str = "k") -> OutgoingMessage:
    return OutgoingMessage(key=key, address=Address("slack", team, "C1"), card=Card(text="hi"))


@ON_BOTH
async def test_a_token_is_renewed_in_time_and_by_one_process(
    browser: httpx.AsyncClient,
    settings: SlackSettings,
    stand_in: StandIn,
    http: aiohttp.ClientSession,
    store: SlackStore,
    brisk: Pacer,
) -> None:
    stand_in.rotates = True
    await to_slack_and_back(browser, stand_in)
    later = datetime.now(UTC) + timedelta(hours=11)
    processes = [Workspaces(settings, http, store, brisk, clock=lambda: later) for _ in range(5)]

    sends = [each.send(said(OTHER["id"], f"k{n}")) for n, each in enumerate(processes)]
    await asyncio.gather(*sends)

    refreshed = [
        args
        for args in stand_in.called("oauth.v2.access")
        if args.get("grant_type") == "refresh_token"
    ]
    assert len(refreshed) == 1
    kept = await store.of(OTHER["id"])
    assert kept is not None
    assert kept.bot_token == "xoxb-T2OTHER-2"
    assert kept.expires_at is not None
    assert kept.expires_at > later + timedelta(hours=11)


async def test_a_renewal_that_fails_is_tried_again_while_the_old_token_is_good(
    browser: httpx.AsyncClient,
    settings: SlackSettings,
    stand_in: StandIn,
    http: aiohttp.ClientSession,
    store: SlackStore,
    brisk: Pacer,
) -> None:
    stand_in.rotates = True
    await to_slack_and_back(browser, stand_in)
    now = datetime.now(UTC) + timedelta(hours=11)
    process = Workspaces(settings, http, store, brisk, clock=lambda: now)
    stand_in.will("oauth.v2.access", Fault(status=503, html=True))
    await process.send(said(OTHER["id"], "a"))
    now += timedelta(minutes=2)
    await process.send(said(OTHER["id"], "b"))

    kept = await store.of(OTHER["id"])
    assert kept is not None
    assert kept.bot_token == "xoxb-T2OTHER-2"


async def test_the_same_person_in_two_workspaces_is_two_people_and_agents_stay_agents_of_one(
    browser: httpx.AsyncClient, people: Workspace, slack: Slack, desk: Desk, stand_in: StandIn
) -> None:
    await to_slack_and_back(browser, stand_in)
    await desk.add_agent(OPERATOR, Who("slack", TEAM, GRACE, "Grace"), Details())
    command = {
        "command": "/agent",
        "text": "list",
        "user_id": GRACE,
        "user_name": "grace",
        "team_id": OTHER["id"],
        "channel_id": "C1",
        "trigger_id": "t",
        "response_url": f"{stand_in.url}/respond/1",
    }
    await people.send(command)
    await slack.settle()

    assert "for the support team" in str(stand_in.ephemeral[-1])


async def test_without_a_token_of_our_own_the_staff_channel_names_its_workspace(
    settings: SlackSettings, store: SlackStore, stand_in: StandIn
) -> None:
    alone = replace(settings, bot_token="")
    with pytest.raises(SlackSetupError, match="needs its workspace"):
        await connect(alone, store=store)
    slack = await connect(replace(alone, staff_channel=f"T2OTHER:{STAFF}"), store=store)
    await slack.close()

    assert slack.staff_room == Address("slack", "T2OTHER", STAFF)
    assert slack.description == "installable at /slack/install, HTTP at /slack/events"


async def test_asking_again_and_again_fills_nothing(
    browser: httpx.AsyncClient, store: SlackStore, database: Database
) -> None:
    now = datetime.now(UTC)
    async with database.transaction() as session:
        session.add_all(
            SlackState(state_hash=str(number), expires_at=now + timedelta(minutes=1))
            for number in range(1_000)
        )
    assert (await browser.get("/slack/install")).status_code == 429
    assert await store.issue_state(now + timedelta(minutes=2))


def test_what_is_sealed_is_opened_by_the_same_key_for_the_same_purpose_only() -> None:
    sealed = Seal(KEY, purpose="one").seal("secret")

    assert "secret" not in sealed
    assert Seal(KEY, purpose="one").open(sealed) == "secret"
    for other in (Seal(KEY, purpose="two"), Seal(KEY + "x", purpose="one")):
        with pytest.raises(WrongKey):
            other.open(sealed)
