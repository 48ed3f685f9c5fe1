"""What the core asks of a channel, and what a channel hands to the core.

Words that people write travel as Markdown (`core.markdown`): a channel translates from its
platform's own spelling on the way in and to it on the way out, and shows people who are mentioned
by their names, never as a ping.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from core.cards import Card


@dataclass(frozen=True)
class Address:
    """Where something is said: a conversation in a workspace of a channel.

    ``branch`` is the number of a ticket that has a branch of the conversation to itself, beneath its
    own first post there; 0 is the conversation itself. It is the same place either way.
    """

    channel: str
    workspace: str
    conversation: str
    branch: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.channel}:{self.workspace}:{self.conversation}"

    @classmethod
    def read(cls, text: str) -> "Address":
        """The address that was written as text; only a conversation has colons in it."""
        channel, workspace, conversation = text.split(":", 2)
        return cls(channel, workspace, conversation)


@dataclass(frozen=True)
class Who:
    """Somebody on a channel. A person is known by channel, workspace and user, never by a name.

    ``picture`` is the https address of their picture where the platform has one that others may see.
    """

    channel: str
    workspace: str
    user: str
    name: str = ""
    picture: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.channel}:{self.workspace}:{self.user}"


# What comes in


@dataclass(frozen=True, kw_only=True)
class IncomingFile:
    """A file that came with a message and was not fetched yet.

    ``source`` is whatever the channel needs to find it again (`CanFetch`), at most 2,000 characters
    and without secrets: the core never reads it and never shows it. ``size`` in bytes and
    ``content_type`` are what the platform says; neither is trusted.
    """

    name: str
    source: str
    content_type: str = ""
    size: int | None = None


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a customer filled in beside their words: the ``kind`` of their matter, if they said, and
    what is in the fields that the desk asks for, by their names."""

    kind: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class IncomingMessage:
    """What somebody wrote.

    ``external_id`` is the platform's own id of the post, unique within channel and workspace: the
    same one twice is the same message. ``text`` is Markdown, and may be empty where there are
    files. ``sent_at`` is aware. ``under`` is the external id of the post that it answers or stands
    beneath, where the platform says so.
    """

    address: Address
    sender: Who
    external_id: str
    text: str
    sent_at: datetime
    files: tuple[IncomingFile, ...] = ()
    form: Form | None = None
    under: str | None = None


@dataclass(frozen=True, kw_only=True)
class IncomingEdit:
    """A post was edited. ``text`` is all of its new text, ``edited_at`` when, by the platform.

    ``to_us`` says that the post was written to the bot, so that an edit which overtakes its message
    is kept for it.
    """

    address: Address
    external_id: str
    by: Who
    text: str
    edited_at: datetime
    to_us: bool = False


@dataclass(frozen=True, kw_only=True)
class IncomingDeletion:
    """A post was deleted. ``by`` is None where the platform does not say who did it, and vouches
    that they might. ``to_us`` as in `IncomingEdit`."""

    address: Address
    external_id: str
    by: Who | None = None
    to_us: bool = False


@dataclass(frozen=True, kw_only=True)
class IncomingReaction:
    """Somebody put an emoji on a post, theirs or ours, or took it away again (``added`` False).

    ``emoji`` is the character itself (👍); the platform's own ones, which nobody else has, are
    ``:name:`` and are not passed on.
    """

    address: Address
    external_id: str
    by: Who
    emoji: str
    added: bool


# What goes out


@dataclass(frozen=True, kw_only=True)
class OutgoingFile:
    """A file of ours to go with a post. ``read`` gives its content; ``size`` is in bytes."""

    name: str
    content_type: str
    size: int
    read: Callable[[], Awaitable[bytes]] = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class OutgoingMessage:
    """What a channel is to say.

    ``key`` is unique to this delivery and stays the same over retries, so that a platform with a
    field for it can tell a repetition. ``under`` is the external id of the post to answer beneath,
    ``replaces`` that of the post to edit in place, and ``rest`` those of the posts that followed it
    where it took several (`Posted`); files are never part of an edit. ``begins`` says that more will
    be said beneath this post, which must not itself stand beneath another one.
    """

    key: str
    address: Address
    card: Card
    under: str | None = None
    replaces: str | None = None
    rest: tuple[str, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    begins: bool = False


@dataclass(frozen=True)
class Posted:
    """What became of a message: the id of its post, and of the ``rest`` where it took several."""

    external_id: str
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OutgoingDeletion:
    """The posts of ours that are to go, the first one first."""

    key: str
    address: Address
    external_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OutgoingReaction:
    """An emoji to put on a post, ours or somebody else's, or to take away again."""

    key: str
    address: Address
    external_id: str
    emoji: str
    added: bool


class Undeliverable(Exception):
    """The platform said no for good: the conversation or the file is gone, or closed to us."""


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

    async def send(self, message: OutgoingMessage) -> str | Posted:
        """Post (or edit) and return the post's external id, or all of them where it took several.

        Raises `Undeliverable`, `TryLater` or `Uncertain`; anything else is a bug, and retried.
        """
        ...

    async def find_sent(self, message: OutgoingMessage) -> str | Posted | None:
        """Look for an earlier, uncertain attempt of this message; its external id, or None.

        A channel that cannot look returns None, and the message is sent once more.
        """
        ...


# What only some platforms can do: a channel that has the method is asked, one that has not is spared


@runtime_checkable
class CanDelete(Protocol):
    """A channel that can delete its own posts. On any other they are edited to say they are gone."""

    async def delete(self, deletion: OutgoingDeletion) -> None:
        """Delete posts; one that is gone already is no failure. Raises as `Channel.send` does."""
        ...


@runtime_checkable
class CanReact(Protocol):
    """A channel that has reactions. On any other they are left out."""

    async def react(self, reaction: OutgoingReaction) -> None:
        """Put an emoji on a post or take it away; what is so already is no failure.

        Raises as `Channel.send` does; `Undeliverable` for an emoji that the platform does not have.
        """
        ...


@runtime_checkable
class CanFetch(Protocol):
    """A channel that can fetch what came with a message. On any other, files are refused."""

    def fetch(self, source: str) -> AsyncGenerator[bytes]:
        """The content of an `IncomingFile`, in pieces; whoever reads stops when it is too much.

        Only from the platform's own hosts. Raises `Undeliverable` where the file is gone,
        `TryLater` or `Uncertain`.
        """
        ...


@runtime_checkable
class CanLetGo(Protocol):
    """A channel that keeps what came with a message until it is fetched, and then need not."""

    async def let_go(self, source: str) -> None:
        """The file of this source was fetched or refused; what is gone already is no failure."""
        ...
