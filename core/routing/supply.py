"""What the desk as a whole has, looked at once a minute: how rare an ability is, and which needs
nobody meets. A process that changes the roster looks again at once; others do within the minute."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.model import Agent, Availability, Language, Skill, Ticket, TrackRecord
from core.routing.needs import Needs, Step, insisted
from core.routing.record import Record
from core.routing.signals import Supply

GOOD_FOR = timedelta(minutes=1)
LATELY = 1_000  # tickets, whose wishes stand for those to come
ENOUGH = 100  # tickets before their wishes are counted at all


@dataclass(frozen=True)
class Seen:
    """A look at the roster: when it was, what there is, and what was relaxed since."""

    at: datetime
    supply: Supply
    relaxed: dict[Needs, Sequence[Step]] = field(default_factory=dict)


_seen: WeakKeyDictionary[Any, Seen] = WeakKeyDictionary()


async def look(session: AsyncSession, now: datetime) -> Seen:
    """The roster as it was at most a minute ago."""
    engine = session.get_bind()
    seen = _seen.get(engine)
    if seen is None or not seen.at <= now < seen.at + GOOD_FOR:
        seen = _seen[engine] = Seen(now, await _count(session))
    return seen


async def relaxed(session: AsyncSession, seen: Seen, needs: Needs) -> Sequence[Step]:
    """`insisted`, asked once for the same needs."""
    if needs not in seen.relaxed:
        seen.relaxed[needs] = await insisted(session, needs)
    return seen.relaxed[needs]


def forget(session: AsyncSession) -> None:
    """Look again next time: somebody came, left, or learned something."""
    _seen.pop(session.get_bind(), None)


_ON_DUTY = (Agent.removed_at.is_(None), Agent.availability != Availability.OFFLINE)
_UNSTATED = select(func.count(Agent.id)).where(*_ON_DUTY, Agent.tongues == 0)


async def _count(session: AsyncSession) -> Supply:
    lately = (
        select(Ticket.skill, Ticket.language).order_by(Ticket.id.desc()).limit(LATELY).subquery()
    )
    return Supply(
        agents=await session.scalar(select(func.count(Agent.id)).where(*_ON_DUTY)) or 0,
        skills=await _having(session, Skill, Skill.name),
        languages=await _having(session, Language, Language.code),
        unstated=await session.scalar(_UNSTATED) or 0,
        wanted_skills=await _wanted(session, lately.c.skill),
        wanted_languages=await _wanted(session, lately.c.language),
        records=await _records(session),
    )


async def _having(session: AsyncSession, kind: Any, name: Any) -> dict[str, int]:
    counted = (
        select(name, func.count())
        .select_from(kind)
        .join(Agent, Agent.id == kind.agent_id)
        .where(*_ON_DUTY)
        .group_by(name)
    )
    return {row[0]: row[1] for row in await session.execute(counted)}


async def _wanted(session: AsyncSession, name: Any) -> dict[str, float]:
    """What share of the latest tickets asks for each; nothing while there are too few to tell."""
    counted = select(name, func.count()).group_by(name)
    found = {row[0]: row[1] for row in await session.execute(counted)}
    total = sum(found.values())
    return {key: count / total for key, count in found.items() if key and total >= ENOUGH}


async def _records(session: AsyncSession) -> dict[str, Record]:
    sums = select(
        TrackRecord.category,
        func.sum(TrackRecord.resolved),
        func.sum(TrackRecord.minutes),
        func.sum(TrackRecord.answered),
        func.sum(TrackRecord.score),
    ).group_by(TrackRecord.category)
    return {
        row[0]: Record(cases=row[1], minutes=row[2], rated=row[3], csat=row[4])
        for row in await session.execute(sums)
    }
