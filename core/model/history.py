"""What happened, kept for good: every event with who did it, when and from where."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Json, Moment


class History(Base):
    """One event as it was. ``event`` is its class name, ``facts`` its fields.

    No foreign keys: history outlives what it speaks of.
    """

    __tablename__ = "history"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    event: Mapped[str] = mapped_column(String(60))
    ticket_id: Mapped[int | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(160))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
