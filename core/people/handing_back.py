"""Handing back: what becomes of the open tickets of somebody who goes offline."""

from collections.abc import Sequence

from sqlalchemy import select

from core.model import Agent, Assignment, Availability, Ending, Status, Ticket
from core.model.ticket import WITH_PEOPLE
from core.policy import HandBack
from core.routing import assignment
from core.work import Work


def policy_of(work: Work, agent: Agent) -> HandBack:
    """What holds for this agent: their own, or else the desk's."""
    return agent.hand_back or work.house.policy.hand_back


async def at_once(work: Work, agent: Agent) -> Sequence[int]:
    """Give back what an agent (locked, now offline) has to answer, where that is the policy.

    What waits for its customer stays theirs until the customer writes: there is nothing to do on it.
    """
    if policy_of(work, agent) is not HandBack.NOW:
        return []
    held = select(Assignment.ticket_id).where(
        Assignment.agent_id == agent.id, Assignment.ended_at.is_(None)
    )
    open_ones = (
        select(Ticket)
        .where(Ticket.id.in_(held), Ticket.status == Status.OPEN)
        .order_by(Ticket.id)
        .options(*WITH_PEOPLE)
        .with_for_update(of=Ticket)
        .execution_options(populate_existing=True)
    )
    tickets = (await work.session.scalars(open_ones)).all()
    for ticket in tickets:
        await assignment.give_back(
            work, ticket, Ending.HANDED_BACK, why=f"{agent.name} went offline"
        )
    return [ticket.id for ticket in tickets]


async def at_next_reply(work: Work, ticket: Ticket) -> bool:
    """Give a ticket (locked) back whose customer has just written while its agent is offline.

    What they took while they were offline already stays theirs: they knew.
    """
    agent = ticket.assignee
    if agent is None or agent.availability is not Availability.OFFLINE:
        return False
    if ticket.status is not Status.OPEN or policy_of(work, agent) is HandBack.NEVER:
        return False
    current = select(Assignment.started_at).where(
        Assignment.ticket_id == ticket.id, Assignment.ended_at.is_(None)
    )
    started = await work.session.scalar(current)
    if started is None or agent.availability_since is None or started > agent.availability_since:
        return False
    await assignment.give_back(work, ticket, Ending.HANDED_BACK, why=f"{agent.name} is offline")
    await assignment.assign_or_leave(work, ticket)
    return True
