"""What can happen to a ticket, from its opening to its end."""

from dataclasses import dataclass

from core.events.event import TicketEvent


@dataclass(frozen=True, kw_only=True)
class TicketOpened(TicketEvent):
    """A matter became a ticket: an enquiry, or a message that was none."""

    enquiry_id: int | None = None
    message_id: int | None = None
    kind: str
    priority: int
    category: str
    tier: int


@dataclass(frozen=True, kw_only=True)
class TicketMoved(TicketEvent):
    """A ticket goes on in another conversation of its customer, where an enquiry may have been
    open; ``left`` is the conversation before."""

    channel: str
    left: str
    enquiry_id: int | None


@dataclass(frozen=True, kw_only=True)
class TicketHeld(TicketEvent):
    """A third party has the next move; ``waits_for`` says who or what."""

    waits_for: str


@dataclass(frozen=True, kw_only=True)
class TicketSnoozed(TicketEvent):
    """A ticket was put away: ``until`` a moment (ISO 8601), or, without one, until its customer
    writes."""

    until: str | None


@dataclass(frozen=True, kw_only=True)
class TicketResumed(TicketEvent):
    """A ticket that was put aside is on somebody's table again."""

    why: str


@dataclass(frozen=True, kw_only=True)
class TicketResolved(TicketEvent):
    """The matter was answered; ``resolution`` is the last word to the customer, if any."""

    agent_id: int | None
    resolution: str


@dataclass(frozen=True, kw_only=True)
class TicketReopened(TicketEvent):
    """A resolved ticket is live again."""

    why: str


@dataclass(frozen=True, kw_only=True)
class TicketClosed(TicketEvent):
    """A resolved ticket was put away for good."""


@dataclass(frozen=True, kw_only=True)
class TicketWatched(TicketEvent):
    """An agent follows a ticket."""

    agent_id: int


@dataclass(frozen=True, kw_only=True)
class TicketUnwatched(TicketEvent):
    """An agent follows a ticket no more."""

    agent_id: int


@dataclass(frozen=True, kw_only=True)
class TranscriptAsked(TicketEvent):
    """Somebody asked for what was said on a ticket, as a file, to be sent to the address ``to``."""

    form: str
    with_notes: bool
    to: str
    language: str
    time_zone: str
