"""Figures kept ready: what reports add up, so that nobody has to count tickets."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Json, Moment

PART_LENGTH = 120


class Tally(Base):
    """How often something happened on a day (UTC), on a channel, for a team (0: none).

    ``part`` divides a figure by what it is about: a category, an hour of the week, a bucket of time,
    an agent. There are as many rows as there are days and parts, however many tickets.
    """

    __tablename__ = "report_tallies"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    figure: Mapped[str] = mapped_column(String(20), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    team_id: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(String(PART_LENGTH), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_report_tallies_figure", "figure", "day"),)


class Rollup(Base):
    """Tallies added up for long spans: by month, or of a day over all teams.

    A ``month`` (its first day) has everything that its days have. A day of ``all`` has what curves
    are drawn of: opened tickets by channel, and times by bucket.
    """

    __tablename__ = "report_rollups"

    tier: Mapped[str] = mapped_column(String(8), primary_key=True)  # month or all
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    figure: Mapped[str] = mapped_column(String(20), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    team_id: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(String(PART_LENGTH), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class Counted(Base):
    """What was counted of one ticket or enquiry: taken off again when it has changed.

    ``counts`` lists ``[day, figure, channel, team, part, count]``.
    """

    __tablename__ = "report_counted"

    of: Mapped[str] = mapped_column(String(8), primary_key=True)  # ticket or enquiry
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counts: Mapped[list[list[Any]]] = mapped_column(Json)


class ReportPosition(Base):
    """One row: up to which event history was counted. ``gaps`` are the numbers below it that were not
    there yet, each with the time (ISO 8601) until which it may still come."""

    __tablename__ = "report_position"

    id: Mapped[int] = mapped_column(primary_key=True)
    after: Mapped[int] = mapped_column(default=0)
    gaps: Mapped[dict[str, str]] = mapped_column(Json, default=dict)


class Digest(Base):
    """A week (its Monday) whose figures were posted: once, whoever sweeps."""

    __tablename__ = "report_digests"

    week: Mapped[date] = mapped_column(Date, primary_key=True)
    posted_at: Mapped[datetime] = mapped_column(Moment)
