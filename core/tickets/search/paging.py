"""Where a page begins and ends: a cursor is a place in an order, and costs the same anywhere."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

from core.model import Priority, Ticket
from core.people.actors import Actor
from core.tickets import filters, find
from core.tickets.filters import Cursor, Order, Sort
from core.work import Work

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

KEYS: Mapping[Order, InstrumentedAttribute[Any]] = {
    Order.PRIORITY: Ticket.priority,
    Order.CREATED: Ticket.created_at,
    Order.UPDATED: Ticket.updated_at,
    Order.DUE: Ticket.due_at,
}


def cursor(ticket: Ticket, sort: Sort) -> Cursor:
    """The place of a ticket in an order. Raises `BadFilter`."""
    return Cursor(ticket.id, _key_of(ticket, sort.order))


async def parts(
    work: Work, asking: Actor, sort: Sort, after: Cursor | None, number: ColumnElement[int]
) -> Sequence[ColumnElement[bool]]:
    """What is left after a cursor: the rest of what is sorted the same, then what comes later; two
    ranges of one index, where a single condition over both would read its way there. ``number`` is
    the ticket's where it is read first."""
    if after is None:
        return [Ticket.id.is_not(None)]
    if sort.order is Order.NUMBER:
        # Said of both sides of the join, so that neither is read from its beginning.
        both = (Ticket.id, number)
        return [and_(*(n < after.number if sort.down else n > after.number for n in both))]
    key = after.key
    if key is None:
        last = await find.ticket_for(work.session, asking, after.number, to_look=True)
        key = _key_of(last, sort.order)
    column = KEYS[sort.order]
    try:
        value = Priority(key or 0) if sort.order is Order.PRIORITY else _moment(key)
    except (ValueError, OverflowError):
        raise filters.BadFilter(f"after:{after}", "that is no place in this list.") from None
    tie_down = sort.down is not (sort.order is Order.PRIORITY)
    rest = Ticket.id < after.number if tie_down else Ticket.id > after.number
    later = column < value if sort.down else column > value
    return [and_(column == value, rest), later]


def _key_of(ticket: Ticket, order: Order) -> int | None:
    if order is Order.NUMBER:
        return None
    value = getattr(ticket, KEYS[order].key)
    if value is None:  # it was due when the page before was made, and is not any more
        raise filters.BadFilter(f"after:{ticket.id}", "no clock runs on that ticket any more.")
    return int(value) if order is Order.PRIORITY else _microseconds(value)


def _microseconds(moment: datetime) -> int:
    past = moment - EPOCH
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds


def _moment(key: int | None) -> datetime:
    return EPOCH + timedelta(microseconds=key or 0)
