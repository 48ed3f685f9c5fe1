"""Everything about one customer, as plain values: what they may ask for, and what we would answer."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.channels import Who
from core.model import (
    Enquiry,
    FieldValue,
    Identity,
    Kind,
    Message,
    Order,
    Return,
    Role,
    Ticket,
    TicketField,
)
from core.model.order import WHOLE_RETURN
from core.people.actors import acting
from core.people.profiles import identities_of, meant
from core.work import Work


async def customer_data(work: Work, by: Who, text: str) -> dict[str, Any]:
    """All that is kept about a customer, but for what agents noted among themselves; for leads.

    Moments are in ISO 8601, in UTC. Raises `NoSuchCustomer`.
    """
    await acting(work, by, at_least=Role.LEAD)
    customer = await meant(work.session, text)
    return {
        "customer": f"c-{customer.id}",
        "name": customer.name,
        "language": customer.language,
        "e-mail": customer.email,
        "telephone": customer.phone,
        "company": customer.company,
        "time zone": customer.time_zone,
        "tags": ", ".join(customer.tags),
        "since": customer.created_at.isoformat(),
        "known as": [_identity(each) for each in await identities_of(work.session, customer.id)],
        "tickets": await _tickets(work, customer.id),
        "questions": await _questions(work, customer.id),
        "orders": await _orders(work, customer.id),
        "returns": await _returns(work, customer.id),
    }


def _identity(identity: Identity) -> dict[str, str]:
    return {"identity": str(identity.who), "name": identity.name, "picture": identity.picture}


async def _tickets(work: Work, customer_id: int) -> list[dict[str, Any]]:
    theirs = select(Ticket).where(Ticket.customer_id == customer_id).order_by(Ticket.id)
    return [
        {
            "ticket": ticket.id,
            "kind": ticket.kind,
            "subject": ticket.subject,
            "status": ticket.status.value,
            "fields": await _fields(work, ticket.id),
            "opened": ticket.created_at.isoformat(),
            "said": await _said(work, ticket.id),
        }
        for ticket in (await work.session.scalars(theirs)).all()
    ]


async def _fields(work: Work, number: int) -> dict[str, str]:
    there = (
        select(TicketField.label, FieldValue.text)
        .join(TicketField, TicketField.id == FieldValue.field_id)
        .where(FieldValue.ticket_id == number)
        .order_by(TicketField.id)
    )
    return {row.label: row.text for row in await work.session.execute(there)}


async def _said(work: Work, number: int) -> list[dict[str, Any]]:
    public = (
        select(Message)
        .where(Message.ticket_id == number, Message.kind != Kind.NOTE)
        .options(selectinload(Message.attachments))
        .order_by(Message.id)
    )
    return [
        {
            "at": message.sent_at.isoformat(),
            "by": "customer" if message.kind is Kind.MESSAGE else "support",
            "text": message.text,
            "files": [each.name for each in message.attachments],
        }
        for message in await work.session.scalars(public)
    ]


async def _questions(work: Work, customer_id: int) -> list[dict[str, Any]]:
    asked = select(Enquiry).where(Enquiry.customer_id == customer_id).order_by(Enquiry.id)
    return [
        {
            "at": enquiry.created_at.isoformat(),
            "question": enquiry.question,
            "articles offered": [each["title"] for each in enquiry.offered],
            "ended": enquiry.stage.value,
        }
        for enquiry in await work.session.scalars(asked)
    ]


async def _orders(work: Work, customer_id: int) -> list[dict[str, Any]]:
    names = [str(each.who) for each in await identities_of(work.session, customer_id)]
    theirs = select(Order).where((Order.customer_id == customer_id) | Order.identity.in_(names))
    rows = await work.session.scalars(theirs.options(selectinload(Order.lines)).order_by(Order.id))
    return [
        {
            "order": order.number,
            "placed": order.placed_at.isoformat(),
            "status": order.status.value,
            "e-mail": order.email,
            "lines": [f"{line.quantity} × {line.name} ({line.sku})" for line in order.lines],
        }
        for order in rows
    ]


async def _returns(work: Work, customer_id: int) -> list[dict[str, Any]]:
    theirs = select(Return).where(Return.customer_id == customer_id).options(*WHOLE_RETURN)
    return [
        {
            "return": each.id,
            "order": each.order.number,
            "what": each.what,
            "reason": each.reason.value,
            "wish": each.wish.value,
            "note": each.note,
            "step": each.step.value,
            "refused because": each.refusal or "",
        }
        for each in await work.session.scalars(theirs.order_by(Return.id))
    ]
