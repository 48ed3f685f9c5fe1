"""Somebody was promised a transcript: which one, and as it stood when. What is in it is never kept."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Moment, named


class Form(StrEnum):
    """What a transcript is written as."""

    TEXT = "text"
    HTML = "html"  # a page for a screen, which prints well, too
    PRINT = "print"  # a page for a printer


class Transcript(Base):
    """A transcript of a ticket up to its message ``last_id``. ``public_id`` names it in addresses, 128
    random bits; ``language`` and ``time_zone`` are its reader's."""

    __tablename__ = "transcripts"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    form: Mapped[Form] = mapped_column(named(Form))
    with_notes: Mapped[bool]
    language: Mapped[str] = mapped_column(String(12))
    time_zone: Mapped[str] = mapped_column(String(64))
    last_id: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
