"""What lies in a conversation where somebody writes: asked in one go, before any of it is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import IncomingMessage
from core.model import Delivery, EarlyChange, Enquiry, Identity, Message, Stage, Status, Ticket
from core.storage import constant
from core.storage.base import Base


@dataclass(frozen=True, kw_only=True)
class Here:
    """What there is to look up for a post, and what there is not; most of it mostly is not."""

    message: bool  # the post itself came before
    sender: bool  # we know who writes
    ticket: bool  # one is live, or was merged into another one
    enquiry: bool  # one is open
    change: bool  # the post was edited or deleted before it came
    branch: "Branch | None" = None  # the post answers one that stands in it


@dataclass(frozen=True)
class Branch:
    """A part of a conversation that a ticket has to itself, by its `Ticket.branch`."""

    ticket_id: int
    branch: int


async def lies_at(session: AsyncSession, incoming: IncomingMessage) -> Here:
    """Of what there may be about a post, its sender and its conversation, what there is."""
    values = {
        "channel": incoming.address.channel,
        "workspace": incoming.address.workspace,
        "conversation": incoming.address.conversation,
        "post": incoming.external_id,
        "sender_channel": incoming.sender.channel,
        "sender_workspace": incoming.sender.workspace,
        "sender": incoming.sender.user,
    }
    found = (await session.execute(_LIES_HERE, values)).one()
    return Here(
        message=found.message,
        sender=found.sender,
        ticket=found.live or found.merged,
        enquiry=found.enquiry,
        change=found.change,
        branch=await _branch_of(session, incoming) if incoming.under is not None else None,
    )


async def _branch_of(session: AsyncSession, incoming: IncomingMessage) -> Branch | None:
    """The branch in which the post stands that this one answers, ours or a person's."""
    where = {
        "channel": incoming.address.channel,
        "workspace": incoming.address.workspace,
        "post": incoming.under,
    }
    found = (await session.execute(_BRANCH_OF_POST, where)).first()
    return Branch(found.id, found.branch) if found is not None else None


_AT_CHANNEL: Mapping[str, Any] = {
    "channel": bindparam("channel"),
    "workspace": bindparam("workspace"),
}
_HERE = {**_AT_CHANNEL, "conversation": bindparam("conversation")}
_POST = {**_AT_CHANNEL, "external_id": bindparam("post")}
_SENDER: Mapping[str, Any] = {
    "channel": bindparam("sender_channel"),
    "workspace": bindparam("sender_workspace"),
    "user": bindparam("sender"),
}


def _any(kind: type[Base], where: Mapping[str, Any], *more: ColumnElement[bool]) -> Any:
    """Whether there is such a row, as a column."""
    return select(kind).filter_by(**where).where(*more).exists()


_LIES_HERE = select(
    _any(Message, _POST).label("message"),
    _any(Identity, _SENDER).label("sender"),
    _any(Ticket, _HERE, constant.differs(Ticket.status, Status.CLOSED)).label("live"),
    _any(Ticket, _HERE, Ticket.merged_into_id.is_not(None)).label("merged"),
    _any(Enquiry, _HERE, constant.equals(Enquiry.stage, Stage.ASKED)).label("enquiry"),
    _any(EarlyChange, _POST).label("change"),
)

_BRANCH_OF_POST = (
    select(Ticket.id, Ticket.branch)
    .join(Delivery, Delivery.ticket_id == Ticket.id)
    .where(*(getattr(Delivery, name) == value for name, value in _AT_CHANNEL.items()))
    .where(Delivery.external_id == bindparam("post"), Ticket.branch != 0)
    .union_all(
        select(Ticket.id, Ticket.branch)
        .join(Message, Message.ticket_id == Ticket.id)
        .where(*(getattr(Message, name) == value for name, value in _AT_CHANNEL.items()))
        .where(Message.external_id == bindparam("post"), Message.branch == Ticket.branch)
        .where(Ticket.branch != 0)
    )
    .limit(1)
)
