"""Appending: what a customer writes on the matter goes onto the live ticket."""

from core.events import MessageReceived
from core.model import Message, Status, Ticket
from core.tickets import lifecycle
from core.work import Work


async def append(work: Work, ticket: Ticket, message: Message, *, is_polite: bool) -> None:
    """Put a message on the live ticket; anything but thanks reopens a resolved one."""
    message.ticket = ticket
    before = ticket.status
    if not is_polite:
        if ticket.status is Status.RESOLVED:
            await lifecycle.bring_back(work, ticket, why="the customer wrote again")
        elif ticket.status is Status.PENDING:
            ticket.move_to(Status.OPEN, at=work.now)
    ticket.updated_at = work.now
    await work.session.flush()
    moved = ticket.status is not before
    work.emit(MessageReceived(ticket_id=ticket.id, message_id=message.id, moved=moved))
