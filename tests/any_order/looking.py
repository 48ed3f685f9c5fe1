"""The desk as it stands in its database, in the model's words."""

from sqlalchemy import select

from core.model import Agent, Customer, FieldValue, Return, Step, Tag, Ticket, TicketField
from core.storage.database import Database
from tests.any_order.model import Known


async def look(database: Database) -> dict[int, Known]:
    """Every ticket by its number."""
    rows = (
        select(Ticket, Customer.name, Agent.name)
        .join(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Agent, Agent.id == Ticket.assignee_id)
    )
    async with database.reading() as session:
        tags: dict[int, set[str]] = {}
        for tag in await session.scalars(select(Tag)):
            tags.setdefault(tag.ticket_id, set()).add(tag.tag)
        fields: dict[int, dict[str, str]] = {}
        filled = select(FieldValue.ticket_id, TicketField.name, FieldValue.text).join(TicketField)
        for number, name, value in await session.execute(filled):
            fields.setdefault(number, {})[name] = value
        returns: dict[int, dict[int, Step]] = {}
        for number, key, step in await session.execute(
            select(Return.ticket_id, Return.id, Return.step)
        ):
            returns.setdefault(number, {})[key] = step
        return {
            ticket.id: Known(
                number=ticket.id,
                customer=customer.lower(),
                place=ticket.conversation,
                status=ticket.status,
                assignee=agent.lower() if agent else None,
                priority=ticket.priority,
                category=ticket.category,
                tags=frozenset(tags.get(ticket.id, ())),
                kind=ticket.kind,
                fields=fields.get(ticket.id, {}),
                returns=returns.get(ticket.id, {}),
                snoozed=ticket.snoozed_at is not None,
                until=ticket.snoozed_until,
                waits_for=ticket.waits_for,
                merged_into=ticket.merged_into_id,
                tier=ticket.tier,
                resolved_at=ticket.resolved_at,
                branch=bool(ticket.branch),
            )
            for ticket, customer, agent in await session.execute(rows)
        }
