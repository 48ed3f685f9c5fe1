"""Notices: what each event makes us say, to whom. Rows only; the courier sends them."""

from sqlalchemy import bindparam, select

from core import catalogue
from core.cards import Card
from core.channels import Address
from core.delivery import to_staff
from core.delivery.outgoing import direct_address, owe
from core.events import (
    AgentAdded,
    AgentReplied,
    ArticlesOffered,
    DeliveryDied,
    EnquirySolved,
    MessageReceived,
    NoteAdded,
    SmallTalkMade,
    StaffWrote,
    TicketAssigned,
    TicketClosed,
    TicketEscalated,
    TicketEvent,
    TicketOpened,
    TicketReopened,
    TicketResolved,
    TicketReturned,
)
from core.model import Agent, Assignment, Delivery, Enquiry, Kind, Message, Status, Ticket
from core.model.ticket import WITH_PEOPLE
from core.routing import queue
from core.work import Work

SMALL_TALK = {
    "greeting": catalogue.greeting,
    "thanks": catalogue.thanks,
    "farewell": catalogue.farewell,
}


# To the customer


async def make_small_talk(work: Work, event: SmallTalkMade) -> None:
    message = await work.session.get_one(Message, event.message_id)
    owe(work, f"small-talk:{message.id}", message.address, SMALL_TALK[event.tone]())


async def offer_articles(work: Work, event: ArticlesOffered) -> None:
    enquiry = await work.session.get_one(Enquiry, event.enquiry_id)
    card = catalogue.offer(enquiry.id, enquiry.latest_offer, sure=event.sure)
    owe(work, enquiry.offer_key, enquiry.address, card)


async def end_offer(work: Work, event: EnquirySolved) -> None:
    enquiry = await work.session.get_one(Enquiry, event.enquiry_id)
    _replace_offer(work, enquiry, catalogue.solved())


async def acknowledge(work: Work, event: TicketOpened) -> None:
    ticket = await _ticket(work, event.ticket_id)
    if event.enquiry_id is not None:
        enquiry = await work.session.get_one(Enquiry, event.enquiry_id)
        _replace_offer(work, enquiry, catalogue.went_to_person(ticket.id))
    waits = ticket.status is Status.NEW
    card = catalogue.opened(
        ticket.id,
        assignee=ticket.assignee.name if ticket.assignee else None,
        place=await queue.place_of(work.session, ticket) if waits else 0,
    )
    _tell_customer(work, ticket, f"opened:{ticket.id}", card)


async def say_who_has_it(work: Work, event: TicketAssigned) -> None:
    if event.opening:
        return
    ticket = await _ticket(work, event.ticket_id)
    agent = await work.session.get_one(Agent, event.agent_id)
    card = catalogue.taken(ticket.id, agent.name)
    _tell_customer(work, ticket, f"taken:{event.assignment_id}", card)


async def say_it_waits(work: Work, event: TicketReturned | TicketReopened) -> None:
    ticket = await _ticket(work, event.ticket_id)
    if ticket.status is Status.NEW:
        key = f"waiting:{ticket.id}:{ticket.version}"
        _tell_customer(work, ticket, key, catalogue.waiting_again(ticket.id))


async def pass_on_reply(work: Work, event: AgentReplied) -> None:
    if event.seen_already:
        return
    ticket = await _ticket(work, event.ticket_id)
    message = await work.session.get_one(Message, event.message_id)
    author = await _name(work, event.agent_id)
    card = catalogue.reply(ticket.id, author, message.text)
    _tell_customer(work, ticket, f"reply:{message.id}", card)


async def say_resolved(work: Work, event: TicketResolved) -> None:
    ticket = await _ticket(work, event.ticket_id)
    author = await _name(work, event.agent_id) if event.resolution else None
    closes_in = work.house.policy.handshake
    card = catalogue.resolved(ticket.id, event.resolution, author=author, closes_in=closes_in)
    _tell_customer(work, ticket, _resolved_key(ticket), card)


async def say_reopened(work: Work, event: TicketReopened) -> None:
    ticket = await _ticket(work, event.ticket_id)
    _retire_resolved(work, ticket, catalogue.open_again(ticket.id))


async def say_closed(work: Work, event: TicketClosed) -> None:
    ticket = await _ticket(work, event.ticket_id)
    _retire_resolved(work, ticket, catalogue.closed(ticket.id))


# To staff


async def refresh_card(work: Work, event: TicketEvent) -> None:
    """Show the ticket as it is now, in every staff room: posted once, then edited in place."""
    ticket = await _ticket(work, event.ticket_id)
    card = to_staff.ticket_card(ticket, await _customers_words(work, ticket, first=True))
    for room in work.house.staff_rooms:
        root = _root_key(ticket.id, room)
        if isinstance(event, TicketOpened):
            owe(work, root, room, card, ticket_id=ticket.id)
        elif root not in work.owed:
            key = f"{root}:{ticket.version}"
            owe(work, key, room, card, ticket_id=ticket.id, replaces=root)


async def refresh_moved_card(work: Work, event: MessageReceived) -> None:
    if event.moved:
        await refresh_card(work, event)


async def tell_assignee(work: Work, event: TicketAssigned) -> None:
    ticket = await _ticket(work, event.ticket_id)
    agent = await work.session.get_one(Agent, event.agent_id)
    address = await direct_address(work, agent.id)
    if address is not None:
        card = to_staff.assigned(ticket, await _customers_words(work, ticket, first=False))
        key = _assigned_key(event.assignment_id)
        owe(work, key, address, card, ticket_id=ticket.id)


async def tell_former_assignee(work: Work, event: TicketReturned | TicketResolved) -> None:
    """The last assignee's note loses its buttons and says what happened."""
    ended = (
        select(Assignment)
        .where(Assignment.ticket_id == event.ticket_id, Assignment.ended_at == work.now)
        .order_by(Assignment.id.desc())
        .limit(1)
    )
    held = (await work.session.scalars(ended)).one_or_none()
    address = await direct_address(work, held.agent_id) if held else None
    if held is not None and address is not None:
        ticket = await _ticket(work, event.ticket_id)
        happened = event.why if isinstance(event, TicketReturned) else "✅ resolved"
        card = to_staff.no_longer_assigned(ticket, happened)
        note = _assigned_key(held.id)
        owe(work, f"{note}:ended", address, card, ticket_id=ticket.id, replaces=note)


async def show_message(work: Work, event: MessageReceived) -> None:
    """The customer's words beneath the card; to the assignee, where there is no staff room."""
    ticket = await _ticket(work, event.ticket_id)
    message = await work.session.get_one(Message, event.message_id)
    card = to_staff.line(f"{ticket.customer.name} on #{ticket.id}", message.text)
    _beneath_card(work, ticket.id, f"message:{message.id}", card)
    if not work.house.staff_rooms and ticket.assignee is not None:
        address = await direct_address(work, ticket.assignee.id)
        if address is not None:
            owe(work, f"message:{message.id}:dm", address, card, ticket_id=ticket.id)


async def show_reply(work: Work, event: AgentReplied) -> None:
    message = await work.session.get_one(Message, event.message_id)
    author = await _name(work, event.agent_id)
    card = to_staff.line(f"💬 {author} → customer", message.text)
    _beneath_card(work, event.ticket_id, f"said:{message.id}", card)


async def show_note(work: Work, event: NoteAdded) -> None:
    if event.heard:
        return
    message = await work.session.get_one(Message, event.message_id)
    author = await _name(work, event.agent_id)
    card = to_staff.line(f"📝 {author}, note", message.text)
    _beneath_card(work, event.ticket_id, f"said:{message.id}", card)


async def show_resolution(work: Work, event: TicketResolved) -> None:
    ticket = await _ticket(work, event.ticket_id)
    author = await _name(work, event.agent_id)
    card = to_staff.line(f"✅ {author} resolved #{ticket.id}", event.resolution)
    _beneath_card(work, ticket.id, f"ended:{ticket.id}:{ticket.version}", card)


async def show_escalation(work: Work, event: TicketEscalated) -> None:
    ticket = await _ticket(work, event.ticket_id)
    card = to_staff.line(f"🚨 #{ticket.id} was escalated", event.reason)
    _beneath_card(work, ticket.id, f"escalated:{ticket.id}:{ticket.version}", card)


async def show_reopening(work: Work, event: TicketReopened) -> None:
    ticket = await _ticket(work, event.ticket_id)
    card = to_staff.remark(f"♻️ #{ticket.id}: {event.why}.")
    _beneath_card(work, ticket.id, f"reopened:{ticket.id}:{ticket.version}", card)


async def welcome_agent(work: Work, event: AgentAdded) -> None:
    agent = await work.session.get_one(Agent, event.agent_id)
    address = await direct_address(work, agent.id)
    if address is not None:
        key = f"welcome:{agent.id}:{int(work.now.timestamp())}"
        owe(work, key, address, to_staff.welcome(agent.name))


async def point_staff_to_buttons(work: Work, event: StaffWrote) -> None:
    message = await work.session.get_one(Message, event.message_id)
    owe(work, f"staff-wrote:{message.id}", message.address, to_staff.wrong_place())


async def show_dead_delivery(work: Work, event: DeliveryDied) -> None:
    """Tell staff what a customer did not get; what staff did not get is in the ledger only."""
    dead = await work.session.get_one(Delivery, event.delivery_id)
    if dead.address in work.house.staff_rooms:
        return
    card = to_staff.undelivered(dead.id, dead.ticket_id, event.error)
    for room in work.house.staff_rooms:
        owe(work, f"dead:{dead.id}:{dead.attempts}:{_place(room)}", room, card)


# The rows behind them


async def _ticket(work: Work, number: int) -> Ticket:
    return await work.session.get_one(Ticket, number, options=WITH_PEOPLE)


def _tell_customer(work: Work, ticket: Ticket, key: str, card: Card) -> None:
    owe(work, key, ticket.address, card, ticket_id=ticket.id)


async def _name(work: Work, agent_id: int | None) -> str:
    return (await work.session.get_one(Agent, agent_id)).name if agent_id else "Support"


async def _customers_words(work: Work, ticket: Ticket, *, first: bool) -> str:
    words = _FIRST_WORDS if first else _LAST_WORDS
    return (await work.session.scalars(words, {"ticket": ticket.id})).first() or ""


_WORDS = select(Message.text).where(
    Message.ticket_id == bindparam("ticket"), Message.kind == Kind.MESSAGE
)
_FIRST_WORDS = _WORDS.order_by(Message.id).limit(1)
_LAST_WORDS = _WORDS.order_by(Message.id.desc()).limit(1)


def _root_key(ticket_id: int, room: Address) -> str:
    return f"card:{ticket_id}:{_place(room)}"


def _place(room: Address) -> str:
    return f"{room.channel}:{room.conversation}"


def _assigned_key(assignment_id: int) -> str:
    return f"assigned:{assignment_id}"


def _beneath_card(work: Work, ticket_id: int, key: str, card: Card) -> None:
    for room in work.house.staff_rooms:
        root = _root_key(ticket_id, room)
        owe(work, f"{key}:{_place(room)}", room, card, ticket_id=ticket_id, under=root)


def _replace_offer(work: Work, enquiry: Enquiry, outcome: str) -> None:
    if enquiry.offers:
        card = catalogue.offer_ended(enquiry.latest_offer, outcome)
        key = f"{enquiry.offer_key}:{enquiry.stage.value}"
        owe(work, key, enquiry.address, card, replaces=enquiry.offer_key)


def _resolved_key(ticket: Ticket) -> str:
    return f"resolved:{ticket.id}:{ticket.resolutions}"


def _retire_resolved(work: Work, ticket: Ticket, outcome: str) -> None:
    """The card that said it is resolved loses its buttons and says what came of it."""
    card = catalogue.resolved_ended(ticket.id, ticket.resolution or "", outcome)
    root = _resolved_key(ticket)
    owe(work, f"{root}:ended", ticket.address, card, ticket_id=ticket.id, replaces=root)
