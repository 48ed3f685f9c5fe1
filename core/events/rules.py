"""What can happen to rules, and by them."""

from dataclasses import dataclass

from core.events.event import Event, TicketEvent


@dataclass(frozen=True, kw_only=True)
class RuleApplied(TicketEvent):
    """A rule fitted a new ticket; ``changed`` says what it gave it."""

    rule_id: int
    name: str
    changed: str


@dataclass(frozen=True, kw_only=True)
class RuleChanged(Event):
    """A rule was added, edited, moved, removed, or switched on or off; ``text`` is what it says."""

    rule_id: int
    name: str
    change: str
    text: str


@dataclass(frozen=True, kw_only=True)
class RuleBroke(Event):
    """A rule names what is no longer there, and is skipped until somebody edits it."""

    rule_id: int
    name: str
    why: str
