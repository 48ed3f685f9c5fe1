"""Who holds which ticket, in which of their slots: capacity as a fact of the schema."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model.people import Agent
from core.storage.base import Base, Json, Moment, named


class How(StrEnum):
    """What made an agent the assignee."""

    AUTOMATIC = "automatic"
    CLAIM = "claim"
    TRANSFER = "transfer"
    BACK = "back"  # it was theirs before, and was put aside meanwhile


class Ending(StrEnum):
    """What ended an assignment."""

    RESOLVED = "resolved"
    RELEASED = "released"
    TRANSFERRED = "transferred"
    ESCALATED = "escalated"
    AGENT_REMOVED = "agent removed"
    SNOOZED = "snoozed"  # theirs still, without a slot
    MERGED = "merged"
    LAPSED = "lapsed"  # no answer in time
    ON_HOLD = "on hold"  # theirs still, without a slot
    HANDED_BACK = "handed back"  # they went offline


class Assignment(Base):
    """A ticket in one of an agent's numbered slots, from ``started_at`` until ``ended_at``.

    An agent of capacity *n* has the slots 1 to *n*; two current assignments in one slot cannot be
    written, so nobody is over-assigned, whoever races.
    """

    __tablename__ = "assignments"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    slot: Mapped[int]
    how: Mapped[How] = mapped_column(named(How))
    why: Mapped[dict[str, Any]] = mapped_column(Json)
    started_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ending: Mapped[Ending | None] = mapped_column(named(Ending))

    agent: Mapped[Agent] = relationship(lazy="raise")

    __table_args__ = (
        Index(
            "uq_assignments_slot",
            "agent_id",
            "slot",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
        Index(
            "uq_assignments_current",
            "ticket_id",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
    )
