"""What a waiting ticket waits for: who is there, who has what it needs, and who just gave it away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.model import Agent, Assignment, Availability, Ticket
from core.routing import queue
from core.routing.needs import Needs, asked_by, is_pressed, met
from core.routing.slots import GAVE_AWAY
from core.work import Work

AT_CAPACITY = "at capacity"  # available, and without a free slot

States = Mapping[str, int]
"""How many agents there are in each availability, those without room apart."""


@dataclass(frozen=True)
class Waits:
    """``agents`` is everybody by state, ``needs`` the same of those who meet each thing that the
    ticket asks for (tier, team, skill, language), and ``resting`` who gave it away a moment ago.
    One that is ``pressed`` may go to who has less than all of that."""

    place: int
    agents: States
    needs: Mapping[str, States]
    resting: Sequence[str]
    pressed: bool = False


async def waits(work: Work, ticket: Ticket) -> Waits:
    """What a ticket in the queue waits for."""
    return await Look(work).at(ticket, place=await queue.place_of(work.session, ticket))


@dataclass
class Look:
    """A look at several tickets, which counts the agents of each need once."""

    work: Work
    counted: dict[Needs, States] = field(default_factory=dict)

    async def at(self, ticket: Ticket, *, place: int) -> Waits:
        """What this one waits for, at its place in the queue."""
        needs = asked_by(ticket).apart()
        return Waits(
            place=place,
            agents=await self._states(Needs()),
            needs={name: await self._states(need) for name, need in needs.items()},
            resting=await _resting(self.work, ticket),
            pressed=is_pressed(ticket, self.work.now),
        )

    async def _states(self, needs: Needs) -> States:
        if needs not in self.counted:
            self.counted[needs] = await _by_state(self.work.session, needs)
        return self.counted[needs]


async def _resting(work: Work, ticket: Ticket) -> Sequence[str]:
    values = {"ticket": ticket.id, "since": work.now - work.house.policy.release_rest}
    resting = select(Agent.name).where(Agent.id.in_(_RESTING), Agent.removed_at.is_(None))
    return (await work.session.scalars(resting.order_by(Agent.name), values)).all()


async def _by_state(session: AsyncSession, needs: Needs) -> States:
    full = (Agent.held >= Agent.capacity).label("full")
    there = (
        select(Agent.availability, full, func.count().label("agents"))
        .where(Agent.removed_at.is_(None), *met(needs))
        .group_by(Agent.availability, full)
        .order_by(Agent.availability, full)
    )
    counts: dict[str, int] = {}
    for row in await session.execute(there, needs.values()):
        is_full = row.availability is Availability.AVAILABLE and row.full
        state = AT_CAPACITY if is_full else row.availability.value
        counts[state] = counts.get(state, 0) + row.agents
    return counts


_RESTING = select(Assignment.agent_id).where(
    Assignment.ticket_id == bindparam("ticket"),
    Assignment.ending.in_(GAVE_AWAY),
    Assignment.ended_at > bindparam("since"),
)
