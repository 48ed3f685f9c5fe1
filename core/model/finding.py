"""How staff find their way among tickets: saved views, and operations on many tickets at once."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Json, Moment, named

NAME_LENGTH = 60


class SavedView(Base):
    """A filter under a name: somebody's own, or everybody's where ``agent_id`` is None."""

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    filter: Mapped[str] = mapped_column(Text)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    saved_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        UniqueConstraint("agent_id", "name"),
        Index(
            "uq_saved_views_shared",
            "name",
            unique=True,
            sqlite_where=text("agent_id is null"),
            postgresql_where=text("agent_id is null"),
        ),
    )


class BulkWhat(StrEnum):
    """What can be done to many tickets at once."""

    ASSIGN = "assign"
    TAG = "tag"
    PRIORITY = "priority"
    KIND = "kind"
    RESOLVE = "resolve"


class Bulk(Base):
    """One operation on many tickets: proposed, then done, then perhaps undone, as a whole.

    ``value`` is what they get, in the words of the command; ``by`` is the label of who asked.
    """

    __tablename__ = "bulks"

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[BulkWhat] = mapped_column(named(BulkWhat))
    value: Mapped[str] = mapped_column(Text)
    filter: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(160))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class BulkChange(Base):
    """A ticket in an operation, as it was ``before`` and is ``after``; both None where it was left."""

    __tablename__ = "bulk_changes"

    bulk_id: Mapped[int] = mapped_column(
        ForeignKey("bulks.id", ondelete="CASCADE"), primary_key=True
    )
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)
