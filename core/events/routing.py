"""What can happen to who has a ticket, and to how that is chosen."""

from dataclasses import dataclass

from core.events.event import Event, TicketEvent


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(TicketEvent):
    """An agent became the assignee. ``how`` is automatic, claim, transfer or back (it was theirs, and
    was put aside); ``opening`` says that it was in the same breath as the ticket was opened."""

    agent_id: int
    assignment_id: int
    how: str
    opening: bool


@dataclass(frozen=True, kw_only=True)
class TicketReturned(TicketEvent):
    """A ticket went back to the queue: released, escalated, or its agent was removed."""

    agent_id: int | None
    why: str


@dataclass(frozen=True, kw_only=True)
class ClaimLapsed(TicketEvent):
    """An agent had a ticket for too long without a word to the customer; it went back."""

    agent_id: int
    why: str


@dataclass(frozen=True, kw_only=True)
class TierRaised(TicketEvent):
    """The ticket is for agents of this tier and above from now on."""

    tier: int


@dataclass(frozen=True, kw_only=True)
class TeamChanged(TicketEvent):
    """A ticket is another team's now, or no team's."""

    team_id: int | None


@dataclass(frozen=True, kw_only=True)
class TicketsStuck(Event):
    """Tickets wait and find nobody, and nobody was told so yet; ``numbers`` are theirs."""

    numbers: list[int]


@dataclass(frozen=True, kw_only=True)
class RoutingChanged(Event):
    """A knob of a routing policy was set, or all of them were reset."""

    policy: str
    knob: str
    value: str
