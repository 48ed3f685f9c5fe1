"""Snooze: put away until a time or a message, and awake again once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core.desk import Desk
from core.errors import DeskError, Invalid
from core.people.actors import NotStaff
from core.routing.assignment import AtCapacity
from core.storage.database import Database
from core.tickets.lifecycle import AlreadyResolved, NobodyHasIt, NotYours
from core.tickets.moments import NotAMoment
from core.tickets.snoozing import NotSnoozed
from core.vocabulary import OPERATOR, Availability, Details, Status, Ticket
from tests.clock import FakeClock
from tests.faults.invariants import violations
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person


async def shown(desk: Desk, number: int) -> Ticket:
    return (await desk.ticket(OPERATOR, number)).ticket


async def test_a_snoozed_ticket_keeps_its_status_and_makes_room_until_it_wakes(
    desk: Desk, clock: FakeClock, outbox: Outbox, database: Database
) -> None:
    grace = await hire(desk, "grace")
    await desk.edit_agent(OPERATOR, grace, Details(time_zone="Europe/Berlin"))
    number = await open_ticket(desk)
    await desk.reply(grace, number, "We look into it.")
    waiting = await open_ticket(desk, by="ben")

    call = read(COMMANDS, f"/ticket snooze {number} tomorrow 9", by=grace)
    said = await carry_out(desk, grace, call)
    snoozed = await shown(desk, number)
    assert said.card.text == f"💤 #{number} is put away until Tue 06 Jan 09:00 (Europe/Berlin)."
    assert snoozed.status is Status.PENDING
    assert (await shown(desk, waiting)).assignee is not None
    assert await violations(database) == []

    await desk.resolve(grace, waiting)
    clock.advance(timedelta(hours=22, minutes=59))
    assert await desk.wake_due() == []
    clock.advance(timedelta(minutes=1))
    assert await desk.wake_due() == [number]
    assert await desk.wake_due() == []
    await desk.courier.deliver_due()

    awake = await shown(desk, number)
    assert (awake.status, awake.snoozed_at) == (Status.OPEN, None)
    assert awake.assignee is not None
    assert awake.assignee.name == "Grace"
    assert any("is snoozed until 06 Jan 08:00 UTC" in text for text in outbox.texts(STAFF_ROOM))
    assert await violations(database) == []


async def test_a_message_of_the_customer_wakes_it(desk: Desk, database: Database) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.snooze(grace, number, "until reply")
    await desk.receive(message("thank you"))
    assert (await shown(desk, number)).snoozed_at is not None

    await desk.receive(message("it smokes again"))

    ticket = await shown(desk, number)
    assert (ticket.status, ticket.snoozed_at) == (Status.OPEN, None)
    assert await violations(database) == []


async def test_snoozed_tickets_are_not_in_the_list(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.snooze(grace, number, "2h")

    assert [each.id for each in (await desk.tickets(grace)).tickets] == []
    await desk.wake(grace, number)
    assert [each.id for each in (await desk.tickets(grace)).tickets] == [number]


async def test_after_three_days_down_each_wakes_once_with_whoever_has_room(
    desk: Desk, clock: FakeClock, database: Database
) -> None:
    grace = await hire(desk, "grace")
    numbers = []
    for name in ("ana", "ben", "cleo"):
        numbers.append(await open_ticket(desk, by=name))
        await desk.snooze(grace, numbers[-1], "1h")
    clock.advance(timedelta(days=3))

    woken = await asyncio.gather(*(desk.wake_due() for _ in range(4)))

    assert sorted(number for each in woken for number in each) == numbers
    statuses = [(await shown(desk, number)).status for number in numbers]
    assert sorted(statuses) == [Status.NEW, Status.NEW, Status.OPEN]
    assert await violations(database) == []


async def test_its_agent_wakes_it_into_a_free_slot_only(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.snooze(grace, number, "2h")
    await open_ticket(desk, by="ben")

    with pytest.raises(AtCapacity):
        await desk.wake(grace, number)


AFTERWARDS: dict[str, tuple[Callable[[Desk], Awaitable[object]], Status]] = {
    "resolved": (lambda desk: desk.resolve(person("grace"), 1), Status.RESOLVED),
    "released": (lambda desk: desk.release(person("grace"), 1), Status.NEW),
    "put on hold": (lambda desk: desk.hold(person("grace"), 1, "carrier"), Status.ON_HOLD),
    "answered": (lambda desk: desk.reply(person("grace"), 1, "soon"), Status.PENDING),
    "its agent removed": (lambda desk: desk.remove_agent(OPERATOR, person("grace")), Status.NEW),
}


@pytest.mark.parametrize("what", AFTERWARDS)
async def test_snoozed_it_can_be(desk: Desk, database: Database, what: str) -> None:
    grace = await hire(desk, "grace")
    await desk.snooze(grace, await open_ticket(desk), "2h")
    await desk.set_availability(grace, Availability.BUSY)
    action, ends = AFTERWARDS[what]

    await action(desk)

    assert (await shown(desk, 1)).status is ends
    assert await violations(database) == []


GRACE = person("grace")

# 1 is grace's, 2 waits, 3 is resolved.
REFUSED: dict[str, tuple[Callable[[Desk], Awaitable[object]], type[DeskError]]] = {
    "until nothing": (lambda desk: desk.snooze(GRACE, 1, " \n"), Invalid),
    "until never": (lambda desk: desk.snooze(GRACE, 1, "never"), NotAMoment),
    "until yesterday": (lambda desk: desk.snooze(GRACE, 1, "2026-01-04"), NotAMoment),
    "by a customer": (lambda desk: desk.snooze(person("ana"), 1, "2h"), NotStaff),
    "of a colleague": (lambda desk: desk.snooze(person("linus"), 1, "2h"), NotYours),
    "that nobody has": (lambda desk: desk.snooze(GRACE, 2, "2h"), NobodyHasIt),
    "that is resolved": (lambda desk: desk.snooze(GRACE, 3, "2h"), AlreadyResolved),
    "ended where there is none": (lambda desk: desk.wake(GRACE, 1), NotSnoozed),
    "in no time zone": (
        lambda desk: desk.edit_agent(OPERATOR, GRACE, Details(time_zone="Mars/Base")),
        Invalid,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_snooze_is_refused(desk: Desk, database: Database, what: str) -> None:
    await hire(desk, "grace")
    await hire(desk, "linus", capacity=0)
    await open_ticket(desk)
    await open_ticket(desk, by="ben")
    await desk.resolve(OPERATOR, await open_ticket(desk, by="cleo"))
    before = await all_rows(database)
    action, refusal = REFUSED[what]

    with pytest.raises(refusal):
        await action(desk)

    assert await all_rows(database) == before


async def test_its_time_and_a_message_at_once_wake_it_once(
    desk: Desk, clock: FakeClock, database: Database
) -> None:
    grace = await hire(desk, "grace", capacity=2)
    for number in range(ROUNDS):
        ticket = await open_ticket(desk, by=f"customer-{number}")
        await desk.snooze(grace, ticket, "1h")
        clock.advance(timedelta(hours=1))
        results = await asyncio.gather(
            desk.wake_due(),
            desk.receive(message("news!", by=f"customer-{number}")),
            desk.wake(grace, ticket),
            desk.wake_due(),
            return_exceptions=True,
        )
        failures = [each for each in results if isinstance(each, BaseException)]
        assert all(isinstance(each, DeskError) for each in failures), failures
        await desk.assign_due()  # where the agent was just being looked at by somebody else
        assert (await shown(desk, ticket)).status is Status.OPEN
        await desk.resolve(grace, ticket)
    assert await violations(database) == []
