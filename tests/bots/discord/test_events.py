"""What is said on Discord reaches the desk once, in the right ear, and stays until it is stored."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from bots.discord.connect import Discord
from core.desk import Desk
from core.markdown import words
from core.model import Kind, Message, Ticket
from core.storage.database import Database
from core.vocabulary import Role
from tests.bots.discord.conftest import (
    ALICE,
    BOB,
    GRACE,
    ON_BOTH,
    ROOT,
    delivered,
    heard,
    hire,
    kept_messages,
    person,
)
from tests.bots.discord.people import People
from tests.bots.discord.stand_in import Fault, StandIn
from tests.bots.discord.world import FORUM, GENERAL, STAFF


async def count(database: Database, *what: Any) -> list[int]:
    """How many rows of each there are."""
    async with database.reading() as session:
        return [await session.scalar(select(func.count()).select_from(each)) or 0 for each in what]


@contextmanager
def refusing(database: Database) -> Iterator[None]:
    """The database answers nothing, as when it is gone."""

    def refuse(*_: object) -> None:
        raise OperationalError("SELECT", {}, OSError("the database is gone"))

    event.listen(database.engine.sync_engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", refuse)


def threads(stand_in: StandIn) -> list[int]:
    """The private threads there are."""
    return [number for number, each in stand_in.channels.items() if each["type"] == 12]


async def asked_in_general(
    people: People, desk: Desk, stand_in: StandIn, user: int, text: str
) -> int:
    """Somebody mentions the bot in a channel; the thread that this is talked about in."""
    await heard(desk, await people.mention(user, GENERAL, text))
    return threads(stand_in)[-1]


@ON_BOTH
async def test_each_event_three_times_is_as_once(
    people: People, desk: Desk, database: Database, stand_in: StandIn
) -> None:
    said = [await people.dm((ALICE, BOB)[n % 2], f"question {n}") for n in range(10)]
    for each in said * 2:
        await stand_in.emit_message(each)
    await heard(desk, *said, await people.dm(ALICE, "the end"))

    assert await count(database, Message, Ticket) == [11, 2]


@ON_BOTH
async def test_what_cannot_be_stored_is_kept_and_stored_in_order_later(
    people: People, desk: Desk, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with refusing(database):
        said = [await people.dm(ALICE, f"number {n}") for n in range(5)]
        await asyncio.sleep(0.3)
    await heard(desk, *said)

    assert [each.text for each in await kept_messages(desk)] == [f"number {n}" for n in range(5)]
    assert "tried again" in caplog.text


async def test_a_mention_in_a_channel_moves_to_a_private_thread(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    thread = await asked_in_general(people, desk, stand_in, ALICE, "my lamp *flickers*")
    await delivered(desk)

    made = stand_in.channels[thread]
    assert (made["name"], made["parent_id"]) == ("Support for Alice", str(GENERAL))
    assert made["members"] == [ALICE]
    first, second = stand_in.texts(thread)
    assert first == "Alice\nmy lamp *flickers*"
    assert "Got it. This is ticket #1" in second

    await heard(desk, await people.say(ALICE, thread, "since yesterday"))
    assert [each.ticket_id for each in await kept_messages(desk)] == [1, 1]


async def test_a_second_mention_goes_on_in_the_same_thread(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await asked_in_general(people, desk, stand_in, ALICE, "my lamp flickers")
    await asked_in_general(people, desk, stand_in, ALICE, "and hums")
    await asked_in_general(people, desk, stand_in, BOB, "mine too")

    assert len(threads(stand_in)) == 2
    assert [each.ticket_id for each in await kept_messages(desk)] == [1, 1, 2]


@pytest.mark.parametrize("refusal", [Fault(status=403, code=50013), Fault(status=400, code=50024)])
async def test_where_no_thread_can_be_made_it_is_talked_about_in_direct_messages(
    people: People, desk: Desk, stand_in: StandIn, refusal: Fault
) -> None:
    stand_in.will(rf"POST /channels/{GENERAL}/threads", refusal)
    await heard(desk, await people.mention(ALICE, GENERAL, "my lamp flickers"))
    await delivered(desk)

    assert "ticket #1" in stand_in.texts(stand_in.dm(ALICE))[-1]


async def test_what_cannot_be_repeated_in_the_thread_is_stored_nevertheless(
    people: People, desk: Desk, stand_in: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.will(r"POST /channels/\d+/messages", Fault(status=403, code=50013))
    await heard(desk, await people.mention(ALICE, GENERAL, "my lamp flickers"))
    await heard(desk, await people.dm(ALICE, "the end"))

    assert "tried again" not in caplog.text


async def test_everybody_with_a_role_who_does_two_things_at_once_is_one_agent(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    stand_in.member_roles = {GRACE: ["31"]}
    tokens = [await people.slash(GRACE, "ticket list") for _ in range(4)]
    for token in tokens:
        assert "No tickets" in await people.answer(token)


async def test_what_is_not_said_to_us_is_not_stored(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await people.say(ALICE, GENERAL, "hello everybody")
    thread = stand_in.thread(7_001, 11, GENERAL, "a chat of others")
    thread["owner_id"] = str(BOB)
    await stand_in.emit("THREAD_CREATE", thread)
    await people.say(ALICE, 7_001, "hello in a thread")
    stand_in.message(ALICE, GENERAL, "joined", type=7)
    await heard(desk, await people.dm(ALICE, "the end"))

    assert [each.text for each in await kept_messages(desk)] == ["the end"]


async def test_programs_are_left_out(people: People, desk: Desk, stand_in: StandIn) -> None:
    dm = stand_in.dm(ALICE)
    hook = stand_in.message(ALICE, dm, "from a hook", webhook_id="1")
    await stand_in.emit_message(hook)
    robot = stand_in.message(BOB, dm, "from a robot")
    robot["author"]["bot"] = True
    await stand_in.emit_message(robot)
    await heard(desk, await people.dm(ALICE, "the end"))

    assert [each.text for each in await kept_messages(desk)] == ["the end"]


async def test_what_staff_say_beneath_a_card_is_a_note(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    await heard(desk, await people.dm(ALICE, "my lamp flickers"))
    await delivered(desk)
    await heard(desk, await people.dm(ALICE, "since yesterday"))
    await delivered(desk)
    beneath = int(stand_in.messages[STAFF][0]["id"])
    assert stand_in.channels[beneath]["name"] == "🎫 #1 my lamp flickers"
    await heard(desk, await people.say(GRACE, beneath, "who knows about <@102>?"))
    await people.say(BOB, beneath, "I am no agent")
    await heard(desk, await people.dm(ALICE, "the end"))
    await delivered(desk)

    notes = [each for each in await kept_messages(desk) if each.kind is Kind.NOTE]
    assert [each.text for each in notes] == ["who knows about @Bob?"]
    assert "who knows" not in "".join(stand_in.texts(stand_in.dm(ALICE)))


async def test_edits_deletions_and_reactions_follow_their_message(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    first = await people.dm(ALICE, "my lamp flikkers")
    second = await people.dm(ALICE, "and a secret")
    await heard(desk, first, second)
    await people.edit(first, "my lamp **flickers**")
    await people.delete(second)
    await people.react(ALICE, first, "👍")
    await heard(desk, await people.dm(ALICE, "the end"))

    kept = await kept_messages(desk)
    assert kept[0].text == "my lamp **flickers**"
    assert [each.deleted_at is not None for each in kept] == [False, True, False]


async def test_words_files_and_stickers_come_as_the_desk_keeps_them(
    people: People, desk: Desk, stand_in: StandIn
) -> None:
    said = await people.dm(
        ALICE,
        f"<@{BOB}> __see__ <#2001> <:cat:123> ```py\nprint(1)``` <t:0:R>",
        sticker_items=[{"id": "5", "name": "wave", "format_type": 1}],
    )
    await heard(desk, said)

    (kept,) = await kept_messages(desk)
    assert "__see__" in kept.text
    assert "\n```py\nprint(1)\n```\n" in kept.text
    assert words(kept.text).split() == (
        ["@Bob", "see", "#2001", ":cat:", "print(1)", "01", "Jan", "1970", "00:00", "UTC", ":wave:"]
    )


async def test_files_are_fetched_by_their_ids_and_kept(
    people: People, desk: Desk, stand_in: StandIn, discord: Discord
) -> None:
    stand_in.files["lamp.txt"] = b"it flickers" * 10_000
    url = f"{stand_in.url}/store/lamp.txt"
    attachment = {"id": "77", "filename": "lamp.txt", "size": 110_000, "url": url,
                  "proxy_url": url, "content_type": "text/plain"}  # fmt: skip
    said = await people.dm(ALICE, "", attachments=[attachment])
    await heard(desk, said)
    source = f"{said['channel_id']}/{said['id']}/77"
    fetched = b"".join([piece async for piece in discord.channel.fetch(source)])

    assert fetched == stand_in.files["lamp.txt"]


async def test_roles_of_the_server_are_roles_of_the_desk(
    people: People, desk: Desk, stand_in: StandIn, discord: Discord
) -> None:
    stand_in.member_roles = {GRACE: ["31"], ROOT: ["33", "31"]}
    await people.slash(GRACE, "ticket list")
    token = await people.slash(ROOT, "ticket list")
    await people.answer(token)

    assert (await desk.whoever(person(GRACE))).role is Role.AGENT
    assert (await desk.whoever(person(ROOT))).role is Role.ADMIN


async def test_in_a_forum_every_ticket_is_a_post(forum: Any, stand_in: StandIn) -> None:
    people, desk = forum
    await hire(desk, GRACE)
    await heard(desk, await people.dm(ALICE, "my lamp flickers"))
    await delivered(desk)
    await heard(desk, await people.dm(ALICE, "since yesterday"))
    await delivered(desk)
    (post,) = [n for n, each in stand_in.channels.items() if each.get("parent_id") == str(FORUM)]
    assert stand_in.channels[post]["name"] == "🎫 #1 my lamp flickers"
    assert "since yesterday" in stand_in.texts(post)[-1]

    await heard(desk, await people.say(GRACE, post, "a note in the forum"))
    assert (await kept_messages(desk))[-1].kind is Kind.NOTE
    token = await people.press(GRACE, post, "Resolve")
    done = await people.submit(GRACE, token, text="")
    assert "resolved" in await people.answer(done)


async def test_without_the_intent_a_thread_says_how_to_be_read(
    people_without_content: Any, stand_in: StandIn
) -> None:
    people, desk = people_without_content
    thread = await asked_in_general(people, desk, stand_in, ALICE, "my lamp flickers")
    for _ in range(2):
        await people.say(ALICE, thread, "is anybody there?")
    await heard(desk, await people.mention(ALICE, thread, "can you read this?"))

    told = [each for each in stand_in.texts(thread) if "I can only read" in each]
    assert len(told) == 1
    assert (await kept_messages(desk))[-1].text == "can you read this?"


async def test_what_goes_on_in_other_channels_is_not_asked_of_the_database(
    people: People,
    desk: Desk,
    database: Database,
    stand_in: StandIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    chatter = await people.say(BOB, GENERAL, "hello everybody")
    others = stand_in.thread(7_001, 11, GENERAL, "a chat of others")
    others["owner_id"] = str(BOB)
    await stand_in.emit("THREAD_CREATE", others)
    with refusing(database):
        await people.say(BOB, 7_001, "hello in a thread")
        await people.edit(chatter, "hello all")
        await people.react(ALICE, chatter, "👍")
        await people.delete(chatter)
        await asyncio.sleep(0.3)
    await heard(desk, await people.dm(ALICE, "the end"))

    assert "tried again" not in caplog.text


async def test_a_mention_that_is_deleted_is_deleted(
    people: People, desk: Desk, discord: Discord
) -> None:
    said = await people.mention(ALICE, GENERAL, "my PIN is 1234")
    await heard(desk, said)
    await people.edit(said, "<@900> my PIN is a secret")
    await people.delete(said)
    await heard(desk, await people.dm(ALICE, "the end"))
    await discord.settle()

    (kept, _) = await kept_messages(desk)
    assert kept.text == "my PIN is a secret"
    assert kept.deleted_at is not None
