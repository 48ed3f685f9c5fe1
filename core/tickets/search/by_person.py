"""The part of a filter that asks for people: whose ticket it is, and who has it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from core.channels import Who
from core.errors import NotFound
from core.model import Agent, Customer, Identity, Team, Ticket
from core.people.actors import agent_meant
from core.tickets import filters
from core.tickets.filters import Term
from core.work import Work


class UnknownInFilter(NotFound):
    """A filter names somebody whom the desk does not know."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(
            f"There is no {name} called “{value[:60]}”. For example: {filters.EXAMPLES[name]}"
        )


async def assigned(work: Work, by: Who, term: Term) -> ColumnElement[bool]:
    """Whether one of these has it; ``me`` is whoever asks."""
    ids: list[int | None] = []
    for value in term.values:
        ids.append(None if value is None else (await _agent(work, by, str(value))).id)
    return _in_or_none(Ticket.assignee_id, ids)


async def of_customer(work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    """Whether it is a ticket of one of these customers. Raises `UnknownInFilter`."""
    ids: list[int] = []
    for value in map(str, term.values):
        found = (await work.session.scalars(_customers(value).limit(50))).all()
        if not found:
            raise UnknownInFilter("customer", value)
        ids += found
    return Ticket.customer_id.in_(ids)


async def of_team(work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    """Whether it is for one of these teams, or was for one that was removed. Raises `UnknownInFilter`."""
    ids: list[int | None] = []
    for value in term.values:
        if value is None:
            ids.append(None)
            continue
        named = select(Team.id).where(func.lower(Team.name) == str(value).lower())
        found = (await work.session.scalars(named)).first()
        if found is None:
            raise UnknownInFilter("team", str(value))
        ids.append(found)
    return _in_or_none(Ticket.team_id, ids)


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


async def _agent(work: Work, by: Who, said: str) -> Agent:
    channel, workspace, user = by.channel, by.workspace, said.removeprefix("@")
    if said.lower() == "me":
        return await agent_meant(work.session, by)
    if said.count(":") >= 2:
        channel, workspace, user = said.split(":", 2)
    return await agent_meant(work.session, Who(channel, workspace, user, user))


def _customers(said: str) -> Select[int]:
    """By number (``c-17``), by ``channel:workspace:user``, or by their name or handle."""
    digits = said.lower().removeprefix("c-")
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        by_handle = select(Identity.customer_id).where(Identity.user == said)
        return select(Customer.id).where(
            or_(Customer.id == int(digits), Customer.id.in_(by_handle))
        )
    if said.count(":") >= 2:
        channel, workspace, user = said.split(":", 2)
        known = select(Identity.customer_id).where(
            Identity.channel == channel, Identity.workspace == workspace, Identity.user == user
        )
        return select(Customer.id).where(Customer.id.in_(known))
    name = said.removeprefix("@")
    by_handle = select(Identity.customer_id).where(Identity.user == name)
    return select(Customer.id).where(
        or_(func.lower(Customer.name) == name.lower(), Customer.id.in_(by_handle))
    )


def _in_or_none(
    column: InstrumentedAttribute[Any], ids: Sequence[int | None]
) -> ColumnElement[bool]:
    """Whether it is one of these, none included; never unknown, so that it can be negated."""
    known = [each for each in ids if each is not None]
    is_one = and_(column.is_not(None), column.in_(known)) if known else false()
    return or_(is_one, column.is_(None)) if None in ids else is_one
