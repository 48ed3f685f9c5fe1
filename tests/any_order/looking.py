"""The desk as it stands in its database, in the model's words."""

from sqlalchemy import func, select

from core.model import Agent, Customer, FieldValue, Return, Step, Tag, Ticket, TicketField
from core.storage.database import Database
from tests.any_order.model import Known

_TAGS = select(func.aggregate_strings(Tag.tag, ",")).where(Tag.ticket_id == Ticket.id)
_ROWS = (
    select(
        Ticket.id,
        Customer.name.label("customer"),
        Ticket.status,
        Agent.name.label("agent"),
        Ticket.priority,
        Ticket.category,
        Ticket.kind,
        Ticket.conversation,
        _TAGS.scalar_subquery().label("tags"),
        Ticket.snoozed_at,
        Ticket.snoozed_until,
        Ticket.waits_for,
        Ticket.merged_into_id,
        Ticket.tier,
        Ticket.resolved_at,
        Ticket.branch,
    )
    .join(Customer, Customer.id == Ticket.customer_id)
    .outerjoin(Agent, Agent.id == Ticket.assignee_id)
)
_FIELDS = select(FieldValue.ticket_id, TicketField.name, FieldValue.text).join(TicketField)
_RETURNS = select(Return.ticket_id, Return.id, Return.step)


async def look(database: Database) -> dict[int, Known]:
    """Every ticket by its number."""
    async with database.reading() as session:
        fields: dict[int, dict[str, str]] = {}
        for number, name, value in await session.execute(_FIELDS):
            fields.setdefault(number, {})[name] = value
        returns: dict[int, dict[int, Step]] = {}
        for number, key, step in await session.execute(_RETURNS):
            returns.setdefault(number, {})[key] = step
        return {
            row.id: Known(
                number=row.id,
                customer=row.customer.lower(),
                place=row.conversation,
                status=row.status,
                assignee=row.agent.lower() if row.agent else None,
                priority=row.priority,
                category=row.category,
                tags=frozenset(row.tags.split(",") if row.tags else ()),
                kind=row.kind,
                fields=fields.get(row.id, {}),
                returns=returns.get(row.id, {}),
                snoozed=row.snoozed_at is not None,
                until=row.snoozed_until,
                waits_for=row.waits_for,
                merged_into=row.merged_into_id,
                tier=row.tier,
                resolved_at=row.resolved_at,
                branch=bool(row.branch),
            )
            for row in await session.execute(_ROWS)
        }
