"""The filter language: how tickets are asked for in words, everywhere where they are.

``status:open priority:high,urgent -tag:old created:>2026-11-01 "charged twice" sort:-updated``: names
with values, a comma for or, a minus for not; all else is looked for in what was said. Reading it is
pure: what comes out are values, checked against what there is, and never a piece of a statement.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from core.errors import Invalid
from core.model import LIVE, Priority, Status
from core.speaking import Sentence
from core.storage.fulltext import Phrase, phrase
from core.tickets.tagging import as_category, as_tag

LONGEST = 500  # characters
TERMS_AT_MOST = 20
VALUES_AT_MOST = 20
NUMBERS_AT_MOST = 60  # as many tickets as somebody marks by hand
NONE = ("none", "nobody")
FIELD = "field."
_ANY = "any"

_OPENING, _CLOSING = '"“„«', '"”“»'
_NAMED = re.compile(r"((?:field\.)?[A-Za-z_][\w-]*):(.*)", re.DOTALL | re.IGNORECASE)
_VALUE = re.compile(r"\s*(?:[\"“„«]([^\"”“»]*)[\"”“»]|([^,\"“„«]+))\s*(?:,|$)", re.DOTALL)
_AGE = re.compile(r"([0-9]{1,4})(m|h|d|w)")
_CHANNEL = re.compile(r"[a-z][a-z0-9_-]{0,19}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?")
_CUSTOMER_TAG = re.compile(r"[\w-]{1,40}")
_CURSOR = re.compile(r"(?:([0-9]{1,18})\.)?#?([0-9]{1,10})")
V = TypeVar("V")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


class BadFilter(Invalid):
    """A filter has a word that means nothing; the sentence names it and says what there is."""

    def __init__(self, word: str, why: object) -> None:
        self.word = word
        super().__init__(Sentence("I do not understand “{word}”: {why}", word=word[:60], why=why))


class NotThere(BadFilter):
    """A value is none of those that there are on this desk."""

    def __init__(self, word: str, value: str, known: Iterable[str]) -> None:
        super().__init__(word, _what_there_is(value, known))


class Order(StrEnum):
    """What a list can be sorted by."""

    NUMBER = "number"
    PRIORITY = "priority"
    CREATED = "created"
    UPDATED = "updated"
    DUE = "due"


@dataclass(frozen=True)
class Sort:
    """What comes first: the smallest, or with ``down`` the largest."""

    order: Order
    down: bool


@dataclass(frozen=True)
class Cursor:
    """The last ticket seen: its number, and what it was sorted by (a priority, or microseconds since
    1970), so that the next page begins there even where the ticket has changed meanwhile."""

    number: int
    key: int | None = None

    def __str__(self) -> str:
        return f"{self.number}" if self.key is None else f"{self.key}.{self.number}"


@dataclass(frozen=True)
class Span:
    """From a moment on, and before another; None is open."""

    begin: datetime | None = None
    end: datetime | None = None


Value = str | int | Status | Priority | Span | None
"""What a term asks for; None is none at all."""


@dataclass(frozen=True)
class Term:
    """A name with values, any of which will do, or with ``negated`` none."""

    name: str
    values: tuple[Value, ...]
    negated: bool = False


@dataclass(frozen=True)
class Filter:
    """A filter that was read. ``any_status`` says that it asked for tickets of any status."""

    terms: tuple[Term, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    sort: Sort | None = None
    after: Cursor | None = None
    any_status: bool = False
    names: frozenset[str] = field(default=frozenset())


def read(text: str, now: datetime) -> Filter:
    """What a filter asks for; ``now`` is what its ages count from. Raises `BadFilter`."""
    if len(text) > LONGEST:
        raise BadFilter(text, Sentence("a filter has {most} characters at most.", most=LONGEST))
    there = words(text.replace("\x00", " "))
    if len(there) > TERMS_AT_MOST:
        raise BadFilter(
            there[TERMS_AT_MOST], Sentence("a filter has {most} words at most.", most=TERMS_AT_MOST)
        )
    reading = _Reading(now)
    for word in there:
        reading.take(word)
    return reading.read


def words(text: str) -> list[str]:
    """The text at its spaces, but for those in quotes; quotes begin a word or a value."""
    found, word, quoted = [], "", False
    for character in text:
        if character.isspace() and not quoted:
            found.append(word)
            word = ""
            continue
        if quoted:
            quoted = character not in _CLOSING
        else:
            quoted = character in _OPENING and (not word or word[-1] in "-:,")
        word += character
    return [each for each in (*found, word) if each]


class _Reading:
    """Takes one word after another."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._seen: set[tuple[str, bool]] = set()
        self._terms: list[Term] = []
        self._phrases: list[Phrase] = []
        self._sort: Sort | None = None
        self._after: Cursor | None = None

    @property
    def read(self) -> Filter:
        status = [term for term in self._terms if term.name == "status"]
        return Filter(
            terms=tuple(term for term in self._terms if _ANY not in term.values),
            phrases=tuple(self._phrases),
            sort=self._sort,
            after=self._after,
            any_status=any(_ANY in term.values for term in status),
            names=frozenset(name for name, _ in self._seen),
        )

    def take(self, word: str) -> None:
        """One word of the filter. Raises `BadFilter`."""
        negated = word.startswith("-") and len(word) > 1
        bare = word[1:] if negated else word
        named = _NAMED.fullmatch(bare)
        if named is None:
            self._look_for(word, bare, negated=negated)
            return
        name = named[1].lower()
        if name not in NAMES and not name.startswith(FIELD):
            near = get_close_matches(name, NAMES, n=1, cutoff=0.6)
            hint = (
                Sentence("did you mean {name}:?", name=near[0])
                if near
                else Sentence('put it in quotes to look for it: "{word}".', word=bare[:40])
            )
            raise BadFilter(
                word,
                Sentence(
                    "{hint} There is {names}.", hint=hint, names=", ".join([*NAMES, f"{FIELD}…"])
                ),
            )
        if (name, negated) in self._seen and name != "tag":
            raise BadFilter(
                word,
                Sentence(
                    "{name}: is there twice. A comma means or: {example}",
                    name=name,
                    example=_example(name),
                ),
            )
        self._seen.add((name, negated))
        self._take_named(word, name, named[2], negated=negated)

    def _take_named(self, word: str, name: str, rest: str, *, negated: bool) -> None:
        if name in {"sort", "after"}:
            if negated:
                raise BadFilter(
                    word,
                    Sentence(
                        "{name}: cannot be turned round with -. {example}",
                        name=name,
                        example=_example(name),
                    ),
                )
            if name == "sort":
                self._sort = _sort(word, rest)
            else:
                self._after = _cursor(word, rest)
            return
        values = tuple(
            value for each in _values(word, name, rest) for value in self._value(word, name, each)
        )
        if negated and _ANY in values:
            raise BadFilter(word, Sentence("no ticket has no status at all. Leave the word out."))
        self._terms.append(Term(name, values, negated))

    def _value(self, word: str, name: str, text: str) -> tuple[Value, ...]:
        if name in {"created", "updated"}:
            return (_span(word, text, self._now),)
        if name.startswith(FIELD):
            return (None if text.lower() in NONE else text,)
        if name == "due":
            return (_due(word, text, self._now),)
        return NAMES[name](word, text)

    def _look_for(self, word: str, bare: str, *, negated: bool) -> None:
        text = bare.strip('"“”„«»')
        if bare[:1] in '"“„«' and not re.fullmatch(r"[\"“„«][^\"”“»]*[\"”“»]", bare):
            raise BadFilter(word, Sentence('its quotes do not end. Write it like "charged twice".'))
        found = phrase(text, negated=negated)
        if found is None:
            raise BadFilter(word, Sentence("there is no letter or digit in it to look for."))
        self._phrases.append(found)


def _values(word: str, name: str, rest: str) -> list[str]:
    found, place = [], 0
    while place < len(rest):
        value = _VALUE.match(rest, place)
        if value is None and rest[place] == ",":
            break
        if value is None:
            raise BadFilter(
                word,
                Sentence("its quotes do not end. For example: {example}", example=_example(name)),
            )
        found.append((value[1] if value[1] is not None else value[2]).strip())
        place = value.end()
    if not found or not all(found) or place < len(rest) or rest.endswith(","):
        raise BadFilter(
            word, Sentence("a value is missing. For example: {example}", example=_example(name))
        )
    most = NUMBERS_AT_MOST if name == "number" else VALUES_AT_MOST
    if len(found) > most:
        raise BadFilter(word, Sentence("more than {most} values are too many.", most=most))
    return found


def _example(name: str) -> str:
    return EXAMPLES.get(name, f"{name}:yes, or {name}:none for where there is nothing")


def _status(word: str, text: str) -> tuple[Value, ...]:
    said = re.sub(r"[\s_-]+", " ", text.lower())
    if said == "live":
        return tuple(sorted(LIVE))
    if said == _ANY:
        return (_ANY,)
    known = {each.value: each for each in Status}
    return (_one_of(word, said, known, "live, any"),)


def _priority(word: str, text: str) -> tuple[Value, ...]:
    return (_one_of(word, text.lower(), {each.label: each for each in Priority}),)


def _kind(_word: str, text: str) -> tuple[Value, ...]:
    return (text.lower(),)  # the desk's own kinds are looked up where tickets are


def _one_of(word: str, said: str, known: Mapping[str, V], *more: str) -> V:
    if said not in known:
        raise BadFilter(word, _what_there_is(said, known, *more))
    return known[said]


def _what_there_is(said: str, known: Iterable[str], *more: str) -> Sentence:
    there = list(known)
    names = ", ".join((*there, *more))
    near = get_close_matches(said, there, n=1, cutoff=0.6)
    if not near:
        return Sentence("There is {names}.", names=names)
    hint = Sentence("did you mean {name}?", name=near[0])
    return Sentence("{hint} There is {names}.", hint=hint, names=names)


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


def _escalated(word: str, text: str) -> tuple[Value, ...]:
    return (_one_of(word, text.lower(), {"yes": "yes", "no": "no"}),)


def _breached(word: str, text: str) -> tuple[Value, ...]:
    return (_one_of(word, text.lower(), {"yes": "yes", "no": "no"}),)


def _sort(word: str, text: str) -> Sort:
    order = _one_of(word, text.lower().removeprefix("-"), {each.value: each for each in Order})
    return Sort(order, down=text.startswith("-"))


def _cursor(word: str, text: str) -> Cursor:
    found = _CURSOR.fullmatch(text)
    if found is None or int(found[2]) >= 2**31:
        raise BadFilter(
            word,
            Sentence(
                "that is no ticket seen before. For example: {example}", example=EXAMPLES["after"]
            ),
        )
    return Cursor(int(found[2]), int(found[1]) if found[1] else None)


def _span(word: str, text: str, now: datetime) -> Span:
    """A day, a day with < or >, two days with .., or an age: ``2d`` is the last two days."""
    sign = next((each for each in (">=", "<=", ">", "<") if text.startswith(each)), "")
    said = text.removeprefix(sign).strip().lower()
    age = _AGE.fullmatch(said)
    if age is not None:
        then = now - int(age[1]) * _UNITS[age[2]]
        return Span(end=then) if sign.startswith(">") else Span(begin=then)
    first, dots, last = said.partition("..")
    if dots and not sign:
        return Span(_day(word, first, now), _day(word, last, now) + timedelta(days=1))
    day = _day(word, said, now)
    after = day + timedelta(days=1)
    return {
        "": Span(day, after),
        ">": Span(begin=after),
        ">=": Span(begin=day),
        "<": Span(end=day),
        "<=": Span(end=after),
    }[sign]


def _due(word: str, text: str, now: datetime) -> Span | None:
    """``<2h``: within two hours from now, or late already; ``>1d``: later; a day as elsewhere; none."""
    sign, said = (text[:1], text[1:]) if text[:1] in {"<", ">"} else ("", text)
    age = _AGE.fullmatch(said.strip().lower())
    if text.lower() in NONE:
        return None
    if age is not None:
        then = now + int(age[1]) * _UNITS[age[2]]
        return Span(begin=then) if sign == ">" else Span(end=then)
    return _span(word, text, now)


def _day(word: str, text: str, now: datetime) -> datetime:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if text in {"today", "yesterday"}:
        return today - timedelta(days=text == "yesterday")
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year < 9999 or len(text) != len("2026-11-01"):
        raise BadFilter(
            word,
            Sentence(
                "that is no day. Write 2026-11-01, >2026-11-01, 2026-11-01..2026-11-30 or <2d."
            ),
        )
    return day


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
    "breached": _breached,
    "escalated": _escalated,
    "sort": _somebody,
    "after": _somebody,
}
"""Every name that a filter can have, and what reads its values."""

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
