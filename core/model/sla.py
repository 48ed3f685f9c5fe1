"""Promises of times: business hours, SLA policies, and the targets that run on tickets."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model.ticket import Ticket
from core.storage.base import Base, Json, Lasting, Moment, named

NAME_LENGTH = 40
OPEN = "met_at is null and dropped_at is null"


class TargetKind(StrEnum):
    """What is promised to happen in time."""

    FIRST_RESPONSE = "first response"  # a person's first answer
    NEXT_RESPONSE = "next response"  # an answer to each later question
    RESOLUTION = "resolution"


class Hours(Base):
    """When people are at work: blocks of minutes for each weekday in a time zone, with holidays."""

    __tablename__ = "business_hours"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), unique=True)
    time_zone: Mapped[str] = mapped_column(String(64))  # of the IANA data base
    week: Mapped[list[Any]] = mapped_column(Json)  # Monday first: [[begin, end], …] each
    country: Mapped[str] = mapped_column(String(2), default="")  # whose public holidays are off
    subdivision: Mapped[str] = mapped_column(String(40), default="")
    days_off: Mapped[dict[str, str]] = mapped_column(Json, default=dict)  # ISO date: why


class TeamHours(Base):
    """The business hours of a team; a team without any has those called default."""

    __tablename__ = "team_hours"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    hours_id: Mapped[int] = mapped_column(ForeignKey("business_hours.id"), index=True)


class SlaPolicy(Base):
    """Whom which times are promised. The first by position that a ticket fits is its policy."""

    __tablename__ = "sla_policies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), unique=True)
    position: Mapped[int] = mapped_column(index=True)
    # what a ticket has to be; an empty list is anything
    priorities: Mapped[list[int]] = mapped_column(Json, default=list)
    kinds: Mapped[list[str]] = mapped_column(Json, default=list)
    channels: Mapped[list[str]] = mapped_column(Json, default=list)
    teams: Mapped[list[int]] = mapped_column(Json, default=list)
    customer_tags: Mapped[list[str]] = mapped_column(Json, default=list)  # any of them
    vip: Mapped[bool] = mapped_column(default=False)  # only of customers who are
    # how much working time there is; none: not promised
    first_response: Mapped[timedelta | None] = mapped_column(Lasting)
    next_response: Mapped[timedelta | None] = mapped_column(Lasting)
    resolution: Mapped[timedelta | None] = mapped_column(Lasting)
    hours_id: Mapped[int | None] = mapped_column(
        ForeignKey("business_hours.id")
    )  # none: the team's
    pauses: Mapped[list[str]] = mapped_column(Json, default=list)  # pending, on hold, snoozed
    warnings: Mapped[dict[str, list[str]]] = mapped_column(Json, default=dict)  # share: to whom


class SlaEdition(Base):
    """One row: counts the changes to hours and policies, so that each process sees when to read
    them anew. Without it, nothing was ever promised."""

    __tablename__ = "sla_edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class Target(Base):
    """One promise on a ticket, with how much of it has run. It runs while ``running_since`` is set,
    is paused while it is not, and is over once it was ``met_at`` or ``dropped_at``."""

    __tablename__ = "ticket_targets"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    kind: Mapped[TargetKind] = mapped_column(named(TargetKind))
    ordinal: Mapped[int] = mapped_column(default=1)  # the how manieth of its kind
    policy: Mapped[str] = mapped_column(String(NAME_LENGTH))  # its name, kept when it is removed
    policy_id: Mapped[int | None] = mapped_column(
        ForeignKey("sla_policies.id", ondelete="SET NULL")
    )
    hours_id: Mapped[int | None] = mapped_column(
        ForeignKey("business_hours.id", ondelete="SET NULL")
    )
    priority: Mapped[int]  # of the ticket when it was made or met, for the figures
    allowed: Mapped[timedelta] = mapped_column(Lasting)
    started_at: Mapped[datetime] = mapped_column(Moment)
    ran: Mapped[timedelta] = mapped_column(Lasting)  # working time, until ``running_since``
    running_since: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)  # while it is paused: as it was
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    stretches: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    next_at: Mapped[datetime | None] = mapped_column(Moment)  # when the sweep has to look
    warned: Mapped[int] = mapped_column(default=0)  # the largest share warned of, in per cent
    met_at: Mapped[datetime | None] = mapped_column(Moment)
    breached_at: Mapped[datetime | None] = mapped_column(Moment)
    dropped_at: Mapped[datetime | None] = mapped_column(Moment)  # merged away, or promised no more

    ticket: Mapped[Ticket] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("ticket_id", "kind", "ordinal"),
        Index(  # what the sweep takes next
            "ix_ticket_targets_next",
            "next_at",
            sqlite_where=text("next_at is not null"),
            postgresql_where=text("next_at is not null"),
        ),
        Index(  # what was not kept
            "ix_ticket_targets_breached",
            "breached_at",
            sqlite_where=text("breached_at is not null"),
            postgresql_where=text("breached_at is not null"),
        ),
        Index(  # what is in danger
            "ix_ticket_targets_risk",
            "due_at",
            sqlite_where=text(f"{OPEN} and breached_at is null and warned > 0"),
            postgresql_where=text(f"{OPEN} and breached_at is null and warned > 0"),
        ),
        Index(  # what was not kept and is not done yet
            "ix_ticket_targets_late",
            "breached_at",
            sqlite_where=text(f"{OPEN} and breached_at is not null"),
            postgresql_where=text(f"{OPEN} and breached_at is not null"),
        ),
        Index("ix_ticket_targets_started", "started_at"),
    )

    @property
    def over(self) -> bool:
        """Whether nothing more can come of it."""
        return self.met_at is not None or self.dropped_at is not None

    @property
    def keeps_waiting(self) -> bool:
        """Whether it stands still although the customer waits for an answer."""
        is_answer = self.kind is not TargetKind.RESOLUTION
        return is_answer and self.paused_at is not None and not self.over


class TargetWarning(Base):
    """A share of a target's time that has passed, once for each target and share; 100 is the whole
    of it. ``told_at`` is when somebody was told."""

    __tablename__ = "target_warnings"

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("ticket_targets.id", ondelete="CASCADE"))
    share: Mapped[int]  # per cent
    at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)

    target: Mapped[Target] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("target_id", "share"),
        Index(  # of what nobody was told yet
            "ix_target_warnings_untold",
            "at",
            sqlite_where=text("told_at is null"),
            postgresql_where=text("told_at is null"),
        ),
    )
