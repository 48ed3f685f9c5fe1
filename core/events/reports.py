"""What can happen to figures."""

from dataclasses import dataclass

from core.events.event import Event


@dataclass(frozen=True, kw_only=True)
class WeekReported(Event):
    """The hour came at which the figures of a week are said; ``week`` is its Monday (ISO 8601)."""

    week: str
