"""The queue: the tickets that nobody has yet, the most urgent first, then the longest waiting."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from core.model import Language, Priority, Status, Ticket
from core.model.ticket import WITH_PEOPLE
from core.routing.signals import Taker
from core.storage import constant

COUNTED_TO = 100
BATCH = 50  # of the line
DUE_NEXT = 25
OF_EACH = 10  # of those that ask for the same skill and team
ABILITIES = 40  # skills and teams that are looked for at once


async def waiting(
    session: AsyncSession,
    *,
    lowest: Priority,
    at_most: int,
    passing_over: Collection[int] = (),
) -> Sequence[Ticket]:
    """The first waiting tickets, locked; those that another process is looking at are skipped."""
    line = (
        select(Ticket)
        .where(
            constant.equals(Ticket.status, Status.NEW),
            Ticket.priority >= lowest,
            Ticket.id.not_in(sorted(passing_over)),
        )
        .order_by(Ticket.priority.desc(), Ticket.waiting_since, Ticket.id)
        .limit(at_most)
        .options(*WITH_PEOPLE)
        .with_for_update(skip_locked=True, of=Ticket)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(line)).all()


async def others(
    session: AsyncSession,
    takers: Collection[Taker],
    *,
    lowest: Priority,
    known: Collection[int],
) -> Sequence[Ticket]:
    """More of a long line, locked: those due next, and the first that each of these agents could
    answer, however many others stand before them; but none of the ``known``."""
    found = union_all(*(select(part.subquery().c.id) for part in _others(takers, lowest)))
    numbers = set(await session.scalars(found)) - set(known)
    these = (
        select(Ticket)
        .where(Ticket.id.in_(sorted(numbers)), Ticket.status == Status.NEW)
        .order_by(Ticket.id)
        .options(*WITH_PEOPLE)
        .with_for_update(skip_locked=True, of=Ticket)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(these)).all()


def _others(takers: Collection[Taker], lowest: Priority) -> list[Select[Any]]:
    line = select(Ticket.id).where(
        constant.equals(Ticket.status, Status.NEW), Ticket.priority >= lowest
    )
    parts = [line.where(Ticket.due_at.is_not(None)).order_by(Ticket.due_at).limit(DUE_NEXT)]
    abilities = {
        (skill, team): None
        for taker in takers
        for skill in (None, *taker.skills)
        for team in {None, taker.team}
    }
    for skill, team in list(abilities)[:ABILITIES]:
        having = [each for each in takers if skill is None or skill in each.skills]
        mine = line.where(Ticket.skill == skill, Ticket.team_id == team, *_could(having))
        order = (Ticket.priority.desc(), Ticket.waiting_since)
        parts.append(mine.order_by(*order).limit(OF_EACH))
    return parts


def _could(takers: Collection[Taker]) -> list[ColumnElement[bool]]:
    """What else keeps these agents from a ticket: its tier, and a language that others speak."""
    conditions: list[ColumnElement[bool]] = [Ticket.tier <= max(taker.tier for taker in takers)]
    if all(taker.languages for taker in takers):
        codes = sorted({"", *(code for taker in takers for code in taker.languages)})
        others = exists().where(Language.code == Ticket.language).correlate(Ticket)
        conditions.append(Ticket.language.in_(codes) | ~others)
    return conditions


async def place_of(session: AsyncSession, ticket: Ticket) -> int:
    """Where a ticket stands in the queue, from 1; counted to 100 at most."""
    values = {"priority": ticket.priority, "since": ticket.waiting_since}
    return 1 + (await session.scalar(_BEFORE, values) or 0)


_BEFORE = select(func.count()).select_from(
    select(Ticket.id)
    .where(
        constant.equals(Ticket.status, Status.NEW),
        (Ticket.priority > bindparam("priority"))
        | (
            (Ticket.priority == bindparam("priority")) & (Ticket.waiting_since < bindparam("since"))
        ),
    )
    .limit(COUNTED_TO)
    .subquery()
)
