"""The part of a filter that asks for what is in the fields of tickets: ``field.miles:>1200``."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, select
from sqlalchemy import exists as there_is
from sqlalchemy.orm import InstrumentedAttribute

from core.model import FieldType, FieldValue, Ticket, TicketField
from core.tickets import field_values, fields
from core.tickets.field_values import BadValue, folded
from core.tickets.filters import FIELD, BadFilter, NotThere, Term
from core.work import Work

FEW = 500
_SIGNS: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    ">=": lambda column, value: column >= value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    "<": lambda column, value: column < value,
    "": lambda column, value: column == value,
}


async def condition(work: Work, term: Term) -> ColumnElement[bool]:
    """Whether a ticket has one of the values in the field. Raises `BadFilter`."""
    field = await named(work, term)
    there = [
        _is(field, f"{term.name}:{value}", str(value)) for value in term.values if value is not None
    ]
    ways: list[ColumnElement[bool]] = []
    if there:
        ways.append(await _among(work, and_(FieldValue.field_id == field.id, or_(*there))))
    if None in term.values:
        filled = FieldValue.ticket_id == Ticket.id, FieldValue.field_id == field.id
        ways.append(not_(there_is().where(*filled)))
    return or_(*ways)


async def _among(work: Work, filled: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a ticket is one of those in which that is filled in. A few are named by their numbers; of
    many, each ticket of the list is asked, since a page of it is soon full."""
    first = select(FieldValue.ticket_id).where(filled).limit(FEW + 1)
    numbers = (await work.session.scalars(first)).all()
    if not numbers:
        return false()
    if len(numbers) <= FEW:
        return Ticket.id.in_(numbers)
    return there_is().where(filled, FieldValue.ticket_id == Ticket.id)


async def named(work: Work, term: Term) -> TicketField:
    """The field that a term is about, if it can hold what is asked for. Raises `BadFilter`."""
    known = {f"{FIELD}{field.name}": field for field in await fields.current(work.session)}
    if not known:
        raise BadFilter(f"{term.name}:", "this desk gives its tickets no fields.")
    if term.name not in known:
        raise NotThere(f"{term.name}:", term.name, known)
    for value in term.values:
        if value is not None:
            _is(known[term.name], f"{term.name}:{value}", str(value))
    return known[term.name]


def _is(field: TicketField, word: str, said: str) -> ColumnElement[bool]:
    """Whether a value is what was said: words, or a number or a day with < or >, or two with ``..``"""
    try:
        if field.type is FieldType.TEXT:
            return FieldValue.folded == folded(" ".join(said.split()))
        if field.type is FieldType.CHOICE:
            chosen = field_values.choice(field.name, field.choices, said)
            return FieldValue.folded == folded(chosen)
        if field.type is FieldType.NUMBER:
            return _between(FieldValue.number, said, lambda t: field_values.number(field.name, t))
        return _between(FieldValue.day, said, lambda text: field_values.day(field.name, text))
    except BadValue as refusal:
        raise BadFilter(word, str(refusal)) from None


def _between(
    column: InstrumentedAttribute[Any], said: str, read: Callable[[str], Decimal | date]
) -> ColumnElement[bool]:
    first, dots, last = said.partition("..")
    if dots:
        return and_(column >= read(first.strip()), column <= read(last.strip()))
    sign = next(each for each in _SIGNS if said.startswith(each))
    return _SIGNS[sign](column, read(said.removeprefix(sign).strip()))
