"""A ticket passed on: to an agent, to whoever has a skill or is in a team, or a tier up."""

from dataclasses import dataclass

from sqlalchemy import select

from core.channels import Who
from core.errors import Invalid
from core.events import PriorityChanged, TeamChanged, TicketEscalated, TierRaised
from core.model import Agent, Ending, How, Priority, Status, Ticket
from core.people import roster, teams
from core.people.actors import acting, agent_meant
from core.routing import assignment
from core.storage.text import clean
from core.tickets import find, lifecycle
from core.work import Work


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a ticket is passed on to: exactly one of an agent, a skill or a team."""

    agent: Who | None = None
    skill: str | None = None
    team: str | None = None


async def transfer(work: Work, by: Who, number: int, to: Target) -> Ticket:
    """Pass a ticket on: to an agent, or to whoever has a skill or is in a team.

    Raises `Invalid` for an unknown skill, `UnknownTeam`, `AtCapacity` where the agent has no free slot.
    """
    actor = await acting(work, by)
    agent = None
    if to.agent is not None:
        agent = await assignment.lock(work.session, await agent_meant(work.session, to.agent))
    ticket = await find.ticket_for(work.session, actor, number)
    lifecycle.refuse_ended(ticket)
    lifecycle.refuse_strangers(actor, ticket)
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
    lifecycle.refuse_ended(ticket)
    ticket.escalated_at = work.now
    ticket.escalation = reason
    if ticket.priority < Priority.HIGH:
        ticket.priority = Priority.HIGH
        work.emit(PriorityChanged(ticket_id=ticket.id, priority=int(ticket.priority)))
    ticket.updated_at = work.now
    work.emit(TicketEscalated(ticket_id=ticket.id, reason=reason))
    if await raise_tier(work, ticket, why=f"{actor.name} escalated it"):
        await assignment.assign_waiting(work)
    return await find.ticket_for(work.session, actor, number)


async def raise_tier(work: Work, ticket: Ticket, *, why: str) -> bool:
    """Let a ticket leave its agent for the next tier, if anybody works on a higher one at all."""
    if not await _somebody_above(work, ticket):
        return False
    ticket.tier = min(ticket.tier + 1, roster.HIGHEST_TIER)
    work.emit(TierRaised(ticket_id=ticket.id, tier=ticket.tier))
    if ticket.status is not Status.NEW:
        await assignment.give_back(work, ticket, Ending.ESCALATED, why=why)
    await assignment.assign_or_leave(work, ticket)
    return True


async def _require(work: Work, ticket: Ticket, to: Target) -> None:
    if (to.agent, to.skill, to.team).count(None) != 2:
        raise Invalid(
            "Say to whom: /ticket transfer 42 @agent-1, or skill:billing, or team:returns"
        )
    if to.skill is not None:
        await roster.refuse_unknown_skill(work.session, to.skill)
        ticket.skill = to.skill
    if to.team is not None:
        before = ticket.team_id
        ticket.team = team = await teams.named(work.session, to.team)
        if team.id != before:
            work.emit(TeamChanged(ticket_id=ticket.id, team_id=team.id))
    await work.session.flush()


async def _somebody_above(work: Work, ticket: Ticket) -> bool:
    above = select(Agent.id).where(Agent.removed_at.is_(None), Agent.tier > ticket.tier).limit(1)
    return (await work.session.scalars(above)).first() is not None
