"""Looking at people: one agent with all that holds for them, and what is stuck with who is offline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.channels import Who
from core.model import Agent, Assignment, Availability, Role, Status, Ticket
from core.model.ticket import WITH_PEOPLE
from core.people import handing_back, hours, presence, shifts
from core.people.actors import agent_meant, staff
from core.policy import HandBack
from core.routing import assignment
from core.work import Work

STUCK_AT_MOST = 50


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An agent with all that holds for them. ``edge_at`` is when their hours next begin or end, and
    ``hours`` and ``away`` are as they are written."""

    agent: Agent
    holds: Sequence[int]
    hours: str
    away: Sequence[str]
    edge_at: datetime | None
    zone: str
    hand_back: HandBack
    seen_at: datetime | None


async def agent(work: Work, by: Who, whom: Who) -> Shown:
    """One agent, for staff. Raises `UnknownAgent`."""
    await staff(work.session, by)
    found = await agent_meant(work.session, whom)
    await work.session.refresh(found, ["skills", "languages", "team"])
    plan = (await shifts.plans_of(work.session, [found.id])).get(found.id, shifts.Plan())
    zone = found.time_zone or "UTC"
    today = work.now.astimezone(ZoneInfo(zone)).date()
    return Shown(
        agent=found,
        holds=await assignment.held_by(work.session, found),
        hours=hours.in_words(plan.blocks),
        away=[
            f"{days.first} to {days.last}{f' ({why})' if why else ''}"
            for days, why in shifts.ahead(plan, today)
        ],
        edge_at=hours.next_edge(plan.blocks, plan.away, ZoneInfo(zone), work.now),
        zone=zone,
        hand_back=handing_back.policy_of(work, found),
        seen_at=await presence.last_sign(work, found),
    )


async def stuck(work: Work, by: Who) -> Sequence[Ticket]:
    """Tickets that are an offline agent's to answer, the longest untouched first; for leads."""
    await staff(work.session, by, at_least=Role.LEAD)
    wanted = (
        select(Ticket)
        .join(Assignment, Assignment.ticket_id == Ticket.id)
        .join(Agent, Agent.id == Assignment.agent_id)
        .where(
            Assignment.ended_at.is_(None),
            Ticket.status == Status.OPEN,
            Agent.availability == Availability.OFFLINE,
        )
        .order_by(Ticket.updated_at, Ticket.id)
        .limit(STUCK_AT_MOST)
        .options(*WITH_PEOPLE)
    )
    return (await work.session.scalars(wanted)).all()
