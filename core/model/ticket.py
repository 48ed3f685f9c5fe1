"""The ticket, and the one table of how it moves."""

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from core.channels import Address
from core.errors import Conflict
from core.model.kind import KIND_LENGTH, BuiltIn
from core.model.people import Agent, Customer, Team
from core.speaking import Sentence
from core.storage.base import Base, Json, Moment, Ranked, named

SUBJECT_LENGTH = 120
CATEGORY_LENGTH = 60
TAG_LENGTH = 40
WAITS_FOR_LENGTH = 200


class Status(StrEnum):
    """Whose move it is."""

    NEW = "new"  # nobody has it yet
    OPEN = "open"  # an agent has the next move
    PENDING = "pending"  # the customer has the next move
    ON_HOLD = "on hold"  # a third party has it: a carrier, a supplier, another department
    RESOLVED = "resolved"  # answered; a real answer reopens it
    CLOSED = "closed"  # for good; a new message opens another ticket


LIVE = frozenset({Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD})

MOVES: Mapping[Status, frozenset[Status]] = {
    Status.NEW: frozenset({Status.OPEN, Status.RESOLVED}),
    Status.OPEN: frozenset(
        {Status.OPEN, Status.NEW, Status.PENDING, Status.ON_HOLD, Status.RESOLVED}
    ),
    Status.PENDING: frozenset(
        {Status.PENDING, Status.NEW, Status.OPEN, Status.ON_HOLD, Status.RESOLVED}
    ),
    Status.ON_HOLD: frozenset({Status.ON_HOLD, Status.NEW, Status.RESOLVED}),
    Status.RESOLVED: frozenset({Status.NEW, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}


class Priority(IntEnum):
    """How urgent; higher is served first."""

    LOW = 1
    NORMAL = 2
    HIGH = 3
    URGENT = 4

    @property
    def label(self) -> str:
        return self.name.lower()


class InvalidMove(Conflict):
    """The table of moves does not have this one."""

    def __init__(self, ticket: "Ticket", to: Status) -> None:
        super().__init__(
            Sentence(
                "Ticket #{number} is {status}; it cannot become {to}.",
                number=ticket.id,
                status=Sentence(ticket.status.value),
                to=Sentence(to),
            )
        )


class Ticket(Base):
    """The matter to be solved."""

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH))
    status: Mapped[Status] = mapped_column(named(Status), default=Status.NEW)
    kind: Mapped[str] = mapped_column(String(KIND_LENGTH), default=BuiltIn.QUESTION.value)
    priority: Mapped[Priority] = mapped_column(Ranked(Priority), default=Priority.NORMAL)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    skill: Mapped[str | None] = mapped_column(String(40))
    tier: Mapped[int] = mapped_column(default=1)
    category: Mapped[str] = mapped_column(String(CATEGORY_LENGTH), default="")  # empty: none yet
    language: Mapped[str] = mapped_column(String(12), default="")  # a code; empty: not known
    complexity: Mapped[int] = mapped_column(default=0)  # 1 (simple) to 5 (hard); 0: not judged
    due_at: Mapped[datetime | None] = mapped_column(Moment)  # the next promise; none: no clock runs
    channel: Mapped[str] = mapped_column(String(20))
    workspace: Mapped[str] = mapped_column(String(64))
    conversation: Mapped[str] = mapped_column(String(160))
    branch: Mapped[int] = mapped_column(default=0)  # the `Split` it began with; 0: none
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    waiting_since: Mapped[datetime] = mapped_column(Moment)
    first_response_at: Mapped[datetime | None] = mapped_column(Moment)
    resolved_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    escalated_at: Mapped[datetime | None] = mapped_column(Moment)
    escalation: Mapped[str | None] = mapped_column(Text)
    stuck_at: Mapped[datetime | None] = mapped_column(Moment)  # when leads were told that it waits
    stuck_for: Mapped[str | None] = mapped_column(String(40))  # and the reason they were told
    waits_for: Mapped[str | None] = mapped_column(String(WAITS_FOR_LENGTH))  # while on hold
    snoozed_at: Mapped[datetime | None] = mapped_column(Moment)
    snoozed_until: Mapped[datetime | None] = mapped_column(
        Moment
    )  # none: until the customer writes
    resolution: Mapped[str | None] = mapped_column(Text)
    resolutions: Mapped[int] = mapped_column(default=0)  # how often it was resolved
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    looks_like_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))  # a duplicate?
    article: Mapped[str | None] = mapped_column(String(120))  # sent to the customer last
    advice: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)  # articles for staff
    links: Mapped[int] = mapped_column(default=0)  # how many `TicketLink`s it is in
    watched: Mapped[bool] = mapped_column(default=False)  # somebody does, or did
    enriched: Mapped[dict[str, Any]] = mapped_column(
        Json, default=dict
    )  # what intake made of it, why
    version: Mapped[int] = mapped_column(default=1)

    customer: Mapped[Customer] = relationship(lazy="raise")
    assignee: Mapped[Agent | None] = relationship(lazy="raise")
    team: Mapped[Team | None] = relationship(lazy="raise")

    __table_args__ = (
        Index(  # one live ticket a conversation, and one a branch of it, whoever is first
            "uq_tickets_live",
            "channel",
            "workspace",
            "conversation",
            "branch",
            unique=True,
            sqlite_where=text("status != 'closed'"),
            postgresql_where=text("status != 'closed'"),
        ),
        Index(  # the queue, in its order
            "ix_tickets_waiting",
            text("priority DESC"),
            "waiting_since",
            sqlite_where=text("status = 'new'"),
            postgresql_where=text("status = 'new'"),
        ),
        Index(  # who waits longest
            "ix_tickets_waiting_since",
            "waiting_since",
            sqlite_where=text("status = 'new'"),
            postgresql_where=text("status = 'new'"),
        ),
        Index(  # how old the live ones are
            "ix_tickets_live_age",
            "created_at",
            sqlite_where=text("status in ('new', 'on hold', 'open', 'pending')"),
            postgresql_where=text("status in ('new', 'on hold', 'open', 'pending')"),
        ),
        Index(  # what is escalated, the latest first
            "ix_tickets_escalated",
            "escalated_at",
            sqlite_where=text("escalated_at is not null"),
            postgresql_where=text("escalated_at is not null"),
        ),
        Index(  # the queue of those who can answer this
            "ix_tickets_waiting_for",
            "skill",
            "team_id",
            text("priority DESC"),
            "waiting_since",
            sqlite_where=text("status = 'new'"),
            postgresql_where=text("status = 'new'"),
        ),
        Index(  # the queue by what is promised next
            "ix_tickets_waiting_due",
            "due_at",
            sqlite_where=text("status = 'new' and due_at is not null"),
            postgresql_where=text("status = 'new' and due_at is not null"),
        ),
        Index(  # what is due next of an agent's
            "ix_tickets_risk",
            "assignee_id",
            "due_at",
            sqlite_where=text("due_at is not null"),
            postgresql_where=text("due_at is not null"),
        ),
        Index(  # who had a customer's latest tickets
            "ix_tickets_helped",
            "customer_id",
            "id",
            sqlite_where=text("assignee_id is not null"),
            postgresql_where=text("assignee_id is not null"),
        ),
        Index(  # what leads were told of last
            "ix_tickets_stuck",
            "stuck_at",
            sqlite_where=text("stuck_at is not null"),
            postgresql_where=text("stuck_at is not null"),
        ),
        Index(  # the lists that people look at all day
            "ix_tickets_live_list",
            text("priority DESC"),
            "id",
            sqlite_where=text("status in ('new', 'on hold', 'open', 'pending')"),
            postgresql_where=text("status in ('new', 'on hold', 'open', 'pending')"),
        ),
        Index("ix_tickets_list", "status", text("priority DESC"), "id"),
        Index(  # where a merged ticket was discussed, and may be still
            "ix_tickets_merged",
            "channel",
            "workspace",
            "conversation",
            sqlite_where=text("merged_into_id is not null"),
            postgresql_where=text("merged_into_id is not null"),
        ),
        Index(  # what wakes next
            "ix_tickets_snoozed",
            "snoozed_until",
            sqlite_where=text("snoozed_until is not null"),
            postgresql_where=text("snoozed_until is not null"),
        ),
        Index(  # what is promised next
            "ix_tickets_due",
            "due_at",
            sqlite_where=text("due_at is not null"),
            postgresql_where=text("due_at is not null"),
        ),
        Index("ix_tickets_assignee", "assignee_id", "status"),
        Index("ix_tickets_category", "category", "id"),
        Index("ix_tickets_kind", "kind", "id"),
        Index("ix_tickets_created", "created_at", "id"),
        Index("ix_tickets_updated", "updated_at", "id"),
        Index("ix_tickets_resolved", "status", "resolved_at"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def address(self) -> Address:
        branch = self.id if self.branch else 0
        return Address(self.channel, self.workspace, self.conversation, branch)

    def move_to(self, status: Status, *, at: datetime) -> None:
        """Change the status. Raises `InvalidMove` where the table has no such move."""
        if status not in MOVES[self.status]:
            raise InvalidMove(self, status)
        self.status = status
        self.updated_at = at
        if status is not Status.ON_HOLD:
            self.waits_for = None
        if status in {Status.NEW, Status.RESOLVED, Status.CLOSED}:
            self.snoozed_at = self.snoozed_until = None
        if status is Status.RESOLVED:
            self.resolved_at = at
            self.resolutions += 1
        if status is Status.NEW:
            self.waiting_since = at
            self.resolved_at = None
        if status is Status.CLOSED:
            self.closed_at = at

    def unmerge(self, *, at: datetime) -> None:
        """Wait again, as before it was merged into another one: no move, but one taken back."""
        self.status = Status.NEW
        self.merged_into_id = self.closed_at = None
        self.updated_at = self.waiting_since = at


class Tag(Base):
    """A word that staff put on a ticket to find it by."""

    __tablename__ = "ticket_tags"

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(String(TAG_LENGTH), primary_key=True)

    __table_args__ = (Index("ix_ticket_tags_tag", "tag", "ticket_id"),)


WITH_PEOPLE = (
    selectinload(Ticket.customer),
    selectinload(Ticket.assignee),
    selectinload(Ticket.team),
)
"""Loads a ticket together with everybody who stands on its card."""


def subject_of(message: str) -> str:
    """The first line of a message, cut at a word to fit."""
    line = next((line.strip() for line in message.splitlines() if line.strip()), "(no text)")
    if len(line) <= SUBJECT_LENGTH:
        return line
    cut = line[: SUBJECT_LENGTH - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > SUBJECT_LENGTH // 2 else cut) + "…"
