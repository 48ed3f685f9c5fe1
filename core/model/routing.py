"""What routing learns and is told: how agents did with each category, and the weights of policies."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model.ticket import CATEGORY_LENGTH
from core.storage.base import Base, Json, Moment

POLICY_LENGTH = 40


class TrackRecord(Base):
    """How an agent did with a category: how many tickets they resolved and in how many minutes in
    all, how many surveys were answered and the sum of their scores. Sums, so that a row is added to
    without being read."""

    __tablename__ = "agent_records"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    category: Mapped[str] = mapped_column(String(CATEGORY_LENGTH), primary_key=True)
    resolved: Mapped[int] = mapped_column(default=0)
    minutes: Mapped[float] = mapped_column(default=0.0)
    answered: Mapped[int] = mapped_column(default=0)
    score: Mapped[int] = mapped_column(default=0)


class KeptPolicy(Base):
    """What an admin set of a policy: its knobs that differ from the defaults, by name."""

    __tablename__ = "routing_policies"

    name: Mapped[str] = mapped_column(String(POLICY_LENGTH), primary_key=True)
    knobs: Mapped[dict[str, Any]] = mapped_column(Json)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(160))


class Challenger(Base):
    """How the challenger of the routing rules is set (off, auto, on), whether it decides, what
    share of assignments is given by lot meanwhile, and the weights it learnt. One row at most."""

    __tablename__ = "routing_challenger"

    id: Mapped[int] = mapped_column(primary_key=True)
    setting: Mapped[str] = mapped_column(String(10))
    leads: Mapped[bool] = mapped_column(default=False)
    share: Mapped[float]
    weights: Mapped[dict[str, float] | None] = mapped_column(Json)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(160))

    __table_args__ = (
        CheckConstraint("id = 1", name="one"),
        CheckConstraint("share between 0 and 1", name="share"),
    )
