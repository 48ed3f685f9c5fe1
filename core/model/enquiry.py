"""What a customer asked before there is a ticket: what deflection is measured on."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Double, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.channels import Address
from core.model.people import Customer
from core.model.ticket import Ticket
from core.storage.base import Base, Json, Moment, named


class Stage(StrEnum):
    """How far an enquiry is, and how it ended."""

    ASKED = "asked"  # articles were offered; the customer has not said yet
    SOLVED = "solved"  # an article did it: a deflection
    HANDED_OVER = "handed over"  # became a ticket
    SILENT = "silent"  # articles were offered and nothing came back


class Enquiry(Base):
    """The customer's words, the articles offered for them, and how it ended.

    ``offered`` lists ``{"article": slug, "title": …, "answer": …, "confidence": 0–1, "offer": n}``,
    the latest offer first; ``misses`` counts the offers that did not do.
    """

    __tablename__ = "enquiries"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    workspace: Mapped[str] = mapped_column(String(64))
    conversation: Mapped[str] = mapped_column(String(160))
    stage: Mapped[Stage] = mapped_column(named(Stage), default=Stage.ASKED)
    question: Mapped[str] = mapped_column(Text)
    offered: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    offers: Mapped[int] = mapped_column(default=0)
    misses: Mapped[int] = mapped_column(default=0)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    solved_by: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    customer: Mapped[Customer] = relationship(lazy="raise")
    ticket: Mapped[Ticket | None] = relationship(lazy="raise")

    __table_args__ = (
        Index(
            "uq_enquiries_asked",
            "channel",
            "workspace",
            "conversation",
            unique=True,
            sqlite_where=text("stage = 'asked'"),
            postgresql_where=text("stage = 'asked'"),
        ),
        Index("ix_enquiries_stage", "stage", "updated_at"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def address(self) -> Address:
        return Address(self.channel, self.workspace, self.conversation)

    @property
    def latest_offer(self) -> list[dict[str, Any]]:
        """What was offered last, best first."""
        return [each for each in self.offered if each["offer"] == self.offers]

    @property
    def offer_key(self) -> str:
        """The key of the delivery that carries the latest offer."""
        return f"offer:{self.id}:{self.offers}"


class Fate(StrEnum):
    """What a customer made of an article that was offered."""

    OPEN = "open"  # not said yet
    HELPFUL = "helpful"  # 👍
    UNHELPFUL = "unhelpful"  # it was given as the answer, and was none
    PASSED_OVER = "passed over"  # one of several guesses, and not the one, or nothing was said


class OfferedArticle(Base):
    """One article offered to one enquiry: what the knowledge base learns from.

    ``offer`` and ``place`` count from 1; ``confidence`` is 0–1; ``is_answer`` says that it was given
    as the answer, and not as a guess. ``is_learned`` says that the knowledge base has taken note.
    """

    __tablename__ = "offered_articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiries.id"))
    offer: Mapped[int]
    place: Mapped[int]
    article: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(12))
    confidence: Mapped[float] = mapped_column(Double)
    is_answer: Mapped[bool]
    fate: Mapped[Fate] = mapped_column(named(Fate), default=Fate.OPEN)
    is_learned: Mapped[bool] = mapped_column(default=False)
    offered_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        UniqueConstraint("enquiry_id", "offer", "place"),
        Index("ix_offered_articles_article", "article", "offered_at"),
        Index("ix_offered_articles_learned", "is_learned", "fate", "id"),
    )
