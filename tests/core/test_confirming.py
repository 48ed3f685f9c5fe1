"""Only the customer says that it is solved, and only of what is resolved."""

import pytest

from core.desk import Desk
from core.tickets.find import UnknownTicket
from core.tickets.lifecycle import NotResolvedYet
from core.vocabulary import Status
from tests.scene import hire, open_ticket, person


async def test_the_customer_closes_what_is_resolved_once(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk, by="ana")
    await desk.resolve(grace, number)

    first = await desk.confirm(person("ana"), number)
    second = await desk.confirm(person("ana"), number)

    assert (first.status, second.status) == (Status.CLOSED, Status.CLOSED)


async def test_what_is_not_resolved_cannot_be_confirmed(desk: Desk) -> None:
    number = await open_ticket(desk, by="ana")

    with pytest.raises(NotResolvedYet):
        await desk.confirm(person("ana"), number)


async def test_neither_agents_nor_strangers_confirm_for_the_customer(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk, by="ana")
    await desk.resolve(grace, number)

    for somebody in (grace, person("bob")):
        with pytest.raises(UnknownTicket):
            await desk.confirm(somebody, number)

    assert (await desk.ticket(grace, number)).ticket.status is Status.RESOLVED
