"""The names that a filter can have, and how the values of each are read."""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from core.errors import Invalid
from core.model import LIVE, Priority, Status
from core.speaking import Sentence
from core.tickets.filters.terms import (
    ANY,
    NONE,
    BadFilter,
    Cursor,
    Order,
    Sort,
    Value,
    what_there_is,
)
from core.tickets.tagging import as_category, as_tag

_CHANNEL = re.compile(r"[a-z][a-z0-9_-]{0,19}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?")
_CUSTOMER_TAG = re.compile(r"[\w-]{1,40}")
_CURSOR = re.compile(r"(?:([0-9]{1,18})\.)?#?([0-9]{1,10})")
V = TypeVar("V")

EXAMPLES: Mapping[str, str] = {
    "status": "status:open,pending",
    "priority": "priority:high,urgent",
    "tag": "tag:vip",
    "assignee": "assignee:me",
    "customer": "customer:c-17",
    "category": 'category:"late delivery"',
    "kind": "kind:return",
    "team": "team:returns",
    "channel": "channel:slack",
    "number": "number:41,42",
    "parent": "parent:41",
    "linked": "linked:41",
    "vip": "vip:yes",
    "language": "language:de,fr",
    "company": "company:acme",
    "customer-tag": "customer-tag:wholesale",
    "complexity": "complexity:4,5",
    "tier": "tier:2",
    "skill": "skill:billing",
    "created": "created:>2026-11-01",
    "updated": "updated:<2d",
    "due": "due:<2h",
    "breached": "breached:yes",
    "escalated": "escalated:yes",
    "sort": "sort:-updated",
    "after": "after:42",
}

FOR_CUSTOMERS = frozenset({"status", "priority", "kind", "created", "updated", "sort", "after"})
"""What customers may narrow their own tickets by; the rest is how staff file them."""


def example(name: str) -> str:
    """How a term of that name is written; one without an example is a field's."""
    return EXAMPLES.get(name, f"{name}:yes, or {name}:none for where there is nothing")


def sort(word: str, text: str) -> Sort:
    """What comes first: ``-updated``. Raises `BadFilter`."""
    order = _one_of(word, text.lower().removeprefix("-"), {each.value: each for each in Order})
    return Sort(order, down=text.startswith("-"))


def cursor(word: str, text: str) -> Cursor:
    """The last ticket seen, as `Cursor` writes itself. Raises `BadFilter`."""
    found = _CURSOR.fullmatch(text)
    if found is None or int(found[2]) >= 2**31:
        raise BadFilter(
            word,
            Sentence(
                "that is no ticket seen before. For example: {example}", example=EXAMPLES["after"]
            ),
        )
    return Cursor(int(found[2]), int(found[1]) if found[1] else None)


def _status(word: str, text: str) -> tuple[Value, ...]:
    said = re.sub(r"[\s_-]+", " ", text.lower())
    if said == "live":
        return tuple(sorted(LIVE))
    if said == ANY:
        return (ANY,)
    known = {each.value: each for each in Status}
    return (_one_of(word, said, known, "live, any"),)


def _priority(word: str, text: str) -> tuple[Value, ...]:
    return (_one_of(word, text.lower(), {each.label: each for each in Priority}),)


def _kind(_word: str, text: str) -> tuple[Value, ...]:
    return (text.lower(),)  # the desk's own kinds are looked up where tickets are


def _one_of(word: str, said: str, known: Mapping[str, V], *more: str) -> V:
    if said not in known:
        raise BadFilter(word, what_there_is(said, known, *more))
    return known[said]


def _tag(word: str, text: str) -> tuple[Value, ...]:
    try:
        return (None if text.lower() in NONE else as_tag(text),)
    except Invalid as refusal:
        raise BadFilter(word, str(refusal)) from None


def _category(word: str, text: str) -> tuple[Value, ...]:
    try:
        return (as_category(text),)
    except Invalid as refusal:
        raise BadFilter(word, str(refusal)) from None


def _somebody(word: str, text: str) -> tuple[Value, ...]:
    if len(text) > 260:
        raise BadFilter(word, "nobody has so long a name.")
    return (None if text.lower() in NONE else text,)


def _customer(word: str, text: str) -> tuple[Value, ...]:
    if text.lower() in NONE:
        raise BadFilter(word, f"every ticket has a customer. For example: {EXAMPLES['customer']}")
    return _somebody(word, text)


def _ticket(word: str, text: str) -> tuple[Value, ...]:
    digits = text.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and 0 < len(digits) < 10):
        raise BadFilter(word, f"that is no ticket. For example: {EXAMPLES['parent']}")
    return (digits,)


def _yes_or_no(word: str, text: str) -> tuple[Value, ...]:
    return (_one_of(word, text.lower(), {"yes": "yes", "no": "no"}),)


def _language(word: str, text: str) -> tuple[Value, ...]:
    code = text.lower().replace("_", "-")
    if code in NONE:
        return ("",)
    if not _LANGUAGE.fullmatch(code):
        raise BadFilter(word, f"that is no code of a language. For example: {EXAMPLES['language']}")
    return (code,)


def _customer_tag(word: str, text: str) -> tuple[Value, ...]:
    tag = text.lower().removeprefix("#")
    if tag not in NONE and not _CUSTOMER_TAG.fullmatch(tag):
        raise BadFilter(
            word, f"that is no tag of a customer. For example: {EXAMPLES['customer-tag']}"
        )
    return (None if tag in NONE else tag,)


def _company(word: str, text: str) -> tuple[Value, ...]:
    if len(text) > 120:
        raise BadFilter(word, "no company has so long a name.")
    return (None if text.lower() in NONE else text,)


def _number_up_to(most: int, name: str) -> Callable[[str, str], tuple[Value, ...]]:
    def value(word: str, text: str) -> tuple[Value, ...]:
        if text.lower() in NONE and name == "complexity":
            return (0,)
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
            raise BadFilter(word, f"that is no number from 1 to {most}, as {EXAMPLES[name]}")
        return (int(text),)

    return value


def _skill(word: str, text: str) -> tuple[Value, ...]:
    if len(text) > 40:
        raise BadFilter(word, "no skill has so long a name.")
    return (None if text.lower() in NONE else text.lower(),)


def _channel(word: str, text: str) -> tuple[Value, ...]:
    if not _CHANNEL.fullmatch(text.lower()):
        raise BadFilter(word, f"that is no channel. For example: {EXAMPLES['channel']}")
    return (text.lower(),)


NAMES: Mapping[str, Callable[[str, str], tuple[Value, ...]]] = {
    "status": _status,
    "priority": _priority,
    "tag": _tag,
    "assignee": _somebody,
    "customer": _customer,
    "category": _category,
    "kind": _kind,
    "team": _somebody,
    "channel": _channel,
    "number": _ticket,
    "parent": _ticket,
    "linked": _ticket,
    "vip": _yes_or_no,
    "language": _language,
    "company": _company,
    "customer-tag": _customer_tag,
    "complexity": _number_up_to(5, "complexity"),
    "tier": _number_up_to(9, "tier"),
    "skill": _skill,
    "created": _somebody,
    "updated": _somebody,
    "due": _somebody,
    "breached": _yes_or_no,
    "escalated": _yes_or_no,
    "sort": _somebody,
    "after": _somebody,
}
"""Every name that a filter can have, and what reads its values."""
