"""What can be in a field, read from words: a number, a day, one of the choices, a line of text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches

from core.errors import Invalid
from core.model import FieldType, TicketField
from core.model.field import VALUE_LENGTH
from core.storage.text import clean

NUMBER = "a number such as 1200 or -12.5, with four digits after the point at most"
DAY = "a day such as 2026-11-30"
_NUMBER = re.compile(r"[+-]?[0-9]{1,11}(\.[0-9]{1,4})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class BadValue(Invalid):
    """That cannot be in the field."""


@dataclass(frozen=True, kw_only=True)
class Value:
    """A value as it is shown, and as it is looked for: one of the three is there."""

    text: str
    folded: str | None = None
    number: Decimal | None = None
    day: date | None = None


def read(field: TicketField, said: str) -> Value:
    """What somebody said is in a field. Raises `BadValue`, with what it could be instead."""
    text = " ".join(clean(said).split())
    if not text:
        raise BadValue(f"There is nothing to put into {field.name}. none takes a value away.")
    if field.type is FieldType.NUMBER:
        return _within(field, number(field.name, text))
    if field.type is FieldType.DATE:
        found = day(field.name, text)
        return Value(text=found.isoformat(), day=found)
    if field.type is FieldType.CHOICE:
        chosen = choice(field.name, field.choices, text)
        return Value(text=chosen, folded=folded(chosen))
    if len(text) > VALUE_LENGTH:
        raise BadValue(f"{field.name} has room for {VALUE_LENGTH} characters, not {len(text)}.")
    return Value(text=text, folded=folded(text))


def number(name: str, text: str) -> Decimal:
    """An exact number. Raises `BadValue`."""
    if not _NUMBER.fullmatch(text):
        raise BadValue(f"{name} is {NUMBER}, not “{text[:40]}”.")
    return Decimal(text)


def day(name: str, text: str) -> date:
    """A day. Raises `BadValue`."""
    try:
        found = datetime.strptime(text, "%Y-%m-%d").date() if _DAY.fullmatch(text) else None  # noqa: DTZ007 - a day is nobody's zone
    except ValueError:
        found = None
    if found is None or found.year < 1900:
        raise BadValue(f"{name} is {DAY}, not “{text[:40]}”.")
    return found


def choice(name: str, choices: Sequence[str], text: str) -> str:
    """One of the choices, however its letters are written. Raises `BadValue`."""
    known = {folded(each): each for each in choices}
    if folded(text) not in known:
        near = get_close_matches(folded(text), known, n=1, cutoff=0.6)
        hint = f" Did you mean {known[near[0]]}?" if near else ""
        raise BadValue(f"{name} is one of {', '.join(choices)}, not “{text[:40]}”.{hint}")
    return known[folded(text)]


def folded(text: str) -> str:
    """Words as they are looked for: capitals make no difference."""
    return text.casefold()[:VALUE_LENGTH]


def plain(value: Decimal) -> str:
    """A number without zeros at its end: 12.5, 1200."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _within(field: TicketField, found: Decimal) -> Value:
    if field.smallest is not None and found < field.smallest:
        raise BadValue(f"{field.name} is at least {plain(field.smallest)}, not {plain(found)}.")
    if field.largest is not None and found > field.largest:
        raise BadValue(f"{field.name} is at most {plain(field.largest)}, not {plain(found)}.")
    return Value(text=plain(found), number=found)
