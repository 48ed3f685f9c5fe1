"""Teams for programs: listed, added, called otherwise and removed."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from pydantic import Field

from core.vocabulary import Manned
from web.api import paging
from web.api.once import Once
from web.api.people import Reader, Writer
from web.api.shapes import Shape

router = APIRouter(prefix="/teams", tags=["people"], route_class=Once)

Name = Annotated[str, InPath(min_length=1, max_length=60, examples=["support"])]


class Named(Shape):
    """What a team is to be called."""

    name: str = Field(min_length=1, max_length=60, examples=["support"])


class Team(Shape):
    """A group of agents."""

    name: str = Field(examples=["support"])
    agents: int = Field(description="how many are in it", examples=[4])

    @classmethod
    def of(cls, manned: Manned) -> "Team":
        """A stored team."""
        return cls(name=manned.team.name, agents=manned.agents)


class Teams(Shape):
    """A page of teams, by name; ``next`` is the name to go on after."""

    teams: Sequence[Team]
    next: str | None


@router.get("")
async def list_teams(
    caller: Reader, after: paging.Name = "", limit: paging.Limit = paging.MOST
) -> Teams:
    """A page of the teams."""
    found = await caller.desk.teams(caller.who, after=after, at_most=limit + 1)
    shown, last = paging.page(found, limit)
    return Teams(teams=list(map(Team.of, shown)), next=last.team.name if last else None)


@router.post("", status_code=201)
async def add_team(caller: Writer, wanted: Named) -> Team:
    """Make a team that nobody is in yet. For keys of admins."""
    made = await caller.desk.add_team(caller.who, wanted.name)
    return Team(name=made.name, agents=0)


@router.get("/{name}")
async def show_team(caller: Reader, name: Name) -> Team:
    """One team."""
    return Team.of(await caller.desk.team(caller.who, name))


@router.patch("/{name}")
async def rename_team(caller: Writer, name: Name, wanted: Named) -> Team:
    """Call it otherwise, also in the rules, macros and views that name it. For keys of admins."""
    renamed = await caller.desk.rename_team(caller.who, name, wanted.name)
    return Team.of(await caller.desk.team(caller.who, renamed.name))


@router.delete("/{name}")
async def remove_team(caller: Writer, name: Name) -> Team:
    """Remove it; its agents and live tickets are in no team then. Refused while a rule, an SLA policy
    or a macro for everybody names it. For keys of admins."""
    removed = await caller.desk.remove_team(caller.who, name)
    return Team(name=removed.name, agents=0)
