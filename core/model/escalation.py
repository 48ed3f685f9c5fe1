"""What is done when a promise is in danger: ladders, and the steps of theirs that are due for a ticket."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Json, Moment, named


class Trigger(StrEnum):
    """What begins an escalation."""

    AT_RISK = "at risk"  # a promise will soon be broken
    BREACHED = "breached"  # it was
    REOPENED = "reopened"  # too often
    LOW_SCORE = "low score"
    ANGRY = "angry words"
    TOO_HARD = "too hard"  # for the tier of its agent
    BY_HAND = "by hand"  # somebody asked for it


class Measure(StrEnum):
    """What a step does."""

    PRIORITY = "priority"  # at least as high as its value
    NOTIFY = "notify"  # assignee, lead, team
    REASSIGN = "reassign"  # to the next tier
    ON_CALL = "on-call"  # whoever is on call
    ADMIN = "admin"  # all admins


class StepEnd(StrEnum):
    """What became of a step."""

    TAKEN = "taken"
    MOOT = "moot"  # there was nothing left to escalate


class Ladder(Base):
    """The steps of a trigger, where a desk has others than we ship; each a measure, value and delay."""

    __tablename__ = "ladders"

    trigger: Mapped[Trigger] = mapped_column(named(Trigger), primary_key=True)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    set_at: Mapped[datetime] = mapped_column(Moment)


class EscalationStep(Base):
    """One step for one ticket: a row a step and ``occurrence`` of its trigger, so that each is taken once,
    at ``due_at`` or as soon after it as the desk is up."""

    __tablename__ = "escalation_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    trigger: Mapped[Trigger] = mapped_column(named(Trigger))
    occurrence: Mapped[str] = mapped_column(String(80))
    rank: Mapped[int]
    measure: Mapped[Measure] = mapped_column(named(Measure))
    value: Mapped[str] = mapped_column(String(20), default="")
    due_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ending: Mapped[StepEnd | None] = mapped_column(named(StepEnd))
    outcome: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        UniqueConstraint("ticket_id", "trigger", "occurrence", "rank"),
        Index(
            "ix_escalation_steps_due",
            "due_at",
            "rank",
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
    )


class EscalationNotice(Base):
    """An agent is to be told of a step; what comes at once is told in one message."""

    __tablename__ = "escalation_notices"

    step_id: Mapped[int] = mapped_column(ForeignKey("escalation_steps.id"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index(
            "ix_escalation_notices_untold",
            "agent_id",
            sqlite_where=text("told_at is null"),
            postgresql_where=text("told_at is null"),
        ),
    )
