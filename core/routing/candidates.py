"""Candidates: the few agents with room who may be best for a ticket, found by indexes alone.

However many agents there are, only the first few of each order are read: the best in the skill or the
language, those who hold least and are idle longest, who has the skill that is wished for, and who
helped the customer before. Which of them it is, is a matter of the score.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from core.model import LIVE, Agent, Customer, Language, Skill, Ticket, TrackRecord
from core.routing.needs import Needs, met
from core.routing.record import Record
from core.routing.signals import Taker
from core.storage.base import Moment
from core.storage.room import HAS_ROOM

OF_EACH = 5  # of each level of a skill or language
OF_ALL = 10  # where no skill or language is asked for
FEW = 20  # with room on the desk: then all of them are candidates
KNOWN = 3  # tickets of a customer, the latest: whoever had one of them knows the customer
LEVELS = (3, 2, 1)


async def candidates(
    session: AsyncSession,
    needs: Needs,
    customers: Collection[int],
    *,
    wish: str = "",
    now: datetime,
) -> dict[int, Taker]:
    """The few with room who meet the needs, by number, without what `with_facts` adds; among them some
    with the skill that is wished for, if there are any."""
    shape = (needs.skill is not None, needs.team is not None, bool(needs.language), needs.tier > 1)
    values = {**needs.values(), "customers": sorted(customers), "wish": wish, "now": now}
    return _as_takers(await session.execute(_probe(*shape, bool(wish)), values))


async def takers(
    session: AsyncSession, agents: Collection[int], *, now: datetime
) -> dict[int, Taker]:
    """These agents, as far as they have room."""
    if not agents:
        return {}
    return _as_takers(await session.execute(_THESE, {"ids": sorted(agents), "now": now}))


async def some_with_room(session: AsyncSession, *, now: datetime) -> dict[int, Taker]:
    """A few who could take a ticket at all: those who hold least, of the lower tiers first."""
    return _as_takers(await session.execute(_SOME, {"now": now}))


async def with_facts(
    session: AsyncSession,
    found: Collection[Taker],
    *,
    categories: Collection[str],
    customers: Collection[int],
) -> Sequence[Taker]:
    """The same with their skills, languages, records in the categories, and whom they know."""
    facts: dict[int, dict[str, dict[Any, Any]]] = {
        each.number: {"skill": {}, "language": {}, "record": {}, "knows": {}} for each in found
    }
    values = {
        "ids": sorted(facts),
        "categories": sorted(categories),
        "customers": sorted(customers),
    }
    for row in await session.execute(_FACTS, values):
        kind = facts[row.agent_id][row.kind]
        if row.kind == "record":
            kind[row.name] = Record(
                cases=row.number, minutes=row.minutes, rated=row.answered, csat=row.score
            )
        else:
            kind[row.number if row.kind == "knows" else row.name] = row.number
    return [
        replace(
            each,
            skills=facts[each.number]["skill"],
            languages=facts[each.number]["language"],
            records=facts[each.number]["record"],
            knows=frozenset(facts[each.number]["knows"]),
        )
        for each in sorted(found, key=lambda taker: taker.number)
    ]


def _as_takers(rows: Any) -> dict[int, Taker]:
    return {row.number: Taker(**row._mapping) for row in rows}


_NEXT_DUE = (
    select(func.min(Ticket.due_at))
    .where(
        Ticket.assignee_id == Agent.id,
        Ticket.due_at.is_not(None),
        Ticket.due_at > bindparam("now", type_=Moment),  # what is late already holds nobody back
        Ticket.status.in_(sorted(LIVE)),
    )
    .correlate(Agent)
    .scalar_subquery()
)
_TAKER = select(
    Agent.id.label("number"),
    Agent.name,
    Agent.idle_since,
    Agent.team_id.label("team"),
    Agent.tier,
    Agent.held,
    Agent.capacity,
    _NEXT_DUE.label("risk_at"),
)
_HAS_ROOM = text(HAS_ROOM)
_THESE = _TAKER.where(Agent.id.in_(bindparam("ids", expanding=True)), _HAS_ROOM)
_LEAST_FIRST = (Agent.held, Agent.idle_since)  # as the indexes go, that nothing is sorted
_SOME = _TAKER.where(_HAS_ROOM).order_by(Agent.tier, *_LEAST_FIRST).limit(FEW)


@lru_cache
def _probe(skill: bool, team: bool, language: bool, tier: bool, wish: bool) -> Any:
    """The statement for needs of this shape, with a wish or without one."""
    shape = Needs(
        skill="" if skill else None,
        team=0 if team else None,
        language="?" if language else "",
        tier=2 if tier else 1,
    )
    besides = replace(shape, skill=None)  # what the order they are found in does not see to
    if not skill and not team:
        besides = replace(besides, language="")
    parts = [part.where(*met(besides)) for part in _first_few(shape)]
    parts.append(_who_knew().where(*met(shape)))
    if wish:
        wished = (_by_level(Skill, Skill.name == bindparam("wish"), level) for level in LEVELS)
        parts += [part.where(*met(shape)) for part in wished]
    ids = union_all(*(select(part.subquery().c.id) for part in parts))
    return _TAKER.where(Agent.id.in_(ids))


def _first_few(shape: Needs) -> list[Select[Any]]:
    if shape.skill is not None:
        return [_by_level(Skill, Skill.name == bindparam("skill"), level) for level in LEVELS]
    with_room = select(Agent.id).where(_HAS_ROOM)
    if shape.team is not None:
        return [with_room.order_by(Agent.team_id, *_LEAST_FIRST).limit(OF_ALL)]
    if shape.language:
        spoken = Language.code == bindparam("language")
        unstated = with_room.where(text("tongues = 0")).order_by(*_LEAST_FIRST).limit(OF_EACH)
        return [unstated, *(_by_level(Language, spoken, level) for level in LEVELS)]
    lowest = with_room.order_by(Agent.tier, *_LEAST_FIRST).limit(OF_ALL)
    above = with_room.where(Agent.tier > bindparam("tier"))
    return [lowest, above.order_by(Agent.tier, *_LEAST_FIRST).limit(OF_EACH)]


def _by_level(kind: Any, named: Any, level: int) -> Select[Any]:
    """The first few who have room and the ability at this level."""
    return (
        select(Agent.id)
        .join(kind, kind.agent_id == Agent.id)
        .where(named, kind.level == level, kind.free_since.is_not(None))
        .order_by(kind.held, kind.free_since)
        .limit(OF_EACH)
    )


def _had(nth: int) -> Any:
    """Who had the last ticket of a customer but ``nth``: one step in an index for each."""
    return (
        select(Ticket.assignee_id)
        .where(Ticket.customer_id == Customer.id, Ticket.assignee_id.is_not(None))
        .order_by(Ticket.id.desc())
        .offset(nth)
        .limit(1)
        .correlate(Customer)
        .scalar_subquery()
    )


_CUSTOMERS: Any = bindparam("customers", expanding=True)
_KNEW = union_all(
    *(
        select(Customer.id.label("customer_id"), _had(nth).label("agent_id")).where(
            Customer.id.in_(_CUSTOMERS)
        )
        for nth in range(KNOWN)
    )
).subquery()


def _who_knew() -> Select[Any]:
    """Those who had the latest tickets of the customers."""
    return select(Agent.id).where(Agent.id.in_(select(_KNEW.c.agent_id)), _HAS_ROOM).limit(OF_ALL)


_IDS: Any = bindparam("ids", expanding=True)


def _fact(kind: str, agent: Any, name: Any, number: Any, *rest: Any) -> Select[Any]:
    minutes, answered, score = rest or (literal(0.0), literal(0), literal(0))
    return select(
        literal(kind).label("kind"),
        agent.label("agent_id"),
        name.label("name"),
        number.label("number"),
        minutes.label("minutes"),
        answered.label("answered"),
        score.label("score"),
    )


_FACTS = union_all(
    _fact("skill", Skill.agent_id, Skill.name, Skill.level).where(Skill.agent_id.in_(_IDS)),
    _fact("language", Language.agent_id, Language.code, Language.level).where(
        Language.agent_id.in_(_IDS)
    ),
    _fact(
        "record",
        TrackRecord.agent_id,
        TrackRecord.category,
        TrackRecord.resolved,
        TrackRecord.minutes,
        TrackRecord.answered,
        TrackRecord.score,
    ).where(
        TrackRecord.agent_id.in_(_IDS),
        TrackRecord.category.in_(bindparam("categories", expanding=True)),
    ),
    _fact("knows", _KNEW.c.agent_id, literal(""), _KNEW.c.customer_id).where(
        _KNEW.c.agent_id.in_(_IDS)
    ),
)
