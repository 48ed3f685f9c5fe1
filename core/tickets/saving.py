"""Saved views: filters under a name, somebody's own or everybody's."""

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select

from core.channels import Who
from core.errors import Forbidden, Invalid, NotFound
from core.events import ViewRemoved, ViewSaved
from core.model import Role, SavedView, Team
from core.model.finding import NAME_LENGTH
from core.people.actors import Actor, acting, staff
from core.tickets import filters, search
from core.work import Work

_NAME = re.compile(rf"\w[\w -]{{0,{NAME_LENGTH - 1}}}")


class BadViewName(Invalid):
    """It cannot be the name of a view."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"“{name[:60]}” cannot be the name of a view: letters, digits, spaces, - and _, "
            f"{NAME_LENGTH} at most. For example: /view save returns: kind:return status:open"
        )


class UnknownView(NotFound):
    """Nobody saved that, or somebody else for themselves."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no view called “{name[:60]}”. /view list shows them.")


class ForLeads(Forbidden):
    """What everybody sees is a lead's to change."""

    def __init__(self) -> None:
        super().__init__("Views for everybody are saved and removed by leads. /view save is yours.")


async def save(work: Work, by: Who, name: str, text: str, *, shared: bool = False) -> SavedView:
    """Keep a filter under a name, in place of what was there under it.

    Raises `BadViewName`, `BadFilter`, `ForLeads`. The operator's are everybody's.
    """
    actor = await acting(work, by)
    name = _as_name(name)
    await search.refuse_unknown(work, filters.read(text, work.now))
    owner = None if shared or actor.agent is None else actor.agent.id
    if owner is None and actor.role < Role.LEAD:
        raise ForLeads
    kept = (await work.session.scalars(_named(name, owner))).first()
    if kept is None:
        kept = SavedView(name=name, agent_id=owner)
        work.session.add(kept)
    kept.filter = " ".join(filters.words(text))
    kept.saved_at = work.now
    work.emit(ViewSaved(name=name, filter=kept.filter, agent_id=owner))
    return kept


async def remove(work: Work, by: Who, name: str) -> SavedView:
    """Forget a view: one's own, or else everybody's. Raises `UnknownView`, `ForLeads`."""
    actor = await acting(work, by)
    kept = await _seen(work, actor, name)
    if kept.agent_id is None and actor.role < Role.LEAD:
        raise ForLeads
    await work.session.delete(kept)
    work.emit(ViewRemoved(name=kept.name, agent_id=kept.agent_id))
    return kept


async def view(work: Work, by: Who, name: str) -> SavedView:
    """A view by its name: one's own, or else everybody's. Raises `UnknownView`."""
    return await _seen(work, await staff(work.session, by), name)


async def views(work: Work, by: Who) -> Sequence[SavedView]:
    """One's own views and everybody's, by their names."""
    asking = await staff(work.session, by)
    wanted = select(SavedView).where(_may_see(asking)).order_by(SavedView.name, SavedView.id)
    return (await work.session.scalars(wanted)).all()


async def call_anew(work: Work, team: Team, to: str) -> None:
    """Let the views that name a team, whoever's they are, call it by another name."""
    for kept in await work.session.scalars(select(SavedView).order_by(SavedView.id)):
        if _asks_for(work, kept, team.name):
            kept.filter = filters.with_value(kept.filter, "team", team.name, to)
            work.emit(ViewSaved(name=kept.name, filter=kept.filter, agent_id=kept.agent_id))


def _asks_for(work: Work, view: SavedView, team: str) -> bool:
    try:
        return team.lower() in filters.named(filters.read(view.filter, work.now), "team")
    except Invalid:  # what it asks for is not there any more
        return False


async def _seen(work: Work, asking: Actor, name: str) -> SavedView:
    named = select(SavedView).where(SavedView.name == _as_name(name), _may_see(asking))
    own_first = named.order_by(SavedView.agent_id.is_(None)).limit(1)
    found = (await work.session.scalars(own_first)).first()
    if found is None:
        raise UnknownView(name)
    return found


def _may_see(asking: Actor) -> ColumnElement[bool]:
    own = asking.agent.id if asking.agent else 0
    return or_(SavedView.agent_id.is_(None), SavedView.agent_id == own)


def _named(name: str, owner: int | None) -> Select[SavedView]:
    return select(SavedView).where(
        SavedView.name == name, SavedView.agent_id.is_not_distinct_from(owner)
    )


def _as_name(text: str) -> str:
    name = " ".join(text.lower().split())
    if not _NAME.fullmatch(name):
        raise BadViewName(text)
    return name
