"""What happens to a message after it was said: new wordings, reactions, and changes that came early."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.channels import Address
from core.storage.base import Base, Moment


class Wording(Base):
    """What a message said until ``until``."""

    __tablename__ = "wordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime] = mapped_column(Moment)


class Reaction(Base):
    """An emoji that somebody (``by``: channel:workspace:user) put on a message, and where."""

    __tablename__ = "reactions"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    emoji: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(230))
    channel: Mapped[str] = mapped_column(String(20))
    workspace: Mapped[str] = mapped_column(String(64))
    conversation: Mapped[str] = mapped_column(String(160))
    at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("message_id", "emoji", "by"),)

    @property
    def address(self) -> Address:
        return Address(self.channel, self.workspace, self.conversation)


class EarlyChange(Base):
    """An edit or a deletion (``text`` None) that overtook its message, kept for it a while."""

    __tablename__ = "early_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    workspace: Mapped[str] = mapped_column(String(64))
    external_id: Mapped[str] = mapped_column(String(160))
    by: Mapped[str | None] = mapped_column(String(230))
    text: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment, index=True)

    __table_args__ = (UniqueConstraint("channel", "workspace", "external_id"),)
