"""Agents for programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi import Path as InPath
from pydantic import Field

from core.channels import Who
from core.vocabulary import NO_TEAM, Availability, Details, Role, Scope
from core.vocabulary import Agent as StoredAgent
from web.api import paging
from web.api.caller import Caller, allowed
from web.api.identities import identity
from web.api.once import Once
from web.api.shapes import Shape

router = APIRouter(tags=["people"], route_class=Once)

Reader = Annotated[Caller, Depends(allowed(Scope.PEOPLE_READ))]
Writer = Annotated[Caller, Depends(allowed(Scope.PEOPLE_WRITE))]
Name = Annotated[
    str, InPath(min_length=1, max_length=120, description="by name or handle", examples=["grace"])
]
RoleName = Literal["agent", "lead", "admin"]
Level = Annotated[int, Field(ge=1, le=3)]


class Agent(Shape):
    """Somebody who answers. Levels of skills and languages are 1 to 3."""

    number: int = Field(examples=[3])
    name: str = Field(examples=["Grace"])
    role: str = Field(examples=["agent"])
    availability: str = Field(examples=["available"])
    capacity: int = Field(examples=[2])
    tier: int = Field(examples=[1])
    team: str | None = Field(examples=["support"])
    skills: dict[str, int] = Field(examples=[{"billing": 2}])
    languages: dict[str, int] = Field(examples=[{"de": 3}])
    time_zone: str = Field(examples=["Europe/Berlin"])

    @classmethod
    def of(cls, agent: StoredAgent) -> "Agent":
        """A stored agent, with skills, languages and team."""
        return cls(
            number=agent.id,
            name=agent.name,
            role=agent.role.label,
            availability=agent.availability.value,
            capacity=agent.capacity,
            tier=agent.tier,
            team=agent.team.name if agent.team else None,
            skills={each.name: each.level for each in agent.skills},
            languages={each.code: each.level for each in agent.languages},
            time_zone=agent.time_zone,
        )


class Holding(Agent):
    """An agent with the tickets that they hold, and who they are on a channel."""

    holds: Sequence[int] = Field(examples=[[42, 17]])
    identity: str | None = Field(examples=["slack:T012:U345"])


class Agents(Shape):
    """A page of the roster, by name; ``next`` is the number to go on after."""

    agents: Sequence[Holding]
    next: int | None


class Whole(Agent):
    """An agent with all that holds for them."""

    holds: Sequence[int]
    hours: str = Field(examples=["Mon-Fri 09:00-17:00"])
    away: Sequence[str]
    seen_at: datetime | None


class Facts(Shape):
    """What is known of an agent; what is left out stays. Skills and languages replace what was there;
    the team ``none`` takes them out of theirs, and one that is new is made."""

    role: RoleName | None = None
    capacity: int | None = Field(None, ge=0, le=100)
    tier: int | None = Field(None, ge=1, le=9)
    team: str | None = Field(None, min_length=1, max_length=60, examples=["support", NO_TEAM])
    skills: dict[Annotated[str, Field(max_length=40)], Level] | None = Field(None, max_length=100)
    languages: dict[Annotated[str, Field(max_length=12)], Level] | None = Field(
        None, max_length=100
    )
    time_zone: str | None = Field(None, max_length=64)

    def details(self) -> Details:
        """They as the desk takes them."""
        said: dict[str, Any] = self.model_dump(exclude={"identity", "name"})
        return Details(**{**said, "role": Role[self.role.upper()] if self.role else None})


class Hired(Facts):
    """Somebody new, by who they are on a channel."""

    identity: str = Field(max_length=260, examples=["slack:T012:U345"])
    name: str = Field("", max_length=120, examples=["Grace"])


class Given(Shape):
    """The tickets that went back to the queue."""

    tickets: Sequence[int]


class Taking(Shape):
    """Whether one takes new work."""

    availability: Literal["available", "busy", "on break", "offline"]


@router.get("/agents")
async def list_agents(
    caller: Reader,
    role: RoleName | None = None,
    skill: Annotated[str | None, Query(max_length=40)] = None,
    after: paging.Number = 0,
    limit: paging.Limit = paging.MOST,
) -> Agents:
    """A page of the roster, with what everybody holds."""
    wanted = Role[role.upper()] if role else None
    found = await caller.desk.agents(
        caller.who, role=wanted, skill=skill, after=after, at_most=limit + 1
    )
    shown, last = paging.page(found, limit)
    return Agents(
        agents=[
            Holding(
                **Agent.of(each.agent).model_dump(),
                holds=each.holds,
                identity=str(each.who) if each.who else None,
            )
            for each in shown
        ],
        next=last.agent.id if last else None,
    )


@router.post("/agents", status_code=201)
async def add_agent(caller: Writer, hired: Hired) -> Agent:
    """Put somebody on the roster. For keys of admins."""
    whom = identity(hired.identity, hired.name)
    return Agent.of(await caller.desk.add_agent(caller.who, whom, hired.details()))


@router.get("/agents/{name}")
async def show_agent(caller: Reader, name: Name) -> Whole:
    """One agent."""
    shown = await caller.desk.agent(caller.who, _meant(caller, name))
    return Whole(
        **Agent.of(shown.agent).model_dump(),
        holds=shown.holds,
        hours=shown.hours,
        away=shown.away,
        seen_at=shown.seen_at,
    )


@router.patch("/agents/{name}")
async def edit_agent(caller: Writer, name: Name, facts: Facts) -> Agent:
    """Change what is known of an agent. For keys of admins."""
    details = facts.details()
    return Agent.of(await caller.desk.edit_agent(caller.who, _meant(caller, name), details))


@router.delete("/agents/{name}")
async def remove_agent(caller: Writer, name: Name) -> Given:
    """Take an agent off the roster; their tickets go back to the queue. For keys of admins."""
    _, numbers = await caller.desk.remove_agent(caller.who, _meant(caller, name))
    return Given(tickets=numbers)


@router.put("/availability")
async def set_availability(caller: Writer, taking: Taking) -> Taking:
    """Whether whoever made the key takes new work."""
    await caller.desk.set_availability(caller.who, Availability(taking.availability))
    return taking


def _meant(caller: Caller, name: str) -> Who:
    return Who(caller.who.channel, caller.who.workspace, name)
