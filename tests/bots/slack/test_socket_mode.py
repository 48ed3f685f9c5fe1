"""Socket Mode: what Slack asks of a connection, and that no event is lost when it breaks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlalchemy import text

from bots.slack.connect import Slack, SlackSettings, SlackSetupError, connect
from bots.slack.pace import Pacer
from core.desk import Desk
from core.model import Message, Ticket
from core.storage.database import Database
from tests.bots.slack.conftest import ALICE, ON_BOTH, desk_behind, eventually
from tests.bots.slack.stand_in import APP_TOKEN, BOT_TOKEN, STAFF, Fault, StandIn, direct
from tests.bots.slack.test_events import count, refusing
from tests.bots.slack.workspace import envelope

PING = 0.2


@pytest.fixture
async def slack(stand_in: StandIn, brisk: Pacer) -> AsyncIterator[Slack]:
    """The adapter, to be connected by Socket Mode."""
    settings = SlackSettings(BOT_TOKEN, APP_TOKEN, staff_channel=STAFF, api_url=stand_in.url)
    connected = await connect(settings, pacer=brisk)
    yield connected
    await connected.close()


@pytest.fixture
def desk(database: Database, slack: Slack) -> Desk:
    return desk_behind(slack, database)


@pytest.fixture
async def running(slack: Slack, desk: Desk, stand_in: StandIn) -> AsyncIterator[asyncio.Task[None]]:
    """The connection, open."""
    task = asyncio.create_task(slack.run_socket(ping=PING))
    await stand_in.until(lambda: stand_in.open_sockets)
    yield task
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def question(stand_in: StandIn, number: int) -> dict[str, object]:
    return envelope(
        {
            "type": "message",
            "user": ALICE,
            "channel": direct(ALICE),
            "channel_type": "im",
            "ts": stand_in.ts(),
            "text": f"question {number}",
        }
    )


def reconnected(stand_in: StandIn, before: int) -> bool:
    """Whether there is a new connection since there were so many."""
    return len(stand_in.sockets) > before and bool(stand_in.open_sockets)


async def test_an_event_is_acknowledged_once_it_is_stored(
    running: asyncio.Task[None], slack: Slack, stand_in: StandIn, database: Database
) -> None:
    sent = await stand_in.push("events_api", question(stand_in, 1))
    await stand_in.until(lambda: sent in stand_in.acked)

    assert await count(database, Message, Ticket) == [1, 1]
    assert slack.is_connected


@ON_BOTH
async def test_what_is_not_stored_is_not_acknowledged(
    running: asyncio.Task[None], stand_in: StandIn, database: Database
) -> None:
    first = question(stand_in, 1)
    with refusing(database):
        lost = await stand_in.push("events_api", first)
        await asyncio.sleep(0.3)
    again = await stand_in.push("events_api", first)
    await stand_in.until(lambda: again in stand_in.acked)

    assert lost not in stand_in.acked
    assert await count(database, Message, Ticket) == [1, 1]


@pytest.mark.parametrize(
    "how", ["warning", "refresh_requested", "too_many_websockets", "closed", "cut"]
)
async def test_a_connection_that_goes_is_replaced_and_loses_nothing(
    running: asyncio.Task[None], stand_in: StandIn, database: Database, how: str
) -> None:
    before = len(stand_in.sockets)
    unacked = {}
    for number in range(10):
        event = question(stand_in, number)
        unacked[await stand_in.push("events_api", event)] = event
    old = stand_in.open_sockets[-1]
    if how == "closed":
        await old.close()
    elif how == "cut":
        transport = old._req.transport if old._req else None
        assert transport is not None
        transport.abort()
    else:
        await stand_in.disconnect(how)
    await stand_in.until(lambda: len(stand_in.sockets) > before and stand_in.open_sockets)
    for sent, event in unacked.items():  # as Slack does with what was not acknowledged
        if sent not in stand_in.acked:
            again = await stand_in.push("events_api", event)
            await stand_in.until(partial(stand_in.acked.__contains__, again))

    assert await count(database, Message, Ticket) == [10, 1]


@pytest.mark.timeout(180)
async def test_twenty_cuts_while_messages_flow_lose_nothing_and_say_nothing_twice(
    running: asyncio.Task[None],
    desk: Desk,
    stand_in: StandIn,
    database: Database,
) -> None:
    cuts, each = 20, 5
    carrying = asyncio.create_task(desk.courier.run())
    try:
        for cut in range(cuts):
            before = len(stand_in.sockets)
            events = [question(stand_in, cut * each + number) for number in range(each)]
            sent = {await stand_in.push("events_api", event): event for event in events}
            transport = stand_in.open_sockets[-1]._req.transport  # type: ignore[union-attr]
            assert transport is not None
            transport.abort()
            await stand_in.until(partial(reconnected, stand_in, before))
            for envelope, event in sent.items():
                if envelope not in stand_in.acked:
                    again = await stand_in.push("events_api", event)
                    await stand_in.until(partial(stand_in.acked.__contains__, again))
        await stand_in.until(lambda: f"question {cuts * each - 1}" in str(stand_in.posts[STAFF]))
    finally:
        carrying.cancel()
        await asyncio.gather(carrying, return_exceptions=True)

    assert await count(database, Message, Ticket) == [cuts * each, 1]
    keys = [
        (post["metadata"]["event_payload"]["key"], post["metadata"]["event_payload"]["part"])
        for posts in stand_in.posts.values()
        for post in posts
        if post.get("metadata")
    ]
    assert len(keys) == len(set(keys))


async def test_a_command_is_acknowledged_and_answered(
    running: asyncio.Task[None], slack: Slack, stand_in: StandIn
) -> None:
    body = {
        "command": "/ticket",
        "text": "list",
        "user_id": ALICE,
        "team_id": "T01HOME",
        "channel_id": "C1",
        "trigger_id": "t",
        "response_url": f"{stand_in.url}/respond/1",
    }
    sent = await stand_in.push("slash_commands", body)
    await stand_in.until(lambda: sent in stand_in.acked and stand_in.ephemeral)

    assert "You have no open tickets." in str(stand_in.ephemeral)


async def test_closing_lets_what_came_in_be_stored_and_acknowledged(
    running: asyncio.Task[None], slack: Slack, stand_in: StandIn, database: Database
) -> None:
    held = asyncio.Event()

    async def hold() -> None:
        async with database.transaction() as session:
            await session.execute(text("SELECT 1"))
            held.set()
            await asyncio.sleep(0.5)

    holding = asyncio.create_task(hold())
    await held.wait()
    sent = [await stand_in.push("events_api", question(stand_in, n)) for n in range(5)]
    await asyncio.sleep(0.1)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await holding

    assert set(sent) <= stand_in.acked.keys()
    assert await count(database, Message) == [5]
    assert not slack.is_connected


async def test_a_forgotten_copy_is_pointed_out(
    slack: Slack, desk: Desk, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.connections_said = 5
    task = asyncio.create_task(slack.run_socket(ping=PING))
    await stand_in.until(lambda: stand_in.open_sockets)
    await eventually(lambda: "5 Socket Mode connections" in caplog.text)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_token_refused_at_the_start_is_one_sentence_at_once(
    slack: Slack, desk: Desk, stand_in: StandIn
) -> None:
    stand_in.will("apps.connections.open", Fault(error="invalid_auth"))
    with pytest.raises(SlackSetupError, match="does not accept SLACK_APP_TOKEN"):
        async with asyncio.timeout(5):
            await slack.run_socket(ping=PING)


async def test_slack_in_trouble_is_waited_for(
    slack: Slack, desk: Desk, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.will("apps.connections.open", Fault(status=503, html=True), Fault(error="fatal_error"))
    task = asyncio.create_task(slack.run_socket(ping=0.05))
    await stand_in.until(lambda: stand_in.open_sockets)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert caplog.text.count("Socket Mode cannot be opened yet") == 2


async def test_without_an_app_token_there_is_nothing_to_open(stand_in: StandIn) -> None:
    by_http = await connect(SlackSettings(BOT_TOKEN, signing_secret="s", api_url=stand_in.url))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(by_http.run_socket(), 0.1)
    await by_http.close()

    assert not stand_in.sockets
    assert by_http.is_connected
