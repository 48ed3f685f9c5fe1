"""What was said about a matter: by the customer, by an agent to them, or among agents."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core import markdown
from core.channels import Address
from core.model.attachment import Attachment
from core.model.enquiry import Enquiry
from core.model.people import Customer
from core.model.ticket import Ticket
from core.storage.base import Base, Json, Moment, named

OWN = "own:"  # how our own external ids begin


class Kind(StrEnum):
    """Who says it to whom."""

    MESSAGE = "message"  # the customer, to us
    REPLY = "reply"  # an agent, to the customer
    NOTE = "note"  # an agent, to agents; never leaves the house


class Message(Base):
    """One thing said. A customer's message belongs to an enquiry, a ticket, or was small talk.

    ``text`` is Markdown, as it stands now; earlier ones are `core.model.change.Wording`, ``edits``
    counts them. ``external_id`` is the platform's id of the post; replies and notes made by command
    have an id of ours. ``branch`` is that of the ticket beneath whose own first post it was said.
    ``files`` counts its attachments. ``form`` is what was filled in with it: ``{"kind": name,
    "fields": {name: words}}``.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(named(Kind))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    enquiry_id: Mapped[int | None] = mapped_column(ForeignKey("enquiries.id"), index=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    text: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(20))
    workspace: Mapped[str] = mapped_column(String(64))
    conversation: Mapped[str] = mapped_column(String(160))
    branch: Mapped[int] = mapped_column(default=0)
    external_id: Mapped[str] = mapped_column(String(160))
    sent_at: Mapped[datetime] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    edited_at: Mapped[datetime | None] = mapped_column(Moment)
    edits: Mapped[int] = mapped_column(default=0)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)
    files: Mapped[int] = mapped_column(default=0)
    form: Mapped[dict[str, Any] | None] = mapped_column(Json)

    ticket: Mapped[Ticket | None] = relationship(lazy="raise")
    enquiry: Mapped[Enquiry | None] = relationship(lazy="raise")
    customer: Mapped[Customer | None] = relationship(lazy="raise")
    attachments: Mapped[list[Attachment]] = relationship(lazy="raise", order_by=Attachment.id)

    __table_args__ = (UniqueConstraint("channel", "workspace", "external_id"),)

    @property
    def address(self) -> Address:
        return Address(self.channel, self.workspace, self.conversation)

    @property
    def is_post(self) -> bool:
        """Whether it is a post on a platform, rather than the words of a command or a form."""
        return not self.external_id.startswith(OWN)

    @property
    def words(self) -> str:
        """The text without its marks: for matching, for a subject."""
        return markdown.words(self.text)
