"""Addresses of programs elsewhere that are told what happens here."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model.people import Agent
from core.storage.base import Base, Json, Moment

URL_LENGTH = 500


class Webhook(Base):
    """One address, and which events it is told: those of ``events``, or all where there are none.

    ``secret`` is sealed where the desk seals. ``position`` is the number in history up to which
    deliveries are written. One that is paused is told later; why is in ``paused_why``.
    """

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(URL_LENGTH))
    events: Mapped[list[str]] = mapped_column(Json, default=list)
    secret: Mapped[str] = mapped_column(Text)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))  # none: the operator
    position: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    paused_why: Mapped[str] = mapped_column(String(200), default="")
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    agent: Mapped[Agent | None] = relationship(lazy="raise")
