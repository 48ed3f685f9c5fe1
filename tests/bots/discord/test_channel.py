"""Sending: everything arrives once and in order, whatever Discord does meanwhile."""

import asyncio
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bots.discord.breaker import Breaker
from bots.discord.channel import nonce_of
from bots.discord.connect import Discord, connect
from bots.discord.setup import DiscordSettings
from core import cards
from core.cards import Author, Button, Card
from core.channels import (
    Address,
    OutgoingDeletion,
    OutgoingFile,
    OutgoingMessage,
    OutgoingReaction,
    Posted,
    TryLater,
    Uncertain,
    Undeliverable,
)
from core.desk import Desk
from core.model import Delivery, Progress
from core.storage.database import Database
from tests.bots.discord.conftest import ALICE, ON_BOTH, delivered, heard
from tests.bots.discord.people import People
from tests.bots.discord.stand_in import RATE_LIMITED, RESET_AFTER, RESET_BEFORE, Fault, StandIn
from tests.bots.discord.world import FORUM, GENERAL, STAFF

HELLO = Card(text="hello")
LONG = Card(title="long", text="word " * 2_000, buttons=(Button("Claim", "ticket claim", "1"),))
POST = r"POST /channels/\d+/messages"


def outgoing(
    key: str = "k", to: str = f"#{GENERAL}", card: Card = HELLO, **more: Any
) -> OutgoingMessage:
    return OutgoingMessage(key=key, address=Address("discord", "global", to), card=card, **more)


def file(name: str, content: bytes) -> OutgoingFile:
    async def read() -> bytes:
        return content

    return OutgoingFile(name=name, content_type="text/plain", size=len(content), read=read)


async def owe(desk: Desk, conversation: str, texts: list[str]) -> None:
    """Rows as the desk writes them, in order."""
    async with desk.work() as work:
        work.session.add_all(
            Delivery(
                key=f"{conversation}:{text}",
                channel="discord",
                workspace="global",
                conversation=conversation,
                card=cards.to_json(Card(text=text)),
                created_at=work.now,
                due_at=work.now,
            )
            for text in texts
        )


async def test_a_card_is_posted_with_its_nonce_and_calls_nobody(
    discord: Discord, stand_in: StandIn
) -> None:
    sent = await discord.channel.send(outgoing(card=Card(text="@everyone <@101> <@&5>")))

    (post,) = stand_in.messages[GENERAL]
    (body,) = stand_in.called(POST)
    assert sent == Posted(f"{GENERAL}:{post['id']}")
    assert (body["nonce"], body["enforce_nonce"]) == (nonce_of("k", 0), True)
    assert len(body["nonce"]) == 25
    assert body["allowed_mentions"] == {"parse": []}


async def test_a_person_is_written_to_in_their_dm_which_is_asked_for_once(
    discord: Discord, stand_in: StandIn
) -> None:
    await discord.channel.send(outgoing("a", to=str(ALICE)))
    await discord.channel.send(outgoing("b", to=str(ALICE)))

    assert len(stand_in.texts(stand_in.dm(ALICE))) == 2
    assert len(stand_in.called("POST /users/@me/channels")) == 1


async def test_a_post_is_answered_beneath_and_edited_in_place(
    discord: Discord, stand_in: StandIn
) -> None:
    card = Card(title="🎫 #1 a lamp", text="")
    root = (await discord.channel.send(outgoing("a", to=f"#{STAFF}", card=card))).external_id
    for key in ("b", "c"):
        await discord.channel.send(outgoing(key, to=f"#{STAFF}", under=root))
    edited = await discord.channel.send(
        outgoing("d", to=f"#{STAFF}", card=Card(text="changed"), replaces=root)
    )

    thread = int(root.partition(":")[2])
    assert edited == Posted(root)
    assert stand_in.texts(STAFF) == ["changed"]
    assert stand_in.texts(thread) == ["hello", "hello"]
    assert stand_in.channels[thread]["name"] == "🎫 #1 a lamp"
    assert len(stand_in.called(r"POST /channels/\d+/messages/\d+/threads")) == 1


async def test_what_cannot_be_edited_is_posted_anew(discord: Discord, stand_in: StandIn) -> None:
    sent = await discord.channel.send(outgoing(replaces=f"{GENERAL}:404"))

    assert sent == Posted(f"{GENERAL}:{stand_in.messages[GENERAL][0]['id']}")


async def test_a_long_card_is_several_posts_and_its_edit_as_many_as_it_needs(
    discord: Discord, stand_in: StandIn
) -> None:
    sent = await discord.channel.send(outgoing(card=LONG))
    assert len(sent.rest) == len(stand_in.messages[GENERAL]) - 1 > 3
    assert "".join(stand_in.texts(GENERAL)).count("word") == 2_000

    edited = await discord.channel.send(
        outgoing("shorter", replaces=sent.external_id, rest=sent.rest)
    )
    assert edited == Posted(sent.external_id)
    assert stand_in.texts(GENERAL) == ["hello"]

    longer = await discord.channel.send(
        outgoing("longer", card=LONG, replaces=sent.external_id, rest=())
    )
    assert longer.external_id == sent.external_id
    assert "".join(stand_in.texts(GENERAL)).count("word") == 2_000
    assert not stand_in.refusals


@pytest.mark.parametrize("fault", [Fault(status=429, retry_after=5), RESET_AFTER, RESET_BEFORE])
async def test_a_long_card_broken_off_is_continued(
    discord: Discord, stand_in: StandIn, fault: Fault
) -> None:
    posted = 0

    def second_fails(method: str, path: str, _: Any) -> Fault | None:
        nonlocal posted
        posted += method == "POST" and path.endswith("/messages")
        return fault if posted == 2 and path.endswith("/messages") else None

    stand_in.fault_of = second_fails
    with pytest.raises((TryLater, Uncertain)):
        await discord.channel.send(outgoing(card=LONG))
    posted = 9
    assert await discord.channel.find_sent(outgoing(card=LONG)) is None
    await discord.channel.send(outgoing(card=LONG))

    assert "".join(stand_in.texts(GENERAL)).count("word") == 2_000


async def test_an_uncertain_post_is_found_by_its_nonce_after_any_time(
    discord: Discord, stand_in: StandIn
) -> None:
    stand_in.will(POST, RESET_AFTER)
    with pytest.raises(Uncertain):
        await discord.channel.send(outgoing())
    stand_in.forget_nonces()
    for n in range(150):
        stand_in.message(ALICE, GENERAL, f"chatter {n}")

    found = await discord.channel.find_sent(outgoing())
    assert found == Posted(f"{GENERAL}:{stand_in.messages[GENERAL][0]['id']}")
    assert await discord.channel.find_sent(outgoing("another")) is None


async def test_a_post_that_the_gateway_told_of_is_not_repeated(
    people: People, discord: Discord, stand_in: StandIn
) -> None:
    stand_in.will(POST, RESET_AFTER)
    with pytest.raises(Uncertain):
        await discord.channel.send(outgoing())
    stand_in.forget_nonces()
    stand_in.messages[GENERAL][0].pop("nonce")  # as where the history does not show it
    await discord.channel.send(outgoing())

    assert stand_in.texts(GENERAL) == ["hello"]


@pytest.mark.parametrize(
    ("fault", "end", "words"),
    [
        (Fault(status=403, code=50007), Undeliverable, "does not take direct messages"),
        (Fault(status=403, code=50278), Undeliverable, "shares no server"),
        (Fault(status=403, code=50001), Undeliverable, "cannot see"),
        (Fault(status=403, code=50013), Undeliverable, "lacks a permission"),
        (Fault(status=404, code=10003), Undeliverable, "gone"),
        (Fault(status=400, code=50035), Undeliverable, "could not read"),
        (Fault(status=400, code=200000), Undeliverable, "AutoMod"),
        (Fault(status=400, code=99999), TryLater, "99999"),
        (Fault(status=429, retry_after=7), TryLater, "pause"),
        (Fault(status=429, via=False), TryLater, "pause"),
        (Fault(status=401), TryLater, "token"),
        (Fault(status=503), Uncertain, "stumbled"),
        (RESET_BEFORE, Uncertain, "broke"),
        (RESET_AFTER, Uncertain, "broke"),
    ],
)
async def test_what_an_answer_means(
    discord: Discord, stand_in: StandIn, fault: Fault, end: type[Exception], words: str
) -> None:
    stand_in.will(POST, fault)

    with pytest.raises(end, match=words):
        await discord.channel.send(outgoing())


async def test_a_pause_that_discord_asks_for_is_told_to_the_courier(
    discord: Discord, stand_in: StandIn
) -> None:
    stand_in.will(POST, Fault(status=429, retry_after=7))
    with pytest.raises(TryLater) as refused:
        await discord.channel.send(outgoing())

    assert refused.value.after == timedelta(seconds=7)


async def test_an_archived_and_locked_thread_is_opened_to_write_in_it(
    discord: Discord, stand_in: StandIn
) -> None:
    thread = stand_in.thread(7_001, 12, GENERAL, "Support for Alice")
    thread["thread_metadata"] |= {"archived": True, "locked": True}
    await discord.channel.send(outgoing(to="#7001"))

    assert stand_in.texts(7_001) == ["hello"]
    assert not thread["thread_metadata"]["archived"]

    thread["thread_metadata"] |= {"archived": True, "locked": True}
    stand_in.will("PATCH /channels/7001", Fault(status=403, code=50013))
    with pytest.raises(Undeliverable, match="lacks a permission"):
        await discord.channel.send(outgoing("again", to="#7001"))


async def test_an_uncertain_post_of_a_forum_is_found_by_its_name(
    settings: DiscordSettings, stand_in: StandIn
) -> None:
    discord = await connect(replace(settings, staff_channel=FORUM), None)
    channel = discord.channel
    card = Card(title="🎫 #1 a lamp", text="it flickers")
    stand_in.will(rf"POST /channels/{FORUM}/threads", RESET_AFTER)
    with pytest.raises(Uncertain):
        await channel.send(outgoing(to=f"#{FORUM}", card=card))
    found = await channel.find_sent(outgoing(to=f"#{FORUM}", card=card))

    posts = [n for n, each in stand_in.channels.items() if each.get("parent_id") == str(FORUM)]
    await discord.close()
    assert found == Posted(f"{posts[0]}:{posts[0]}")
    assert len(posts) == 1


async def test_files_go_with_their_words_and_one_too_large_is_named(
    discord: Discord, stand_in: StandIn
) -> None:
    files = (file("a.txt", b"aaa"), file("b.txt", b"bbb"))
    sent = await discord.channel.send(outgoing(files=files))
    assert len(sent.rest) == 1
    assert stand_in.called(POST)[-1]["files"] == {"a.txt": b"aaa", "b.txt": b"bbb"}

    stand_in.fault_of = lambda _, __, body: (
        Fault(status=413, code=40005) if body.get("files") else None
    )
    await discord.channel.send(outgoing("again", files=files))
    assert stand_in.texts(GENERAL)[-1] == "📎 a.txt, b.txt (too large for Discord)"


async def test_posts_are_deleted_and_reacted_to(discord: Discord, stand_in: StandIn) -> None:
    sent = await discord.channel.send(outgoing(card=LONG))
    address = outgoing().address
    put = OutgoingReaction(
        key="r", address=address, external_id=sent.external_id, emoji="👍", added=True
    )
    await discord.channel.react(put)
    assert [(sign, emoji) for sign, _, emoji in stand_in.reactions] == [("+", "👍")]

    gone = OutgoingDeletion(
        key="d", address=address, external_ids=(sent.external_id, *sent.rest, f"{GENERAL}:404")
    )
    await discord.channel.delete(gone)
    assert stand_in.texts(GENERAL) == []


@ON_BOTH
async def test_a_third_of_the_calls_refused_and_all_arrives_once_in_order(
    discord: Discord, desk: Desk, stand_in: StandIn
) -> None:
    dice = random.Random(3)
    refused = Counter[str]()

    def sometimes(method: str, path: str, _: Any) -> Fault | None:
        if method != "POST" or not path.endswith("/messages"):
            return None
        fault = dice.choice([None, None, RATE_LIMITED, None, RESET_AFTER, RESET_BEFORE])
        refused[str(fault is not None)] += 1
        return fault

    stand_in.fault_of = sometimes
    for n in range(5):
        stand_in.thread(7_000 + n, 12, GENERAL, "a thread")
        await owe(desk, f"#{7_000 + n}", [f"message {number}" for number in range(6)])
    await delivered(desk, within=60)

    for n in range(5):
        assert stand_in.texts(7_000 + n) == [f"message {number}" for number in range(6)]
    assert refused["True"] > 10


async def test_a_closed_dm_is_told_to_staff(
    people: People, desk: Desk, database: Database, stand_in: StandIn
) -> None:
    stand_in.closed_to.add(ALICE)
    await heard(desk, await people.dm(ALICE, "my lamp flickers"))
    await delivered(desk)

    async with database.reading() as session:
        dead = (
            await session.scalars(select(Delivery).where(Delivery.progress == Progress.DEAD))
        ).all()
    assert [each.error for each in dead] == [
        "50007: the person does not take direct messages from the bot"
    ]
    assert "was not delivered" in stand_in.texts(STAFF)[-1]


async def test_the_breaker_stops_before_discord_bans_the_address() -> None:
    breaker = Breaker(window=timedelta(seconds=0.2))
    for _ in range(999):
        breaker.count(403)
    breaker.count(200)
    breaker.count(429, shared=True)
    breaker.check()
    breaker.count(429)
    with pytest.raises(TryLater, match="too many requests"):
        breaker.check()
    await asyncio.sleep(0.25)
    breaker.check()
    breaker.count(401, by_token=False)
    breaker.check()
    breaker.count(401)
    with pytest.raises(TryLater, match="token"):
        breaker.check()


async def test_refused_requests_are_counted_where_they_happen(
    discord: Discord, stand_in: StandIn
) -> None:
    stand_in.will(POST, *[Fault(status=403, code=50001)] * 1_000)
    calls = 0
    for n in range(1_010):
        try:
            await discord.channel.send(outgoing(f"k{n}"))
        except (Undeliverable, TryLater):
            calls += 1
    assert calls == 1_010
    assert len(stand_in.called(POST)) == 1_000


async def test_an_author_has_their_name_and_picture(discord: Discord, stand_in: StandIn) -> None:
    card = Card(title="Grace", author=Author("Grace", "https://x.example/g.png"), text="**hi**")
    await discord.channel.send(outgoing(card=card))

    (embed,) = stand_in.messages[GENERAL][0]["embeds"]
    assert embed["author"] == {"name": "Grace", "icon_url": "https://x.example/g.png"}
    assert embed["description"] == "**hi**"
