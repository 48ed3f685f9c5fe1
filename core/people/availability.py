"""Availability: whether agents take work, and what put them there: themselves, their hours, silence."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.channels import Who
from core.events import AvailabilityChanged
from core.model import Agent, Availability, SetBy
from core.people import handing_back, hours, shifts
from core.people.actors import agent_acting
from core.people.shifts import Plan
from core.routing import assignment
from core.work import Work

SWEPT_AT_ONCE = 100


async def set_availability(work: Work, by: Who, availability: Availability) -> Agent:
    """Say whether one takes new work; becoming available gets what waits at once.

    It holds until the next edge of one's working hours. Going offline hands tickets back by policy.
    """
    _, agent = await agent_acting(work, by)
    agent = await assignment.lock(work.session, agent)
    await put(work, agent, availability, by=SetBy.COMMAND)
    await assignment.assign_waiting(work)
    return agent


async def put(
    work: Work, agent: Agent, availability: Availability, *, by: SetBy, why: str = ""
) -> None:
    """Put an agent (locked) into an availability, with what did it; tickets are handed back."""
    is_new = agent.availability is not availability
    agent.availability_by, agent.availability_why = by, why[:120]
    if not is_new:
        return
    agent.availability = availability
    agent.availability_since = agent.idle_since = work.now
    work.emit(
        AvailabilityChanged(
            agent_id=agent.id, availability=availability.value, by=by.value, why=why
        )
    )
    await work.session.flush()
    if availability is Availability.AVAILABLE:
        work.freed.add(agent.id)
    if availability is Availability.OFFLINE:
        await handing_back.at_once(work, agent)


async def keep_hours(work: Work) -> Sequence[int]:
    """The sweep over working hours: whoever's hours have begun or ended is available or offline.

    However many edges were missed, only where they are now counts. A choice made since the edge
    holds until the next one. Returns the ids of the agents looked at.
    """
    work.actor = "sweep: hours"
    due = (
        select(Agent)
        .where(Agent.edge_at <= work.now, Agent.removed_at.is_(None))
        .order_by(Agent.edge_at, Agent.id)
        .limit(SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True, of=Agent)
        .execution_options(populate_existing=True)
    )
    agents = (await work.session.scalars(due)).all()
    plans = await shifts.plans_of(work.session, [agent.id for agent in agents])
    for agent in agents:
        await _follow(work, agent, plans)
    if agents:
        await work.session.flush()
        await assignment.assign_waiting(work)
    return [agent.id for agent in agents]


async def _follow(work: Work, agent: Agent, plans: Mapping[int, Plan]) -> None:
    plan = plans.get(agent.id, Plan())
    zone = ZoneInfo(agent.time_zone or "UTC")
    here = hours.at_work(plan.blocks, plan.away, zone, work.now)
    edge, since = agent.edge_at, agent.availability_since
    chosen = edge is not None and since is not None and since >= edge
    chosen = chosen and agent.availability_by is SetBy.COMMAND
    # Without hours, days off are all there is: who comes back from them is available again.
    planned = bool(plan.blocks) or not here or agent.availability_by is SetBy.SCHEDULE
    if planned and not chosen:
        to = Availability.AVAILABLE if here else Availability.OFFLINE
        begun = "working hours have begun" if plan.blocks else "days off are over"
        why = begun if here else plan.why_not(work.now.astimezone(zone).date())
        await put(work, agent, to, by=SetBy.SCHEDULE, why=why)
    agent.edge_at = hours.next_edge(plan.blocks, plan.away, zone, work.now)
