"""The kinds of tickets: which there are on this desk, and what kind a ticket is."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.errors import Conflict, Invalid, NotFound
from core.events import KindChanged, KindDefined
from core.model import LIVE, BuiltIn, Return, Role, Step, Ticket, TicketKind
from core.model.kind import ABOUT_LENGTH, KIND_LENGTH
from core.people.actors import acting, staff
from core.storage import constant
from core.storage.text import clean
from core.tickets import find, lifecycle
from core.work import Work

AT_MOST = 50
UNDER_WAY = (Step.REQUESTED, Step.ACCEPTED, Step.RECEIVED)
_NAME = re.compile(rf"[a-z][a-z0-9-]{{0,{KIND_LENGTH - 1}}}")


class BadKindName(Invalid):
    """It cannot be the name of a kind."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"“{clean(name)[:40]}” cannot be the name of a kind: small letters, digits and -, "
            f"{KIND_LENGTH} at most. For example: /kind add repair Something is to be repaired."
        )


class BadAbout(Invalid):
    """A kind is not described, or at too great length."""

    def __init__(self) -> None:
        super().__init__(
            f"Say in at most {ABOUT_LENGTH} characters what tickets are of this kind. "
            "For example: /kind add repair Something is to be repaired."
        )


class UnknownKind(NotFound):
    """The desk has no such kind."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        near = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
        hint = f" Did you mean {near[0]}?" if near else ""
        super().__init__(
            f"There is no kind called “{clean(name)[:40]}”.{hint} There is {', '.join(known)}."
        )


class KindIsThere(Conflict):
    """Two kinds cannot have one name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a kind {name} already. /kind edit {name} says what it is for.")


class KindIsBuiltIn(Conflict):
    """Every desk has it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The kind {name} is built in; only kinds of your own can be removed.")


class KindInUse(Conflict):
    """Live tickets are of this kind."""

    def __init__(self, name: str, count: int) -> None:
        tickets = "1 live ticket is" if count == 1 else f"{count} live tickets are"
        super().__init__(
            f"{tickets} of the kind {name}. Give them another one first: "
            f"/bulk kind question kind:{name}"
        )


class TooManyKinds(Conflict):
    """Nobody finds their way among so many."""

    def __init__(self) -> None:
        super().__init__(f"There are {AT_MOST} kinds already. Remove one first: /kind remove")


class NoReturn(Conflict):
    """A ticket of the kind return has a return on it."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Nothing is being returned on #{number}. It becomes a return when its customer starts "
            "one: /return and the number of the order."
        )


class ReturnUnderWay(Conflict):
    """A ticket stays a return until the return has come to its end."""

    def __init__(self, ticket: int, number: int, step: Step) -> None:
        super().__init__(
            f"#{ticket} stays a return: return {number} on it is {step.value}. "
            "It can be of another kind once that is refunded or refused."
        )


async def kinds(work: Work, by: Who) -> Sequence[TicketKind]:
    """The kinds that a ticket can be, the built-in ones first; for staff."""
    await staff(work.session, by)
    return await current(work.session)


async def add(work: Work, by: Who, name: str, about: str) -> TicketKind:
    """Make a kind of tickets, or bring back one that was removed; for admins.

    Raises `BadKindName`, `BadAbout`, `KindIsThere`, `TooManyKinds`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    name, about = _as_name(name), _as_about(about)
    kept = await _locked(work.session, name)
    if kept is not None and kept.removed_at is None:
        raise KindIsThere(name)
    if len(await current(work.session)) >= AT_MOST:
        raise TooManyKinds
    if kept is None:
        kept = TicketKind(name=name, about=about)
        work.session.add(kept)
    kept.about, kept.removed_at = about, None
    work.emit(KindDefined(name=name, change="added"))
    return kept


async def edit(work: Work, by: Who, name: str, about: str) -> TicketKind:
    """Say anew what tickets are of a kind; for admins. Raises `UnknownKind`, `BadAbout`."""
    await acting(work, by, at_least=Role.ADMIN)
    kept = await _there(work.session, name)
    about = _as_about(about)
    if kept.about != about:
        kept.about = about
        work.emit(KindDefined(name=kept.name, change="edited"))
    return kept


async def remove(work: Work, by: Who, name: str) -> TicketKind:
    """Make no more tickets of a kind; those that were stay what they are. For admins.

    Raises `UnknownKind`, `KindIsBuiltIn`, `KindInUse`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    kept = await _there(work.session, name)
    if kept.is_built_in:
        raise KindIsBuiltIn(kept.name)
    live = select(func.count()).where(
        Ticket.kind == kept.name, constant.among(Ticket.status, sorted(LIVE))
    )
    count = await work.session.scalar(live)
    if count:
        raise KindInUse(kept.name, count)
    kept.removed_at = work.now
    work.emit(KindDefined(name=kept.name, change="removed"))
    return kept


async def set_kind(work: Work, by: Who, number: int, name: str) -> Ticket:
    """Say what sort of matter a ticket is.

    Raises `UnknownKind`, `AlreadyResolved`; `NoReturn` where it would be a return without one, and
    `ReturnUnderWay` where it would be none with one.
    """
    actor = await acting(work, by)
    kind = await _there(work.session, name, to_use=True)
    ticket = await find.ticket_for(work.session, actor, number)
    await refuse_senseless(work.session, ticket, kind.name)
    become(work, ticket, kind.name)
    return ticket


async def refuse_senseless(session: AsyncSession, ticket: Ticket, kind: str) -> None:
    """Raise where a ticket cannot be of this kind as it is."""
    lifecycle.refuse_ended(ticket)
    if kind == ticket.kind:
        return
    theirs = select(Return.id, Return.step).where(Return.ticket_id == ticket.id).order_by(Return.id)
    returns = (await session.execute(theirs)).all()
    if kind == BuiltIn.RETURN and not returns:
        raise NoReturn(ticket.id)
    for row in returns:
        if ticket.kind == BuiltIn.RETURN and row.step in UNDER_WAY:
            raise ReturnUnderWay(ticket.id, row.id, row.step)


def become(work: Work, ticket: Ticket, kind: str) -> None:
    """Make a locked ticket one of this kind, if it is not."""
    if ticket.kind == kind:
        return
    was, ticket.kind = ticket.kind, kind
    ticket.updated_at = work.now
    work.emit(KindChanged(ticket_id=ticket.id, kind=kind, was=was))


async def current(session: AsyncSession) -> Sequence[TicketKind]:
    """The kinds that were not removed, the built-in ones first."""
    there = select(TicketKind).where(TicketKind.removed_at.is_(None))
    return (await session.scalars(there.order_by(TicketKind.place, TicketKind.name))).all()


async def meant(session: AsyncSession, name: str) -> str:
    """The name of a kind that there is. Raises `UnknownKind`."""
    known = [kind.name for kind in await current(session)]
    if name.strip().lower() not in known:
        raise UnknownKind(name, known)
    return name.strip().lower()


async def _there(session: AsyncSession, name: str, *, to_use: bool = False) -> TicketKind:
    """A kind that there is, kept so until the transaction ends: locked for a change, or, ``to_use``
    it, shared with others who do. Raises `UnknownKind`."""
    kept = await _locked(session, await meant(session, name), to_use=to_use)
    if kept is None or kept.removed_at is not None:
        raise UnknownKind(name, [kind.name for kind in await current(session)])
    return kept


async def _locked(session: AsyncSession, name: str, *, to_use: bool = False) -> TicketKind | None:
    wanted = select(TicketKind).where(TicketKind.name == name).with_for_update(read=to_use)
    alone = wanted.execution_options(populate_existing=True)
    return (await session.scalars(alone)).one_or_none()


def _as_name(text: str) -> str:
    name = text.strip().lower()
    if not _NAME.fullmatch(name):
        raise BadKindName(text)
    return name


def _as_about(text: str) -> str:
    about = " ".join(clean(text).split())
    if not 0 < len(about) <= ABOUT_LENGTH:
        raise BadAbout
    return about
