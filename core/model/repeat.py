"""What a program asked for under a key of its own, so that asking again changes nothing."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Moment

NAME_LENGTH = 200


class Repeat(Base):
    """A request that may come again, by its API key and ``Idempotency-Key``; ``status`` is None
    while it is being carried out."""

    __tablename__ = "repeats"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("api_keys.id"))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    fingerprint: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(Moment, index=True)
    status: Mapped[int | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (UniqueConstraint("key_id", "name"),)
