"""What each event makes us say to staff: in the staff rooms, and to agents alone."""

from sqlalchemy import select

from core.delivery import marks, to_staff
from core.delivery.about import (
    agent_author,
    beneath_card,
    customer_author,
    customers_words,
    field_values,
    place_key,
    reply_key,
    root_key,
    said_at_hand,
    ticket_of,
)
from core.delivery.family import family
from core.delivery.outgoing import carrying, direct_address, owe
from core.events import (
    AgentAdded,
    AgentReplied,
    DeliveryDied,
    DeliveryRevived,
    MessageReceived,
    NoteAdded,
    StaffWrote,
    TicketAssigned,
    TicketEscalated,
    TicketEvent,
    TicketHeld,
    TicketMerged,
    TicketOpened,
    TicketRejoined,
    TicketReopened,
    TicketResolved,
    TicketReturned,
    TicketSnoozed,
)
from core.model import Agent, Assignment, Delivery, Message
from core.work import Work


async def refresh_card(work: Work, event: TicketEvent) -> None:
    """Show the ticket as it is now, in every staff room: posted once, then edited in place."""
    ticket = await ticket_of(work, event.ticket_id)
    words = await customers_words(work, ticket, first=True)
    own = await field_values(work, ticket)
    card = to_staff.ticket_card(ticket, words, own, await family(work.session, ticket))
    for room in work.house.staff_rooms:
        root = root_key(ticket.id, room)
        if isinstance(event, TicketOpened):
            owe(work, root, room, card, ticket_id=ticket.id)
        elif root not in work.owed:
            key = f"{root}:{ticket.version}"
            owe(work, key, room, card, ticket_id=ticket.id, replaces=root)


async def refresh_moved_card(work: Work, event: MessageReceived) -> None:
    if event.moved:
        await refresh_card(work, event)


async def tell_assignee(work: Work, event: TicketAssigned) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    agent = await work.session.get_one(Agent, event.agent_id)
    address = await direct_address(work, agent.id)
    if address is not None:
        card = to_staff.assigned(ticket, await customers_words(work, ticket, first=False))
        key = _assigned_key(event.assignment_id)
        owe(work, key, address, card, ticket_id=ticket.id)


async def tell_former_assignee(
    work: Work,
    event: TicketReturned
    | TicketResolved
    | TicketHeld
    | TicketSnoozed
    | TicketMerged
    | TicketRejoined,
) -> None:
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
        ticket = await ticket_of(work, event.ticket_id)
        card = to_staff.no_longer_assigned(ticket, _what_happened(event))
        note = _assigned_key(held.id)
        owe(work, f"{note}:ended", address, card, ticket_id=ticket.id, replaces=note)


async def show_what_came_before(work: Work, event: TicketOpened) -> None:
    """Beneath a new card, all that the customer wrote before, but for what the card quotes."""
    for number, message in enumerate(said_at_hand(work, event.ticket_id)):
        if number or message.files:
            words = message.text if number else ""
            await _show_message(work, event.ticket_id, message, words, again=True)


async def show_message(work: Work, event: MessageReceived) -> None:
    """The customer's words beneath the card; to the assignee, where there is no staff room."""
    message = await work.session.get_one(Message, event.message_id)
    await _show_message(work, event.ticket_id, message, message.text)


async def show_reply(work: Work, event: AgentReplied) -> None:
    """An agent's reply beneath the card, with what became of it at the customer's."""
    message = await work.session.get_one(Message, event.message_id)
    author = await agent_author(work, event.agent_id)
    card = to_staff.line(f"💬 {author.name} → customer", message.text, author=author)
    carries = await carrying(work, message)
    tracks = None if event.seen_already else reply_key(message)
    key = f"said:{message.id}"
    beneath_card(work, event.ticket_id, key, card, carries=carries, tracks=tracks)


async def show_note(work: Work, event: NoteAdded) -> None:
    """A note beneath the card: in every staff room but the one in which it was said."""
    message = await work.session.get_one(Message, event.message_id)
    author = await agent_author(work, event.agent_id)
    card = to_staff.line(f"📝 {author.name}, note", message.text, author=author)
    carries = await carrying(work, message)
    here = message.address if event.heard else None
    beneath_card(work, event.ticket_id, f"said:{message.id}", card, carries=carries, but_at=here)


async def show_resolution(work: Work, event: TicketResolved) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    author = await agent_author(work, event.agent_id)
    card = to_staff.line(f"✅ {author.name} resolved #{ticket.id}", event.resolution)
    beneath_card(work, ticket.id, f"ended:{ticket.id}:{ticket.version}", card)


async def show_escalation(work: Work, event: TicketEscalated) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    card = to_staff.line(f"🚨 #{ticket.id} was escalated", event.reason)
    beneath_card(work, ticket.id, f"escalated:{ticket.id}:{ticket.version}", card)


async def show_reopening(work: Work, event: TicketReopened) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    card = to_staff.remark(f"♻️ #{ticket.id}: {event.why}.")
    beneath_card(work, ticket.id, f"reopened:{ticket.id}:{ticket.version}", card)


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
        owe(work, f"dead:{dead.id}:{dead.attempts}:{place_key(room)}", room, card)


async def show_revived(work: Work, event: DeliveryRevived) -> None:
    """The line that said it failed says that it is on its way again."""
    revived = await work.session.get_one(Delivery, event.delivery_id)
    await marks.catch_up(work, [revived.key])


async def _show_message(
    work: Work, number: int, message: Message, words: str, *, again: bool = False
) -> None:
    """``again`` says that another ticket's card may have shown it before."""
    ticket = await ticket_of(work, number)
    key = f"message:{message.id}:{number}" if again and ticket.branch else f"message:{message.id}"
    author = await customer_author(work, ticket.customer)
    card = to_staff.line(f"{author.name} on #{ticket.id}", words, author=author)
    carries = await carrying(work, message)
    beneath_card(work, ticket.id, key, card, carries=carries)
    if not work.house.staff_rooms and ticket.assignee is not None:
        address = await direct_address(work, ticket.assignee.id)
        if address is not None:
            owe(work, f"{key}:dm", address, card, ticket_id=ticket.id, carries=carries)


def _what_happened(
    event: TicketReturned
    | TicketResolved
    | TicketHeld
    | TicketSnoozed
    | TicketMerged
    | TicketRejoined,
) -> str:
    if isinstance(event, TicketSnoozed):
        return f"💤 snoozed until {to_staff.until_in_words(event.until)}"
    if isinstance(event, TicketMerged | TicketRejoined):
        return f"🔀 merged into #{event.into}"
    if isinstance(event, TicketHeld):
        return f"⏸ on hold: {event.waits_for}"
    return event.why if isinstance(event, TicketReturned) else "✅ resolved"


def _assigned_key(assignment_id: int) -> str:
    return f"assigned:{assignment_id}"
