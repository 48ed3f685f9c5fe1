"""How tickets belong together, and who follows one that is not theirs."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Moment, named


class Tie(StrEnum):
    """How one ticket belongs to another."""

    RELATES = "relates"  # they have to do with each other
    CHILD = "child"  # it is a part of the other, its parent


class TicketLink(Base):
    """Ticket ``ticket_id`` relates to ``other_id``, which has the larger number, or is its child."""

    __tablename__ = "ticket_links"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, index=True)
    tie: Mapped[Tie] = mapped_column(named(Tie))

    __table_args__ = (
        CheckConstraint("ticket_id != other_id", name="itself"),
        CheckConstraint("tie = 'child' or ticket_id < other_id", name="once"),
        Index(  # one parent, whoever is first
            "uq_ticket_links_parent",
            "ticket_id",
            unique=True,
            sqlite_where=text("tie = 'child'"),
            postgresql_where=text("tie = 'child'"),
        ),
    )


class Watcher(Base):
    """An agent follows a ticket. ``digests`` counts the words they were sent about it, and
    ``told_at`` is when the last ones are due."""

    __tablename__ = "watchers"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(Moment)
    digests: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
