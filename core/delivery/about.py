"""What notices speak of: the ticket, who says it, in which words, and the keys of what is said."""

from sqlalchemy import ColumnElement, bindparam, select

from core.cards import Author, Card
from core.channels import Address
from core.delivery.outgoing import Carried, owe
from core.events import Event
from core.model import Agent, Customer, Delivery, Enquiry, Identity, Kind, Message, Ticket
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
    return Author(agent.name, await _picture(work, Identity.agent_id == agent_id))


async def customer_author(work: Work, customer: Customer) -> Author:
    return Author(customer.name, await _picture(work, Identity.customer_id == customer.id))


async def customers_words(work: Work, ticket: Ticket, *, first: bool) -> str:
    """What the customer wrote first, or last, of what still stands."""
    words = _FIRST_WORDS if first else _LAST_WORDS
    return (await work.session.scalars(words, {"ticket": ticket.id})).first() or ""


_WORDS = select(Message.text).where(
    Message.ticket_id == bindparam("ticket"),
    Message.kind == Kind.MESSAGE,
    Message.deleted_at.is_(None),
)
_FIRST_WORDS = _WORDS.order_by(Message.id).limit(1)
_LAST_WORDS = _WORDS.order_by(Message.id.desc()).limit(1)


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


async def _picture(work: Work, whose: ColumnElement[bool]) -> str:
    pictures = (
        select(Identity.picture)
        .where(whose, Identity.picture != "")
        .order_by(Identity.id.desc())
        .limit(1)
    )
    return (await work.session.scalars(pictures)).first() or ""
