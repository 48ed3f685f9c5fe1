"""What a message became that was split off its ticket, so that it can be undone."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Moment


class Split(Base):
    """A message of ticket ``from_id`` was taken out of it, and ticket ``ticket_id`` was opened with it.

    Its id is the new ticket's `Ticket.branch`, so it is there a moment before the ticket is.
    """

    __tablename__ = "splits"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    split_at: Mapped[datetime] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
