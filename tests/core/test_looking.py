"""What staff look at: their week, what was escalated, and which ticket a post belongs to."""

from datetime import timedelta

import pytest

from core.desk import Desk
from core.people.actors import NotStaff, RoleTooLow
from core.vocabulary import OPERATOR, Role
from tests.clock import FakeClock
from tests.outbox import Outbox
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person


async def test_a_week_counts_what_an_agent_did_in_it(desk: Desk, clock: FakeClock) -> None:
    grace = await hire(desk, "grace", capacity=3)
    old = await open_ticket(desk, by="ana")
    await desk.reply(grace, old, "long ago")
    await desk.resolve(grace, old)
    clock.advance(timedelta(days=8))
    numbers = [await open_ticket(desk, by=customer) for customer in ("ben", "cleo", "dora")]
    for minutes, number in enumerate(numbers, 1):
        clock.advance(timedelta(minutes=minutes))
        await desk.reply(grace, number, "hello")
    for number in numbers:
        await desk.resolve(grace, number)

    week = await desk.week(grace)
    assert (week.resolved, week.replies) == (3, 3)
    assert week.first_response == timedelta(minutes=3)
    assert (await desk.week(OPERATOR)).resolved == 0
    with pytest.raises(NotStaff):
        await desk.week(person("ana"))


async def test_what_was_escalated_is_for_leads(desk: Desk) -> None:
    lead, grace = await hire(desk, "lead", role=Role.LEAD), await hire(desk, "grace")
    number = await open_ticket(desk, by="ana")
    await open_ticket(desk, by="ben")
    await desk.escalate(grace, number, "they will sue")

    assert [each.id for each in await desk.escalated(lead)] == [number]
    with pytest.raises(RoleTooLow):
        await desk.escalated(grace)
    await desk.resolve(lead, number)
    assert await desk.escalated(lead) == []


async def test_a_post_leads_to_its_ticket_whoever_wrote_it(desk: Desk, outbox: Outbox) -> None:
    received = await desk.receive(message("the printer smokes", post="ana-1"))
    await desk.courier.deliver_due()
    card = outbox.id_of(outbox.to(STAFF_ROOM)[0])

    assert await desk.ticket_of_post(STAFF_ROOM, "ana-1") == received.ticket
    assert await desk.ticket_of_post(STAFF_ROOM, card) == received.ticket
    assert await desk.ticket_of_post(STAFF_ROOM, "nobody's") is None


async def test_the_newest_event_moves_with_whatever_happens(desk: Desk) -> None:
    before = await desk.newest_event()
    await hire(desk, "grace")
    after = await desk.newest_event()

    assert after > before
    assert await desk.newest_event() == after
