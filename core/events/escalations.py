"""What can happen when a ticket needs more weight."""

from dataclasses import dataclass

from core.events.event import Event, TicketEvent


@dataclass(frozen=True, kw_only=True)
class TicketEscalated(TicketEvent):
    """Somebody asked for more weight: one tier up and at least high priority."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class EscalationStepTaken(TicketEvent):
    """A step of an escalation was taken: what began it, the measure, and what came of it."""

    step_id: int
    trigger: str
    measure: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class EscalationsTold(Event):
    """An agent is told of so many steps of escalations, in one message."""

    agent_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class TicketCalmed(TicketEvent):
    """A lead ended an escalation."""


@dataclass(frozen=True, kw_only=True)
class LadderSet(Event):
    """What is done when something begins an escalation was set anew, in words."""

    trigger: str
    steps: str
