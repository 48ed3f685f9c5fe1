"""Orders: taken in from the shop, and found for whoever they belong to."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from core.channels import Who
from core.errors import NotFound
from core.model import Identity, Order, OrderGrant, OrderLine, OrderStatus, ReturnedUnit, Role
from core.people.actors import acting, actor
from core.people.customers import identity_of
from core.speaking import Sentence
from core.storage.serial import serialise
from core.storage.text import clean
from core.work import Work

AT_ONCE = 1_000
A_PAGE = 10
NUMBER = re.compile(r"[\w./-]{0,39}\w")
WHOLE = (selectinload(Order.lines),)


class UnknownOrder(NotFound):
    """There is no such order, or it is somebody else's: the sentence is the same."""

    def __init__(self, number: str) -> None:
        super().__init__(
            Sentence(
                "We find no order {order} of yours. Check its number; it is in the e-mail that "
                "confirmed it. If it was ordered elsewhere, /orders prove {order} shows that it is "
                "yours.",
                order=clean(number)[:40],
            )
        )


@dataclass(frozen=True, kw_only=True)
class LineSaid:
    """A line of an order as the shop says it. ``cents`` is the price of one, in hundredths."""

    sku: str
    name: str
    quantity: int
    cents: int = 0
    currency: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderSaid:
    """An order as the shop says it; see `core.model.order.Order`."""

    number: str
    placed_at: datetime
    lines: tuple[LineSaid, ...]
    delivered_at: datetime | None = None
    status: OrderStatus = OrderStatus.PLACED
    identity: str = ""
    email: str = ""
    return_days: int = 30


@dataclass(frozen=True)
class Taken:
    """The numbers of the orders that are new, changed, and as they were."""

    added: list[str]
    changed: list[str]
    unchanged: list[str]


async def take_in(work: Work, said: Sequence[OrderSaid], by: str = "import") -> Taken:
    """Add and change orders by their number, all or none. A line that is being returned stays."""
    await serialise(work.session, "orders")
    work.actor = by
    there = await _known(work.session, [each.number for each in said])
    found = _compared(said, there)
    added, changed = set(found.added), set(found.changed)
    returned = await _returned(work.session, [there[number] for number in found.changed])
    for each in said:
        if each.number in added:
            order = Order(number=each.number, lines=[], updated_at=work.now)
            work.session.add(order)
            _write(order, each, work.now)
        elif each.number in changed:
            _write(there[each.number], each, work.now, stays=returned)
    return found


async def keep(work: Work, by: Who, said: Sequence[OrderSaid]) -> Taken:
    """`take_in`, for admins: whose an order is, is said by it."""
    asking = await acting(work, by, at_least=Role.ADMIN)
    return await take_in(work, said, by=asking.label)


async def compare(work: Work, said: Sequence[OrderSaid]) -> Taken:
    """What `take_in` would do."""
    return _compared(said, await _known(work.session, [each.number for each in said]))


async def order_of(work: Work, by: Who, number: str) -> Order:
    """Somebody's own order, with its lines. Raises `UnknownOrder`."""
    named = select(Order).where(Order.number == as_number(number), await _theirs(work.session, by))
    order = (await work.session.scalars(named.options(*WHOLE))).one_or_none()
    if order is None:
        raise UnknownOrder(number)
    return order


async def order(work: Work, by: Who, number: str) -> Order:
    """An order: any for staff, their own for customers. Raises `UnknownOrder`."""
    if (await actor(work.session, by)).role is Role.CUSTOMER:
        return await order_of(work, by, number)
    named = select(Order).where(Order.number == as_number(number)).options(*WHOLE)
    found = (await work.session.scalars(named)).one_or_none()
    if found is None:
        raise NotFound(f"There is no order {clean(number)[:40]}.")
    return found


async def orders(work: Work, by: Who) -> Sequence[Order]:
    """Somebody's own latest orders."""
    theirs = select(Order).where(await _theirs(work.session, by)).options(*WHOLE)
    latest = theirs.order_by(Order.placed_at.desc(), Order.id.desc()).limit(A_PAGE)
    return (await work.session.scalars(latest)).all()


async def _theirs(session: AsyncSession, by: Who) -> ColumnElement[bool]:
    """That an order is of this person, on whichever channel the shop knows them."""
    identity = await identity_of(session, by)
    if identity is None or identity.customer_id is None:
        return Order.identity == str(by)
    known = select(Identity).where(Identity.customer_id == identity.customer_id)
    names = [str(each.who) for each in await session.scalars(known)]
    granted = select(OrderGrant.order_id).where(OrderGrant.customer_id == identity.customer_id)
    return or_(
        Order.customer_id == identity.customer_id,
        Order.identity.in_(names),
        Order.id.in_(granted),
    )


async def _known(session: AsyncSession, numbers: Sequence[str]) -> dict[str, Order]:
    found: dict[str, Order] = {}
    for start in range(0, len(numbers), AT_ONCE):
        some = select(Order).where(Order.number.in_(numbers[start : start + AT_ONCE]))
        found.update((each.number, each) for each in await session.scalars(some.options(*WHOLE)))
    return found


def _compared(said: Sequence[OrderSaid], there: dict[str, Order]) -> Taken:
    found = Taken([], [], [])
    for each in said:
        known = there.get(each.number)
        if known is None:
            found.added.append(each.number)
        else:
            same = _in_order(_said_by(known)) == _in_order(each)
            (found.unchanged if same else found.changed).append(each.number)
    return found


def _in_order(said: OrderSaid) -> OrderSaid:
    return replace(said, lines=tuple(sorted(said.lines, key=lambda line: line.sku)))


def _said_by(order: Order) -> OrderSaid:
    return OrderSaid(
        number=order.number,
        placed_at=order.placed_at,
        delivered_at=order.delivered_at,
        status=order.status,
        identity=order.identity,
        email=order.email,
        return_days=order.return_days,
        lines=tuple(
            LineSaid(
                sku=line.sku,
                name=line.name,
                quantity=line.quantity,
                cents=line.cents,
                currency=line.currency,
            )
            for line in order.lines
        ),
    )


async def _returned(session: AsyncSession, orders: Sequence[Order]) -> set[int]:
    """The lines of these orders of which something is, or was asked to be, sent back."""
    lines = [line.id for order in orders for line in order.lines]
    found: set[int] = set()
    for start in range(0, len(lines), AT_ONCE):
        some = ReturnedUnit.line_id.in_(lines[start : start + AT_ONCE])
        found.update(await session.scalars(select(ReturnedUnit.line_id).where(some)))
    return found


def _write(
    order: Order, said: OrderSaid, now: datetime, *, stays: Container[int] = frozenset()
) -> None:
    for name in ("placed_at", "delivered_at", "status", "identity", "email", "return_days"):
        setattr(order, name, getattr(said, name))
    order.updated_at = now
    there = {line.sku: line for line in order.lines}
    listed = {line.sku for line in said.lines}
    order.lines = [
        *(_line(there.get(line.sku) or OrderLine(sku=line.sku), line) for line in said.lines),
        *(line for sku, line in there.items() if sku not in listed and line.id in stays),
    ]


def _line(line: OrderLine, said: LineSaid) -> OrderLine:
    line.name, line.quantity = said.name, said.quantity
    line.cents, line.currency = said.cents, said.currency
    return line


def as_number(text: str) -> str:
    """The number of an order as it is kept."""
    return clean(text).strip().removeprefix("#").upper()
