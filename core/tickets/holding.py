"""On hold: a third party has the next move, and the agent has a slot more meanwhile."""

from core.channels import Who
from core.errors import Conflict, Invalid
from core.events import TicketHeld
from core.model import Ending, Status, Ticket
from core.model.ticket import WAITS_FOR_LENGTH
from core.people.actors import acting
from core.routing import assignment
from core.storage.text import clean
from core.tickets import find, lifecycle
from core.work import Work


class NotOnHold(Conflict):
    """There is nothing to take up again."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(f"Ticket #{ticket.id} is {ticket.status.value}, not on hold.")


async def hold(work: Work, by: Who, number: int, waits_for: str) -> Ticket:
    """Put a ticket on hold: it stays its agent's, and takes none of their slots.

    On hold already, it waits for something else from now on. Raises `Invalid` where it is not
    said for what, `NobodyHasIt`, `NotYours`, `AlreadyResolved`.
    """
    reason = " ".join(clean(waits_for).split())
    if not reason:
        raise Invalid(f"Say what it waits for: /ticket hold {number} waiting for the carrier")
    if len(reason) > WAITS_FOR_LENGTH:
        raise Invalid(
            f"Say in at most {WAITS_FOR_LENGTH} characters what it waits for; "
            f"/ticket note {number} has room for more."
        )
    _, ticket = await lifecycle.held_ticket(work, by, number)
    await assignment.end(work, ticket, Ending.ON_HOLD)
    ticket.move_to(Status.ON_HOLD, at=work.now)
    ticket.waits_for = reason
    await work.session.flush()
    work.emit(TicketHeld(ticket_id=number, waits_for=reason))
    await assignment.assign_waiting(work)
    return ticket


async def unhold(work: Work, by: Who, number: int) -> Ticket:
    """Take a ticket up again. By its agent, into a free slot of theirs; by a lead, to its agent if
    they have room, or into the queue.

    Raises `NotOnHold`, `NotYours`, `AtCapacity`.
    """
    actor = await acting(work, by)
    agent = await assignment.lock(work.session, actor.agent) if actor.agent else None
    ticket = await find.ticket_for(work.session, actor, number)
    if ticket.status is not Status.ON_HOLD:
        raise NotOnHold(ticket)
    lifecycle.refuse_strangers(actor, ticket)
    await lifecycle.take_up(work, ticket, actor, agent)
    return await find.ticket_for(work.session, actor, number)
