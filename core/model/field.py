"""Fields that a desk gives its tickets, and what is in them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.model.kind import KIND_LENGTH
from core.storage.base import Base, Exact, Json, Moment, named

FIELD_LENGTH = 30
LABEL_LENGTH = 60
VALUE_LENGTH = 300


class FieldType(StrEnum):
    """What can be in a field."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"


class TicketField(Base):
    """Something that is to be known of tickets, of all or of one kind.

    One that ``is_required`` has to be there before a ticket is resolved; one that is ``asked`` is
    asked of customers who write by a form. ``smallest`` and ``largest`` are bounds of a number,
    ``choices`` what can be chosen. A removed field keeps its values, and is shown no more.
    """

    __tablename__ = "ticket_fields"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(FIELD_LENGTH))
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    type: Mapped[FieldType] = mapped_column(named(FieldType))
    kind: Mapped[str | None] = mapped_column(
        String(KIND_LENGTH), ForeignKey("ticket_kinds.name")
    )  # none: all
    is_required: Mapped[bool] = mapped_column(default=False)
    asked: Mapped[bool] = mapped_column(default=False)
    choices: Mapped[list[str]] = mapped_column(Json, default=list)
    smallest: Mapped[Decimal | None] = mapped_column(Exact)
    largest: Mapped[Decimal | None] = mapped_column(Exact)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index(
            "uq_ticket_fields_name",
            "name",
            unique=True,
            sqlite_where=text("removed_at is null"),
            postgresql_where=text("removed_at is null"),
        ),
    )


class FieldValue(Base):
    """What is in one field of one ticket: ``text`` as it is shown, and as it is looked for, by its
    type: ``folded`` words, an exact ``number``, a ``day``."""

    __tablename__ = "ticket_field_values"

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True
    )
    field_id: Mapped[int] = mapped_column(ForeignKey("ticket_fields.id"), primary_key=True)
    text: Mapped[str] = mapped_column(String(VALUE_LENGTH))
    folded: Mapped[str | None] = mapped_column(String(VALUE_LENGTH))
    number: Mapped[Decimal | None] = mapped_column(Exact)
    day: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (
        Index("ix_ticket_field_values_folded", "field_id", "folded", "ticket_id"),
        Index("ix_ticket_field_values_number", "field_id", "number", "ticket_id"),
        Index("ix_ticket_field_values_day", "field_id", "day", "ticket_id"),
    )
