"""The nouns: mapped classes, each with its own rules."""

from core.model.assignment import Assignment, Ending, How
from core.model.delivery import Delivery, Progress
from core.model.enquiry import Enquiry, Fate, OfferedArticle, Stage
from core.model.history import History
from core.model.message import Kind, Message
from core.model.people import (
    Agent,
    Availability,
    Customer,
    Identity,
    Invitation,
    Language,
    Role,
    Skill,
    Team,
)
from core.model.ticket import LIVE, Priority, Status, Ticket

__all__ = [
    "LIVE",
    "Agent",
    "Assignment",
    "Availability",
    "Customer",
    "Delivery",
    "Ending",
    "Enquiry",
    "Fate",
    "History",
    "How",
    "Identity",
    "Invitation",
    "Kind",
    "Language",
    "Message",
    "OfferedArticle",
    "Priority",
    "Progress",
    "Role",
    "Skill",
    "Stage",
    "Status",
    "Team",
    "Ticket",
]
