"""What can happen between tickets: one goes into another, out of another, or beside it."""

from dataclasses import dataclass

from core.events.event import TicketEvent


@dataclass(frozen=True, kw_only=True)
class TicketMerged(TicketEvent):
    """A ticket was closed, and all of it went onto the ticket ``into``."""

    into: int
    merge_id: int


@dataclass(frozen=True, kw_only=True)
class TicketUnmerged(TicketEvent):
    """A merge was taken back: the ticket is its own again."""

    from_ticket: int
    merge_id: int


@dataclass(frozen=True, kw_only=True)
class TicketSplit(TicketEvent):
    """A message was taken out of a ticket, and became the ticket ``into``."""

    into: int
    message_id: int
    split_id: int


@dataclass(frozen=True, kw_only=True)
class TicketSplitOff(TicketEvent):
    """A ticket was made of a message that was on ``from_ticket`` before."""

    from_ticket: int
    message_id: int
    split_id: int


@dataclass(frozen=True, kw_only=True)
class TicketRejoined(TicketEvent):
    """A split was taken back: the ticket was closed, and all of it is on ``into`` again."""

    into: int
    split_id: int


@dataclass(frozen=True, kw_only=True)
class SplitUndone(TicketEvent):
    """What had become the ticket ``other`` is back on this one, from which it was split off."""

    other: int
    split_id: int


@dataclass(frozen=True, kw_only=True)
class TicketLinked(TicketEvent):
    """A ticket is now related to, a child of, or the parent of the ticket ``other``: that is ``how``."""

    other: int
    how: str


@dataclass(frozen=True, kw_only=True)
class TicketUnlinked(TicketEvent):
    """A ticket is no longer ``how`` it was to the ticket ``other``."""

    other: int
    how: str
