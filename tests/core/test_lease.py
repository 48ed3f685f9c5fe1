"""A claim is a lease: no answer in time, and the ticket is the queue's again."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import OPERATOR, Availability, House, Policy, Status, Ticket
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.faults.invariants import violations
from tests.faults.lapses import lapse_and_reply_at_once
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.scene import HOUSE, hire, message, open_ticket

LEASE = timedelta(minutes=15)


async def shown(desk: Desk, number: int) -> Ticket:
    return (await desk.ticket(OPERATOR, number)).ticket


async def test_without_an_answer_in_time_it_goes_to_the_next_and_its_agent_is_told(
    desk: Desk, clock: FakeClock, outbox: Outbox, database: Database
) -> None:
    await hire(desk, "grace")
    number = await open_ticket(desk)
    await hire(desk, "linus")
    clock.advance(LEASE - timedelta(seconds=1))
    assert await desk.take_back_unanswered() == []
    clock.advance(timedelta(seconds=1))

    assert await desk.take_back_unanswered() == [number]
    assert await desk.take_back_unanswered() == []
    await desk.courier.deliver_due()

    assignee = (await shown(desk, number)).assignee
    assert assignee is not None
    assert assignee.name == "Linus"
    told = outbox.texts("grace")
    assert told[-1] == (
        f"⏰ #{number} the printer smokes is no longer yours: no answer within 15 minutes."
    )
    assert await violations(database) == []


async def test_it_does_not_come_back_to_the_same_agent_at_once(
    desk: Desk, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    clock.advance(LEASE)

    await desk.take_back_unanswered()
    await desk.assign_due()
    assert (await shown(desk, number)).status is Status.NEW
    await desk.claim(grace, number)
    assert (await shown(desk, number)).status is Status.OPEN


async def test_an_answer_ends_the_lease_for_good(desk: Desk, clock: FakeClock) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.reply(grace, number, "One moment.")
    await desk.receive(message("well?"))
    clock.advance(timedelta(hours=3))

    assert await desk.take_back_unanswered() == []


async def test_an_answer_of_whoever_had_it_before_does_not_count(
    desk: Desk, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.reply(grace, number, "One moment.")
    await desk.receive(message("well?"))
    await hire(desk, "linus")
    clock.advance(timedelta(minutes=1))
    await desk.release(grace, number)
    clock.advance(LEASE)

    assert await desk.take_back_unanswered() == [number]


async def test_what_is_on_hold_is_left_where_it_is(desk: Desk, clock: FakeClock) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.hold(grace, number, "the carrier")
    clock.advance(timedelta(days=1))

    assert await desk.take_back_unanswered() == []


async def test_it_can_be_turned_off(open_desk: OpenDesk, clock: FakeClock) -> None:
    house: House = replace(HOUSE, policy=Policy(claim=timedelta(0)))
    desk = open_desk(house)
    await hire(desk, "grace")
    await open_ticket(desk)
    clock.advance(timedelta(days=1))

    assert await desk.take_back_unanswered() == []


async def test_after_three_days_down_each_is_taken_back_once(
    desk: Desk, clock: FakeClock, database: Database
) -> None:
    grace = await hire(desk, "grace", capacity=3)
    numbers = [await open_ticket(desk, by=f"customer-{n}") for n in range(3)]
    await desk.set_availability(grace, Availability.OFFLINE)
    clock.advance(timedelta(days=3))

    swept = await asyncio.gather(*(desk.take_back_unanswered() for _ in range(4)))

    assert sorted(number for each in swept for number in each) == numbers
    assert await violations(database) == []


async def test_a_reply_and_the_end_of_the_lease_at_once_are_one_or_the_other(
    desk: Desk, clock: FakeClock, database: Database
) -> None:
    assert await lapse_and_reply_at_once(desk, clock, rounds=ROUNDS) == []
    assert await violations(database) == []
