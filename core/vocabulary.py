"""The words that channels and pages share with the desk: what it takes in and hands out."""

from core.model import (
    Agent,
    Availability,
    Delivery,
    Kind,
    Priority,
    Role,
    Stage,
    Status,
    Ticket,
)
from core.people.actors import OPERATOR, Actor
from core.people.roster import Details, Listed
from core.posts import Post, Pulse
from core.tickets.find import Page
from core.tickets.outcome import Outcome, Received
from core.tickets.passing_on import Target
from core.views import Condition, Wanted, Whole, Why
from core.work import House, Policy

__all__ = [
    "OPERATOR",
    "Actor",
    "Agent",
    "Availability",
    "Condition",
    "Delivery",
    "Details",
    "House",
    "Kind",
    "Listed",
    "Outcome",
    "Page",
    "Policy",
    "Post",
    "Priority",
    "Pulse",
    "Received",
    "Role",
    "Stage",
    "Status",
    "Target",
    "Ticket",
    "Wanted",
    "Whole",
    "Why",
]
