"""What can happen once a customer is asked how it was."""

from dataclasses import dataclass

from core.events.event import TicketEvent


@dataclass(frozen=True, kw_only=True)
class SurveyAsked(TicketEvent):
    """A customer was asked how it was, once their ticket was closed."""


@dataclass(frozen=True, kw_only=True)
class SurveyAnswered(TicketEvent):
    """A customer said how it was, from 1 (bad) to 5 (good)."""

    score: int


@dataclass(frozen=True, kw_only=True)
class SurveyCommented(TicketEvent):
    """A customer added a word to their score."""
