"""What can change about what a ticket is: its priority, category, kind, fields."""

from dataclasses import dataclass

from core.events.event import Event, TicketEvent


@dataclass(frozen=True, kw_only=True)
class PriorityChanged(TicketEvent):
    """A ticket became more or less urgent."""

    priority: int


@dataclass(frozen=True, kw_only=True)
class CategoryChanged(TicketEvent):
    """A ticket is about something else than was thought; the empty category is none."""

    category: str


@dataclass(frozen=True, kw_only=True)
class KindChanged(TicketEvent):
    """A ticket is another sort of matter than it ``was``."""

    kind: str
    was: str


@dataclass(frozen=True, kw_only=True)
class FieldChanged(TicketEvent):
    """Something else is in a field of a ticket; None is nothing."""

    field: str
    value: str | None


@dataclass(frozen=True, kw_only=True)
class LanguageChanged(TicketEvent):
    """A ticket is in another language than was thought; the empty one is not known."""

    language: str


@dataclass(frozen=True, kw_only=True)
class ComplexityChanged(TicketEvent):
    """A ticket is harder or simpler than was thought, from 1 to 5."""

    complexity: int


@dataclass(frozen=True, kw_only=True)
class TicketTagged(TicketEvent):
    """Tags were put on a ticket, or taken off: each a list with commas."""

    added: str
    removed: str


@dataclass(frozen=True, kw_only=True)
class KindDefined(Event):
    """A kind of tickets was added, edited or removed."""

    name: str
    change: str


@dataclass(frozen=True, kw_only=True)
class FieldDefined(Event):
    """A field of tickets was added, edited or removed."""

    name: str
    change: str


@dataclass(frozen=True, kw_only=True)
class LessonLearned(Event):
    """The desk learned from its resolved tickets: to tell so many categories (0: none yet), and how
    far words count."""

    version: int
    tickets: int
    categories: int
