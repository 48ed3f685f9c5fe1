"""What can happen on the desk: facts in the past tense, with ids only."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. Every one is kept in history under its class name."""


@dataclass(frozen=True, kw_only=True)
class TicketEvent(Event):
    """Something that happened to a ticket."""

    ticket_id: int


# Enquiries


@dataclass(frozen=True, kw_only=True)
class SmallTalkMade(Event):
    """A customer said hello or thanks, and nothing to be solved."""

    message_id: int
    tone: str


@dataclass(frozen=True, kw_only=True)
class ArticlesOffered(Event):
    """The knowledge base had an answer, or a guess, for an enquiry."""

    enquiry_id: int
    sure: bool


@dataclass(frozen=True, kw_only=True)
class EnquirySolved(Event):
    """An article solved it: a deflection."""

    enquiry_id: int


@dataclass(frozen=True, kw_only=True)
class EnquiryWentSilent(Event):
    """Articles were offered and the customer said no more."""

    enquiry_id: int


@dataclass(frozen=True, kw_only=True)
class ArticleJudged(Event):
    """Somebody found an article on a page, and said whether it helped: an enquiry without a word."""

    enquiry_id: int
    article: str
    helpful: bool


# Articles


@dataclass(frozen=True, kw_only=True)
class ArticleWritten(Event):
    """An article was added, edited, translated, published, archived, restored or imported."""

    article_id: int
    slug: str
    change: str
    revision: int


@dataclass(frozen=True, kw_only=True)
class ArticleDemoted(Event):
    """Too few customers found an article helpful: it is only offered from now on, no longer given
    as the answer. ``writer_id`` is the agent who wrote it last."""

    article_id: int
    title: str
    writer_id: int | None
    helpful: int
    unhelpful: int


@dataclass(frozen=True, kw_only=True)
class ArticlePromoted(Event):
    """A demoted article was found helpful often enough to be given as the answer again."""

    article_id: int


@dataclass(frozen=True, kw_only=True)
class PhrasingDecided(Event):
    """A customer's question became a phrasing of the article that solved it, or did not."""

    article_id: int
    proposal_id: int
    accepted: bool


# Figures


@dataclass(frozen=True, kw_only=True)
class WeekReported(Event):
    """The hour came at which the figures of a week are said; ``week`` is its Monday (ISO 8601)."""

    week: str


# Tickets


@dataclass(frozen=True, kw_only=True)
class TicketOpened(TicketEvent):
    """A matter became a ticket."""

    enquiry_id: int | None = None
    kind: str
    priority: int
    category: str
    tier: int


@dataclass(frozen=True, kw_only=True)
class MessageReceived(TicketEvent):
    """A customer wrote on their live ticket. ``moved`` says that it made it the agent's move."""

    message_id: int
    moved: bool


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(TicketEvent):
    """An agent became the assignee. ``how`` is automatic, claim, transfer or back (it was theirs, and
    was put aside); ``opening`` says that it was in the same breath as the ticket was opened."""

    agent_id: int
    assignment_id: int
    how: str
    opening: bool


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


@dataclass(frozen=True, kw_only=True)
class TicketReturned(TicketEvent):
    """A ticket went back to the queue: released, escalated, or its agent was removed."""

    agent_id: int | None
    why: str


@dataclass(frozen=True, kw_only=True)
class AgentReplied(TicketEvent):
    """An agent answered the customer. ``seen_already`` says that it was written where the customer
    reads; ``agent_id`` is None for the operator."""

    agent_id: int | None
    message_id: int
    seen_already: bool


@dataclass(frozen=True, kw_only=True)
class NoteAdded(TicketEvent):
    """An agent wrote something for agents. ``heard`` says that it was said in the staff thread."""

    agent_id: int | None
    message_id: int
    heard: bool


@dataclass(frozen=True, kw_only=True)
class MessageEdited(TicketEvent):
    """Somebody reworded what they had said; ``edits`` counts how often."""

    message_id: int
    edits: int


@dataclass(frozen=True, kw_only=True)
class MessageDeleted(TicketEvent):
    """What somebody had said was taken back."""

    message_id: int


@dataclass(frozen=True, kw_only=True)
class ReactionChanged(TicketEvent):
    """Somebody put an emoji on a message, or took it away, in the conversation ``at``.
    ``for_customer`` says that it is a word between the customer and whoever answers them, and not
    among staff only."""

    message_id: int
    emoji: str
    added: bool
    at: str
    for_customer: bool


@dataclass(frozen=True, kw_only=True)
class FileKept(Event):
    """A file that came with a message was fetched, and is ours."""

    attachment_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class FileRefused(Event):
    """A file that came with a message is not taken, or is gone."""

    attachment_id: int
    message_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class StaffWrote(Event):
    """An agent wrote to the bot as if they were a customer."""

    message_id: int


@dataclass(frozen=True, kw_only=True)
class TicketEscalated(TicketEvent):
    """Somebody asked for more weight: one tier up and at least high priority."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class TierRaised(TicketEvent):
    """The ticket is for agents of this tier and above from now on."""

    tier: int


@dataclass(frozen=True, kw_only=True)
class TeamChanged(TicketEvent):
    """A ticket is another team's now, or no team's."""

    team_id: int | None


@dataclass(frozen=True, kw_only=True)
class TargetWarned(TicketEvent):
    """A share of the time of a promise has passed, in per cent. ``target`` is first response, next
    response or resolution; ``due_at`` (ISO 8601) is when it has to be kept."""

    target: str
    share: int
    due_at: str


@dataclass(frozen=True, kw_only=True)
class TargetBreached(TicketEvent):
    """A promise was not kept by the time it was ``due_at`` (ISO 8601); once for each."""

    target: str
    due_at: str


@dataclass(frozen=True, kw_only=True)
class TargetMet(TicketEvent):
    """A promise was kept in time."""

    target: str


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


@dataclass(frozen=True, kw_only=True)
class PriorityChanged(TicketEvent):
    """A ticket became more or less urgent."""

    priority: int


@dataclass(frozen=True, kw_only=True)
class TicketTagged(TicketEvent):
    """Tags were put on a ticket, or taken off: each a list with commas."""

    added: str
    removed: str


@dataclass(frozen=True, kw_only=True)
class CategoryChanged(TicketEvent):
    """A ticket is about something else than was thought; the empty category is none."""

    category: str


@dataclass(frozen=True, kw_only=True)
class KindChanged(TicketEvent):
    """A ticket is another sort of matter than it ``was``."""

    kind: str
    was: str


@dataclass(frozen=True, kw_only=True)
class KindDefined(Event):
    """A kind of tickets was added, edited or removed."""

    name: str
    change: str


@dataclass(frozen=True, kw_only=True)
class FieldChanged(TicketEvent):
    """Something else is in a field of a ticket; None is nothing."""

    field: str
    value: str | None


@dataclass(frozen=True, kw_only=True)
class FieldDefined(Event):
    """A field of tickets was added, edited or removed."""

    name: str
    change: str


@dataclass(frozen=True, kw_only=True)
class LanguageChanged(TicketEvent):
    """A ticket is in another language than was thought; the empty one is not known."""

    language: str


@dataclass(frozen=True, kw_only=True)
class ComplexityChanged(TicketEvent):
    """A ticket is harder or simpler than was thought, from 1 to 5."""

    complexity: int


@dataclass(frozen=True, kw_only=True)
class LessonLearned(Event):
    """The desk learned from its resolved tickets: to tell so many categories (0: none yet), and how
    far words count."""

    version: int
    tickets: int
    categories: int


@dataclass(frozen=True, kw_only=True)
class RuleApplied(TicketEvent):
    """A rule fitted a new ticket; ``changed`` says what it gave it."""

    rule_id: int
    name: str
    changed: str


@dataclass(frozen=True, kw_only=True)
class RuleChanged(Event):
    """A rule was added, edited, moved, removed, or switched on or off; ``text`` is what it says."""

    rule_id: int
    name: str
    change: str
    text: str


@dataclass(frozen=True, kw_only=True)
class RuleBroke(Event):
    """A rule names what is no longer there, and is skipped until somebody edits it."""

    rule_id: int
    name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class MacroUsed(TicketEvent):
    """A macro was used on a ticket; each thing that it ``did`` has its own event too, which names it."""

    macro: str
    did: str


@dataclass(frozen=True, kw_only=True)
class MacroWritten(Event):
    """A macro was added, edited, translated or removed; ``agent_id`` is None where it is everybody's."""

    name: str
    agent_id: int | None
    change: str


@dataclass(frozen=True, kw_only=True)
class ViewSaved(Event):
    """A filter was kept under a name; ``agent_id`` is None where it is everybody's."""

    name: str
    filter: str
    agent_id: int | None


@dataclass(frozen=True, kw_only=True)
class ViewRemoved(Event):
    """A saved view was forgotten."""

    name: str
    agent_id: int | None


@dataclass(frozen=True, kw_only=True)
class BulkDone(Event):
    """The same was done to many tickets at once; each of them has its own event too."""

    bulk_id: int
    what: str
    value: str
    count: int


@dataclass(frozen=True, kw_only=True)
class BulkUndone(Event):
    """What was done to many tickets at once was brought back."""

    bulk_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class TicketResolved(TicketEvent):
    """The matter was answered; ``resolution`` is the last word to the customer, if any."""

    agent_id: int | None
    resolution: str


@dataclass(frozen=True, kw_only=True)
class ClaimLapsed(TicketEvent):
    """An agent had a ticket for too long without a word to the customer; it went back."""

    agent_id: int
    why: str


@dataclass(frozen=True, kw_only=True)
class TicketHeld(TicketEvent):
    """A third party has the next move; ``waits_for`` says who or what."""

    waits_for: str


@dataclass(frozen=True, kw_only=True)
class TicketSnoozed(TicketEvent):
    """A ticket was put away: ``until`` a moment (ISO 8601), or, without one, until its customer
    writes."""

    until: str | None


@dataclass(frozen=True, kw_only=True)
class TicketResumed(TicketEvent):
    """A ticket that was put aside is on somebody's table again."""

    why: str


@dataclass(frozen=True, kw_only=True)
class TicketReopened(TicketEvent):
    """A resolved ticket is live again."""

    why: str


@dataclass(frozen=True, kw_only=True)
class TicketClosed(TicketEvent):
    """A resolved ticket was put away for good."""


@dataclass(frozen=True, kw_only=True)
class TicketMerged(TicketEvent):
    """A ticket was closed, and all of it went onto the ticket ``into``."""

    into: int
    merge_id: int


@dataclass(frozen=True, kw_only=True)
class TicketUnmerged(TicketEvent):
    """A merge was taken back: the ticket is its own again."""

    from_ticket: int
    merge_id: int


@dataclass(frozen=True, kw_only=True)
class TicketSplit(TicketEvent):
    """A message was taken out of a ticket, and became the ticket ``into``."""

    into: int
    message_id: int
    split_id: int


@dataclass(frozen=True, kw_only=True)
class TicketSplitOff(TicketEvent):
    """A ticket was made of a message that was on ``from_ticket`` before."""

    from_ticket: int
    message_id: int
    split_id: int


@dataclass(frozen=True, kw_only=True)
class TicketRejoined(TicketEvent):
    """A split was taken back: the ticket was closed, and all of it is on ``into`` again."""

    into: int
    split_id: int


@dataclass(frozen=True, kw_only=True)
class SplitUndone(TicketEvent):
    """What had become the ticket ``other`` is back on this one, from which it was split off."""

    other: int
    split_id: int


@dataclass(frozen=True, kw_only=True)
class TicketLinked(TicketEvent):
    """A ticket is now related to, a child of, or the parent of the ticket ``other``: that is ``how``."""

    other: int
    how: str


@dataclass(frozen=True, kw_only=True)
class TicketUnlinked(TicketEvent):
    """A ticket is no longer ``how`` it was to the ticket ``other``."""

    other: int
    how: str


@dataclass(frozen=True, kw_only=True)
class TicketWatched(TicketEvent):
    """An agent follows a ticket."""

    agent_id: int


@dataclass(frozen=True, kw_only=True)
class TicketUnwatched(TicketEvent):
    """An agent follows a ticket no more."""

    agent_id: int


@dataclass(frozen=True, kw_only=True)
class TranscriptAsked(TicketEvent):
    """Somebody asked for what was said on a ticket, as a file, to be sent to the address ``to``."""

    form: str
    with_notes: bool
    to: str
    language: str
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class SurveyAsked(TicketEvent):
    """A customer was asked how it was, once their ticket was closed."""


@dataclass(frozen=True, kw_only=True)
class SurveyAnswered(TicketEvent):
    """A customer said how it was, from 1 (bad) to 5 (good)."""

    score: int


@dataclass(frozen=True, kw_only=True)
class SurveyCommented(TicketEvent):
    """A customer added a word to their score."""


@dataclass(frozen=True, kw_only=True)
class MoveOffered(Event):
    """A customer wrote on another channel than the one on which their ticket is live."""

    enquiry_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class TicketMoved(TicketEvent):
    """A ticket goes on in another conversation of its customer, where an enquiry may have been
    open; ``left`` is the conversation before."""

    channel: str
    left: str
    enquiry_id: int | None


@dataclass(frozen=True, kw_only=True)
class ShopFellSilent(Event):
    """The shop did not answer several times in a row, and is left alone for a while."""

    why: str


@dataclass(frozen=True, kw_only=True)
class OrderProofOffered(Event):
    """A customer wrote of returning an order that is not known to be theirs."""

    message_id: int
    number: str


@dataclass(frozen=True, kw_only=True)
class OrderProofAsked(Event):
    """A customer said which address an order was placed with; a code went there if it was."""

    customer_id: int
    number: str


@dataclass(frozen=True, kw_only=True)
class OrderProved(Event):
    """A code showed that an order is a customer's."""

    customer_id: int
    order_id: int


@dataclass(frozen=True, kw_only=True)
class OrderCodeSaid(Event):
    """A customer wrote the code of an order into the conversation; how that ended."""

    message_id: int
    number: str
    end: str


@dataclass(frozen=True, kw_only=True)
class ReturnOffered(Event):
    """A customer wrote that they want to return an order of theirs."""

    message_id: int
    order_id: int


@dataclass(frozen=True, kw_only=True)
class ReturnRequested(TicketEvent):
    """A customer asked to send parts of an order back."""

    return_id: int


@dataclass(frozen=True, kw_only=True)
class ReturnMoved(TicketEvent):
    """A return was accepted, received, refunded or refused."""

    return_id: int
    step: str


# People


@dataclass(frozen=True, kw_only=True)
class CustomersLinked(Event):
    """Two customers are one person: what was ``other_id``'s is now ``customer_id``'s. ``at`` is
    where they said so themselves, if they did."""

    customer_id: int
    other_id: int
    at: str | None


@dataclass(frozen=True, kw_only=True)
class LinkRefused(Event):
    """Somebody sent a code for linking that does nothing: it is not good (``why`` refused), too many
    were wrong before (too many), or it was used by themselves (already)."""

    message_id: int
    why: str


@dataclass(frozen=True, kw_only=True)
class LinkCodeMade(Event):
    """A customer asked for a code by which to be known on another channel."""

    customer_id: int


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
class CustomerEdited(Event):
    """Parts of a customer's profile changed, or a note was made of them."""

    customer_id: int
    parts: str


@dataclass(frozen=True, kw_only=True)
class CustomerBlocked(Event):
    """A customer is not answered any more."""

    customer_id: int


@dataclass(frozen=True, kw_only=True)
class CustomerUnblocked(Event):
    """A blocked customer is answered again."""

    customer_id: int


@dataclass(frozen=True, kw_only=True)
class BlockedWrote(Event):
    """A blocked customer wrote; ``first`` says that they were not told yet."""

    message_id: int
    first: bool


@dataclass(frozen=True, kw_only=True)
class CustomerForgotten(Event):
    """Everything that said who a customer is was erased."""

    customer_id: int


# Promises of times


@dataclass(frozen=True, kw_only=True)
class BusinessHoursChanged(Event):
    """Business hours were added, edited or removed."""

    name: str
    change: str


@dataclass(frozen=True, kw_only=True)
class SlaPolicyChanged(Event):
    """An SLA policy was added, edited or removed."""

    name: str
    change: str


# Deliveries


@dataclass(frozen=True, kw_only=True)
class DeliveryDied(Event):
    """A card could not be delivered and will not be tried again by itself."""

    delivery_id: int
    error: str


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(Event):
    """A webhook was added, paused, resumed or removed by an admin."""

    webhook_id: int
    change: str


@dataclass(frozen=True, kw_only=True)
class DeliveryRevived(Event):
    """Somebody asked for a dead delivery to be sent again."""

    delivery_id: int


@dataclass(frozen=True, kw_only=True)
class SignInLinkMade(Event):
    """An agent asked for a link onto the staff pages."""

    agent_id: int


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """An agent used their link: a session on the staff pages began."""

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
