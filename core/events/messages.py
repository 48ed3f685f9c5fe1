"""What can be said on a ticket, and happen to what was said."""

from dataclasses import dataclass

from core.events.event import Event, TicketEvent


@dataclass(frozen=True, kw_only=True)
class MessageReceived(TicketEvent):
    """A customer wrote on their live ticket. ``moved`` says that it made it the agent's move."""

    message_id: int
    moved: bool


@dataclass(frozen=True, kw_only=True)
class AgentReplied(TicketEvent):
    """An agent answered the customer. ``seen_already`` says that it was written where the customer
    reads; ``agent_id`` is None for the operator."""

    agent_id: int | None
    message_id: int
    seen_already: bool


@dataclass(frozen=True, kw_only=True)
class NoteAdded(TicketEvent):
    """An agent wrote something for agents. ``heard`` says that it was said in the staff thread."""

    agent_id: int | None
    message_id: int
    heard: bool


@dataclass(frozen=True, kw_only=True)
class MessageEdited(TicketEvent):
    """Somebody reworded what they had said; ``edits`` counts how often."""

    message_id: int
    edits: int


@dataclass(frozen=True, kw_only=True)
class MessageDeleted(TicketEvent):
    """What somebody had said was taken back."""

    message_id: int


@dataclass(frozen=True, kw_only=True)
class ReactionChanged(TicketEvent):
    """Somebody put an emoji on a message, or took it away, in the conversation ``at``.
    ``for_customer`` says that it is a word between the customer and whoever answers them, and not
    among staff only."""

    message_id: int
    emoji: str
    added: bool
    at: str
    for_customer: bool


@dataclass(frozen=True, kw_only=True)
class FileKept(Event):
    """A file that came with a message was fetched, and is ours."""

    attachment_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class FileRefused(Event):
    """A file that came with a message is not taken, or is gone."""

    attachment_id: int
    message_id: int
    reason: str
