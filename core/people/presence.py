"""Presence: who is available and gives no sign of life is asked, and then on break."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from core.channels import Who
from core.events import AgentWentQuiet
from core.model import Agent, Availability, Presence, SetBy
from core.people import availability, signs
from core.people.actors import PROGRAM, actor, agent_acting
from core.routing import assignment
from core.work import Work

SWEPT_AT_ONCE = 100
BACK = "there again"


async def seen(work: Work, by: Who) -> None:
    """Somebody did something: a sign of life, if they are an agent."""
    found = await actor(work.session, by)
    if found.agent is not None and by.channel != PROGRAM:
        work.actor = found.label
        await signs.keep(work, found.agent)
        await _come_back(work, found.agent)


async def here(work: Work, by: Who) -> Agent:
    """An agent says that they are there; who was put on break for silence is available again."""
    _, agent = await agent_acting(work, by)
    await signs.keep(work, agent)
    return await _come_back(work, agent)


async def watch(work: Work) -> Sequence[int]:
    """The sweep over presence: ask who is quiet, put on break who stays so, bring back who is not.

    Nobody is put on break without having been asked. Returns the ids of those to whom something
    happened.
    """
    policy = work.house.policy
    if not policy.presence:
        return []
    work.actor = "sweep: presence"
    back = await _claimed(
        work,
        Agent.availability == Availability.ON_BREAK,
        Agent.availability_by == SetBy.PRESENCE,
        Presence.seen_at > Agent.availability_since,
    )
    for agent in back:
        await availability.put(work, agent, Availability.AVAILABLE, by=SetBy.PRESENCE, why=BACK)
    available = Agent.availability == Availability.AVAILABLE
    began = func.coalesce(Agent.availability_since, Agent.idle_since)
    asked = Presence.warned_at > began, Presence.warned_at <= work.now - policy.presence_grace
    gone = await _claimed(work, available, *asked)
    for agent in gone:
        why = f"no sign for {_minutes(policy.presence + policy.presence_grace)}"
        await availability.put(work, agent, Availability.ON_BREAK, by=SetBy.PRESENCE, why=why)
    not_asked = or_(Presence.warned_at.is_(None), Presence.warned_at <= began)
    quiet = await _claimed(work, available, _last_sign() <= work.now - policy.presence, not_asked)
    for agent in quiet:
        await _ask(work, agent)
    if back:
        await work.session.flush()
        await assignment.assign_waiting(work)
    return [agent.id for agent in (*back, *gone, *quiet)]


async def last_sign(work: Work, agent: Agent) -> datetime | None:
    """When an agent was seen last, as far as anybody looked."""
    known = await work.session.get(Presence, agent.id)
    return known.seen_at if known else None


async def _come_back(work: Work, agent: Agent) -> Agent:
    """Who was put on break for silence, and for nothing else, is available again."""
    if agent.availability_by is not SetBy.PRESENCE:
        return agent
    agent = await assignment.lock(work.session, agent)
    is_quiet = agent.availability is Availability.ON_BREAK
    if agent.availability_by is SetBy.PRESENCE and is_quiet:
        await availability.put(work, agent, Availability.AVAILABLE, by=SetBy.PRESENCE, why=BACK)
        await assignment.assign_waiting(work)
    return agent


async def _ask(work: Work, agent: Agent) -> None:
    known = await work.session.get(Presence, agent.id, populate_existing=True)
    if known is None:
        known = Presence(agent_id=agent.id, seen_at=agent.availability_since or agent.idle_since)
        work.session.add(known)
    known.warned_at = work.now
    quiet = work.now - max(known.seen_at, agent.availability_since or known.seen_at)
    work.emit(AgentWentQuiet(agent_id=agent.id, minutes=round(quiet.total_seconds() / 60)))
    await work.session.flush()


def _last_sign() -> ColumnElement[datetime]:
    """The last thing known of them; becoming available is a sign, too."""
    began = func.coalesce(Agent.availability_since, Agent.idle_since)
    return func.coalesce(
        # The larger of two, in words that both databases know.
        select(func.max(Presence.seen_at))
        .where(Presence.agent_id == Agent.id, Presence.seen_at > began)
        .correlate(Agent)
        .scalar_subquery(),
        began,
    )


async def _claimed(work: Work, *conditions: ColumnElement[bool]) -> Sequence[Agent]:
    found = (
        select(Agent)
        .outerjoin(Presence, Presence.agent_id == Agent.id)
        .where(Agent.removed_at.is_(None), *conditions)
        .order_by(Agent.id)
        .limit(SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True, of=Agent)
        .execution_options(populate_existing=True)
    )
    return (await work.session.scalars(found)).all()


def _minutes(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return f"{minutes} minute{'s' * (minutes != 1)}"
