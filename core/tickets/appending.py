"""Appending: what a customer writes on the matter goes onto the live ticket."""

from core.events import MessageReceived
from core.model import Message, Ticket
from core.tickets import filling, lifecycle
from core.work import Work


async def append(work: Work, ticket: Ticket, message: Message, *, is_polite: bool) -> None:
    """Put a message on the live ticket; anything but thanks reopens a resolved one."""
    message.ticket = ticket
    before = ticket.status
    if not is_polite:
        await lifecycle.hear_customer(work, ticket)
    ticket.updated_at = work.now
    await work.session.flush()
    moved = ticket.status is not before
    work.emit(MessageReceived(ticket_id=ticket.id, message_id=message.id, moved=moved))
    await filling.fill(work, ticket, [message])
