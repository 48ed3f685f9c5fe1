"""The nouns: mapped classes, each with its own rules."""

import core.storage.fulltext
import core.storage.room  # noqa: F401 - what is made together with the tables
from core.model.access import (
    ApiKey,
    LinkMail,
    Scope,
    SignInLink,
    SignInState,
    Visitor,
    WebSession,
)
from core.model.assignment import Assignment, Ending, How
from core.model.attachment import Attachment, Holding
from core.model.change import EarlyChange, Reaction, Wording
from core.model.delivery import Act, Delivery, Mark, Progress
from core.model.enquiry import Enquiry, Fate, OfferedArticle, Stage
from core.model.escalation import (
    EscalationNotice,
    EscalationStep,
    Ladder,
    Measure,
    StepEnd,
    Trigger,
)
from core.model.field import FieldType, FieldValue, TicketField
from core.model.finding import Bulk, BulkChange, BulkWhat, SavedView
from core.model.history import History
from core.model.kind import BuiltIn, TicketKind
from core.model.lesson import Lesson
from core.model.link import TicketLink, Tie, Watcher
from core.model.macro import Macro, MacroTranslation
from core.model.merge import Merge
from core.model.message import Kind, Message
from core.model.oncall import Cover, Rota
from core.model.order import (
    Order,
    OrderGrant,
    OrderLine,
    OrderProof,
    OrderStatus,
    Reason,
    Return,
    ReturnedUnit,
    Step,
    Wish,
)
from core.model.people import (
    Agent,
    Availability,
    Customer,
    CustomerNote,
    Identity,
    Invitation,
    Language,
    LinkCode,
    Role,
    SetBy,
    Skill,
    Team,
)
from core.model.repeat import Repeat
from core.model.report import Counted, Digest, ReportPosition, Rollup, Tally
from core.model.routing import Challenger, KeptPolicy, TrackRecord
from core.model.rule import Rule
from core.model.shift import DaysOff, Presence, WorkingHours
from core.model.sla import (
    Hours,
    SlaEdition,
    SlaPolicy,
    Target,
    TargetKind,
    TargetWarning,
    TeamHours,
)
from core.model.split import Split
from core.model.survey import Survey
from core.model.ticket import LIVE, Priority, Status, Tag, Ticket
from core.model.transcript import Form, Transcript
from core.model.webhook import Webhook

__all__ = [
    "LIVE",
    "Act",
    "Agent",
    "ApiKey",
    "Assignment",
    "Attachment",
    "Availability",
    "BuiltIn",
    "Bulk",
    "BulkChange",
    "BulkWhat",
    "Challenger",
    "Counted",
    "Cover",
    "Customer",
    "CustomerNote",
    "DaysOff",
    "Delivery",
    "Digest",
    "EarlyChange",
    "Ending",
    "Enquiry",
    "EscalationNotice",
    "EscalationStep",
    "Fate",
    "FieldType",
    "FieldValue",
    "Form",
    "History",
    "Holding",
    "Hours",
    "How",
    "Identity",
    "Invitation",
    "KeptPolicy",
    "Kind",
    "Ladder",
    "Language",
    "Lesson",
    "LinkCode",
    "LinkMail",
    "Macro",
    "MacroTranslation",
    "Mark",
    "Measure",
    "Merge",
    "Message",
    "OfferedArticle",
    "Order",
    "OrderGrant",
    "OrderLine",
    "OrderProof",
    "OrderStatus",
    "Presence",
    "Priority",
    "Progress",
    "Reaction",
    "Reason",
    "Repeat",
    "ReportPosition",
    "Return",
    "ReturnedUnit",
    "Role",
    "Rollup",
    "Rota",
    "Rule",
    "SavedView",
    "Scope",
    "SetBy",
    "SignInLink",
    "SignInState",
    "Skill",
    "SlaEdition",
    "SlaPolicy",
    "Split",
    "Stage",
    "Status",
    "Step",
    "StepEnd",
    "Survey",
    "Tag",
    "Tally",
    "Target",
    "TargetKind",
    "TargetWarning",
    "Team",
    "TeamHours",
    "Ticket",
    "TicketField",
    "TicketKind",
    "TicketLink",
    "Tie",
    "TrackRecord",
    "Transcript",
    "Trigger",
    "Visitor",
    "Watcher",
    "WebSession",
    "Webhook",
    "Wish",
    "Wording",
    "WorkingHours",
]
