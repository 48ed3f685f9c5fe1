"""A file that came with a message: awaited from its platform, then kept by us or refused."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Moment, named


class Holding(StrEnum):
    """Whether we have it."""

    AWAITED = "awaited"
    KEPT = "kept"
    REFUSED = "refused"


class Attachment(Base):
    """One file of a message. ``public_id`` names it in addresses and in the store, 128 random bits.

    ``source`` is the channel's own word for where to fetch it. ``size`` is in bytes: what the
    platform says until it is kept, then what it is. ``reason`` says why it was refused, in words
    for whoever sent it; ``lease`` fences whoever fetches it, as in a delivery.
    """

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int | None] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(Text)
    holding: Mapped[Holding] = mapped_column(named(Holding), default=Holding.AWAITED)
    reason: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index(
            "ix_attachments_awaited",
            "due_at",
            sqlite_where=text("holding = 'awaited'"),
            postgresql_where=text("holding = 'awaited'"),
        ),
    )
