"""What can happen to macros, and by them."""

from dataclasses import dataclass

from core.events.event import Event, TicketEvent


@dataclass(frozen=True, kw_only=True)
class MacroUsed(TicketEvent):
    """A macro was used on a ticket; each thing that it ``did`` has its own event too, which names it."""

    macro: str
    did: str


@dataclass(frozen=True, kw_only=True)
class MacroWritten(Event):
    """A macro was added, edited, translated or removed; ``agent_id`` is None where it is everybody's."""

    name: str
    agent_id: int | None
    change: str
