"""A reply in the very moment in which the lease of a claim ends, over and over."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from core.desk import Desk
from core.errors import DeskError
from core.vocabulary import OPERATOR, Kind, Status
from tests.clock import FakeClock
from tests.scene import hire, open_ticket


async def lapse_and_reply_at_once(desk: Desk, clock: FakeClock, *, rounds: int) -> list[str]:
    """Play the rounds; each broken promise as a sentence."""
    grace = await hire(desk, "grace")
    broken = []
    for number in range(rounds):
        ticket = await open_ticket(desk, by=f"customer-{number}")
        await desk.assign_due()
        clock.advance(timedelta(minutes=16))
        results: Sequence[object] = await asyncio.gather(
            desk.reply(grace, ticket, "one moment"),
            desk.take_back_unanswered(),
            desk.take_back_unanswered(),
            return_exceptions=True,
        )
        whole = await desk.ticket(OPERATOR, ticket)
        replied = any(each.kind is Kind.REPLY for each in whole.messages)
        taken = sum(ticket in each for each in results[1:] if isinstance(each, list))
        ends = Status.PENDING if replied else Status.NEW
        refused = isinstance(results[0], DeskError)
        if (replied, refused) != (not taken, taken == 1) or whole.ticket.status is not ends:
            broken.append(f"round {number}: {whole.ticket.status.value}, {results}")
        await desk.resolve(OPERATOR, ticket)
    return broken
