"""The shapes of the API: what programs send and read, with examples."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.vocabulary import Holding, Kind
from core.vocabulary import Message as StoredMessage
from core.vocabulary import Ticket as StoredTicket

Priority = Literal["low", "normal", "high", "urgent"]
Text = Field(min_length=1, max_length=40_000, examples=["Your parcel left this morning."])


class Shape(BaseModel):
    """What is not known is refused, so that a misspelt name does not go unnoticed."""

    model_config = ConfigDict(extra="forbid")


class Person(Shape):
    """A customer or an agent, by number and name."""

    number: int = Field(examples=[17])
    name: str = Field(examples=["Ana Duarte"])


class Ticket(Shape):
    """A ticket. ``version`` goes up with each change; it is the ETag, too."""

    number: int = Field(examples=[42])
    subject: str = Field(examples=["The brass lamp hums"])
    status: str = Field(examples=["open"])
    kind: str = Field(examples=["problem"])
    priority: str = Field(examples=["normal"])
    category: str = Field(examples=["lamps"])
    language: str = Field(examples=["en"])
    customer: Person
    assignee: Person | None
    team: str | None = Field(examples=["support"])
    skill: str | None
    tier: int = Field(examples=[1])
    channel: str = Field(examples=["slack"])
    created_at: datetime
    updated_at: datetime
    first_response_at: datetime | None
    due_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    escalated_at: datetime | None
    snoozed_until: datetime | None
    waits_for: str | None
    merged_into: int | None
    version: int = Field(examples=[3])

    @classmethod
    def of(cls, ticket: StoredTicket) -> "Ticket":
        """A stored ticket, loaded with its people."""
        assignee = ticket.assignee
        return cls(
            number=ticket.id,
            subject=ticket.subject,
            status=ticket.status.value,
            kind=ticket.kind,
            priority=ticket.priority.label,
            category=ticket.category,
            language=ticket.language,
            customer=Person(number=ticket.customer.id, name=ticket.customer.name),
            assignee=Person(number=assignee.id, name=assignee.name) if assignee else None,
            team=ticket.team.name if ticket.team else None,
            skill=ticket.skill,
            tier=ticket.tier,
            channel=ticket.channel,
            created_at=ticket.created_at,
            updated_at=ticket.updated_at,
            first_response_at=ticket.first_response_at,
            due_at=ticket.due_at,
            resolved_at=ticket.resolved_at,
            closed_at=ticket.closed_at,
            escalated_at=ticket.escalated_at,
            snoozed_until=ticket.snoozed_until,
            waits_for=ticket.waits_for,
            merged_into=ticket.merged_into_id,
            version=ticket.version,
        )


class Tickets(Shape):
    """A page of tickets; ``next`` is the cursor of the page after it."""

    tickets: Sequence[Ticket]
    next: str | None = Field(examples=["1765432100000000.42"])


class Attachment(Shape):
    """A file of a message."""

    id: str | None = Field(
        description="of a file that is kept: it is at /files/ID of the site", examples=["9be2…"]
    )
    name: str = Field(examples=["photo.jpg"])
    content_type: str = Field(examples=["image/jpeg"])
    size: int | None = Field(description="in bytes", examples=[48213])


class Message(Shape):
    """Something said: by the customer, by an agent to them, or (a note) among staff."""

    number: int = Field(examples=[123])
    kind: Literal["message", "reply", "note"]
    author: str | None = Field(description="the agent, where one wrote it", examples=["Grace"])
    text: str = Field(description="Markdown", examples=["Where is my parcel?"])
    sent_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    files: Sequence[Attachment]

    @classmethod
    def of(cls, message: StoredMessage, author: str | None) -> "Message":
        """A stored message, loaded with its files."""
        return cls(
            number=message.id,
            kind=Kind(message.kind).value,
            author=author,
            text=message.text,
            sent_at=message.sent_at,
            edited_at=message.edited_at,
            deleted_at=message.deleted_at,
            files=[
                Attachment(
                    id=each.public_id if each.holding is Holding.KEPT else None,
                    name=each.name,
                    content_type=each.content_type,
                    size=each.size,
                )
                for each in message.attachments
            ],
        )


class Messages(Shape):
    """A page of what was said; ``next`` is the number to go on after."""

    messages: Sequence[Message]
    next: int | None


class Said(Shape):
    """Words: a reply or a note."""

    text: str = Text


class Resolution(Shape):
    """How a ticket ended, for the customer; may be left out."""

    text: str = Field("", max_length=40_000, examples=["The new lamp is on its way."])


class Reason(Shape):
    """Why, for staff."""

    reason: str = Field(min_length=1, max_length=200, examples=["waiting for the carrier"])


class Until(Shape):
    """Until when, as agents write it."""

    until: str = Field(min_length=1, max_length=60, examples=["tomorrow 9"])


class Into(Shape):
    """The ticket that stays."""

    into: int = Field(ge=1, examples=[41])
    force: bool = Field(False, description="although they are two customers'")


class To(Shape):
    """To whom: an agent by name or number, a skill, or a team; at least one of them."""

    agent: str | None = Field(None, max_length=260, examples=["grace"])
    skill: str | None = Field(None, max_length=40, examples=["billing"])
    team: str | None = Field(None, max_length=60)


class PriorityWanted(Shape):
    """How urgent."""

    priority: Priority


class CategoryWanted(Shape):
    """A category; empty for none."""

    category: str = Field(max_length=60, examples=["late delivery"])


class TagsWanted(Shape):
    """Tags to put on, and to take off."""

    add: list[str] = Field(default_factory=list, max_length=20, examples=[["vip"]])
    remove: list[str] = Field(default_factory=list, max_length=20)


class Sender(Shape):
    """Who wrote, on a channel of yours: ``id`` is yours, and stays the same for the same person."""

    id: str = Field(min_length=1, max_length=128, examples=["user-7"])
    name: str = Field("", max_length=120, examples=["Ana Duarte"])


class Uploaded(Shape):
    """A file that waits for its message, for a day at least."""

    file: str = Field(pattern=r"^[0-9a-f]{32}$", examples=["4f1d0c7a9be24d1c8a50f1e2d3c4b5a6"])
    name: str = Field(min_length=1, max_length=120, examples=["lamp.jpg"])
    content_type: str = Field("", max_length=100, examples=["image/jpeg"])
    size: int = Field(ge=1, lt=2**31, examples=[48_211])


class Written(Shape):
    """What a customer wrote on a channel of yours.

    ``id`` is yours, and unique on the channel: the same one twice is the same message.
    """

    channel: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$", examples=["shop-chat"])
    conversation: str = Field(min_length=1, max_length=160, examples=["chat-901"])
    id: str = Field(min_length=1, max_length=150, examples=["m-1"])
    sender: Sender
    text: str = Field("", max_length=40_000, examples=["Where is my parcel?"])
    files: list[Uploaded] = Field([], max_length=10, description="as /files answered")
    sent_at: datetime | None = Field(None, description="with a time zone; now where it is left out")


class Became(Shape):
    """What became of it."""

    outcome: str = Field(examples=["ticket"])
    ticket: int | None = Field(examples=[42])
    suggestions: list[dict[str, Any]] = Field(
        examples=[[{"article": "returns", "title": "Return an item", "confidence": 0.92}]]
    )


class Post(Shape):
    """Something that the desk said in a conversation of yours, as it stands now."""

    id: str
    at: datetime
    text: str = Field(description="Markdown")
    title: str
    buttons: list[dict[str, str]]


class Posts(Shape):
    """Everything that the desk said there, oldest first."""

    posts: Sequence[Post]
