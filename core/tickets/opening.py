"""Opening: what was asked becomes a ticket, and goes to whoever is free."""

from collections.abc import Collection, Sequence
from typing import Any

from core.channels import Address
from core.events import TicketOpened
from core.model import BuiltIn, Customer, Enquiry, Message, Stage, Ticket
from core.model.ticket import subject_of
from core.routing import assignment
from core.sla import following
from core.tickets import applying, duplicates, enriching, filling
from core.work import Work

WORTH_A_LOOK = 0.05  # of the confidence in an article, for an agent to be shown it


async def open_for(
    work: Work,
    enquiry: Enquiry,
    said: Sequence[Message],
    *,
    kind: str = BuiltIn.QUESTION.value,
    subject: str = "",
) -> Ticket:
    """Make a ticket of an enquiry, with everything said in it."""
    subject = subject or subject_of(enquiry.question)
    ticket = _new(work, enquiry.customer, enquiry.address, subject, kind)
    seen = {each["article"] for each in enquiry.offered}
    language = enquiry.customer.language
    ticket.advice = await _advice(work, enquiry.question, language, but=seen)
    enquiry.stage = Stage.HANDED_OVER
    enquiry.ticket = ticket
    enquiry.updated_at = work.now
    return await _opened(work, ticket, said, enquiry)


async def open_anew(work: Work, said: Message, *, kind: str, subject: str) -> Ticket:
    """Make a ticket of a customer's message, without asking the knowledge base."""
    if said.customer is None:
        raise ValueError("a ticket is a customer's")
    return await _opened(work, _new(work, said.customer, said.address, subject, kind), [said])


async def open_apart(
    work: Work, said: Message, beside: Ticket, *, branch: int, subject: str
) -> Ticket:
    """Make a ticket of a message that was on another one, in a branch of that one's conversation."""
    is_return = beside.kind == BuiltIn.RETURN.value
    kind = BuiltIn.QUESTION.value if is_return else beside.kind
    ticket = _new(work, beside.customer, beside.address, subject, kind)
    ticket.branch = branch
    ticket.language = beside.language
    ticket.advice = await _advice(work, said.words, beside.customer.language)
    return await _opened(work, ticket, [said])


def _new(work: Work, customer: Customer, address: Address, subject: str, kind: str) -> Ticket:
    ticket = Ticket(
        subject=subject,
        kind=kind,
        customer=customer,
        assignee=None,
        team=None,
        channel=address.channel,
        workspace=address.workspace,
        conversation=address.conversation,
        created_at=work.now,
        updated_at=work.now,
        waiting_since=work.now,
    )
    work.session.add(ticket)
    return ticket


async def _opened(
    work: Work, ticket: Ticket, said: Sequence[Message], enquiry: Enquiry | None = None
) -> Ticket:
    for message in said:
        message.ticket = ticket
        work.session.add(message)
    ticket.kind = await filling.kind_said(work, said) or ticket.kind
    met_before = ticket.customer.id is not None
    applied = await enriching.enrich(work, ticket, said)
    await following.opened(work, ticket)
    await work.session.flush()
    if met_before:
        await _compare(work, ticket, said)
    work.emit(
        TicketOpened(
            ticket_id=ticket.id,
            enquiry_id=enquiry.id if enquiry else None,
            message_id=None if enquiry else said[0].id,
            kind=ticket.kind,
            priority=int(ticket.priority),
            category=ticket.category,
            tier=ticket.tier,
        )
    )
    await filling.fill(work, ticket, said)
    await applying.keep(work, ticket, applied)
    await assignment.assign_or_leave(work, ticket, opening=True)
    return ticket


async def _compare(work: Work, ticket: Ticket, said: Sequence[Message]) -> None:
    """Note which other ticket of the customer is much the same, if one is."""
    twin = await duplicates.like(work, ticket, " ".join(message.words for message in said))
    if twin is not None:
        ticket.looks_like_id = twin


async def _advice(
    work: Work, question: str, language: str | None, *, but: Collection[str] = ()
) -> list[dict[str, Any]]:
    """The articles that may help whoever answers, but for those that the customer has seen."""
    return [
        {
            "article": each.article,
            "title": each.title,
            "answer": each.answer,
            "for_staff": each.for_staff,
        }
        for each in await work.house.deflector.advise(question, language=language or None)
        if each.article not in but and each.confidence >= WORTH_A_LOOK
    ]
