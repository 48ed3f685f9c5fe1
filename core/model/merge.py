"""What a merge moved from one ticket to another, so that it can be undone as a whole."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Json, Moment


class Merge(Base):
    """Ticket ``ticket_id`` went into ``into_id``: with its messages, its returns and its enquiries, by
    their ids. ``agent_id`` is who had it."""

    __tablename__ = "merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    messages: Mapped[list[int]] = mapped_column(Json)
    returns: Mapped[list[int]] = mapped_column(Json)
    enquiries: Mapped[list[int]] = mapped_column(Json)
    merged_at: Mapped[datetime] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
