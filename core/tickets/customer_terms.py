"""What a filter asks of a ticket's customer: VIP, company, tags."""

from typing import Any

from sqlalchemy import ColumnElement, func, not_, or_, select

from core.channels import Who
from core.model import Customer, Ticket
from core.tickets.filters import Term
from core.work import Work


async def vip(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    """Whether its customer is one, or is none."""
    are = Ticket.customer_id.in_(select(Customer.id).where(Customer.is_vip))
    return or_(*(are if value == "yes" else not_(are) for value in set(term.values)))


async def company(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    """Whether its customer is of one of these, however that is capitalised."""
    names = [str(value) for value in term.values if value is not None]
    ways: list[ColumnElement[bool]] = [
        Customer.company.in_(names),
        func.lower(Customer.company).in_([name.lower() for name in names]),
    ]
    if None in term.values:
        ways.append(Customer.company == "")
    return Ticket.customer_id.in_(select(Customer.id).where(or_(*ways)))


async def tagged(work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    """Whether its customer has one of these tags."""
    names = [str(value) for value in term.values if value is not None]
    sqlite = work.session.get_bind().dialect.name == "sqlite"
    every: Any = func.json_each if sqlite else func.jsonb_array_elements_text
    count: Any = func.json_array_length if sqlite else func.jsonb_array_length
    value = every(Customer.tags).table_valued("value")
    ways: list[ColumnElement[bool]] = [
        select(value.c.value).where(value.c.value.in_(names)).exists()
    ]
    if None in term.values:
        ways.append(count(Customer.tags) == 0)
    return Ticket.customer_id.in_(select(Customer.id).where(or_(*ways)))
