"""On call: a weekly rota with its exceptions, set by leads, swapped by those whose turn it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.errors import Forbidden, Invalid, NotFound
from core.events import CoverMade, CoverRemoved, RotaSet
from core.model import Agent, Cover, Role, Rota
from core.people import rota, shifts
from core.people.actors import acting, agent_meant, staff
from core.people.hours import DAYS, FULL
from core.people.rota import Duty, Gap, Stand, Turns
from core.people.wall_clock import instant
from core.storage.serial import serialise
from core.storage.text import clean
from core.work import Work

PEOPLE_AT_MOST = 50
COVERS_AT_MOST = 100
LONGEST_COVER = timedelta(days=60)
FARTHEST = timedelta(days=366)
WEEKS_SHOWN = range(1, 53)
_AT = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{1,2}(?::[0-9]{2})?))?")


class NoRota(NotFound):
    """There is no rota yet."""

    def __init__(self) -> None:
        super().__init__("There is no rota yet. A lead makes one: /oncall set @ana,@bo day:monday")


class NoSuchCover(NotFound):
    """Nothing that is still ahead has this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no cover {number} ahead. /oncall show lists them.")


class NotYourTurn(Forbidden):
    """Agents swap their own weeks."""

    def __init__(self) -> None:
        super().__init__("You can swap your own week with somebody's; a lead can for everybody.")


@dataclass(frozen=True, kw_only=True)
class OnCall:
    """Who is on call: the ``duties`` from now on, the ``covers`` that are ahead, the ``gaps``, and the
    names of everybody in them. ``now`` is None where nobody is, or who is cannot be had."""

    now: Duty | None
    duties: Sequence[Duty]
    covers: Sequence[Stand]
    gaps: Sequence[Gap]
    names: dict[int, str]
    zone: str


async def set_rota(
    work: Work, by: Who, people: Sequence[Who], *, day: str = "", at: str = "", zone: str = ""
) -> OnCall:
    """Say who is on call in turn, a week each, beginning with the week that runs now.

    ``day`` and ``at`` are the hand-over (Monday at 9), in ``zone`` (that of whoever sets it). Raises
    `Invalid`, `UnknownAgent`, `RoleTooLow`.
    """
    actor = await acting(work, by, at_least=Role.LEAD)
    weekday, minute = _weekday(day or "monday"), _minute(at or "9")
    zone = zone or (actor.agent.time_zone if actor.agent else "") or "UTC"
    if zone not in available_timezones():
        raise Invalid(f"“{clean(zone)[:60]}” is no time zone. One is Europe/Berlin.")
    if not 0 < len(people) <= PEOPLE_AT_MOST:
        raise Invalid(f"Name 1 to {PEOPLE_AT_MOST} people: /oncall set @ana,@bo day:monday at:9")
    agents = [await agent_meant(work.session, each) for each in people]
    ids = [agent.id for agent in agents]
    if len(set(ids)) < len(ids):
        raise Invalid("Somebody is in it twice. Each has one turn: /oncall set @ana,@bo,@cy")
    turns = Turns(tuple(ids), weekday, minute, zone, work.now.date())
    made = Rota(
        people=ids,
        weekday=weekday,
        minute=minute,
        zone=zone,
        anchor=rota.hand_over(turns, work.now),
        set_at=work.now,
    )
    work.session.add(made)
    await work.session.flush()
    names = ", ".join(agent.name for agent in agents)
    work.emit(RotaSet(rota_id=made.id, people=names))
    return await on_call(work, by)


async def cover(work: Work, by: Who, whom: Who, begin: str, end: str) -> OnCall:
    """Put somebody on call from one moment until another, such as ``2026-12-24 18:00``, in the rota's
    zone. Raises `Invalid`, `UnknownAgent`, `RoleTooLow`."""
    await acting(work, by, at_least=Role.LEAD)
    agent = await agent_meant(work.session, whom)
    turns = await _turns(work.session)
    zone = ZoneInfo(turns.zone if turns else "UTC")
    begins, ends = _moment(begin, zone), _moment(end, zone)
    if ends <= begins:
        raise Invalid("That ends before it begins. Say from: first, then to:.")
    if ends <= work.now:
        raise Invalid("That has passed. Say a time that is still to come.")
    if ends - begins > LONGEST_COVER:
        raise Invalid("That is longer than 60 days. /oncall set changes the rota itself.")
    if ends - work.now > FARTHEST:
        raise Invalid("That is more than a year away.")
    await _make(work, agent.id, begins, ends)
    return await on_call(work, by)


async def swap(work: Work, by: Who, one: Who, other: Who) -> OnCall:
    """Swap the next week of one with the next of another; the week that runs now counts from now on.

    Raises `NoRota`, `NotYourTurn`, `Invalid`, `UnknownAgent`.
    """
    actor = await acting(work, by)
    first, second = [await agent_meant(work.session, each) for each in (one, other)]
    mine = actor.agent is not None and actor.agent.id in {first.id, second.id}
    if actor.role < Role.LEAD and not mine:
        raise NotYourTurn
    if first.id == second.id:
        raise Invalid("Name two people: /oncall swap @ana @bo")
    turns = await _turns(work.session)
    if turns is None:
        raise NoRota
    for agent, instead in ((first, second), (second, first)):
        week = rota.next_turn(turns, agent.id, work.now)
        if week is None:
            raise Invalid(f"{agent.name} has no turn in the rota. /oncall show says who has.")
        await _make(work, instead.id, max(week.begins, work.now), week.ends)
    return await on_call(work, by)


async def remove(work: Work, by: Who, number: int) -> OnCall:
    """Take back a cover that is not over, by its number. Raises `NoSuchCover`, `RoleTooLow`."""
    await acting(work, by, at_least=Role.LEAD)
    ahead = select(Cover).where(
        Cover.id == number, Cover.ends_at > work.now, Cover.removed_at.is_(None)
    )
    found = (await work.session.scalars(ahead.with_for_update())).one_or_none()
    if found is None:
        raise NoSuchCover(number)
    found.removed_at = work.now
    work.emit(CoverRemoved(cover_id=found.id, agent_id=found.agent_id))
    await work.session.flush()
    return await on_call(work, by)


async def on_call(work: Work, by: Who, *, weeks: int = 4) -> OnCall:
    """Who is on call now and in the next weeks, and where nobody is; for staff. Raises `Invalid`."""
    await staff(work.session, by)
    if weeks not in WEEKS_SHOWN:
        raise Invalid("Say for how many weeks, from 1 to 52: /oncall show weeks:4")
    turns, stands = await _turns(work.session), await _stands(work)
    ahead = rota.duties(turns, stands, work.now, work.now + weeks * rota.WEEK)
    names, holes = await _holes(work, ahead)
    now = ahead[0] if ahead and ahead[0].begins <= work.now else None
    if any(gap.begins <= work.now < gap.ends for gap in holes):
        now = None
    return OnCall(
        now=now,
        duties=ahead,
        covers=stands,
        gaps=holes,
        names=names,
        zone=turns.zone if turns else "UTC",
    )


async def whoever_is(work: Work) -> Agent | None:
    """The agent who is on call at this moment; None where nobody is, or who is cannot be had."""
    duty = rota.on_call(await _turns(work.session), await _stands(work), work.now)
    if duty is None:
        return None
    _, holes = await _holes(work, [duty])
    if any(gap.begins <= work.now < gap.ends for gap in holes):
        return None
    return await work.session.get_one(Agent, duty.agent)


async def _make(work: Work, agent: int, begins: datetime, ends: datetime) -> None:
    await serialise(work.session, "covers")
    if len(await _stands(work)) >= COVERS_AT_MOST:
        raise Invalid(f"{COVERS_AT_MOST} covers are ahead already. /oncall remove takes one back.")
    made = Cover(agent_id=agent, begins_at=begins, ends_at=ends, made_at=work.now)
    work.session.add(made)
    await work.session.flush()
    work.emit(
        CoverMade(
            cover_id=made.id, agent_id=agent, begins=begins.isoformat(), ends=ends.isoformat()
        )
    )


async def _turns(session: AsyncSession) -> Turns | None:
    last = (await session.scalars(select(Rota).order_by(Rota.id.desc()).limit(1))).first()
    if last is None:
        return None
    return Turns(tuple(last.people), last.weekday, last.minute, last.zone, last.anchor)


async def _stands(work: Work) -> list[Stand]:
    ahead = select(Cover).where(Cover.removed_at.is_(None), Cover.ends_at > work.now)
    return [
        Stand(each.id, each.agent_id, each.begins_at, each.ends_at)
        for each in await work.session.scalars(ahead.order_by(Cover.id))
    ]


async def _holes(work: Work, ahead: Sequence[Duty]) -> tuple[dict[int, str], list[Gap]]:
    ids = {each.agent for each in ahead}
    agents = (await work.session.scalars(select(Agent).where(Agent.id.in_(sorted(ids))))).all()
    plans = await shifts.plans_of(work.session, ids)
    names = {each.id: each.name for each in agents}
    return names, rota.gaps(
        ahead,
        gone={each.id: each.name for each in agents if each.removed_at is not None},
        away={
            each.id: (plans[each.id].away, ZoneInfo(each.time_zone or "UTC"))
            for each in agents
            if each.id in plans
        },
    )


def _weekday(said: str) -> int:
    word = clean(said).strip().lower()
    for number in range(7):
        if len(word) >= 3 and FULL[number].startswith(word):
            return number
    raise Invalid(f"“{word[:40]}” is no day. Days are {', '.join(DAYS)}: /oncall set @ana day:mon")


def _minute(said: str) -> int:
    found = _AT.fullmatch(said.strip())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Invalid(f"“{clean(said)[:40]}” is no time of day. Write at:9 or at:17:30.")
    return int(found[1]) * 60 + int(found[2] or 0)


def _moment(said: str, zone: ZoneInfo) -> datetime:
    found = _MOMENT.fullmatch(clean(said).strip())
    try:
        if found is None:
            raise ValueError
        day = datetime.fromisoformat(found[1]).date()
        return instant(day, _minute(found[2] or "0"), zone)
    except (ValueError, OverflowError, Invalid):
        raise Invalid(
            f"“{clean(said)[:40]}” is no moment. Write 2026-12-24T18:00, or 2026-12-24 for its midnight."
        ) from None
