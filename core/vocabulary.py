"""The words that channels and pages share with the desk: what it takes in and hands out."""

from core.delivery.marks import Fate
from core.delivery.outward import Destination, destination, is_public
from core.delivery.return_notices import return_card
from core.delivery.webhooks import NAME as WEBHOOK
from core.delivery.webhooks import Receiver
from core.delivery.webhooks import Standing as WebhookStanding
from core.delivery.webhooks import names as event_names
from core.escalation.keeping import Escalated
from core.escalation.ladders import in_words as ladder_in_words
from core.model import (
    Agent,
    Attachment,
    Availability,
    BuiltIn,
    BulkWhat,
    Customer,
    Delivery,
    FieldType,
    Form,
    History,
    Holding,
    Hours,
    Kind,
    Macro,
    Mark,
    Message,
    Order,
    OrderStatus,
    Priority,
    Reason,
    Return,
    Role,
    Scope,
    SlaPolicy,
    Stage,
    Status,
    TargetKind,
    Ticket,
    TicketField,
    TicketKind,
    Trigger,
    Webhook,
    Wish,
)
from core.model import (
    Target as SlaTarget,
)
from core.people.actors import OPERATOR, Actor
from core.people.finding_customers import Sought
from core.people.keys import Program
from core.people.linking import CodeUse
from core.people.looking import Shown
from core.people.oncall import OnCall
from core.people.profiles import Profile
from core.people.repeats import Answer
from core.people.roster import Details, Listed
from core.people.signing_in import Visit
from core.people.teams import NO_TEAM, Manned
from core.people.visitors import SITE, WEB, Guest, Voucher
from core.policy import HandBack, Policy
from core.posts import Post, PostedFile
from core.reports.shapes import (
    ArticleFigures,
    Report,
    Share,
    Summary,
    Times,
)
from core.reports.standing import Choice, Standing
from core.reports.standing import shown as capped
from core.reports.words import card as report_card
from core.reports.words import lasting
from core.routing.challenging import Report as RoutingReport
from core.routing.reason import replay
from core.routing.waiting import States, Waits
from core.sla.book import Book, calendar_of
from core.sla.explaining import hours_in_words
from core.sla.hours import ListedHours
from core.sla.looking import By, Kept
from core.sla.promising import in_words
from core.tickets.bulk import Outcome as BulkOutcome
from core.tickets.fields import Asked
from core.tickets.fields import Wanted as FieldWanted
from core.tickets.filling import Filled
from core.tickets.filters import EXAMPLES as FILTER_EXAMPLES
from core.tickets.heard import Heard
from core.tickets.learning import Example, Exercise, Learnt
from core.tickets.line import Line, Waiting
from core.tickets.listing import Wanted, next_page
from core.tickets.macros import Doing
from core.tickets.macros import in_words as macro_in_words
from core.tickets.on_behalf import Matter
from core.tickets.opinions import Opinion
from core.tickets.orders import LineSaid, OrderSaid, Taken
from core.tickets.outcome import Outcome, Received
from core.tickets.passing_on import Target
from core.tickets.past import Past
from core.tickets.policies import Knobs
from core.tickets.promised import Clock
from core.tickets.proofs import Asked as ProofAsked
from core.tickets.proofs import Proof
from core.tickets.reading import Reading
from core.tickets.returns import Left, Returnable
from core.tickets.returns import Wanted as ReturnWanted
from core.tickets.rule_sets import RuleSaid
from core.tickets.rules import Shown as RuleShown
from core.tickets.search import Page
from core.tickets.surveys import Scored
from core.views import Week, Whole, Why
from core.work import House

__all__ = [
    "FILTER_EXAMPLES",
    "NO_TEAM",
    "OPERATOR",
    "SITE",
    "WEB",
    "WEBHOOK",
    "Actor",
    "Agent",
    "Answer",
    "ArticleFigures",
    "Asked",
    "Attachment",
    "Availability",
    "Book",
    "BuiltIn",
    "BulkOutcome",
    "BulkWhat",
    "By",
    "Choice",
    "Clock",
    "CodeUse",
    "Customer",
    "Delivery",
    "Destination",
    "Details",
    "Doing",
    "Escalated",
    "Example",
    "Exercise",
    "Fate",
    "FieldType",
    "FieldWanted",
    "Filled",
    "Form",
    "Guest",
    "HandBack",
    "Heard",
    "History",
    "Holding",
    "Hours",
    "House",
    "Kept",
    "Kind",
    "Knobs",
    "Learnt",
    "Left",
    "Line",
    "LineSaid",
    "Listed",
    "ListedHours",
    "Macro",
    "Manned",
    "Mark",
    "Matter",
    "Message",
    "OnCall",
    "Opinion",
    "Order",
    "OrderSaid",
    "OrderStatus",
    "Outcome",
    "Page",
    "Past",
    "Policy",
    "Post",
    "PostedFile",
    "Priority",
    "Profile",
    "Program",
    "Proof",
    "ProofAsked",
    "Reading",
    "Reason",
    "Received",
    "Receiver",
    "Report",
    "Return",
    "ReturnWanted",
    "Returnable",
    "Role",
    "RoutingReport",
    "RuleSaid",
    "RuleShown",
    "Scope",
    "Scored",
    "Share",
    "Shown",
    "SlaPolicy",
    "SlaTarget",
    "Sought",
    "Stage",
    "Standing",
    "States",
    "Status",
    "Summary",
    "Taken",
    "Target",
    "TargetKind",
    "Ticket",
    "TicketField",
    "TicketKind",
    "Times",
    "Trigger",
    "Visit",
    "Voucher",
    "Waiting",
    "Waits",
    "Wanted",
    "Webhook",
    "WebhookStanding",
    "Week",
    "Whole",
    "Why",
    "Wish",
    "calendar_of",
    "capped",
    "destination",
    "event_names",
    "hours_in_words",
    "in_words",
    "is_public",
    "ladder_in_words",
    "lasting",
    "macro_in_words",
    "next_page",
    "replay",
    "report_card",
    "return_card",
]
