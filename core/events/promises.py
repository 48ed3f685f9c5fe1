"""What can happen to promises of times, and to what is promised."""

from dataclasses import dataclass

from core.events.event import Event, TicketEvent


@dataclass(frozen=True, kw_only=True)
class TargetWarned(TicketEvent):
    """A share of the time of a promise has passed, in per cent. ``target`` is first response, next
    response or resolution; ``due_at`` (ISO 8601) is when it has to be kept."""

    target: str
    share: int
    due_at: str


@dataclass(frozen=True, kw_only=True)
class TargetBreached(TicketEvent):
    """A promise was not kept by the time it was ``due_at`` (ISO 8601); once for each."""

    target: str
    due_at: str


@dataclass(frozen=True, kw_only=True)
class TargetMet(TicketEvent):
    """A promise was kept in time."""

    target: str


@dataclass(frozen=True, kw_only=True)
class BusinessHoursChanged(Event):
    """Business hours were added, edited or removed."""

    name: str
    change: str


@dataclass(frozen=True, kw_only=True)
class SlaPolicyChanged(Event):
    """An SLA policy was added, edited or removed."""

    name: str
    change: str
