"""Looking at macros: which somebody has, what one says in which language, and which speak of a team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from core.channels import Who
from core.errors import NotFound
from core.model import Macro, MacroTranslation, Team
from core.people.actors import Actor, staff
from core.storage.text import clean
from core.work import Work


class UnknownMacro(NotFound):
    """Nobody wrote that, or somebody else for themselves."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no macro called “{clean(name)[:40]}”. /macro list shows them.")


@dataclass(frozen=True)
class Shown:
    """A macro with what it says in other languages, by their codes."""

    macro: Macro
    translations: Mapping[str, str]


async def macros(
    work: Work, by: Who, *, after: str = "", at_most: int | None = None
) -> Sequence[Macro]:
    """One's own macros and everybody's, by their names, after the one of that name; of two of one
    name, one's own."""
    asking = await staff(work.session, by)
    wanted = select(Macro).where(_may_see(asking), Macro.name > clean(after))
    in_order = wanted.order_by(Macro.name, Macro.agent_id.is_(None))
    twice = None if at_most is None else 2 * at_most
    seen: dict[str, Macro] = {}
    for macro in await work.session.scalars(in_order.limit(twice)):
        seen.setdefault(macro.name, macro)
    return list(seen.values())[:at_most]


async def show(work: Work, by: Who, name: str) -> Shown:
    """A macro with its translations. Raises `UnknownMacro`."""
    macro = await meant(work, await staff(work.session, by), name)
    return Shown(macro, await translations(work, macro))


async def meant(work: Work, asking: Actor, name: str) -> Macro:
    """A macro by its name: one's own, or else everybody's. Raises `UnknownMacro`."""
    named = select(Macro).where(Macro.name == clean(name).strip().lower(), _may_see(asking))
    own_first = named.order_by(Macro.agent_id.is_(None)).limit(1)
    found = (await work.session.scalars(own_first)).first()
    if found is None:
        raise UnknownMacro(name)
    return found


async def translations(work: Work, macro: Macro) -> Mapping[str, str]:
    """What a macro says in other languages, by their codes."""
    there = select(MacroTranslation).where(MacroTranslation.macro_id == macro.id)
    rows = await work.session.scalars(there.order_by(MacroTranslation.language))
    return {row.language: row.text for row in rows}


async def naming(work: Work, team: Team) -> Sequence[Macro]:
    """The macros that pass a ticket on to a team, whoever's they are."""
    every = await work.session.scalars(select(Macro).order_by(Macro.name, Macro.id))
    return [macro for macro in every if macro.does.get("team") == team.name]


def _may_see(asking: Actor) -> ColumnElement[bool]:
    own = asking.agent.id if asking.agent else 0
    return or_(Macro.agent_id.is_(None), Macro.agent_id == own)
