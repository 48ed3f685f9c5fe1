"""The roster: agents are added, edited and removed, and say whether they take work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from core.channels import Who
from core.errors import Conflict, Invalid
from core.events import AgentAdded, AgentEdited, AgentRemoved
from core.model import (
    Agent,
    Assignment,
    Availability,
    Ending,
    Identity,
    Language,
    Role,
    SetBy,
    Skill,
    Ticket,
)
from core.model.ticket import WITH_PEOPLE
from core.people import shifts, teams
from core.people.actors import UnknownAgent, acting, agent_meant, staff
from core.people.customers import identity_of
from core.people.teams import NO_TEAM
from core.routing import assignment, supply
from core.storage.text import clean
from core.work import Work

HIGHEST_CAPACITY = 100
HIGHEST_TIER = 9
LEVELS = range(1, 4)


@dataclass(frozen=True, kw_only=True)
class Details:
    """What can be said of an agent; None leaves it as it is.

    ``skills`` and ``languages`` map a name to a level from 1 to 3 and replace what was there;
    a team is made where it is not there, and `NO_TEAM` takes them out of theirs. ``time_zone`` is an
    IANA name: Europe/Berlin.
    """

    skills: Mapping[str, int] | None = None
    languages: Mapping[str, int] | None = None
    capacity: int | None = None
    tier: int | None = None
    team: str | None = None
    role: Role | None = None
    time_zone: str | None = None


class AlreadyAgent(Conflict):
    """Whoever is to be added is on the roster."""

    def __init__(self, agent: Agent) -> None:
        super().__init__(f"{agent.name} is an agent already. /agent edit changes them.")


class LastAdmin(Conflict):
    """A desk without an admin could not be mended by command."""

    def __init__(self, agent: Agent) -> None:
        super().__init__(f"{agent.name} is the last admin. Make somebody else admin first.")


async def add(work: Work, by: Who, whom: Who, details: Details) -> Agent:
    """Put somebody on the roster, or back on it; they get what waits at once.

    Raises `AlreadyAgent`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    _refuse_impossible(details)
    agent = await enrol(work, whom, role=details.role or Role.AGENT)
    await _describe(work, agent, details)
    work.emit(AgentAdded(agent_id=agent.id))
    work.freed.add(agent.id)
    await assignment.assign_waiting(work)
    return await _with_details(work.session, agent)


async def enrol(work: Work, whom: Who, *, role: Role) -> Agent:
    """The agent row behind an identity, made or revived. Raises `AlreadyAgent`."""
    identity = await identity_of(work.session, whom)
    if identity is None:
        identity = Identity(channel=whom.channel, workspace=whom.workspace, user=whom.user)
        work.session.add(identity)
    identity.name = clean(whom.name)[:120] or identity.name or whom.user[:120]
    agent = await work.session.get(Agent, identity.agent_id) if identity.agent_id else None
    if agent is None:
        agent = Agent(name=identity.name, created_at=work.now, idle_since=work.now, role=role)
        work.session.add(agent)
        await work.session.flush()
        identity.agent_id = agent.id
    elif agent.removed_at is None:
        raise AlreadyAgent(agent)
    agent.removed_at = None
    agent.role = role
    agent.idle_since = agent.availability_since = work.now
    agent.availability = Availability.AVAILABLE
    agent.availability_by, agent.availability_why = SetBy.COMMAND, ""
    await work.session.flush()
    await shifts.replan(work, agent)
    supply.forget(work.session)
    return agent


async def edit(work: Work, by: Who, whom: Who, details: Details) -> Agent:
    """Change what is known of an agent; room that this makes is filled from the queue.

    Raises `UnknownAgent`, `LastAdmin`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    _refuse_impossible(details)
    agent = await assignment.lock(work.session, await agent_meant(work.session, whom))
    if details.role is not None and details.role < Role.ADMIN:
        await _keep_an_admin(work.session, agent)
    changes = await _describe(work, agent, details)
    if not changes:
        raise Invalid(
            "Nothing to change. For example: /agent edit @agent-1 skills:billing capacity:2"
        )
    work.emit(AgentEdited(agent_id=agent.id, changes=", ".join(changes)))
    if details.time_zone is not None:
        await shifts.replan(work, agent)
    supply.forget(work.session)
    work.freed.add(agent.id)
    await assignment.assign_waiting(work)
    return await _with_details(work.session, agent)


async def remove(work: Work, by: Who, whom: Who) -> tuple[Agent, Sequence[int]]:
    """Take an agent off the roster; their tickets go back to the queue, and on to whoever is free.

    Returns the agent and the numbers given back. Raises `UnknownAgent`, `LastAdmin`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    agent = await assignment.lock(work.session, await agent_meant(work.session, whom))
    await _keep_an_admin(work.session, agent)
    agent.removed_at = work.now
    agent.availability = Availability.OFFLINE
    agent.availability_since, agent.edge_at = work.now, None
    agent.availability_by, agent.availability_why = SetBy.COMMAND, "left the desk"
    numbers = [
        *await assignment.held_by(work.session, agent),
        *await assignment.put_aside_by(work.session, agent),
    ]
    for number in numbers:
        ticket = await work.session.get_one(
            Ticket, number, options=WITH_PEOPLE, with_for_update={"of": Ticket}
        )
        await assignment.give_back(
            work, ticket, Ending.AGENT_REMOVED, why="its agent left the desk"
        )
    work.emit(AgentRemoved(agent_id=agent.id))
    supply.forget(work.session)
    await assignment.assign_waiting(work)
    return agent, numbers


@dataclass(frozen=True)
class Listed:
    """An agent as a list shows them."""

    agent: Agent
    who: Who | None
    holds: Sequence[int]


async def listed(
    work: Work,
    by: Who,
    *,
    role: Role | None = None,
    skill: str | None = None,
    after: int = 0,
    at_most: int | None = None,
) -> Sequence[Listed]:
    """Everybody on the roster, by name, after the agent of that number, with what they hold; for staff.

    Raises `UnknownAgent`, and `Invalid` for an unknown skill.
    """
    await staff(work.session, by)
    wanted = select(Agent).where(Agent.removed_at.is_(None)).order_by(Agent.name, Agent.id)
    if role is not None:
        wanted = wanted.where(Agent.role == role)
    if skill is not None:
        await refuse_unknown_skill(work.session, skill)
        wanted = wanted.where(Agent.skills.any(Skill.name == skill))
    if after:
        last = await work.session.get(Agent, after)
        if last is None:
            raise UnknownAgent(f"number {after}")
        wanted = wanted.where(tuple_(Agent.name, Agent.id) > (last.name, last.id))
    agents = (await work.session.scalars(wanted.limit(at_most).options(*DETAILS))).all()
    return await _with_what_they_hold(work.session, agents)


async def _with_what_they_hold(session: AsyncSession, agents: Sequence[Agent]) -> Sequence[Listed]:
    ids = [agent.id for agent in agents]
    holds: dict[int, list[int]] = {}
    current = select(Assignment.agent_id, Assignment.ticket_id).where(
        Assignment.ended_at.is_(None), Assignment.agent_id.in_(ids)
    )
    for agent_id, number in await session.execute(current.order_by(Assignment.slot)):
        holds.setdefault(agent_id, []).append(number)
    known = select(Identity).where(Identity.agent_id.in_(ids)).order_by(Identity.id)
    identities = {each.agent_id: each.who for each in await session.scalars(known)}
    return [Listed(agent, identities.get(agent.id), holds.get(agent.id, [])) for agent in agents]


DETAILS = (selectinload(Agent.skills), selectinload(Agent.languages), selectinload(Agent.team))
"""Loads an agent with what `Details` can say of them."""


async def refuse_unknown_skill(session: AsyncSession, name: str) -> None:
    """Raise `Invalid`, with the skills there are, where no agent has this one."""
    held = select(Skill.name).distinct().join(Agent, Agent.id == Skill.agent_id)
    known = sorted(await session.scalars(held.where(Agent.removed_at.is_(None))))
    if name not in known:
        there_are = f"There are: {', '.join(known)}." if known else "There are none yet."
        raise Invalid(f"No agent has the skill {clean(name)[:40]}. {there_are}")


def _refuse_impossible(details: Details) -> None:
    """Raise `Invalid` for what the columns would not take."""
    if details.capacity is not None and not 0 <= details.capacity <= HIGHEST_CAPACITY:
        raise Invalid(f"Capacity is a number from 0 to {HIGHEST_CAPACITY}.")
    if details.tier is not None and not 1 <= details.tier <= HIGHEST_TIER:
        raise Invalid(f"Tier is a number from 1 to {HIGHEST_TIER}.")
    _refuse_unknown_zone(details.time_zone)
    for names, longest in ((details.skills or {}, 40), (details.languages or {}, 12)):
        for name in names:
            if not 0 < len(name) <= longest or clean(name) != name:
                raise Invalid(f"“{clean(name)[:60]}” is no name of 1 to {longest} characters.")
    for level in (*(details.skills or {}).values(), *(details.languages or {}).values()):
        if level not in LEVELS:
            raise Invalid("A level is 1, 2 or 3: skills:billing:2")


def _refuse_unknown_zone(name: str | None) -> None:
    if name is not None and name not in available_timezones():
        raise Invalid(f"“{clean(name)[:60]}” is no time zone. One is Europe/Berlin.")


async def _describe(work: Work, agent: Agent, details: Details) -> list[str]:
    """Write the details into the row; what changed, in words."""
    await _with_details(work.session, agent)
    changes = []
    for name in ("capacity", "tier", "role", "time_zone"):
        wanted = getattr(details, name)
        if wanted is not None and wanted != getattr(agent, name):
            changes.append(f"{name.replace('_', ' ')} {getattr(wanted, 'label', wanted)}")
            setattr(agent, name, wanted)
    if details.skills is not None:
        agent.skills = [Skill(name=name, level=level) for name, level in details.skills.items()]
        changes.append(f"skills {', '.join(details.skills) or 'none'}")
    if details.languages is not None:
        agent.languages = [Language(code=code, level=n) for code, n in details.languages.items()]
        changes.append(f"languages {', '.join(details.languages) or 'none'}")
    if details.team is not None:
        none = details.team.strip().lower() == NO_TEAM
        agent.team = None if none else await teams.named_or_new(work, details.team)
        changes.append(f"team {agent.team.name if agent.team else NO_TEAM}")
    await work.session.flush()
    return changes


async def _with_details(session: AsyncSession, agent: Agent) -> Agent:
    """The agent with skills, languages and team; an agent that is locked anew has lost them."""
    await session.refresh(agent, ["skills", "languages", "team"])
    return agent


async def _keep_an_admin(session: AsyncSession, agent: Agent) -> None:
    if agent.role is not Role.ADMIN:
        return
    others = select(Agent.id).where(
        Agent.role == Role.ADMIN, Agent.removed_at.is_(None), Agent.id != agent.id
    )
    # Locked, so that the last two admins cannot remove each other at once.
    if (await session.scalars(others.limit(1).with_for_update())).first() is None:
        raise LastAdmin(agent)
