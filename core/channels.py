"""What the core asks of a channel, and what a channel hands to the core."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from core.cards import Card


@dataclass(frozen=True)
class Address:
    """Where something is said: a conversation in a workspace of a channel."""

    channel: str
    workspace: str
    conversation: str


@dataclass(frozen=True)
class Who:
    """Somebody on a channel. A person is known by these three together, never by a name."""

    channel: str
    workspace: str
    user: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.channel}:{self.workspace}:{self.user}"


@dataclass(frozen=True, kw_only=True)
class IncomingMessage:
    """What a customer wrote.

    ``external_id`` is the platform's own id of the post, unique within channel and workspace: the
    same one twice is the same message. ``sent_at`` is aware.
    """

    address: Address
    sender: Who
    external_id: str
    text: str
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class OutgoingMessage:
    """What a channel is to say.

    ``key`` is unique to this delivery and stays the same over retries, so that a platform with a
    field for it can tell a repetition. ``under`` is the external id of the post to answer beneath,
    ``replaces`` that of the post to edit in place.
    """

    key: str
    address: Address
    card: Card
    under: str | None = None
    replaces: str | None = None


class Undeliverable(Exception):
    """The platform said no for good: the conversation is gone, or closed to us."""


class TryLater(Exception):
    """The platform surely did not take it, and may later.

    ``after`` is the platform's own Retry-After where it gave one.
    """

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Uncertain(Exception):
    """The connection broke on the way: the platform may have taken it or not."""


class Channel(Protocol):
    """A connected platform, as far as the core needs it: somewhere to send."""

    async def send(self, message: OutgoingMessage) -> str:
        """Post (or edit) and return the post's external id.

        Raises `Undeliverable`, `TryLater` or `Uncertain`; anything else is a bug, and retried.
        """
        ...

    async def find_sent(self, message: OutgoingMessage) -> str | None:
        """Look for an earlier, uncertain attempt of this message; its external id, or None.

        A channel that cannot look returns None, and the message is sent once more.
        """
        ...
