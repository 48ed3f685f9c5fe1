"""Races of a ticket's life that `make faults` plays a hundred times on each database."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from core.desk import Desk
from core.errors import DeskError
from core.storage.database import Database
from core.vocabulary import Reason, Return, ReturnWanted, Role, Status
from tests.core.test_returns import ANA, ORDER
from tests.faults.invariants import violations
from tests.rounds import ROUNDS
from tests.scene import hire, message, open_ticket, person


def unforeseen(results: Sequence[object]) -> list[object]:
    """The failures that are no refusals."""
    failures = [each for each in results if isinstance(each, BaseException)]
    return [each for each in failures if not isinstance(each, DeskError)]


async def test_whoever_asks_for_a_return_at_once_gets_each_piece_once(
    desk: Desk,
) -> None:
    await hire(desk, "grace", capacity=1)
    wanted = ReturnWanted(quantities={"LAMP": 1}, reason=Reason.DEFECTIVE)
    for number in range(ROUNDS):
        order = replace(ORDER, number=f"R-{number}")
        await desk.take_in_orders([order])
        tries = await asyncio.gather(
            *(desk.request_return(ANA, order.number, wanted) for _ in range(4)),
            return_exceptions=True,
        )
        assert sum(isinstance(each, Return) for each in tries) == 2
        assert unforeseen(tries) == []


async def test_all_that_reopens_a_ticket_at_once_reopens_it_once(
    desk: Desk, database: Database
) -> None:
    grace = await hire(desk, "grace", capacity=1, role=Role.LEAD)
    for number in range(ROUNDS):
        by = f"c{number}"
        ticket = await open_ticket(desk, by=by)
        await desk.resolve(grace, ticket)
        results = await asyncio.gather(
            desk.reopen(grace, ticket),
            desk.reopen(person(by), ticket),
            desk.receive(message("it smokes again", by=by)),
            desk.confirm(person(by), ticket),
            desk.close_resolved(),
            return_exceptions=True,
        )
        assert unforeseen(results) == []
        whole = await desk.ticket(grace, ticket)
        reopened = [each for each in whole.history if each.event == "TicketReopened"]
        closed = [each for each in whole.history if each.event == "TicketClosed"]
        assert (len(reopened), len(closed)) in {(1, 0), (0, 1)}
        for live in (await desk.tickets(person(by))).tickets:
            if live.status is not Status.RESOLVED:
                await desk.resolve(grace, live.id)
    assert await violations(database) == []
