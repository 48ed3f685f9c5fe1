"""Opening: what was asked becomes a ticket, and goes to whoever is free."""

from collections.abc import Sequence
from typing import Any

from core.events import TicketOpened
from core.model import Enquiry, Message, Stage, Ticket
from core.model.ticket import subject_of
from core.routing import assignment
from core.work import Work

WORTH_A_LOOK = 0.05  # of the confidence in an article, for an agent to be shown it


async def open_for(work: Work, enquiry: Enquiry, said: Sequence[Message]) -> Ticket:
    """Make a ticket of an enquiry, with everything said in it."""
    ticket = Ticket(
        subject=subject_of(enquiry.question),
        customer=enquiry.customer,
        assignee=None,
        team=None,
        channel=enquiry.channel,
        workspace=enquiry.workspace,
        conversation=enquiry.conversation,
        created_at=work.now,
        updated_at=work.now,
        waiting_since=work.now,
        advice=await _advice(work, enquiry),
    )
    work.session.add(ticket)
    for message in said:
        message.ticket = ticket
    enquiry.stage = Stage.HANDED_OVER
    enquiry.ticket = ticket
    enquiry.updated_at = work.now
    await work.session.flush()
    work.emit(TicketOpened(ticket_id=ticket.id, enquiry_id=enquiry.id))
    await assignment.assign_or_leave(work, ticket, opening=True)
    return ticket


async def _advice(work: Work, enquiry: Enquiry) -> list[dict[str, Any]]:
    """The articles that may help whoever answers, but for those that the customer has seen."""
    language = enquiry.customer.language or None
    seen = {each["article"] for each in enquiry.offered}
    return [
        {
            "article": each.article,
            "title": each.title,
            "answer": each.answer,
            "for_staff": each.for_staff,
        }
        for each in await work.house.deflector.advise(enquiry.question, language=language)
        if each.article not in seen and each.confidence >= WORTH_A_LOOK
    ]
