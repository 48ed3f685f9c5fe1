"""What was said, found: in an enquiry, or on a ticket."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from core.channels import Address
from core.model import Enquiry, Kind, Message, Split, Stage
from core.storage import constant
from core.tickets.find.tickets import place

_ASKED_BY = (selectinload(Enquiry.customer), selectinload(Enquiry.ticket))
_OPEN_ENQUIRY = (
    select(Enquiry)
    .where(
        Enquiry.channel == bindparam("channel"),
        Enquiry.workspace == bindparam("workspace"),
        Enquiry.conversation == bindparam("conversation"),
        constant.equals(Enquiry.stage, Stage.ASKED),
    )
    .options(*_ASKED_BY)
    .with_for_update(of=Enquiry)
)
_SEEN = select(Message).where(
    Message.channel == bindparam("channel"),
    Message.workspace == bindparam("workspace"),
    Message.external_id == bindparam("external_id"),
)


async def enquiry_at(session: AsyncSession, address: Address) -> Enquiry | None:
    """The enquiry in this conversation that the customer has not ended yet, locked."""
    return (await session.scalars(_OPEN_ENQUIRY, place(address))).one_or_none()


async def enquiry(session: AsyncSession, number: int) -> Enquiry | None:
    """An enquiry with its customer, locked."""
    wanted = select(Enquiry).where(Enquiry.id == number).options(*_ASKED_BY)
    return (await session.scalars(wanted.with_for_update(of=Enquiry))).one_or_none()


async def said_in(session: AsyncSession, asked: Enquiry) -> Sequence[Message]:
    """Everything the customer wrote in an enquiry, oldest first."""
    said = select(Message).where(Message.enquiry_id == asked.id).order_by(Message.id)
    return (await session.scalars(said)).all()


async def message_seen(session: AsyncSession, address: Address, external_id: str) -> Message | None:
    """The message that this post of the platform became, if it came before."""
    values = {**place(address), "external_id": external_id}
    return (await session.scalars(_SEEN, values)).one_or_none()


async def messages_of(
    session: AsyncSession, number: int, *, last: int, with_notes: bool
) -> Sequence[Message]:
    """The last messages of a ticket, oldest first; for staff also notes, what was taken back, and
    what was split off: these are numbered from 1, the same as long as nothing is merged into it."""
    said = select(Message).where(_on_or_split_off(number))
    if not with_notes:
        said = said.where(
            Message.ticket_id == number, Message.kind != Kind.NOTE, Message.deleted_at.is_(None)
        )
    newest = (await session.scalars(said.order_by(Message.id.desc()).limit(last))).all()
    return newest[::-1]


async def messages_after(
    session: AsyncSession, number: int, *, after: int, at_most: int, with_notes: bool
) -> Sequence[Message]:
    """What was said on a ticket after a message, oldest first, with its files."""
    said = (
        select(Message)
        .where(Message.ticket_id == number, Message.id > after)
        .options(selectinload(Message.attachments))
        .order_by(Message.id)
        .limit(at_most)
    )
    if not with_notes:
        said = said.where(Message.kind != Kind.NOTE, Message.deleted_at.is_(None))
    return (await session.scalars(said)).all()


async def messages_before(
    session: AsyncSession, number: int, *, before: int | None, at_most: int
) -> Sequence[Message]:
    """What was said on a ticket last, notes included, before a message; oldest first, with files."""
    said = select(Message).where(Message.ticket_id == number)
    if before is not None:
        said = said.where(Message.id < before)
    said = said.options(selectinload(Message.attachments)).order_by(Message.id.desc())
    return (await session.scalars(said.limit(at_most))).all()[::-1]


async def message_numbered(session: AsyncSession, number: int, place: int) -> Message | None:
    """The message of this place on a ticket, from 1; or None. What was split off keeps its place."""
    said = select(Message).where(_on_or_split_off(number)).order_by(Message.id)
    if place < 1:
        return None
    return (await session.scalars(said.offset(place - 1).limit(1))).one_or_none()


async def count_messages(session: AsyncSession, number: int) -> int:
    """How many places a ticket's messages have."""
    counted = select(func.count(Message.id)).where(_on_or_split_off(number))
    return await session.scalar(counted) or 0


def said_by_customer(number: int) -> Select[Message]:
    """What stands on a ticket of its customer's own words."""
    return select(Message).where(
        Message.ticket_id == number, Message.kind == Kind.MESSAGE, Message.deleted_at.is_(None)
    )


def _on_or_split_off(number: int) -> ColumnElement[bool]:
    gone = select(Split.message_id).where(Split.from_id == number, Split.undone_at.is_(None))
    return or_(Message.ticket_id == number, Message.id.in_(gone))
