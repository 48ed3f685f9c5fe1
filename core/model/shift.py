"""When agents work: their hours, their days off, and when they were last seen."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Moment


class WorkingHours(Base):
    """A block of hours at work, in minutes past midnight of the weekday (0 is Monday) in the zone of
    the agent; an end beyond 1,440 is on the next day."""

    __tablename__ = "working_hours"

    agent_id: Mapped[int] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    weekday: Mapped[int] = mapped_column(primary_key=True)
    begins: Mapped[int] = mapped_column(primary_key=True)
    ends: Mapped[int]

    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("begins between 0 and 1439", name="begins"),
        CheckConstraint("ends > begins and ends <= begins + 1440", name="ends"),
    )


class DaysOff(Base):
    """Days on which an agent does not work, both included, in their zone."""

    __tablename__ = "days_off"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    why: Mapped[str] = mapped_column(String(120), default="")

    __table_args__ = (CheckConstraint("last >= first", name="order"),)


class Presence(Base):
    """The last sign of life of an agent; ``warned_at`` since they were asked for one."""

    __tablename__ = "presence"

    agent_id: Mapped[int] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True
    )
    seen_at: Mapped[datetime] = mapped_column(Moment)
    warned_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_presence_seen_at", "seen_at"),)
