"""The contract of channels: what each of them does, told once and tried on all.

A channel is added by a harness (`tests/bots/harness/base.py`) and a line in ``CHANNELS``. What its
platform does not have, the harness says in ``lacks``.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path

import pytest

from core.channels import Who
from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import OPERATOR
from tests.bots.harness import console, discord, slack
from tests.bots.harness.base import Ability, Harness, Shown
from tests.clock import FakeClock

Opened = Callable[[Database, FakeClock, Path], AbstractAsyncContextManager[Harness]]

CHANNELS: Mapping[str, Opened] = {
    "console": console.opened,
    "discord": discord.opened,
    "slack": slack.opened,
}

A_WHILE = timedelta(minutes=10)
PNG = b"\x89PNG" + bytes(2_000)
PINGS = "@everyone @here <@U1> <!channel> <@&1> <#C1|x> @grace [x](<!here>) `@everyone`"


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """What is between channel and desk is tried on both databases elsewhere."""
    url: str = request.getfixturevalue("sqlite_url")
    return url


@pytest.fixture(params=sorted(CHANNELS))
async def on(
    request: pytest.FixtureRequest, database: Database, clock: FakeClock, tmp_path: Path
) -> AsyncIterator[Harness]:
    """Each channel in turn."""
    async with CHANNELS[request.param](database, clock, tmp_path / "files") as harness:
        yield harness


def needs(on: Harness, *abilities: Ability) -> None:
    lacking = on.lacks & set(abilities)
    if lacking:
        pytest.skip(f"{on.name} has no {', '.join(sorted(lacking))}")


async def settle(on: Harness, desk: Desk | None = None) -> None:
    """Until nothing is to be fetched or sent, then look."""
    desk = desk or on.desk
    while await desk.fetcher.fetch_due() + await desk.courier.deliver_due():
        pass
    await on.look()


async def talking(on: Harness) -> Who:
    """Ana has ticket 1, and grace holds it."""
    await on.write("the printer smokes")
    await settle(on)
    holder = (await on.desk.ticket(OPERATOR, 1)).ticket.assignee
    if holder is None:
        await on.claim(1)
        await settle(on)
    listed = await on.desk.agents(OPERATOR)
    return next(each.who for each in listed if each.who is not None)


def texts(posts: Sequence[Shown]) -> list[str]:
    return [each.text for each in posts]


def having(on: Harness, words: str) -> Shown:
    """The last post that ana sees with these words."""
    return [each for each in on.seen() if words in each.text][-1]


async def test_in_once_is_one_message_and_redelivered_is_nothing(on: Harness) -> None:
    await talking(on)
    post = await on.write("and it whistles")
    for _ in range(3):
        await on.write("and it whistles", post=post)
    await settle(on)

    said = (await on.desk.ticket(OPERATOR, 1)).messages
    assert [each.text for each in said] == ["the printer smokes", "and it whistles"]
    assert sum("whistles" in text for text in texts(on.staff_room())) == 1


async def test_a_reply_is_shown_once_with_its_author(on: Harness) -> None:
    grace = await talking(on)
    await on.desk.reply(grace, 1, "Press the **red** button.")
    await settle(on)
    await settle(on)

    (reply,) = [each for each in on.seen() if "button" in each.text]
    assert "red" in reply.text


async def test_what_is_refused_for_good_is_settled_and_staff_are_told(on: Harness) -> None:
    needs(on, Ability.REFUSAL)
    grace = await talking(on)
    on.fail(refuses=True)
    await on.desk.reply(grace, 1, "Hello?")
    await settle(on)
    on.fail()
    await settle(on)

    assert not [each for each in on.seen() if "Hello?" in each.text]
    assert [text for text in texts(on.staff_room()) if "✗" in text]
    assert len([each for each in await on.desk.unsent(OPERATOR) if each.settled_at]) == 1


async def test_while_it_is_down_nothing_is_lost_and_then_all_comes_in_order(
    on: Harness, clock: FakeClock
) -> None:
    needs(on, Ability.OUTAGE)
    grace = await talking(on)
    on.fail(down=True)
    for number in range(5):
        await on.desk.reply(grace, 1, f"reply number {number}")
    await settle(on)
    assert not [each for each in on.seen() if "reply number" in each.text]

    on.fail()
    for _ in range(8):
        clock.advance(A_WHILE)
        await settle(on)

    got = [text for text in texts(on.seen()) if "reply number" in text]
    assert [f"reply number {number}" in text for number, text in enumerate(got)] == [True] * 5


async def test_long_text_is_split_and_nothing_of_it_is_lost(on: Harness) -> None:
    grace = await talking(on)
    words = [f"word{number:05}" for number in range(4_000)]
    await on.desk.reply(grace, 1, " ".join(words))
    await settle(on)

    whole = " ".join(texts(on.seen()))
    missing = [word for word in words if word not in whole]
    assert missing == []
    if Ability.LENGTH not in on.lacks:
        assert len([each for each in on.seen() if "word0" in each.text]) > 1


async def test_mentions_are_shown_and_call_nobody(on: Harness) -> None:
    grace = await talking(on)
    await on.write(f"look {PINGS}")
    await on.desk.reply(grace, 1, f"hear {PINGS}")
    await settle(on)

    assert [each for each in on.seen() if "everyone" in each.text]
    assert [each for each in on.staff_room() if "everyone" in each.text]
    assert not [each for each in (*on.seen(), *on.staff_room()) if each.pings]


async def test_a_customers_edit_is_an_edit_for_staff(on: Harness) -> None:
    needs(on, Ability.EDITS)
    await talking(on)
    post = await on.write("it is blue")
    await settle(on)
    before = len(on.staff_room())

    await on.edit(post, "it is green")
    await on.edit(post, "it is green")
    await settle(on)

    assert len(on.staff_room()) == before
    assert [text for text in texts(on.staff_room()) if "it is green" in text]
    assert not [text for text in texts(on.staff_room()) if "it is blue" in text]


async def test_a_customers_deletion_is_a_deletion_for_staff(on: Harness) -> None:
    needs(on, Ability.DELETES)
    await talking(on)
    post = await on.write("wrong window")
    await settle(on)

    await on.delete(post)
    await on.delete(post)
    await settle(on)

    assert not [text for text in texts(on.staff_room()) if "wrong window" in text]
    assert (await on.desk.ticket(OPERATOR, 1)).messages[-1].deleted_at is not None


async def test_an_agents_edit_and_deletion_reach_the_customer(on: Harness) -> None:
    grace = await talking(on)
    await on.desk.reply(grace, 1, "Pres it.")
    await settle(on)
    count = len(on.seen())

    await on.desk.correct(grace, 1, "Press it.")
    await settle(on)
    assert len(on.seen()) == count
    assert having(on, "Press it.").text.count("Press it.") == 1

    await on.desk.unsend(grace, 1)
    await settle(on)
    assert not [each for each in on.seen() if "Press it." in each.text]


async def test_a_customers_file_reaches_staff(on: Harness) -> None:
    needs(on, Ability.FILES_IN, Ability.FILES_OUT)
    await talking(on)
    await on.write("look at this", files=[("smoke.png", PNG)])
    await on.write("", files=[("more.png", PNG)])
    await settle(on)

    files = [name for each in on.staff_room() for name in each.files]
    assert files == ["smoke.png", "more.png"]


async def test_reactions_cross(on: Harness) -> None:
    needs(on, Ability.REACTIONS)
    grace = await talking(on)
    await on.desk.reply(grace, 1, "It is on its way.")
    await settle(on)
    reply = having(on, "on its way")

    await on.react(reply.id, "👍")
    await on.react(reply.id, "👍")
    await settle(on)
    (line,) = [each for each in on.staff_room() if "on its way" in each.text]
    assert list(line.reactions) == ["👍"]

    await on.react(reply.id, "👍", added=False)
    await settle(on)
    (line,) = [each for each in on.staff_room() if "on its way" in each.text]
    assert list(line.reactions) == []


async def test_what_is_said_beneath_a_card_is_a_note_and_stays_in_the_house(on: Harness) -> None:
    await talking(on)
    await on.discuss(1, "canary among staff")
    await settle(on)

    assert (await on.desk.ticket(OPERATOR, 1)).messages[-1].text == "canary among staff"
    assert not [each for each in on.seen() if "canary" in each.text]


async def test_order_holds_when_many_write_at_once(on: Harness) -> None:
    grace = await talking(on)
    for number in range(10):
        await asyncio.gather(
            on.desk.reply(grace, 1, f"reply {number:02}"),
            on.write(f"message {number:02}"),
            on.desk.courier.deliver_due(),
        )
    await settle(on)

    got = [text for text in texts(on.seen()) if "reply " in text]
    assert [f"reply {number:02}" in text for number, text in enumerate(got)] == [True] * 10
    lines = [text for text in texts(on.staff_room()) if "message " in text]
    assert [f"message {number:02}" in text for number, text in enumerate(lines)] == [True] * 10


async def test_a_restart_in_the_middle_loses_nothing_and_says_nothing_twice(
    on: Harness, database: Database, clock: FakeClock
) -> None:
    grace = await talking(on)
    for number in range(3):
        await on.desk.reply(grace, 1, f"reply number {number}")
    sending = asyncio.create_task(on.desk.courier.deliver_due())
    await asyncio.sleep(0)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)

    second = Desk(database, on.desk.house, channels={on.name: on.channel}, clock=clock)
    for _ in range(3):
        clock.advance(A_WHILE)
        await settle(on, second)

    got = [text for text in texts(on.seen()) if "reply number" in text]
    assert [f"reply number {number}" in text for number, text in enumerate(got)] == [True] * 3


async def test_a_ticket_that_was_split_off_has_its_part_of_the_conversation(on: Harness) -> None:
    grace = await talking(on)
    await on.write("and where is my invoice?")
    await settle(on)
    new = await on.desk.split(grace, 1)
    await on.desk.reply(grace, new.id, "Which month?")
    await on.desk.reply(grace, 1, "Is it hot?")
    await settle(on)
    seen = on.seen()
    root = next(each for each in seen if f"ticket #{new.id}, about" in each.text)
    reply = next(each for each in seen if "Which month?" in each.text)
    other = next(each for each in seen if "Is it hot?" in each.text)

    await on.answer(root.id, "of May")
    await on.answer(reply.id, "or June")
    await on.write("very hot")

    assert (root.under, reply.under, other.under) == (None, root.id, None)
    said = {
        number: [each.text for each in (await on.desk.ticket(OPERATOR, number)).messages]
        for number in (1, new.id)
    }
    assert said[new.id] == ["and where is my invoice?", "Which month?", "of May", "or June"]
    assert said[1][-1] == "very hot"
