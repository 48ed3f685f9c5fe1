"""What notices speak of: the ticket, who says it, in which words, and the keys of what is said."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from core.cards import Author, Card
from core.channels import Address
from core.delivery.outgoing import Carried, owe
from core.events import Event, TicketOpened
from core.model import (
    Agent,
    Customer,
    Delivery,
    Enquiry,
    FieldValue,
    Identity,
    Kind,
    Message,
    Ticket,
    TicketField,
)
from core.model.ticket import WITH_PEOPLE
from core.work import Work

SUPPORT = Author("Support")


async def ticket_of(work: Work, number: int) -> Ticket:
    """The ticket, with its people."""
    return await work.session.get_one(Ticket, number, options=WITH_PEOPLE)


async def whom_about(work: Work, event: Event) -> Customer | None:
    """The customer whom an event is about: its ticket's, its enquiry's, or who wrote its message."""
    ticket_id = getattr(event, "ticket_id", None)
    if ticket_id is not None:
        ticket = await ticket_of(work, ticket_id)
        return await work.session.get(Customer, ticket.customer_id)
    for name, kind in (("enquiry_id", Enquiry), ("message_id", Message)):
        number = getattr(event, name, None)
        if number is not None:
            found: Enquiry | Message = await work.session.get_one(kind, number)
            known = found.customer_id
            return await work.session.get(Customer, known) if known is not None else None
    return None


async def agent_author(work: Work, agent_id: int | None) -> Author:
    """The agent as an author; the desk itself where it was the operator."""
    if agent_id is None:
        return SUPPORT
    agent = await work.session.get_one(Agent, agent_id)
    return Author(agent.name, await _picture(work, Identity.agent_id, agent_id))


async def customer_author(work: Work, customer: Customer) -> Author:
    return Author(customer.name, await _picture(work, Identity.customer_id, customer.id))


async def customers_words(work: Work, ticket: Ticket, *, first: bool) -> str:
    """What the customer wrote first, or last, of what still stands."""
    if any(isinstance(each, TicketOpened) and each.ticket_id == ticket.id for each in work.events):
        said = said_at_hand(work, ticket.id)
        return said[0 if first else -1].text if said else ""
    known = work.session.info.setdefault("words", {})
    if ticket.id not in known:
        known[ticket.id] = (await work.session.execute(_WORDS, {"ticket": ticket.id})).one()
    return (known[ticket.id].first if first else known[ticket.id].last) or ""


def said_at_hand(work: Work, ticket_id: int) -> list[Message]:
    """What the customer said on a ticket that was opened just now, oldest first.

    Whoever opened the ticket has put these messages on it, so none has to be looked up.
    """
    said = (
        each
        for each in work.session
        if isinstance(each, Message)
        and each.ticket_id == ticket_id
        and each.kind is Kind.MESSAGE
        and each.deleted_at is None
    )
    return sorted(said, key=lambda each: each.id)


async def field_values(work: Work, ticket: Ticket) -> Sequence[tuple[str, str]]:
    """What is in the fields of a ticket, each with its label. One that was opened just now has what is
    at hand, which is mostly nothing."""
    opened = any(isinstance(e, TicketOpened) and e.ticket_id == ticket.id for e in work.events)
    if opened and not any(isinstance(each, FieldValue) for each in work.session):
        return ()
    known = work.session.info.setdefault("fields", {})
    if ticket.id not in known:
        rows = await work.session.execute(_FIELDS, {"ticket": ticket.id})
        known[ticket.id] = [(row.label, row.text) for row in rows]
    values: Sequence[tuple[str, str]] = known[ticket.id]
    return values


_FIELDS = (
    select(TicketField.label, FieldValue.text)
    .join(TicketField, TicketField.id == FieldValue.field_id)
    .where(FieldValue.ticket_id == bindparam("ticket"), TicketField.removed_at.is_(None))
    .order_by(TicketField.id)
)
_SAID = select(Message.text).where(
    Message.ticket_id == bindparam("ticket"),
    Message.kind == Kind.MESSAGE,
    Message.deleted_at.is_(None),
)
_WORDS = select(
    _SAID.order_by(Message.id).limit(1).scalar_subquery().label("first"),
    _SAID.order_by(Message.id.desc()).limit(1).scalar_subquery().label("last"),
)


def place_key(room: Address) -> str:
    return f"{room.channel}:{room.conversation}"


def root_key(ticket_id: int, room: Address) -> str:
    """The key of a ticket's card in a staff room."""
    return f"card:{ticket_id}:{place_key(room)}"


def reply_key(message: Message) -> str:
    """The key under which the customer gets an agent's reply."""
    return f"reply:{message.id}"


def beneath_card(  # noqa: PLR0913 - as `owe`
    work: Work,
    ticket_id: int,
    key: str,
    card: Card,
    *,
    carries: Carried | None = None,
    tracks: str | None = None,
    but_at: Address | None = None,
) -> None:
    """Say something beneath the ticket's card in each staff room, but for one."""
    for room in work.house.staff_rooms:
        if room != but_at:
            owe(
                work,
                f"{key}:{place_key(room)}",
                room,
                card,
                ticket_id=ticket_id,
                under=root_key(ticket_id, room),
                carries=carries,
                tracks=tracks,
            )


def carries_to_customer(delivery: Delivery, message: Message) -> bool:
    """Whether this delivery is the one by which the customer gets a reply."""
    return delivery.key == reply_key(message)


async def _picture(work: Work, column: InstrumentedAttribute[int | None], whose: int) -> str:
    """The picture of somebody's that we saw last, looked up once."""
    known = work.session.info.setdefault("pictures", {})
    if (column, whose) not in known:
        pictures = (
            select(Identity.picture)
            .where(column == whose, Identity.picture != "")
            .order_by(Identity.id.desc())
            .limit(1)
        )
        known[column, whose] = (await work.session.scalars(pictures)).first() or ""
    return str(known[column, whose])
