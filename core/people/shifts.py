"""Shifts: the working hours and days off of agents, as rows; and when their next edge is."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.errors import Forbidden, Invalid
from core.events import AgentEdited
from core.model import Agent, DaysOff, Role, WorkingHours
from core.people import hours
from core.people.actors import acting, agent_meant
from core.people.hours import Away, Block
from core.policy import HandBack
from core.routing import assignment
from core.storage.text import clean
from core.work import Work

NONE = ("none", "-")
LONGEST_WHY = 100
MOST_DAYS_OFF = 50
FARTHEST = timedelta(days=730)
AWAY_EXAMPLE = "/agent away @ana 2026-12-24..2026-12-31 holiday"
_DAYS = re.compile(r"(\S+?)(?:\s*\.\.\s*(\S+))?(?:\s+(.*))?", re.DOTALL)


class NotYourHours(Forbidden):
    """Agents plan for themselves, leads for everybody."""

    def __init__(self) -> None:
        super().__init__("You can change your own hours and days off; a lead can for everybody.")


class BadDays(Invalid):
    """What was written are no days off."""

    def __init__(self, said: str, why: str) -> None:
        super().__init__(f"“{said.strip()[:40]}”: {why} For example: {AWAY_EXAMPLE}")


@dataclass(frozen=True)
class Plan:
    """When an agent works: their hours, and the days on which they do not."""

    blocks: tuple[Block, ...] = ()
    away: tuple[Away, ...] = ()
    reasons: tuple[str, ...] = ()  # of the days off, in their order

    def why_not(self, today: date) -> str:
        """Why somebody is not at work."""
        for days, reason in zip(self.away, self.reasons, strict=True):
            if days.first <= today <= days.last:
                return f"days off: {reason}" if reason else "days off"
        return "working hours have ended"


async def set_hours(work: Work, by: Who, whom: Who, text: str) -> tuple[Agent, Plan]:
    """Say when an agent works, in words such as ``mon-fri 9-12,13-17``, or ``none``.

    Outside of the new hours they are offline with the next sweep; within them they stay as they are
    until the next edge. Raises `BadHours`, `UnknownAgent`, `NotYourHours`.
    """
    agent = await _planned(work, by, whom)
    said = clean(text).strip()
    blocks = () if said.lower() in NONE else hours.read(said)
    await work.session.execute(delete(WorkingHours).where(WorkingHours.agent_id == agent.id))
    work.session.add_all(
        WorkingHours(agent_id=agent.id, weekday=each.weekday, begins=each.begins, ends=each.ends)
        for each in blocks
    )
    await work.session.flush()
    plan = await replan(work, agent)
    work.emit(AgentEdited(agent_id=agent.id, changes=f"hours {hours.in_words(blocks) or 'none'}"))
    return agent, plan


async def set_away(work: Work, by: Who, whom: Who, text: str) -> tuple[Agent, Plan]:
    """Say on which days an agent is off: ``2026-12-24..2026-12-31 holiday``; ``none`` forgets those that
    are not over. Raises `BadDays`, `UnknownAgent`, `NotYourHours`."""
    agent = await _planned(work, by, whom)
    said = clean(text).strip()
    today = work.now.astimezone(ZoneInfo(agent.time_zone or "UTC")).date()
    if said.lower() in NONE:
        ahead = DaysOff.agent_id == agent.id, DaysOff.last >= today
        await work.session.execute(delete(DaysOff).where(*ahead))
        changes = "days off none"
    else:
        days, why = read_days(said, today)
        plan = (await plans_of(work.session, [agent.id])).get(agent.id, Plan())
        if len(plan.away) >= MOST_DAYS_OFF:
            raise BadDays(said, f"{MOST_DAYS_OFF} times off are planned already.")
        if any(each.first <= days.last and days.first <= each.last for each in plan.away):
            raise BadDays(
                said, f"some of it is off already. /agent away {whom.user} none clears it."
            )
        work.session.add(DaysOff(agent_id=agent.id, first=days.first, last=days.last, why=why))
        changes = f"days off {days.first} to {days.last}"
    await work.session.flush()
    plan = await replan(work, agent)
    work.emit(AgentEdited(agent_id=agent.id, changes=changes))
    return agent, plan


async def set_hand_back(work: Work, by: Who, whom: Who, policy: HandBack | None) -> Agent:
    """Say what becomes of an agent's tickets when they go offline; None is as the desk does.

    Raises `UnknownAgent`, `RoleTooLow`.
    """
    await acting(work, by, at_least=Role.LEAD)
    agent = await assignment.lock(work.session, await agent_meant(work.session, whom))
    if agent.hand_back is not policy:
        agent.hand_back = policy
        said = policy.value if policy else "as the desk"
        work.emit(AgentEdited(agent_id=agent.id, changes=f"handing back {said}"))
    return agent


def read_days(said: str, today: date) -> tuple[Away, str]:
    """Days off, with the reason, of ``2026-12-24..2026-12-31 holiday``. Raises `BadDays`."""
    found = _DAYS.fullmatch(said)
    if found is None:
        raise BadDays(said or "…", "say the days.")
    first = _day(found[1])
    last = _day(found[2]) if found[2] else first
    why = " ".join((found[3] or "").split())
    if last < first:
        raise BadDays(said, "the last day is before the first.")
    if last < today:
        raise BadDays(said, "that has passed.")
    if last - today > FARTHEST:
        raise BadDays(said, "that is more than two years away.")
    if len(why) > LONGEST_WHY:
        raise BadDays(why, f"a reason has {LONGEST_WHY} characters at most.")
    return Away(first, last), why


async def replan(work: Work, agent: Agent) -> Plan:
    """Find the next edge of an agent (locked) anew; outside of their hours that is now."""
    plan = (await plans_of(work.session, [agent.id])).get(agent.id, Plan())
    zone = ZoneInfo(agent.time_zone or "UTC")
    if hours.at_work(plan.blocks, plan.away, zone, work.now):
        agent.edge_at = hours.next_edge(plan.blocks, plan.away, zone, work.now)
    else:
        agent.edge_at = work.now
    await work.session.flush()
    return plan


async def plans_of(session: AsyncSession, agents: Collection[int]) -> Mapping[int, Plan]:
    """The plans of these agents, by id; who has none is left out."""
    wanted = sorted(agents)
    blocks: dict[int, list[Block]] = {}
    rows = select(WorkingHours).where(WorkingHours.agent_id.in_(wanted))
    for row in await session.scalars(rows.order_by(WorkingHours.weekday, WorkingHours.begins)):
        blocks.setdefault(row.agent_id, []).append(Block(row.weekday, row.begins, row.ends))
    away: dict[int, list[DaysOff]] = {}
    off = select(DaysOff).where(DaysOff.agent_id.in_(wanted)).order_by(DaysOff.first, DaysOff.id)
    for each in await session.scalars(off):
        away.setdefault(each.agent_id, []).append(each)
    return {
        agent: Plan(
            tuple(blocks.get(agent, ())),
            tuple(Away(each.first, each.last) for each in away.get(agent, ())),
            tuple(each.why for each in away.get(agent, ())),
        )
        for agent in {*blocks, *away}
    }


async def _planned(work: Work, by: Who, whom: Who) -> Agent:
    actor = await acting(work, by)
    agent = await agent_meant(work.session, whom)
    if actor.role < Role.LEAD and (actor.agent is None or actor.agent.id != agent.id):
        raise NotYourHours
    return await assignment.lock(work.session, agent)


def _day(text: str) -> date:
    try:
        if len(text) != len("2026-12-24"):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise BadDays(text, "that is no day. Write it as 2026-12-24.") from None


def ahead(plan: Plan, today: date) -> Sequence[tuple[Away, str]]:
    """The days off that are not over."""
    return [
        (days, why) for days, why in zip(plan.away, plan.reasons, strict=True) if days.last >= today
    ]
