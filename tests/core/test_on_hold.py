"""On hold: a third party has the next move, and the agent has a slot more."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.desk import Desk
from core.errors import DeskError, Invalid
from core.people.actors import NotStaff
from core.routing.assignment import AtCapacity
from core.storage.database import Database
from core.tickets.find import UnknownTicket
from core.tickets.holding import NotOnHold
from core.tickets.lifecycle import AlreadyResolved, NobodyHasIt, NotYours
from core.vocabulary import OPERATOR, Availability, Role, Status, Target, Ticket
from tests.faults.invariants import violations
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person


async def shown(desk: Desk, number: int) -> Ticket:
    return (await desk.ticket(OPERATOR, number)).ticket


async def test_a_ticket_on_hold_stays_its_agents_and_makes_room_for_the_next(
    desk: Desk, outbox: Outbox, database: Database
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    waiting = await open_ticket(desk, by="ben")

    await desk.hold(grace, number, "waiting for\n the carrier")
    await desk.courier.deliver_due()

    held = await shown(desk, number)
    assert (held.status, held.waits_for) == (Status.ON_HOLD, "waiting for the carrier")
    assert held.assignee is not None
    assert held.assignee.name == "Grace"
    next_one = (await shown(desk, waiting)).assignee
    assert next_one is not None
    assert next_one.name == "Grace"
    assert any("on hold" in text and "the carrier" in text for text in outbox.texts(STAFF_ROOM))
    assert not any("carrier" in text for text in outbox.texts("ana"))
    assert await violations(database) == []


async def test_it_goes_on_with_the_same_agent_when_the_customer_writes(
    desk: Desk, outbox: Outbox, database: Database
) -> None:
    grace = await hire(desk, "grace")
    await hire(desk, "linus")
    number = await open_ticket(desk)
    await desk.hold(grace, number, "the carrier")
    await desk.courier.deliver_due()
    before = len(outbox.texts("ana"))

    await desk.receive(message("thanks!"))
    assert (await shown(desk, number)).status is Status.ON_HOLD
    await desk.receive(message("it has arrived after all"))
    await desk.courier.deliver_due()

    ticket = await shown(desk, number)
    assert (ticket.status, ticket.waits_for) == (Status.OPEN, None)
    assert ticket.assignee is not None
    assert ticket.assignee.name == "Grace"
    assert len(outbox.texts("ana")) == before
    assert await violations(database) == []


async def test_it_goes_to_the_queue_when_its_agent_has_no_room_and_the_customer_is_told(
    desk: Desk, outbox: Outbox, database: Database
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.hold(grace, number, "the carrier")
    await open_ticket(desk, by="ben")

    await desk.receive(message("and now?"))
    await desk.courier.deliver_due()

    ticket = await shown(desk, number)
    assert (ticket.status, ticket.assignee) == (Status.NEW, None)
    assert "waiting for the next free colleague" in outbox.texts("ana")[-1]
    assert await violations(database) == []


async def test_its_agent_takes_it_up_again_into_a_free_slot(desk: Desk, database: Database) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.hold(grace, number, "the carrier")
    other = await open_ticket(desk, by="ben")

    with pytest.raises(AtCapacity, match=f"#{other}"):
        await desk.unhold(grace, number)
    await desk.resolve(grace, other)
    await desk.set_availability(grace, Availability.ON_BREAK)
    ticket = await desk.unhold(grace, number)

    assert ticket.status is Status.OPEN
    assert await violations(database) == []


async def test_a_reply_leaves_it_on_hold(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.hold(grace, number, "the carrier")
    await desk.reply(grace, number, "We asked the carrier.")

    assert (await shown(desk, number)).status is Status.ON_HOLD


AFTERWARDS: dict[str, tuple[Callable[[Desk, int], Awaitable[object]], Status]] = {
    "resolved": (lambda desk, n: desk.resolve(person("grace"), n), Status.RESOLVED),
    "released": (lambda desk, n: desk.release(person("grace"), n), Status.NEW),
    "transferred": (
        lambda desk, n: desk.transfer(person("grace"), n, Target(agent=person("linus"))),
        Status.OPEN,
    ),
    "escalated": (lambda desk, n: desk.escalate(person("grace"), n, "they sue"), Status.ON_HOLD),
    "its agent removed": (lambda desk, _: desk.remove_agent(OPERATOR, person("grace")), Status.NEW),
}


@pytest.mark.parametrize("what", AFTERWARDS)
async def test_on_hold_it_can_be(desk: Desk, database: Database, what: str) -> None:
    grace = await hire(desk, "grace")
    linus = await hire(desk, "linus")
    await desk.set_availability(linus, Availability.BUSY)
    number = await open_ticket(desk)
    await desk.hold(grace, number, "the carrier")
    action, ends = AFTERWARDS[what]

    await action(desk, number)

    assert (await shown(desk, number)).status is ends
    assert await violations(database) == []


REFUSED: dict[str, tuple[Callable[[Desk], Awaitable[object]], type[DeskError]]] = {
    "for nothing": (lambda desk: desk.hold(person("grace"), 1, "  \n"), Invalid),
    "for too much": (lambda desk: desk.hold(person("grace"), 1, "x" * 201), Invalid),
    "by a customer": (lambda desk: desk.hold(person("ana"), 1, "me"), NotStaff),
    "of a colleague": (lambda desk: desk.hold(person("linus"), 1, "me"), NotYours),
    "that nobody has": (lambda desk: desk.hold(person("grace"), 2, "me"), NobodyHasIt),
    "that was resolved": (lambda desk: desk.hold(person("grace"), 3, "me"), AlreadyResolved),
    "that is not there": (lambda desk: desk.hold(person("grace"), 9, "me"), UnknownTicket),
    "ended where there is none": (lambda desk: desk.unhold(person("grace"), 1), NotOnHold),
    "ended by a colleague": (lambda desk: desk.unhold(person("linus"), 4), NotYours),
    "ended by a customer": (lambda desk: desk.unhold(person("ana"), 4), NotStaff),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_hold_is_refused(desk: Desk, database: Database, what: str) -> None:
    grace = await hire(desk, "grace")
    await hire(desk, "linus", capacity=0)
    await open_ticket(desk)
    two = [await open_ticket(desk, by=name) for name in ("ben", "cleo", "dora")]
    await desk.resolve(OPERATOR, two[1])
    await desk.hold(grace, 1, "the carrier")
    await desk.hold(grace, 2, "the carrier")
    assert (await shown(desk, 4)).status is Status.OPEN
    await desk.hold(grace, 4, "the carrier")
    await desk.unhold(grace, 1)
    await desk.release(OPERATOR, 2)
    before = await all_rows(database)
    action, refusal = REFUSED[what]

    with pytest.raises(refusal):
        await action(desk)

    assert await all_rows(database) == before


async def test_a_lead_takes_it_up_for_its_agent(desk: Desk, database: Database) -> None:
    grace = await hire(desk, "grace")
    maria = await hire(desk, "maria", role=Role.LEAD, capacity=0)
    number = await open_ticket(desk)
    await desk.hold(grace, number, "the carrier")

    ticket = await desk.unhold(maria, number)

    assert ticket.assignee is not None
    assert ticket.assignee.name == "Grace"
    assert await violations(database) == []


async def test_a_message_and_taking_it_up_at_once_bring_it_back_once(
    desk: Desk, database: Database
) -> None:
    grace = await hire(desk, "grace", capacity=2)
    for number in range(ROUNDS):
        ticket = await open_ticket(desk, by=f"customer-{number}")
        await desk.hold(grace, ticket, "the carrier")
        results = await asyncio.gather(
            desk.receive(message("news!", by=f"customer-{number}")),
            desk.unhold(grace, ticket),
            desk.unhold(OPERATOR, ticket),
            return_exceptions=True,
        )
        failures = [each for each in results if isinstance(each, BaseException)]
        assert all(isinstance(each, DeskError) for each in failures), failures
        await desk.assign_due()  # where the message found the agent busy with taking it up
        assert (await shown(desk, ticket)).status is Status.OPEN
        await desk.resolve(grace, ticket)
    assert await violations(database) == []
