"""Teams: which there are, and how many work in each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from core.channels import Who
from core.model import Agent, Team
from core.people.actors import staff
from core.work import Work


@dataclass(frozen=True)
class Manned:
    """A team, and how many agents are in it."""

    team: Team
    agents: int


async def teams(work: Work, by: Who) -> Sequence[Manned]:
    """Every team by its name, for staff. `roster.edit` makes one by putting somebody into it."""
    await staff(work.session, by)
    there = Agent.removed_at.is_(None) & (Agent.team_id == Team.id)
    counted = (
        select(Team, func.count(Agent.id))
        .outerjoin(Agent, there)
        .group_by(Team.id)
        .order_by(Team.name)
    )
    return [Manned(row[0], row[1]) for row in await work.session.execute(counted)]
