"""Candidates for a ticket: available agents with a free slot that fit it, longest idle first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.model import Agent, Assignment, Availability, Ending, Skill, Ticket
from core.work import Work

CONSIDERED = 5


@dataclass(frozen=True)
class Candidate:
    """An agent who could take a ticket now, with how many they hold."""

    agent: Agent
    held: int

    def reason(self) -> dict[str, Any]:
        return {
            "agent": self.agent.name,
            "held": self.held,
            "capacity": self.agent.capacity,
            "idle_since": self.agent.idle_since.isoformat(),
        }


async def candidates(work: Work, ticket: Ticket) -> Sequence[Candidate]:
    """The first few, best first: fewest tickets held, then longest idle."""
    fitting = _FREE.where(*await needs(work.session, ticket))
    values = {"ticket": ticket.id, "since": work.now - work.house.policy.release_rest}
    return [Candidate(agent, held) for agent, held in await work.session.execute(fitting, values)]


async def anybody_free(session: AsyncSession) -> bool:
    """Whether any agent could take a ticket at all."""
    return (await session.scalars(_ANYBODY)).first() is not None


def held_count() -> Any:
    """How many tickets an agent holds, as a column."""
    return (
        select(func.count(Assignment.id))
        .where(Assignment.agent_id == Agent.id, Assignment.ended_at.is_(None))
        .correlate(Agent)
        .scalar_subquery()
    )


_HELD = held_count()
_AVAILABLE = (
    Agent.removed_at.is_(None),
    Agent.availability == Availability.AVAILABLE,
    Agent.capacity > _HELD,
)
_ANYBODY = select(Agent.id).where(*_AVAILABLE).limit(1)

RESTING = select(Assignment.agent_id).where(
    Assignment.ticket_id == bindparam("ticket"),
    Assignment.ending.in_([Ending.RELEASED, Ending.TRANSFERRED, Ending.ESCALATED, Ending.LAPSED]),
    Assignment.ended_at > bindparam("since"),
)
"""Those who gave ``ticket`` away, or left it without an answer, after ``since``: a moment ago."""

_FREE = (
    select(Agent, _HELD)
    .where(*_AVAILABLE, Agent.id.not_in(RESTING))
    .order_by(_HELD, Agent.idle_since, Agent.id)
    .limit(CONSIDERED)
)


@dataclass(frozen=True)
class Need:
    """Something that a ticket asks of an agent: its name, and the condition on agents."""

    name: str
    met: ColumnElement[bool]


def asked_by(ticket: Ticket) -> Sequence[Need]:
    """Everything that a ticket asks of an agent."""
    asked = []
    if ticket.tier > 1:
        asked.append(Need("tier", Agent.tier >= ticket.tier))
    if ticket.team_id is not None:
        asked.append(Need("team", Agent.team_id == ticket.team_id))
    if ticket.skill is not None:
        skilled = select(Skill.agent_id).where(Skill.name == ticket.skill)
        asked.append(Need("skill", Agent.id.in_(skilled)))
    return asked


async def needs(session: AsyncSession, ticket: Ticket) -> list[ColumnElement[bool]]:
    """What is insisted on. A need that nobody on the roster meets is waived."""
    insisted = []
    for need in asked_by(ticket):
        anybody = select(Agent.id).where(Agent.removed_at.is_(None), need.met).limit(1)
        if (await session.scalars(anybody)).first() is not None:
            insisted.append(need.met)
    return insisted
