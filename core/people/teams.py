"""Teams: which there are, how many work in each, and which one somebody means."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.errors import Invalid, NotFound
from core.events import TeamDefined
from core.model import Agent, Team
from core.model.people import TEAM_LENGTH
from core.people.actors import staff
from core.storage.text import clean
from core.work import Work

NO_TEAM = "none"
RESERVED = (NO_TEAM, "nobody", "any")  # what they mean elsewhere is no team, or every one
SHOWN = 10  # teams that a refusal names
_MARKS = " -_.&+"


class BadTeamName(Invalid):
    """It cannot be the name of a team."""

    def __init__(self, name: str, why: str) -> None:
        shown = "".join(each for each in clean(name) if each.isprintable())[:40]
        super().__init__(f"“{shown}” cannot be the name of a team: {why}")


class UnknownTeam(NotFound):
    """The desk has no such team."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        named = ", ".join(known[:SHOWN]) + " …" * (len(known) > SHOWN)
        there_are = f"There are: {named}." if known else "There are none yet."
        super().__init__(
            f"There is no team {clean(name)[:TEAM_LENGTH]}. {there_are} /team add makes one."
        )


@dataclass(frozen=True)
class Manned:
    """A team, and how many agents are in it."""

    team: Team
    agents: int


async def teams(
    work: Work, by: Who, *, after: str = "", at_most: int | None = None
) -> Sequence[Manned]:
    """The teams by their names, after the one of that name; for staff."""
    await staff(work.session, by)
    page = _counted().where(Team.name > clean(after)).limit(at_most)
    return [Manned(row[0], row[1]) for row in await work.session.execute(page)]


async def team(work: Work, by: Who, name: str) -> Manned:
    """One team, for staff. Raises `UnknownTeam`."""
    await staff(work.session, by)
    meant = _counted().where(_called(clean(name))).limit(1)
    for row in await work.session.execute(meant):
        return Manned(row[0], row[1])
    raise await _unknown(work.session, name)


async def named(session: AsyncSession, name: str, *, to_use: bool = True) -> Team:
    """The team of this name, however it is capitalised, kept so until the transaction ends: shared
    with others who use it, or locked for a change. Raises `UnknownTeam`."""
    meant = select(Team).where(_is_there(), _called(clean(name))).limit(1)
    kept = meant.with_for_update(read=to_use).execution_options(populate_existing=True)
    found = (await session.scalars(kept)).one_or_none()
    if found is None:
        raise await _unknown(session, name)
    return found


async def named_or_new(work: Work, name: str) -> Team:
    """The team of this name, made where it is not there. Raises `BadTeamName`."""
    try:
        return await named(work.session, name)
    except UnknownTeam:
        return await make(work, as_name(name))


async def make(work: Work, name: str) -> Team:
    """A team of a name that `as_name` let pass; one that was removed comes back."""
    kept = await called(work.session, name)
    if kept is None:
        kept = Team(name=name)
        work.session.add(kept)
    kept.removed_at = None
    await work.session.flush()
    work.emit(TeamDefined(team_id=kept.id, name=kept.name, change="added"))
    return kept


async def called(session: AsyncSession, name: str) -> Team | None:
    """The team that has this name or had it, locked."""
    ever = select(Team).where(_called(name)).order_by(Team.removed_at.is_not(None)).limit(1)
    alone = ever.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(alone)).one_or_none()


def as_name(text: str) -> str:
    """A name that a team can have, in small letters. Raises `BadTeamName`."""
    name = " ".join(filter(None, text.strip().lower().split(" ")))
    if name in RESERVED:
        raise BadTeamName(text, f"{', '.join(RESERVED)} have a meaning of their own.")
    if not name or not name[0].isalnum() or not all(map(_may_be_in_it, name)):
        raise BadTeamName(
            text, "letters, digits, spaces and - _ . & +. For example: /team add returns"
        )
    if len(name) > TEAM_LENGTH:
        raise BadTeamName(text, f"{TEAM_LENGTH} characters at most.")
    return name


async def _unknown(session: AsyncSession, name: str) -> UnknownTeam:
    known = await session.scalars(select(Team.name).where(_is_there()).order_by(Team.name))
    return UnknownTeam(name, list(known))


def _may_be_in_it(character: str) -> bool:
    return character in _MARKS or unicodedata.category(character)[0] in "LMN"


def _is_there() -> Any:
    return Team.removed_at.is_(None)


def _called(name: str) -> Any:
    said = name.strip()
    return or_(Team.name == said, func.lower(Team.name) == said.lower())


def _counted() -> Select[Team, int]:
    at_work = Agent.removed_at.is_(None) & (Agent.team_id == Team.id)
    return (
        select(Team, func.count(Agent.id))
        .outerjoin(Agent, at_work)
        .where(_is_there())
        .group_by(Team.id)
        .order_by(Team.name)
    )
