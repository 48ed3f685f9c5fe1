"""Looking things up. A function with a domain name answers one question in one query."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy import exists as there_is
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import immediateload, selectinload

from core.channels import Address, Who
from core.errors import NotFound, Stale
from core.model import (
    LIVE,
    Agent,
    Assignment,
    Delivery,
    Enquiry,
    FieldValue,
    History,
    Kind,
    Message,
    Return,
    Role,
    Split,
    Stage,
    Status,
    Step,
    Ticket,
    TicketField,
)
from core.model.ticket import WITH_PEOPLE
from core.people.actors import Actor, actor
from core.speaking import Sentence
from core.storage import constant
from core.work import Work

PAGE = 20

# The people of one ticket are mostly at hand, or nobody; lists look them up together. They are not
# joined: PostgreSQL has the row it waited for as it is now, with those who were joined to it before.
_WITH_ITS_PEOPLE = (
    immediateload(Ticket.customer),
    immediateload(Ticket.assignee),
    immediateload(Ticket.team),
)
_ASKED_BY = (selectinload(Enquiry.customer), selectinload(Enquiry.ticket))

# Intake asks these for every message, so they are put together once.
_LIVE_TICKET = (
    select(Ticket)
    .where(
        Ticket.channel == bindparam("channel"),
        Ticket.workspace == bindparam("workspace"),
        Ticket.conversation == bindparam("conversation"),
        constant.differs(Ticket.status, Status.CLOSED),
    )
    .order_by(Ticket.branch != 0, Ticket.updated_at.desc(), Ticket.id.desc())
    .limit(1)
    .options(*_WITH_ITS_PEOPLE)
    .with_for_update(of=Ticket)
)
_TICKET = (
    select(Ticket)
    .where(Ticket.id == bindparam("number"))
    .options(*_WITH_ITS_PEOPLE)
    .execution_options(populate_existing=True)
)
_TICKET_LOCKED = _TICKET.with_for_update(of=Ticket)
_MERGED = (
    select(Ticket.id)
    .where(
        Ticket.channel == bindparam("channel"),
        Ticket.workspace == bindparam("workspace"),
        Ticket.conversation == bindparam("conversation"),
        Ticket.merged_into_id.is_not(None),
    )
    .order_by(Ticket.id.desc())
    .limit(1)
)
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


def _names(address: Address) -> dict[str, str]:
    return {
        "channel": address.channel,
        "workspace": address.workspace,
        "conversation": address.conversation,
    }


class UnknownTicket(NotFound):
    """There is no such ticket, or none that this person may see."""

    def __init__(self, number: int) -> None:
        super().__init__(
            Sentence(
                "There is no ticket #{number}. /ticket list shows the open ones.", number=number
            )
        )


async def asking(work: Work, who: Who) -> Actor:
    """Whoever asks, customers included; what happens from here on is theirs in history."""
    found = await actor(work.session, who)
    work.actor = found.label
    return found


async def ticket_for(
    session: AsyncSession, actor: Actor, number: int, *, to_look: bool = False
) -> Ticket:
    """The ticket, with its people, if this actor may see it: locked for a change, or to look.

    Raises `UnknownTicket`; a stranger's ticket is as unknown as one that is not there.
    """
    if not 0 < number < 2**31:
        raise UnknownTicket(number)
    wanted = _TICKET if to_look else _TICKET_LOCKED
    if actor.role < Role.AGENT:
        wanted = wanted.where(Ticket.customer_id == actor.customer_id)
    found = (await session.scalars(wanted, {"number": number})).one_or_none()
    if found is None:
        raise UnknownTicket(number)
    return found


async def ticket_going_on(session: AsyncSession, actor: Actor, number: int) -> Ticket:
    """The ticket that a number stands for, locked: itself, or what it was merged into, however often.

    Raises `UnknownTicket`.
    """
    found = await ticket_for(session, actor, number)
    while found.merged_into_id is not None:
        found = await ticket_for(session, actor, found.merged_into_id)
    return found


async def refuse_stale(session: AsyncSession, number: int, version: int) -> None:
    """Lock a ticket and raise `Stale` where it is in another version than that."""
    found = (await session.scalars(_TICKET_LOCKED, {"number": number})).one_or_none()
    if found is not None and found.version != version:
        whose = f", with {found.assignee.name}" if found.assignee else ""
        raise Stale(
            f"Ticket #{found.id} has changed since you looked: it is {found.status.value}{whose}. "
            "Look again, and say it again if it still holds.",
            version=found.version,
        )


async def live_ticket_at(session: AsyncSession, address: Address) -> Ticket | None:
    """The ticket that a new message in this conversation belongs to, locked: its own, else that of
    one of its branches, or, if its own was merged into another one, that one."""
    found = (await session.scalars(_LIVE_TICKET, _names(address))).one_or_none()
    if found is not None:
        return found
    into = (await session.scalars(_MERGED, _names(address))).first()
    return await live_ticket(session, into) if into is not None else None


async def place_taken_by(session: AsyncSession, ticket: Ticket) -> Ticket | None:
    """The live ticket that has the conversation, or the branch of it, which was this ticket's."""
    other = select(Ticket).where(
        Ticket.channel == ticket.channel,
        Ticket.workspace == ticket.workspace,
        Ticket.conversation == ticket.conversation,
        Ticket.branch == ticket.branch,
        Ticket.status != Status.CLOSED,
    )
    return (await session.scalars(other)).one_or_none()


async def live_ticket(session: AsyncSession, number: int) -> Ticket | None:
    """A ticket, or what it was merged into, locked; None where that is closed."""
    wanted = select(Ticket).where(
        Ticket.id == await merged_into(session, number), Ticket.status != Status.CLOSED
    )
    wanted = wanted.options(*WITH_PEOPLE).with_for_update(of=Ticket)
    return (await session.scalars(wanted)).one_or_none()


async def merged_into(session: AsyncSession, number: int) -> int:
    """The ticket that a number stands for now: the one it was merged into, however often."""
    seen = {number}
    while True:
        into = await session.scalar(select(Ticket.merged_into_id).where(Ticket.id == number))
        if into is None or into in seen:
            return number
        seen.add(into)
        number = into


async def enquiry_at(session: AsyncSession, address: Address) -> Enquiry | None:
    """The enquiry in this conversation that the customer has not ended yet, locked."""
    return (await session.scalars(_OPEN_ENQUIRY, _names(address))).one_or_none()


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
    values = {**_names(address), "external_id": external_id}
    return (await session.scalars(_SEEN, values)).one_or_none()


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


def said_by_customer(number: int) -> Select[Message]:
    """What stands on a ticket of its customer's own words."""
    return select(Message).where(
        Message.ticket_id == number, Message.kind == Kind.MESSAGE, Message.deleted_at.is_(None)
    )


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


def _on_or_split_off(number: int) -> ColumnElement[bool]:
    gone = select(Split.message_id).where(Split.from_id == number, Split.undone_at.is_(None))
    return or_(Message.ticket_id == number, Message.id.in_(gone))


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


async def held_by(session: AsyncSession, agent: Agent) -> Sequence[int]:
    """The numbers of the tickets an agent holds."""
    held = (
        select(Assignment.ticket_id)
        .where(Assignment.agent_id == agent.id, Assignment.ended_at.is_(None))
        .order_by(Assignment.slot)
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
