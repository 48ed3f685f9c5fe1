"""A rule: what a new ticket gets where its condition fits."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from core.model.ticket import CATEGORY_LENGTH, Priority
from core.storage.base import Base, Json, Moment, Ranked

NAME_LENGTH = 60


class Rule(Base):
    """One rule, in its place. ``condition`` is a filter; what is None is left as it is.

    Teams, skills and kinds are kept by their names, so that a rule outlives what it names: then it is
    broken, skipped, and leads are told once (``told_broken_at``).
    """

    __tablename__ = "rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), unique=True)
    place: Mapped[int]  # rules are tried from 1 on
    is_on: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    condition: Mapped[str] = mapped_column(Text)
    team: Mapped[str | None] = mapped_column(String(60))
    category: Mapped[str | None] = mapped_column(String(CATEGORY_LENGTH))
    priority: Mapped[Priority | None] = mapped_column(Ranked(Priority))
    kind: Mapped[str | None] = mapped_column(String(20))
    skill: Mapped[str | None] = mapped_column(String(40))
    tier: Mapped[int | None]
    tags: Mapped[list[Any]] = mapped_column(Json, default=list)
    stops: Mapped[bool] = mapped_column(Boolean, default=False)  # none after it is tried
    by: Mapped[str] = mapped_column(String(160))  # who wrote it last
    written_at: Mapped[datetime] = mapped_column(Moment)
    told_broken_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_rules_place", "place", "id"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
