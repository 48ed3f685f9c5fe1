"""The nouns: mapped classes, each with its own rules."""

from core.model.assignment import Assignment, Ending, How
from core.model.attachment import Attachment, Holding
from core.model.change import EarlyChange, Reaction, Wording
from core.model.delivery import Act, Delivery, Mark, Progress
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
    LinkCode,
    Role,
    Skill,
    Team,
)
from core.model.ticket import LIVE, Priority, Status, Ticket

__all__ = [
    "LIVE",
    "Act",
    "Agent",
    "Assignment",
    "Attachment",
    "Availability",
    "Customer",
    "Delivery",
    "EarlyChange",
    "Ending",
    "Enquiry",
    "Fate",
    "History",
    "Holding",
    "How",
    "Identity",
    "Invitation",
    "Kind",
    "Language",
    "LinkCode",
    "Mark",
    "Message",
    "OfferedArticle",
    "Priority",
    "Progress",
    "Reaction",
    "Role",
    "Skill",
    "Stage",
    "Status",
    "Team",
    "Ticket",
    "Wording",
]
