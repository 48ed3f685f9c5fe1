"""Something to be sent: written with what caused it, carried out by the courier."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.channels import Address
from core.storage.base import Base, Json, Moment, named


class Progress(StrEnum):
    """How a delivery stands."""

    WAITING = "waiting"
    SENT = "sent"
    WITHDRAWN = "withdrawn"  # what it carried was deleted before it was sent
    DEAD = "dead"  # refused for good, or tried for too long; staff can send it again


class Act(StrEnum):
    """What is to be done."""

    SAY = "say"  # post a card, or edit one
    DELETE = "delete"  # take a post back
    REACT = "react"  # put an emoji on a post
    UNREACT = "unreact"  # and take it away


class Mark(StrEnum):
    """How a line beneath a ticket's card shows what became of what it speaks of."""

    SENT = "✓"
    WAITING = "⏳"
    FAILED = "✗"


TICKET = "#"  # how the lane of a ticket begins


class Delivery(Base):
    """A card owed to an address, or something to be done to a post there.

    ``key`` makes the same consequence owed once. ``under_key`` is the delivery to answer beneath,
    ``replaces_key`` the one whose post is edited in place; neither has to exist. A deletion and a reaction name their post by ``replaces_key``, or by
    ``on_post``, its external id, where it is not ours. What is owed is in order within a
    conversation and its ``lane``: beneath ticket cards every ticket has one, and so has a ticket that
    has a branch of its customer's conversation to itself.

    ``message_id`` is the message it carries, ``files`` the ids of the attachments that go with it, ``transcript_id`` the transcript that does,
    ``rest`` the external ids of the further posts where it took several. ``tracks_key`` is the
    delivery whose end is shown on it, and ``mark`` how it was shown. ``lease`` is the fencing token of the
    courier that holds it until ``leased_until``; ``uncertain`` says an attempt was begun whose end
    nobody knows.
    """

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    act: Mapped[Act] = mapped_column(named(Act), default=Act.SAY)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    workspace: Mapped[str] = mapped_column(String(64))
    conversation: Mapped[str] = mapped_column(String(160))
    lane: Mapped[str] = mapped_column(String(20), default="")
    card: Mapped[dict[str, Any]] = mapped_column(Json)
    transcript_id: Mapped[int | None] = mapped_column(ForeignKey("transcripts.id"))
    files: Mapped[list[int]] = mapped_column(Json, default=list)
    under_key: Mapped[str | None] = mapped_column(String(120))
    replaces_key: Mapped[str | None] = mapped_column(String(120), index=True)
    tracks_key: Mapped[str | None] = mapped_column(String(120), index=True)
    mark: Mapped[Mark | None] = mapped_column(named(Mark))
    on_post: Mapped[str | None] = mapped_column(String(160))
    emoji: Mapped[str | None] = mapped_column(String(40))
    progress: Mapped[Progress] = mapped_column(named(Progress), default=Progress.WAITING)
    created_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    uncertain: Mapped[bool] = mapped_column(default=False)
    external_id: Mapped[str | None] = mapped_column(String(160))
    rest: Mapped[list[str]] = mapped_column(Json, default=list)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(  # what is due, and whether an earlier one of the conversation still waits
            "ix_deliveries_waiting",
            "channel",
            "workspace",
            "conversation",
            "lane",
            "id",
            sqlite_where=text("progress = 'waiting'"),
            postgresql_where=text("progress = 'waiting'"),
        ),
        Index(
            "ix_deliveries_due",
            "due_at",
            sqlite_where=text("progress = 'waiting'"),
            postgresql_where=text("progress = 'waiting'"),
        ),
        Index(  # what died, for staff to send again
            "ix_deliveries_dead",
            "id",
            sqlite_where=text("progress = 'dead'"),
            postgresql_where=text("progress = 'dead'"),
        ),
        Index("ix_deliveries_conversation", "channel", "workspace", "conversation", "id"),
        Index("ix_deliveries_external", "channel", "workspace", "external_id"),
    )

    @property
    def address(self) -> Address:
        branch = self.lane.removeprefix(TICKET)
        branched = int(branch) if branch != self.lane else 0
        return Address(self.channel, self.workspace, self.conversation, branched)
