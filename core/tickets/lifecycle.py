"""A ticket's way: claimed, released, resolved, brought back, closed."""

from collections.abc import Sequence

from sqlalchemy import select

from core.channels import Who
from core.errors import Conflict, Forbidden
from core.events import (
    PriorityChanged,
    TicketClosed,
    TicketReopened,
    TicketResolved,
    TicketResumed,
)
from core.model import Agent, Ending, How, Priority, Role, Status, Ticket
from core.model.ticket import WITH_PEOPLE
from core.people import handing_back
from core.people.actors import Actor, acting, agent_acting
from core.routing import assignment
from core.speaking import Sentence
from core.storage.text import clean
from core.tickets import correcting, find, surveys
from core.work import Work

SWEPT_AT_ONCE = 200


class NotYours(Forbidden):
    """A colleague holds the ticket."""

    def __init__(self, ticket: Ticket) -> None:
        holder = ticket.assignee.name if ticket.assignee else "nobody"
        super().__init__(
            f"Ticket #{ticket.id} is with {holder}. "
            f"Ask them to /ticket transfer it, or a lead to do it; /ticket note {ticket.id} is open to all."
        )


class NobodyHasIt(Conflict):
    """What was asked needs a holder, and the ticket waits in the queue."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Nobody has ticket #{number} yet. /ticket claim {number} takes it.")


class AlreadyResolved(Conflict):
    """It was resolved before."""

    def __init__(self, ticket: Ticket) -> None:
        if ticket.merged_into_id:
            super().__init__(
                Sentence(
                    "Ticket #{number} was merged into #{into}.",
                    number=ticket.id,
                    into=ticket.merged_into_id,
                )
            )
        else:
            super().__init__(
                Sentence(
                    "Ticket #{number} is {status} already.",
                    number=ticket.id,
                    status=Sentence(ticket.status.value),
                )
            )


class Undecided(Conflict):
    """A ticket cannot be resolved while a return on it waits for a word."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Return {number} on this ticket is not decided: "
            f"/returns accept {number} or /returns refuse {number} and the reason."
        )


class Unfilled(Conflict):
    """A ticket cannot be resolved while nothing is in a field that has to be there."""

    def __init__(self, number: int, names: Sequence[str]) -> None:
        super().__init__(
            f"Before #{number} is resolved, fill in {', '.join(names)}: "
            f"/ticket field {number} {names[0]} …"
        )


class NotResolvedYet(Conflict):
    """There is nothing to confirm."""

    def __init__(self, number: int) -> None:
        super().__init__(
            Sentence("Ticket #{number} is not resolved yet. We answer you here.", number=number)
        )


class ClosedForGood(Conflict):
    """A closed ticket is not brought back."""

    def __init__(self, number: int) -> None:
        super().__init__(
            Sentence(
                "Ticket #{number} is closed for good. A new message opens a new one.", number=number
            )
        )


async def claim(work: Work, by: Who, number: int) -> Ticket:
    """Take a waiting ticket. Raises `AlreadyClaimed`, `NotWaiting` or `AtCapacity`."""
    actor, agent = await agent_acting(work, by)
    agent = await assignment.lock(work.session, agent)
    ticket = await find.ticket_for(work.session, actor, number)
    await assignment.give(work, ticket, agent, How.CLAIM)
    return ticket


async def release(work: Work, by: Who, number: int) -> Ticket:
    """Give a ticket back to the queue; it goes to the next who is free, but not back at once."""
    actor, ticket = await held_ticket(work, by, number)
    await assignment.give_back(work, ticket, Ending.RELEASED, why=f"{actor.name} released it")
    await assignment.assign_waiting(work)
    return await find.ticket_for(work.session, actor, number)


async def set_priority(work: Work, by: Who, number: int, priority: Priority) -> Ticket:
    """Say how urgent a ticket is."""
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    refuse_ended(ticket)
    if ticket.priority is not priority:
        correcting.note(ticket, "priority", int(priority), by=actor.name, was=int(ticket.priority))
        ticket.priority = priority
        ticket.updated_at = work.now
        work.emit(PriorityChanged(ticket_id=ticket.id, priority=int(priority)))
    return ticket


async def resolve(work: Work, by: Who, number: int, resolution: str = "") -> Ticket:
    """Say that the matter is answered; ``resolution`` is the last word to the customer.

    The agent's slot is free, and the next ticket in the queue is given out. A ticket that nobody
    had becomes the agent's who resolves it, and takes no slot: it is theirs if it comes back.
    Raises `AlreadyResolved`, `NotYours`, `Undecided`, `Unfilled`.
    """
    resolution = clean(resolution).strip()
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    if ticket.status in {Status.RESOLVED, Status.CLOSED}:
        raise AlreadyResolved(ticket)
    if ticket.status is not Status.NEW:
        refuse_strangers(actor, ticket)
    undecided = await find.undecided_return(work.session, number)
    if undecided is not None:
        raise Undecided(undecided)
    unfilled = await find.unfilled(work.session, ticket)
    if unfilled:
        raise Unfilled(number, unfilled)
    holder = await assignment.end(work, ticket, Ending.RESOLVED) or ticket.assignee
    if holder is None:
        ticket.assignee = actor.agent
    ticket.move_to(Status.RESOLVED, at=work.now)
    ticket.first_response_at = ticket.first_response_at or work.now
    ticket.resolution = resolution or None
    by_agent = actor.agent or holder
    work.emit(
        TicketResolved(
            ticket_id=ticket.id,
            agent_id=by_agent.id if by_agent else None,
            resolution=resolution,
        )
    )
    await work.session.flush()
    await assignment.assign_waiting(work)
    return ticket


async def reopen(work: Work, by: Who, number: int) -> Ticket:
    """Bring a resolved ticket back, as an agent or as its customer.

    Raises `ClosedForGood`, or `Conflict` where it is live anyway.
    """
    actor = await find.asking(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    if ticket.status is Status.CLOSED:
        raise ClosedForGood(number)
    if ticket.status is not Status.RESOLVED:
        raise Conflict(
            Sentence(
                "Ticket #{number} is {status}; there is nothing to reopen.",
                number=number,
                status=Sentence(ticket.status.value),
            )
        )
    await bring_back(work, ticket, why=f"{actor.name} reopened it")
    return await find.ticket_for(work.session, actor, number)


async def bring_back(work: Work, ticket: Ticket, *, why: str) -> None:
    """A resolved ticket lives again: with the agent who had it if they have room, or in the queue."""
    before = await let_wait(work, ticket)
    ticket.resolution = None
    work.emit(TicketReopened(ticket_id=ticket.id, why=why))
    await work.session.flush()
    if before is not None and await assignment.give_if_free(work, ticket, before):
        return
    await assignment.assign_or_leave(work, ticket)


async def take_up(work: Work, ticket: Ticket, actor: Actor, agent: Agent | None) -> None:
    """Somebody takes up a ticket that was put aside: its agent (locked) into a free slot of theirs,
    or they are refused; a lead for its agent, as `resume` does. Raises `AtCapacity`."""
    why = f"{actor.name} took it up again"
    if agent is None or ticket.assignee_id != agent.id:
        await resume(work, ticket, why=why)
        return
    await let_wait(work, ticket)
    work.emit(TicketResumed(ticket_id=ticket.id, why=why))
    await assignment.give(work, ticket, agent, How.BACK)


async def resume(work: Work, ticket: Ticket, *, why: str) -> None:
    """A ticket that was put aside goes on: with its agent if they have room, or in the queue."""
    before = await let_wait(work, ticket)
    work.emit(TicketResumed(ticket_id=ticket.id, why=why))
    await work.session.flush()
    if before is not None and await assignment.give_if_free(work, ticket, before, how=How.BACK):
        return
    await assignment.assign_or_leave(work, ticket)


async def let_wait(work: Work, ticket: Ticket) -> int | None:
    """Let a ticket that takes nobody's slot wait in the queue; the number of whose it was."""
    before = ticket.assignee_id
    ticket.move_to(Status.NEW, at=work.now)
    ticket.assignee = None
    await work.session.flush()
    return before


async def hear_customer(work: Work, ticket: Ticket) -> None:
    """The customer wrote something that wants an answer: it is the agent's move now."""
    if ticket.status is Status.RESOLVED:
        await bring_back(work, ticket, why="the customer wrote again")
    elif ticket.snoozed_at is not None or ticket.status is Status.ON_HOLD:
        await resume(work, ticket, why="the customer wrote")
    elif ticket.status is Status.PENDING:
        ticket.move_to(Status.OPEN, at=work.now)
    await handing_back.at_next_reply(work, ticket)


async def confirm(work: Work, by: Who, number: int) -> Ticket:
    """The customer, and nobody else, says that it is solved: the resolved ticket is closed.

    Raises `NotResolvedYet`. Said twice, it is closed once.
    """
    actor = await find.asking(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    if ticket.customer_id != actor.customer_id:
        raise find.UnknownTicket(number)
    if ticket.status is Status.RESOLVED:
        _close(work, ticket)
    elif ticket.status is not Status.CLOSED:
        raise NotResolvedYet(number)
    return ticket


async def answered(work: Work, ticket: Ticket) -> None:
    """A person has answered: the customer has the next move."""
    ticket.first_response_at = ticket.first_response_at or work.now
    if ticket.status in {Status.OPEN, Status.PENDING}:
        ticket.move_to(Status.PENDING, at=work.now)
    ticket.updated_at = work.now


async def held_ticket(work: Work, by: Who, number: int) -> tuple[Actor, Ticket]:
    """A live ticket that the actor holds, or that a lead may act on for its holder.

    Raises `AlreadyResolved`, `NobodyHasIt`, `NotYours`.
    """
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    refuse_ended(ticket)
    if ticket.assignee_id is None:
        raise NobodyHasIt(number)
    refuse_strangers(actor, ticket)
    return actor, ticket


async def close_resolved(work: Work) -> int:
    """Close what was resolved and has been quiet for the time of the handshake; how many."""
    work.actor = "sweep: closing"
    quiet = (
        select(Ticket)
        .where(
            Ticket.status == Status.RESOLVED,
            Ticket.resolved_at < work.now - work.house.policy.handshake,
        )
        .limit(SWEPT_AT_ONCE)
        .options(*WITH_PEOPLE)
        .with_for_update(skip_locked=True, of=Ticket)
    )
    done = (await work.session.scalars(quiet)).all()
    for ticket in done:
        _close(work, ticket)
    return len(done)


async def assign_due(work: Work, *, lowest: Priority = Priority.LOW) -> list[int]:
    """The sweep over the queue: whatever was missed is given out now; the numbers given."""
    work.actor = "sweep: queue"
    return await assignment.assign_waiting(work, lowest=lowest, thorough=True)


def _close(work: Work, ticket: Ticket) -> None:
    ticket.move_to(Status.CLOSED, at=work.now)
    work.emit(TicketClosed(ticket_id=ticket.id))
    surveys.begin(work, ticket)


def refuse_ended(ticket: Ticket) -> None:
    """Raise `AlreadyResolved` for a ticket that is no longer live."""
    if ticket.status in {Status.RESOLVED, Status.CLOSED}:
        raise AlreadyResolved(ticket)


def refuse_strangers(actor: Actor, ticket: Ticket) -> None:
    """Raise `NotYours` for a colleague's ticket, but not to leads."""
    holds = actor.agent is not None and ticket.assignee_id == actor.agent.id
    if ticket.assignee_id is not None and not holds and actor.role < Role.LEAD:
        raise NotYours(ticket)
