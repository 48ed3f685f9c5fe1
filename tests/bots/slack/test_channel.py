"""Sending: everything arrives once and in order, whatever Slack does meanwhile."""

import asyncio
import random
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bots.slack.channel import SlackChannel
from bots.slack.connect import Slack
from bots.slack.pace import Pacer
from bots.slack.setup import SlackSettings, client_for
from core import cards
from core.cards import Button, Card
from core.channels import Address, OutgoingMessage, Posted, TryLater, Uncertain, Undeliverable
from core.desk import Desk
from core.model import Delivery, Progress
from core.storage.database import Database
from tests.bots.slack.conftest import ALICE, ON_BOTH
from tests.bots.slack.stand_in import (
    BOT_TOKEN,
    RATE_LIMITED,
    RESET_AFTER,
    RESET_BEFORE,
    TEAM,
    Fault,
    StandIn,
    direct,
)
from tests.bots.slack.workspace import Workspace

HELLO = Card(text="hello")
BROKEN = Fault(status=500, html=True)
LONG = Card(title="long", text="word " * 6_000, buttons=(Button("Claim", "ticket claim", "1"),))


def outgoing(key: str = "k", to: str = "C1", card: Card = HELLO, **more: Any) -> OutgoingMessage:
    return OutgoingMessage(key=key, address=Address("slack", TEAM, to), card=card, **more)


async def posted_as(slack: Slack, message: OutgoingMessage) -> str:
    """Send it; the id of its first post."""
    return (await slack.channel.send(message)).external_id


async def owe(desk: Desk, conversation: str, texts: list[str]) -> None:
    """Rows as the desk writes them, in order."""
    async with desk.work() as work:
        work.session.add_all(
            Delivery(
                key=f"{conversation}:{text}",
                channel="slack",
                workspace=TEAM,
                conversation=conversation,
                card=cards.to_json(Card(text=text)),
                created_at=work.now,
                due_at=work.now,
            )
            for text in texts
        )


async def delivered(desk: Desk, database: Database, within: float = 30) -> None:
    """Until nothing waits any more."""
    async with asyncio.timeout(within):
        while True:
            await desk.courier.deliver_due()
            if (await desk.condition()).oldest_due is None:
                return
            await asyncio.sleep(0.01)


async def test_a_card_is_posted_with_its_key_and_without_previews(
    slack: Slack, stand_in: StandIn
) -> None:
    sent = await posted_as(slack, outgoing(to="C1:5.5"))

    (post,) = stand_in.posts["C1"]
    assert sent == f"C1:{post['ts']}"
    assert post["thread_ts"] == "5.5"
    assert post["metadata"] == {
        "event_type": "switchboard_delivery",
        "event_payload": {"key": "k", "part": 0},
    }
    assert (post["unfurl_links"], post["unfurl_media"]) == (False, False)
    assert not {"link_names", "parse", "mrkdwn"} & post.keys()


async def test_a_person_is_written_to_in_their_dm_which_is_asked_for_once(
    slack: Slack, stand_in: StandIn
) -> None:
    first = await posted_as(slack, outgoing("a", to=ALICE))
    await slack.channel.send(outgoing("b", to=ALICE))

    assert first.startswith(direct(ALICE))
    assert len(stand_in.posts[direct(ALICE)]) == 2
    assert len(stand_in.called("conversations.open")) == 1


async def test_a_post_is_answered_beneath_and_edited_in_place(
    slack: Slack, stand_in: StandIn
) -> None:
    root = await posted_as(slack, outgoing("a"))
    await slack.channel.send(outgoing("b", under=root))
    edited = await posted_as(slack, outgoing("c", card=Card(text="changed"), replaces=root))

    assert edited == root
    assert stand_in.texts("C1") == ["changed", "hello"]
    assert stand_in.posts["C1"][1]["thread_ts"] == root.partition(":")[2]
    assert await slack.channel.find_sent(outgoing("c", replaces=root)) == Posted(root)


async def test_what_cannot_be_edited_is_posted_anew(slack: Slack, stand_in: StandIn) -> None:
    sent = await posted_as(slack, outgoing(replaces="C1:404.4"))

    assert sent == f"C1:{stand_in.posts['C1'][0]['ts']}"


async def test_a_long_card_is_several_posts_known_by_the_first(
    slack: Slack, stand_in: StandIn
) -> None:
    sent = await posted_as(slack, outgoing(card=LONG))

    posts = stand_in.posts["C1"]
    assert sent == f"C1:{posts[0]['ts']}"
    assert len(posts) > 1
    assert "".join(stand_in.texts("C1")).count("word") == 6_000
    found = await slack.channel.find_sent(outgoing(card=LONG))
    assert found == Posted(sent, tuple(f"C1:{post['ts']}" for post in posts[1:]))


@pytest.mark.parametrize("fault", [RATE_LIMITED, RESET_AFTER, RESET_BEFORE])
async def test_a_long_card_broken_off_is_continued(
    slack: Slack, stand_in: StandIn, fault: Fault
) -> None:
    posted = 0

    def second_fails(method: str, _: Any) -> Fault | None:
        nonlocal posted
        posted += method == "chat.postMessage"
        return fault if method == "chat.postMessage" and posted == 2 else None

    stand_in.fault_of = second_fails
    with pytest.raises((TryLater, Uncertain)):
        await slack.channel.send(outgoing(card=LONG))
    assert await slack.channel.find_sent(outgoing(card=LONG)) is None
    await asyncio.sleep(0.06)
    await slack.channel.send(outgoing(card=LONG))

    assert "".join(stand_in.texts("C1")).count("word") == 6_000
    parts = [post["metadata"]["event_payload"]["part"] for post in stand_in.posts["C1"]]
    assert parts == list(range(len(parts)))


@pytest.mark.parametrize(
    ("fault", "end", "words"),
    [
        (Fault(error="channel_not_found"), Undeliverable, "the conversation is gone"),
        (Fault(error="is_archived"), Undeliverable, "archived"),
        (Fault(error="not_in_channel"), Undeliverable, "/invite"),
        (Fault(error="account_inactive"), Undeliverable, "deactivated"),
        (Fault(error="cannot_dm_bot"), Undeliverable, "another bot"),
        (Fault(error="msg_too_long"), Undeliverable, "too long"),
        (Fault(error="invalid_auth"), TryLater, "switchboard doctor"),
        (Fault(error="missing_scope"), TryLater, "switchboard doctor"),
        (Fault(error="something_new"), TryLater, "something_new"),
        (Fault(error="ratelimited"), TryLater, "pause"),
        (Fault(status=429, html=True), TryLater, "pause"),
        (Fault(error="fatal_error"), Uncertain, "fatal_error"),
        (Fault(error="internal_error"), Uncertain, "internal_error"),
        (Fault(status=500, error="x"), Uncertain, "stumbled"),
        (Fault(status=503, html=True), Uncertain, "HTTP 503"),
        (Fault(html=True), Uncertain, "nothing to read"),
        (RESET_BEFORE, Uncertain, "broke"),
        (RESET_AFTER, Uncertain, "broke"),
    ],
)
async def test_what_an_answer_means(
    slack: Slack, stand_in: StandIn, fault: Fault, end: type[Exception], words: str
) -> None:
    stand_in.will("chat.postMessage", fault)

    with pytest.raises(end, match=words):
        await slack.channel.send(outgoing())


async def test_no_answer_in_time_is_uncertain_and_no_connection_is_not(stand_in: StandIn) -> None:
    stand_in.will("chat.postMessage", Fault(hangs=True))
    timeout = aiohttp.ClientTimeout(total=0.2)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        there = SlackChannel(client_for(SlackSettings(BOT_TOKEN, api_url=stand_in.url), http))
        with pytest.raises(Uncertain, match="TimeoutError"):
            await there.send(outgoing())
        nowhere = SlackSettings(BOT_TOKEN, api_url="http://127.0.0.1:1")
        with pytest.raises(TryLater, match="cannot be reached"):
            await SlackChannel(client_for(nowhere, http)).send(outgoing())


async def test_retry_after_is_obeyed_for_the_channel_it_was_said_in(
    slack: Slack, stand_in: StandIn
) -> None:
    stand_in.will("chat.postMessage", Fault(status=429, error="ratelimited", retry_after=0.3))
    with pytest.raises(TryLater) as refused:
        await slack.channel.send(outgoing())
    assert refused.value.after == timedelta(seconds=0.3)
    with pytest.raises(TryLater):
        await slack.channel.send(outgoing())
    await slack.channel.send(outgoing(to="C2"))
    await asyncio.sleep(0.35)
    await slack.channel.send(outgoing())

    assert len(stand_in.called("chat.postMessage")) == 2


async def test_a_channel_is_written_to_at_its_pace() -> None:
    pacer = Pacer(timedelta(milliseconds=100), burst=2)
    began = time.monotonic()
    await asyncio.gather(*(pacer.turn("chat.postMessage", "C1") for _ in range(5)))
    assert 0.28 < time.monotonic() - began < 2
    await pacer.turn("chat.postMessage", "C2")

    slow = Pacer(timedelta(seconds=4), burst=1)
    waiting = asyncio.gather(
        *(slow.turn("chat.postMessage", "C1") for _ in range(4)), return_exceptions=True
    )
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(TryLater) as refused:
        await slow.turn("chat.postMessage", "C1")
    assert refused.value.after is not None


async def test_where_slack_does_not_let_us_look_it_is_sent_once_more(
    slack: Slack, stand_in: StandIn
) -> None:
    stand_in.will("conversations.history", Fault(error="missing_scope"), RATE_LIMITED, BROKEN)

    assert await slack.channel.find_sent(outgoing()) is None
    with pytest.raises(TryLater):
        await slack.channel.find_sent(outgoing())
    await asyncio.sleep(0.06)
    with pytest.raises(Uncertain):
        await slack.channel.find_sent(outgoing())


@ON_BOTH
async def test_a_third_of_the_calls_refused_and_all_arrives_once_in_order(
    desk: Desk, database: Database, stand_in: StandIn
) -> None:
    dice = random.Random(3)
    answered = Counter[str]()

    def sometimes(method: str, _: Any) -> Fault | None:
        refused = method == "chat.postMessage" and dice.random() < 0.3
        answered[str(refused)] += method == "chat.postMessage"
        return RATE_LIMITED if refused else None

    stand_in.fault_of = sometimes
    for n in range(10):
        await owe(desk, f"C{n}", [f"message {number}" for number in range(20)])
    await delivered(desk, database)

    for n in range(10):
        assert stand_in.texts(f"C{n}") == [f"message {number}" for number in range(20)]
    assert answered["True"] > 40


@pytest.mark.parametrize(
    "fault", [RESET_AFTER, RESET_BEFORE, Fault(status=502, html=True, taken=True)]
)
async def test_an_uncertain_post_is_looked_for_and_never_doubled(
    people: Workspace, desk: Desk, database: Database, stand_in: StandIn, fault: Fault
) -> None:
    stand_in.will("chat.postMessage", fault, fault)
    await people.dm(ALICE, "the lamp flickers")
    await delivered(desk, database)

    keys = Counter(
        post["metadata"]["event_payload"]["key"]
        for posts in stand_in.posts.values()
        for post in posts
    )
    assert set(keys.values()) == {1}
    assert sum("This is ticket #1" in each for each in stand_in.texts(direct(ALICE))) == 1


async def test_what_slack_refuses_for_good_is_shown_to_staff(
    people: Workspace, desk: Desk, database: Database, stand_in: StandIn
) -> None:
    def deaf(method: str, args: Any) -> Fault | None:
        return Fault(error="user_not_found") if method == "conversations.open" else None

    stand_in.fault_of = deaf
    await people.dm(ALICE, "the lamp flickers")
    await delivered(desk, database)

    async with database.reading() as session:
        dead = (
            await session.scalars(select(Delivery).where(Delivery.progress == Progress.DEAD))
        ).all()
    assert [each.error for each in dead] == ["user_not_found: Slack knows no such person"]
    assert "was not delivered" in stand_in.texts("C0STAFF")[-1]
