"""Opening: what was asked becomes a ticket, and goes to whoever is free."""

from collections.abc import Sequence

from sqlalchemy import select

from core.events import TicketOpened
from core.model import Enquiry, Message, Stage, Ticket
from core.model.ticket import subject_of
from core.routing import assignment
from core.work import Work


async def open_for(work: Work, enquiry: Enquiry) -> Ticket:
    """Make a ticket of an enquiry, with everything said in it."""
    messages = await _messages_of(work, enquiry)
    ticket = Ticket(
        subject=subject_of(enquiry.question),
        customer_id=enquiry.customer_id,
        channel=enquiry.channel,
        workspace=enquiry.workspace,
        conversation=enquiry.conversation,
        created_at=work.now,
        updated_at=work.now,
        waiting_since=work.now,
    )
    work.session.add(ticket)
    await work.session.flush()
    for message in messages:
        message.ticket_id = ticket.id
    enquiry.stage = Stage.HANDED_OVER
    enquiry.ticket_id = ticket.id
    enquiry.updated_at = work.now
    work.emit(TicketOpened(ticket_id=ticket.id, enquiry_id=enquiry.id))
    await work.session.refresh(ticket, ["customer", "assignee", "team"])
    await assignment.assign_or_leave(work, ticket, opening=True)
    return ticket


async def _messages_of(work: Work, enquiry: Enquiry) -> Sequence[Message]:
    said = select(Message).where(Message.enquiry_id == enquiry.id).order_by(Message.id)
    return (await work.session.scalars(said)).all()
