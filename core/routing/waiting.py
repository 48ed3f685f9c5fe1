"""What a waiting ticket waits for: who is there, who has what it needs, and who just gave it away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.model import Agent, Availability, Ticket
from core.routing import queue
from core.routing.candidates import RESTING, asked_by, held_count
from core.work import Work

AT_CAPACITY = "at capacity"  # available, and without a free slot

States = Mapping[str, int]
"""How many agents there are in each availability, those without room apart."""


@dataclass(frozen=True)
class Waits:
    """``agents`` is everybody by state, ``needs`` the same of those who meet each thing that the
    ticket asks for (tier, team, skill), and ``resting`` who gave it away a moment ago."""

    place: int
    agents: States
    needs: Mapping[str, States]
    resting: Sequence[str]


async def waits(work: Work, ticket: Ticket) -> Waits:
    """What a ticket in the queue waits for."""
    session = work.session
    values = {"ticket": ticket.id, "since": work.now - work.house.policy.release_rest}
    resting = select(Agent.name).where(Agent.id.in_(RESTING), Agent.removed_at.is_(None))
    return Waits(
        place=await queue.place_of(session, ticket),
        agents=await _by_state(session),
        needs={need.name: await _by_state(session, need.met) for need in asked_by(ticket)},
        resting=(await session.scalars(resting.order_by(Agent.name), values)).all(),
    )


async def _by_state(session: AsyncSession, *conditions: ColumnElement[bool]) -> States:
    held = held_count()
    there = select(Agent.availability, Agent.capacity, held.label("held")).where(
        Agent.removed_at.is_(None), *conditions
    )
    counts: dict[str, int] = {}
    for row in await session.execute(there):
        full = row.availability is Availability.AVAILABLE and row.held >= row.capacity
        state = AT_CAPACITY if full else row.availability.value
        counts[state] = counts.get(state, 0) + 1
    return counts
