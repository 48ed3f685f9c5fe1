"""What can happen to who may come in by the site or the API."""

from dataclasses import dataclass

from core.events.event import Event


@dataclass(frozen=True, kw_only=True)
class SignInLinkMade(Event):
    """An agent asked for a link onto the staff pages."""

    agent_id: int


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """An agent came in by a link or by a platform: a session on the staff pages began."""

    agent_id: int
    session_id: int


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Event):
    """A session on the staff pages was ended."""

    agent_id: int
    session_id: int


@dataclass(frozen=True, kw_only=True)
class ApiKeyMade(Event):
    """An admin made a key for a program; ``scopes`` are divided by spaces."""

    key_id: int
    name: str
    scopes: str


@dataclass(frozen=True, kw_only=True)
class ApiKeyEnded(Event):
    """A key stopped working."""

    key_id: int
