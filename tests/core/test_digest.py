"""The weekly digest: the figures of a week in the staff rooms, once."""

import asyncio
from datetime import timedelta

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core.cards import plain
from core.desk import Desk
from core.people.actors import RoleTooLow
from core.vocabulary import Policy, Role
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.scene import HOUSE, STAFF_ROOM, hire, open_ticket, person


async def worked(desk: Desk, clock: FakeClock) -> None:
    """On Monday morning Grace answers a ticket; then it is the Monday after, seven o'clock."""
    await hire(desk, "grace")
    number = await open_ticket(desk)
    clock.advance(timedelta(minutes=10))
    await desk.reply(person("grace"), number, "Press it.")
    await desk.resolve(person("grace"), number)
    while await desk.tally():
        pass
    clock.advance(timedelta(days=6, hours=21, minutes=50))


def digests(outbox: Outbox) -> list[str]:
    return [text for text in outbox.texts(STAFF_ROOM) if "05 Jan to 11 Jan 2026" in text]


async def test_the_week_is_told_on_monday_at_its_hour_once(
    desk: Desk, clock: FakeClock, outbox: Outbox
) -> None:
    await worked(desk, clock)

    assert await desk.post_digest() is False
    clock.advance(timedelta(hours=1))
    assert await desk.post_digest() is True
    clock.advance(timedelta(hours=1))
    assert await desk.post_digest() is False
    await desk.courier.deliver_due()

    [said] = digests(outbox)
    assert "📊 The week" in said
    assert "1 (0)" in said
    assert "Grace 1" in said


async def test_of_many_processes_at_once_one_tells_it(
    open_desk: OpenDesk, clock: FakeClock, outbox: Outbox
) -> None:
    desk = open_desk()
    await worked(desk, clock)
    clock.advance(timedelta(hours=1))

    told = await asyncio.gather(*(open_desk().post_digest() for _ in range(ROUNDS)))
    await desk.courier.deliver_due()

    assert sorted(told) == [False] * (ROUNDS - 1) + [True]
    assert len(digests(outbox)) == 1


async def test_nothing_is_told_of_a_quiet_week_nor_where_nobody_wants_it(
    open_desk: OpenDesk, clock: FakeClock, outbox: Outbox
) -> None:
    unwanted = open_desk(type(HOUSE)(staff_rooms=(STAFF_ROOM,), policy=Policy(digest_hour=-1)))
    assert await unwanted.post_digest() is False
    quiet = open_desk()
    assert await quiet.post_digest() is True
    await quiet.courier.deliver_due()

    assert outbox.texts(STAFF_ROOM) == []


async def test_a_lead_asks_for_the_same_in_chat(desk: Desk, clock: FakeClock) -> None:
    await worked(desk, clock)
    lead = await hire(desk, "linus", role=Role.LEAD)

    week = await carry_out(desk, lead, read(COMMANDS, "/report week", by=lead))
    day = await carry_out(desk, lead, read(COMMANDS, "/report day", by=lead))

    assert "06 Jan to 12 Jan 2026" in plain(week.card)
    assert "0 (1)" in plain(week.card)
    assert "12 Jan to 12 Jan 2026" in plain(day.card)
    with pytest.raises(RoleTooLow):
        await carry_out(desk, person("grace"), read(COMMANDS, "/report week", by=person("grace")))
