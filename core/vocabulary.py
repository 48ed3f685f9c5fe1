"""The words that channels and pages share with the desk: what it takes in and hands out."""

from core.model import (
    Agent,
    Availability,
    Delivery,
    Kind,
    Message,
    Priority,
    Role,
    Stage,
    Status,
    Ticket,
)
from core.people.actors import OPERATOR, Actor
from core.people.linking import CodeUse
from core.people.roster import NO_TEAM, Details, Listed
from core.posts import Post, PostedFile, Pulse
from core.routing.waiting import States, Waits
from core.tickets.attaching import KeptFile
from core.tickets.find import Page
from core.tickets.heard import Heard
from core.tickets.outcome import Outcome, Received
from core.tickets.passing_on import Target
from core.views import Condition, Wanted, Week, Whole, Why
from core.work import House, Policy

__all__ = [
    "NO_TEAM",
    "OPERATOR",
    "Actor",
    "Agent",
    "Availability",
    "CodeUse",
    "Condition",
    "Delivery",
    "Details",
    "Heard",
    "House",
    "KeptFile",
    "Kind",
    "Listed",
    "Message",
    "Outcome",
    "Page",
    "Policy",
    "Post",
    "PostedFile",
    "Priority",
    "Pulse",
    "Received",
    "Role",
    "Stage",
    "States",
    "Status",
    "Target",
    "Ticket",
    "Waits",
    "Wanted",
    "Week",
    "Whole",
    "Why",
]
