"""A filter once it is read, and why one cannot be."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum

from core.errors import Invalid
from core.model import Priority, Status
from core.speaking import Sentence
from core.storage.fulltext import Phrase

FIELD = "field."
ANY = "any"
NONE = ("none", "nobody")


class BadFilter(Invalid):
    """A filter has a word that means nothing; the sentence names it and says what there is."""

    def __init__(self, word: str, why: object) -> None:
        self.word = word
        super().__init__(Sentence("I do not understand “{word}”: {why}", word=word[:60], why=why))


class NotThere(BadFilter):
    """A value is none of those that there are on this desk."""

    def __init__(self, word: str, value: str, known: Iterable[str]) -> None:
        super().__init__(word, what_there_is(value, known))


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


def what_there_is(said: str, known: Iterable[str], *more: str) -> Sentence:
    """What could have been said instead: the nearest, if one is near, and all."""
    there = list(known)
    names = ", ".join((*there, *more))
    near = get_close_matches(said, there, n=1, cutoff=0.6)
    if not near:
        return Sentence("There is {names}.", names=names)
    hint = Sentence("did you mean {name}?", name=near[0])
    return Sentence("{hint} There is {names}.", hint=hint, names=names)
