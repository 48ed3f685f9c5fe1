"""What can happen to agents, and to who of them is there."""

from dataclasses import dataclass

from core.events.event import Event


@dataclass(frozen=True, kw_only=True)
class AgentAdded(Event):
    """Somebody joined the desk, or came back to it."""

    agent_id: int


@dataclass(frozen=True, kw_only=True)
class AgentEdited(Event):
    """An agent's skills, languages, capacity, tier, team or role changed."""

    agent_id: int
    changes: str


@dataclass(frozen=True, kw_only=True)
class AgentRemoved(Event):
    """Somebody left the desk."""

    agent_id: int


@dataclass(frozen=True, kw_only=True)
class TeamDefined(Event):
    """A team was added, renamed or removed; ``name`` is what it is called since."""

    team_id: int
    name: str
    change: str


@dataclass(frozen=True, kw_only=True)
class InvitationMade(Event):
    """A one-time code was made: to join as admin, or, with ``agent_id``, for that agent's other
    channel."""

    invitation_id: int
    agent_id: int | None


@dataclass(frozen=True, kw_only=True)
class IdentityLinked(Event):
    """An agent is known on one more channel."""

    agent_id: int
    who: str


@dataclass(frozen=True, kw_only=True)
class AvailabilityChanged(Event):
    """An agent takes work, or no longer does. ``by`` is command, schedule or presence."""

    agent_id: int
    availability: str
    by: str
    why: str


@dataclass(frozen=True, kw_only=True)
class AgentWentQuiet(Event):
    """An available agent has given no sign of life for so many minutes, and is asked for one."""

    agent_id: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class RotaSet(Event):
    """Who is on call in turn was set anew; ``people`` are their names, with commas."""

    rota_id: int
    people: str


@dataclass(frozen=True, kw_only=True)
class CoverMade(Event):
    """Somebody was put on call from one moment until another (ISO 8601), whoever's turn it is."""

    cover_id: int
    agent_id: int
    begins: str
    ends: str


@dataclass(frozen=True, kw_only=True)
class CoverRemoved(Event):
    """A cover was taken back."""

    cover_id: int
    agent_id: int
