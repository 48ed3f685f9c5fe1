"""A ticket's way: claimed, released, passed on, escalated, resolved, brought back, closed."""

from dataclasses import dataclass

from sqlalchemy import select

from core.channels import Who
from core.errors import Conflict, Forbidden, Invalid
from core.events import (
    PriorityChanged,
    TicketClosed,
    TicketEscalated,
    TicketReopened,
    TicketResolved,
)
from core.model import Agent, Ending, How, Priority, Role, Status, Ticket
from core.model.ticket import WITH_PEOPLE
from core.people import roster
from core.people.actors import Actor, acting, agent_acting, agent_meant
from core.routing import assignment
from core.storage.text import clean
from core.tickets import find
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
        super().__init__(f"Ticket #{ticket.id} is {ticket.status.value} already.")


class NotResolvedYet(Conflict):
    """There is nothing to confirm."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Ticket #{number} is not resolved yet. We answer you here.")


class ClosedForGood(Conflict):
    """A closed ticket is not brought back."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Ticket #{number} is closed for good. If the customer writes again, it opens a new one."
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


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a ticket is passed on to: exactly one of an agent, a skill or a team."""

    agent: Who | None = None
    skill: str | None = None
    team: str | None = None


async def transfer(work: Work, by: Who, number: int, to: Target) -> Ticket:
    """Pass a ticket on: to an agent, or to whoever has a skill or is in a team.

    Raises `Invalid` for an unknown skill or team, `AtCapacity` where the agent has no free slot.
    """
    actor = await acting(work, by)
    agent = None
    if to.agent is not None:
        agent = await assignment.lock(work.session, await agent_meant(work.session, to.agent))
    ticket = await find.ticket_for(work.session, actor, number)
    _refuse_ended(ticket)
    _refuse_strangers(actor, ticket)
    if agent is not None and ticket.assignee_id == agent.id:
        raise assignment.AlreadyClaimed(number, agent.name)
    await _require(work, ticket, to)
    if ticket.status is not Status.NEW:
        await assignment.give_back(
            work, ticket, Ending.TRANSFERRED, why=f"{actor.name} passed it on"
        )
    if agent is not None:
        await assignment.give(work, ticket, agent, How.TRANSFER)
    else:
        await assignment.assign_or_leave(work, ticket)
    await assignment.assign_waiting(work)
    return await find.ticket_for(work.session, actor, number)


async def escalate(work: Work, by: Who, number: int, reason: str) -> Ticket:
    """Ask for more weight: a tier up and at least high priority.

    If anybody works on that tier, the ticket leaves its agent and goes there.
    """
    reason = clean(reason).strip()
    if not reason:
        raise Invalid(f"Say why: /ticket escalate {number} the customer threatens to sue")
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    _refuse_ended(ticket)
    ticket.escalated_at = work.now
    ticket.escalation = reason
    ticket.priority = max(ticket.priority, Priority.HIGH)
    ticket.updated_at = work.now
    work.emit(TicketEscalated(ticket_id=ticket.id, reason=reason))
    if await _somebody_above(work, ticket):
        ticket.tier = min(ticket.tier + 1, roster.HIGHEST_TIER)
        if ticket.status is not Status.NEW:
            await assignment.give_back(
                work, ticket, Ending.ESCALATED, why=f"{actor.name} escalated it"
            )
        await assignment.assign_or_leave(work, ticket)
        await assignment.assign_waiting(work)
    return await find.ticket_for(work.session, actor, number)


async def set_priority(work: Work, by: Who, number: int, priority: Priority) -> Ticket:
    """Say how urgent a ticket is."""
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    _refuse_ended(ticket)
    if ticket.priority is not priority:
        ticket.priority = priority
        ticket.updated_at = work.now
        work.emit(PriorityChanged(ticket_id=ticket.id, priority=int(priority)))
    return ticket


async def resolve(work: Work, by: Who, number: int, resolution: str = "") -> Ticket:
    """Say that the matter is answered; ``resolution`` is the last word to the customer.

    The agent's slot is free, and the next ticket in the queue is given out.
    Raises `AlreadyResolved`, `NotYours`.
    """
    resolution = clean(resolution).strip()
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    if ticket.status in {Status.RESOLVED, Status.CLOSED}:
        raise AlreadyResolved(ticket)
    if ticket.status is not Status.NEW:
        _refuse_strangers(actor, ticket)
    holder = await assignment.end(work, ticket, Ending.RESOLVED)
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
        raise Conflict(f"Ticket #{number} is {ticket.status.value}; there is nothing to reopen.")
    await bring_back(work, ticket, why=f"{actor.name} reopened it")
    return await find.ticket_for(work.session, actor, number)


async def bring_back(work: Work, ticket: Ticket, *, why: str) -> None:
    """A resolved ticket lives again: with the agent who had it if they have room, or in the queue."""
    before = ticket.assignee_id
    ticket.move_to(Status.NEW, at=work.now)
    ticket.assignee = None
    ticket.resolution = None
    work.emit(TicketReopened(ticket_id=ticket.id, why=why))
    await work.session.flush()
    if before is not None and await assignment.give_if_free(work, ticket, before):
        return
    await assignment.assign_or_leave(work, ticket)


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
    _refuse_ended(ticket)
    if ticket.assignee_id is None:
        raise NobodyHasIt(number)
    _refuse_strangers(actor, ticket)
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
    return await assignment.assign_waiting(work, lowest=lowest)


def _close(work: Work, ticket: Ticket) -> None:
    ticket.move_to(Status.CLOSED, at=work.now)
    work.emit(TicketClosed(ticket_id=ticket.id))


def _refuse_ended(ticket: Ticket) -> None:
    if ticket.status in {Status.RESOLVED, Status.CLOSED}:
        raise AlreadyResolved(ticket)


def _refuse_strangers(actor: Actor, ticket: Ticket) -> None:
    holds = actor.agent is not None and ticket.assignee_id == actor.agent.id
    if ticket.assignee_id is not None and not holds and actor.role < Role.LEAD:
        raise NotYours(ticket)


async def _require(work: Work, ticket: Ticket, to: Target) -> None:
    if (to.agent, to.skill, to.team).count(None) != 2:
        raise Invalid(
            "Say to whom: /ticket transfer 42 @agent-1, or skill:billing, or team:returns"
        )
    if to.skill is not None:
        await roster.refuse_unknown_skill(work.session, to.skill)
        ticket.skill = to.skill
    if to.team is not None:
        ticket.team = await roster.team_named(work.session, to.team)
    await work.session.flush()


async def _somebody_above(work: Work, ticket: Ticket) -> bool:
    above = select(Agent.id).where(Agent.removed_at.is_(None), Agent.tier > ticket.tier).limit(1)
    return (await work.session.scalars(above)).first() is not None
