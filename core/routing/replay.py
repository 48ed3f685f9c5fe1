"""The desk's own past as days to simulate: what came when, who there is, and how long it took."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from core.errors import Invalid, NotFound
from core.model import Agent, Assignment, Ending, Ticket
from core.model.routing import TrackRecord
from core.model.shift import WorkingHours
from core.model.sla import Target, TargetKind
from core.routing.day import SLOWER, USUAL, Arrival, Day, Hours, Worker
from core.routing.record import NOTHING, Record, expected_minutes
from core.routing.signals import Seeker, Taker
from core.work import Work

LONGEST = 60  # days
MOST = 50_000  # tickets
AFTER = 3  # days on which what is left over is served, before it counts as never taken up
SIZES = (0.1, 6.0)

Rows = Mapping[str, Any]


async def past(work: Work, days: int) -> dict[str, Any]:
    """The tickets of the last days and everybody on the roster, as rows that can be sent on.

    Raises `Invalid` for more days than can be played, and `NotFound` where nothing came.
    """
    if not 1 <= days <= LONGEST:
        raise Invalid(f"From 1 to {LONGEST} days are played again, not {days}.")
    tickets = await _tickets(work.session, work.now - timedelta(days=days))
    if not tickets:
        raise NotFound(
            f"No ticket came in the last {days} days. Without --replay a day is generated."
        )
    return {"tickets": tickets, "agents": await _agents(work.session)}


async def _tickets(session: AsyncSession, since: datetime) -> list[dict[str, Any]]:
    promised = (Target.ticket_id == Ticket.id) & (Target.kind == TargetKind.FIRST_RESPONSE)
    solved = (Assignment.ticket_id == Ticket.id) & (Assignment.ending == Ending.RESOLVED)
    came = (
        select(Ticket, Target.due_at, Assignment.started_at, Assignment.ended_at)
        .outerjoin(Target, promised)
        .outerjoin(Assignment, solved)
        .where(Ticket.created_at >= since)
        .order_by(Ticket.created_at, Ticket.id)
        .limit(MOST)
    )
    rows: dict[int, dict[str, Any]] = {}
    for ticket, due, started, ended in await session.execute(came):
        row = rows.setdefault(ticket.id, _ticket(ticket, due))
        if ended is not None:
            row["minutes"] = (row["minutes"] or 0.0) + (ended - started) / timedelta(minutes=1)
    return list(rows.values())


def _ticket(ticket: Ticket, due: datetime | None) -> dict[str, Any]:
    return {
        "number": ticket.id,
        "at": ticket.created_at.isoformat(),
        "due": due.isoformat() if due else None,
        "priority": int(ticket.priority),
        "category": ticket.category,
        "skill": ticket.skill,
        "language": ticket.language,
        "team": ticket.team_id,
        "tier": ticket.tier,
        "complexity": ticket.complexity,
        "customer": ticket.customer_id,
        "minutes": None,
    }


async def _agents(session: AsyncSession) -> list[dict[str, Any]]:
    there = (
        select(Agent)
        .where(Agent.removed_at.is_(None))
        .order_by(Agent.id)
        .options(selectinload(Agent.skills), selectinload(Agent.languages))
    )
    agents: dict[int, dict[str, Any]] = {
        agent.id: {
            "number": agent.id,
            "name": agent.name,
            "skills": {skill.name: skill.level for skill in agent.skills},
            "languages": {language.code: language.level for language in agent.languages},
            "team": agent.team_id,
            "tier": agent.tier,
            "capacity": agent.capacity,
            "zone": agent.time_zone,
            "hours": [],
            "records": {},
        }
        for agent in await session.scalars(there)
    }
    for block in await session.scalars(select(WorkingHours)):
        if block.agent_id in agents:
            agents[block.agent_id]["hours"].append([block.weekday, block.begins, block.ends])
    for kept in await session.scalars(select(TrackRecord)):
        if kept.agent_id in agents:
            sums = [kept.resolved, kept.minutes, kept.answered, kept.score]
            agents[kept.agent_id]["records"][kept.category] = sums
    return list(agents.values())


def days_of(rows: Rows) -> list[Day]:
    """A day to simulate for each date (UTC) on which a ticket came. Each begins with an empty queue.

    Who has no working hours is there all day. A ticket that was never resolved is of the usual size.
    What no agent on the roster can do is asked of anybody, as on the desk.
    """
    agents: Sequence[Rows] = rows["agents"]
    arrivals = [_arrival(row, agents) for row in rows["tickets"]]
    asked = max(1, len(arrivals))
    skills = Counter(each.seeker.skill for each in arrivals if each.seeker.skill)
    languages = Counter(each.seeker.language for each in arrivals if each.seeker.language)
    return [
        Day(
            arrivals=[each for each in arrivals if each.at.date() == on],
            workers=_workers(agents, on),
            opens=_midnight(on),
            closes=_midnight(on + timedelta(days=1)),
            wanted_skills={name: count / asked for name, count in skills.items()},
            wanted_languages={code: count / asked for code, count in languages.items()},
        )
        for on in sorted({each.at.date() for each in arrivals})
    ]


def _arrival(row: Rows, agents: Sequence[Rows]) -> Arrival:
    skilled = any(row["skill"] in agent["skills"] for agent in agents)
    spoken = any(row["language"] in agent["languages"] for agent in agents)
    seeker = Seeker(
        number=row["number"],
        priority=row["priority"],
        waiting_since=datetime.fromisoformat(row["at"]).astimezone(UTC),
        due_at=datetime.fromisoformat(row["due"]).astimezone(UTC) if row["due"] else None,
        category=row["category"],
        skill=row["skill"] if skilled else None,
        language=row["language"] if spoken else "",
        team=row["team"] if any(row["team"] == agent["team"] for agent in agents) else None,
        tier=min(row["tier"], max((agent["tier"] for agent in agents), default=1)),
        complexity=row["complexity"],
        customer=row["customer"],
    )
    low, high = SIZES
    size = 1.0 if row["minutes"] is None else min(high, max(low, row["minutes"] / USUAL))
    return Arrival(seeker=seeker, size=size)


def _workers(agents: Sequence[Rows], on: date) -> list[Worker]:
    own = {agent["number"]: _records(agent) for agent in agents}
    desk: dict[str, Record] = {}
    for records in own.values():
        for category, record in records.items():
            desk[category] = desk.get(category, NOTHING).added(record)
    return [
        Worker(
            taker=Taker(
                number=agent["number"],
                name=agent["name"],
                idle_since=_midnight(on),
                skills=agent["skills"],
                languages=agent["languages"],
                team=agent["team"],
                tier=agent["tier"],
                capacity=agent["capacity"],
                records=own[agent["number"]],
            ),
            hours=_hours(agent, on),
            pace={
                category: expected_minutes(record, desk[category])
                / max(1e-9, desk[category].mean_minutes)
                / SLOWER.get(agent["skills"].get(category, 2), 1.0)
                for category, record in own[agent["number"]].items()
            },
        )
        for agent in agents
    ]


def _records(agent: Rows) -> dict[str, Record]:
    return {
        category: Record(cases=cases, minutes=minutes, rated=rated, csat=csat)
        for category, (cases, minutes, rated, csat) in agent["records"].items()
    }


def _hours(agent: Rows, on: date) -> Hours:
    """When somebody is on duty on a date, and on a few after it."""
    if not agent["hours"]:
        return [(_midnight(on), _midnight(on + timedelta(days=1 + AFTER)))]
    zone = ZoneInfo(agent["zone"] or "UTC")
    spans = []
    for ahead in range(-1, 1 + AFTER):
        local = datetime.combine(on + timedelta(days=ahead), time(), zone)
        for weekday, begins, ends in agent["hours"]:
            if weekday == local.weekday():
                start, end = (
                    (local + timedelta(minutes=minute)).astimezone(UTC) for minute in (begins, ends)
                )
                spans.append((max(start, _midnight(on)), end))
    return sorted(span for span in spans if span[0] < span[1])


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)
