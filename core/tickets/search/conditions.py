"""What each term of a filter asks of a ticket, as a condition."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy import exists as there_is
from sqlalchemy.orm import InstrumentedAttribute

from core.channels import Who
from core.model import Tag, Ticket, TicketKind, TicketLink, Tie
from core.model import Target as SlaTarget
from core.storage import constant
from core.tickets import filters
from core.tickets.filters import Span, Term
from core.tickets.search import by_field, by_person
from core.work import Work

Condition = Callable[[Work, Who, Term], Awaitable[ColumnElement[bool]]]


async def condition(work: Work, by: Who, term: Term) -> ColumnElement[bool]:
    """Whether a ticket is what a term asks for. Raises `BadFilter`, `UnknownInFilter`."""
    if term.name.startswith(filters.FIELD):
        return await by_field.condition(work, term)
    return await _CONDITIONS[term.name](work, by, term)


async def refuse_unknown_kinds(work: Work, term: Term) -> None:
    """Raise `NotThere` for a kind that never was. One that was removed can still be looked for: tickets have it."""
    in_order = select(TicketKind).order_by(TicketKind.place, TicketKind.name)
    known = {each.name: each for each in await work.session.scalars(in_order)}
    there = [name for name, kind in known.items() if kind.removed_at is None]
    for value in map(str, term.values):
        if value not in known:
            raise filters.NotThere(f"kind:{value}", value, there)


async def _status(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    if len(term.values) == 1:
        return constant.equals(Ticket.status, term.values[0])
    return constant.among(Ticket.status, sorted(str(each) for each in term.values))


def _among(column: InstrumentedAttribute[Any]) -> Condition:
    async def condition(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
        return column.in_(term.values)

    return condition


async def _of_kind(work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    await refuse_unknown_kinds(work, term)
    return Ticket.kind.in_(term.values)


async def _tagged(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    wanted = [value for value in term.values if value is not None]
    ways: list[ColumnElement[bool]] = []
    if wanted:
        ways.append(Ticket.id.in_(select(Tag.ticket_id).where(Tag.tag.in_(wanted))))
    if None in term.values:
        ways.append(not_(there_is().where(Tag.ticket_id == Ticket.id)))
    return or_(*ways)


async def _numbered(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    return Ticket.id.in_(_as_numbers(term))


async def _child_of(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    below = select(TicketLink.ticket_id).where(
        TicketLink.tie == Tie.CHILD, TicketLink.other_id.in_(_as_numbers(term))
    )
    return Ticket.id.in_(below)


async def _related_to(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    """Linked in any way: related, a child, or the parent."""
    numbers = _as_numbers(term)
    there = select(TicketLink.ticket_id).where(TicketLink.other_id.in_(numbers))
    back = select(TicketLink.other_id).where(TicketLink.ticket_id.in_(numbers))
    return Ticket.id.in_(there.union(back))


def _as_numbers(term: Term) -> list[int]:
    return [int(str(value)) for value in term.values]


async def _escalated(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    ways = {"yes": Ticket.escalated_at.is_not(None), "no": Ticket.escalated_at.is_(None)}
    return or_(*(ways[str(value)] for value in term.values))


async def _skilled(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    names = [value for value in term.values if value is not None]
    ways = [and_(Ticket.skill.is_not(None), Ticket.skill.in_(names))]
    return or_(*ways, *([Ticket.skill.is_(None)] if None in term.values else []))


def _within(column: InstrumentedAttribute[Any]) -> Condition:
    async def condition(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
        ways = []
        for span in term.values:
            assert isinstance(span, Span)  # noqa: S101 - what the reading makes of it
            parts = [column >= span.begin] if span.begin else []
            parts += [column < span.end] if span.end else []
            ways.append(and_(*parts))
        return or_(*ways)

    return condition


async def _is_due(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    """When the next promise is due; of a ticket without a running clock only ``none`` is true."""
    ways: list[ColumnElement[bool]] = []
    for span in term.values:
        if span is None:
            ways.append(Ticket.due_at.is_(None))
            continue
        assert isinstance(span, Span)  # noqa: S101 - what the reading makes of it
        parts: list[ColumnElement[bool]] = [Ticket.due_at.is_not(None)]
        parts += [Ticket.due_at >= span.begin] if span.begin else []
        parts += [Ticket.due_at < span.end] if span.end else []
        ways.append(and_(*parts))
    return or_(*ways)


async def _breached(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    """Whether a promise on it was not kept, now or before."""
    is_breached = Ticket.id.in_(
        select(SlaTarget.ticket_id).where(SlaTarget.breached_at.is_not(None))
    )
    ways = [is_breached if value == "yes" else not_(is_breached) for value in term.values]
    return or_(*ways)


_CONDITIONS: Mapping[str, Condition] = {
    "status": _status,
    "priority": _among(Ticket.priority),
    "kind": _of_kind,
    "category": _among(Ticket.category),
    "channel": _among(Ticket.channel),
    "tag": _tagged,
    "assignee": by_person.assigned,
    "customer": by_person.of_customer,
    "team": by_person.of_team,
    "number": _numbered,
    "parent": _child_of,
    "linked": _related_to,
    "escalated": _escalated,
    "vip": by_person.vip,
    "company": by_person.company,
    "customer-tag": by_person.tagged,
    "language": _among(Ticket.language),
    "complexity": _among(Ticket.complexity),
    "tier": _among(Ticket.tier),
    "skill": _skilled,
    "created": _within(Ticket.created_at),
    "updated": _within(Ticket.updated_at),
    "due": _is_due,
    "breached": _breached,
}
