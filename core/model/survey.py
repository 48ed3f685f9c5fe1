"""How satisfied a customer was with a closed ticket."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Moment

LOW = 2  # and below: somebody should look
SCORES = range(1, 6)


class Survey(Base):
    """One survey, for one ticket, once: asked when it was closed, with whom it was then, what it was
    about, and the article that was sent for it last. ``score`` is 1 (bad) to 5 (good)."""

    __tablename__ = "surveys"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)
    category: Mapped[str] = mapped_column(String(60), default="")
    article: Mapped[str | None] = mapped_column(String(120))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    score: Mapped[int | None]
    comment: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("score between 1 and 5", name="score"),
        Index("ix_surveys_asked_at", "asked_at"),
    )
