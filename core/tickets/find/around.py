"""What belongs to a ticket, found; and the ticket to which something belongs."""

from collections.abc import Sequence

from sqlalchemy import exists as there_is
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from core.channels import Address
from core.model import (
    LIVE,
    Assignment,
    Delivery,
    FieldValue,
    History,
    Message,
    Return,
    Step,
    Ticket,
    TicketField,
)
from core.model.ticket import WITH_PEOPLE
from core.storage import constant
from core.tickets.find.tickets import merged_into

PAGE = 20


async def ticket_discussed_at(
    session: AsyncSession, room: Address, root_external_id: str
) -> int | None:
    """The number of the ticket whose staff card is this post."""
    card = select(Delivery.ticket_id).where(
        Delivery.channel == room.channel,
        Delivery.workspace == room.workspace,
        Delivery.external_id == root_external_id,
        Delivery.ticket_id.is_not(None),
    )
    number = (await session.scalars(card.limit(1))).one_or_none()
    return await merged_into(session, number) if number else None


async def ticket_of_post(session: AsyncSession, room: Address, post: str) -> int | None:
    """The number of the ticket that a person's post, or one of ours, is about."""
    said = select(Message.ticket_id).where(
        Message.channel == room.channel,
        Message.workspace == room.workspace,
        Message.external_id == post,
    )
    return (await session.scalars(said)).first() or await ticket_discussed_at(session, room, post)


async def escalated(session: AsyncSession) -> Sequence[Ticket]:
    """A page of the live tickets that were escalated, the latest first, with their people."""
    wanted = (
        select(Ticket)
        .where(constant.among(Ticket.status, sorted(LIVE)), Ticket.escalated_at.is_not(None))
        .order_by(Ticket.escalated_at.desc())
        .limit(PAGE)
        .options(*WITH_PEOPLE)
    )
    return (await session.scalars(wanted)).all()


async def history_of(session: AsyncSession, number: int) -> Sequence[History]:
    """Everything that happened to a ticket, oldest first."""
    kept = select(History).where(History.ticket_id == number).order_by(History.id)
    return (await session.scalars(kept)).all()


async def assignments_of(session: AsyncSession, number: int) -> Sequence[Assignment]:
    """Who has held a ticket, oldest first, with the agents."""
    held = (
        select(Assignment)
        .where(Assignment.ticket_id == number)
        .options(selectinload(Assignment.agent))
        .order_by(Assignment.id)
    )
    return (await session.scalars(held)).all()


async def unfilled(session: AsyncSession, ticket: Ticket) -> Sequence[str]:
    """The names of the fields that a ticket has to have, and in which nothing is."""
    there = there_is().where(
        FieldValue.field_id == TicketField.id, FieldValue.ticket_id == ticket.id
    )
    needed = (
        select(TicketField.name)
        .where(
            TicketField.removed_at.is_(None),
            TicketField.is_required,
            or_(TicketField.kind.is_(None), TicketField.kind == ticket.kind),
            ~there,
        )
        .order_by(TicketField.name)
    )
    return (await session.scalars(needed)).all()


async def undecided_return(session: AsyncSession, number: int) -> int | None:
    """The number of a return on a ticket that nobody has accepted or refused yet."""
    waiting = select(Return.id).where(Return.ticket_id == number, Return.step == Step.REQUESTED)
    return (await session.scalars(waiting.limit(1))).first()
