"""Orders for programs: what was bought, said by the shop as it happens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi import Path as InPath
from pydantic import AwareDatetime, Field, ValidationError

from core.errors import Invalid
from core.vocabulary import LineSaid, OrderSaid, OrderStatus, Scope
from core.vocabulary import Order as StoredOrder
from web.api import problems
from web.api.caller import Caller, allowed
from web.api.identities import identity
from web.api.once import Once
from web.api.shapes import Shape

router = APIRouter(prefix="/orders", tags=["orders"], route_class=Once)

AT_ONCE = 500
NUMBER = r"^[A-Za-z0-9./_-]{0,39}[A-Za-z0-9_]$"

Reader = Annotated[Caller, Depends(allowed(Scope.ORDERS_READ))]
Writer = Annotated[Caller, Depends(allowed(Scope.ORDERS_WRITE))]
Number = Annotated[str, InPath(pattern=NUMBER, examples=["A-1001"])]


class Line(Shape):
    """So many of one thing; ``cents`` is the price of one, in hundredths."""

    sku: str = Field(min_length=1, max_length=60, examples=["LAMP-1"])
    name: str = Field("", max_length=200, examples=["Brass lamp"])
    quantity: int = Field(1, ge=1, le=1_000)
    cents: int = Field(0, ge=0, lt=2**31, examples=[4_900])
    currency: str = Field("", pattern=r"^([A-Z]{3})?$", examples=["EUR"])


class Said(Shape):
    """An order as the shop says it, whole: what it said before is replaced.

    ``identity`` (``custom:shop:user-7``) and ``email`` say whose it is. It may be returned within
    ``return_days`` of its delivery.
    """

    placed_at: AwareDatetime
    lines: list[Line] = Field(min_length=1, max_length=500)
    delivered_at: AwareDatetime | None = None
    status: Literal["placed", "shipped", "delivered", "cancelled"] = "placed"
    identity: str = Field("", max_length=260, examples=["custom:shop:user-7"])
    email: str = Field("", pattern=r"^([^@\s]{1,64}@[^@\s]{1,189})?$", examples=["ana@example.org"])
    return_days: int = Field(30, ge=0, le=3_650)

    def order(self, number: str) -> OrderSaid:
        """It with its number. Raises `Invalid`."""
        skus = [line.sku.casefold() for line in self.lines]
        if len(set(skus)) < len(skus):
            raise Invalid(f"Order {number} has one sku in two lines. Add them up.")
        return OrderSaid(
            number=number.upper(),
            placed_at=self.placed_at,
            delivered_at=self.delivered_at,
            status=OrderStatus(self.status),
            identity=str(identity(self.identity)) if self.identity else "",
            email=self.email.lower(),
            return_days=self.return_days,
            lines=tuple(
                LineSaid(**{**line.model_dump(), "name": line.name or line.sku})
                for line in self.lines
            ),
        )


class Numbered(Said):
    """An order among many."""

    number: str = Field(pattern=NUMBER, examples=["A-1001"])


class Order(Shape):
    """An order as it is known."""

    number: str = Field(examples=["A-1001"])
    status: str = Field(examples=["delivered"])
    placed_at: datetime
    delivered_at: datetime | None
    returnable_until: datetime
    customer: int | None = Field(description="their number, where they are known", examples=[17])
    identity: str
    email: str
    lines: Sequence[Line]

    @classmethod
    def of(cls, order: StoredOrder) -> "Order":
        """A stored order, with its lines."""
        return cls(
            number=order.number,
            status=order.status.value,
            placed_at=order.placed_at,
            delivered_at=order.delivered_at,
            returnable_until=order.returnable_until,
            customer=order.customer_id,
            identity=order.identity,
            email=order.email,
            lines=[
                Line(
                    sku=line.sku,
                    name=line.name,
                    quantity=line.quantity,
                    cents=line.cents,
                    currency=line.currency,
                )
                for line in order.lines
            ],
        )


class Many(Shape):
    """Up to 500 orders, each as in `PUT /orders/{number}` with its ``number``."""

    orders: list[dict[str, Any]] = Field(
        min_length=1,
        max_length=AT_ONCE,
        examples=[
            [
                {
                    "number": "A-1001",
                    "placed_at": "2026-11-21T09:00:00Z",
                    "email": "ana@example.org",
                    "lines": [{"sku": "LAMP-1", "name": "Brass lamp", "quantity": 1}],
                }
            ]
        ],
    )


class Fault(Shape):
    """What is wrong with one of many; it was left out, and the others were not."""

    row: int = Field(description="from 0", examples=[3])
    fault: str


class Taken(Shape):
    """The numbers of the orders that were new, changed, or known like that, and the faulty ones."""

    added: Sequence[str]
    changed: Sequence[str]
    unchanged: Sequence[str]
    faults: Sequence[Fault]


@router.get("/{number}")
async def show_order(caller: Reader, number: Number) -> Order:
    """One order."""
    return Order.of(await caller.desk.find_order(caller.who, number))


@router.put("/{number}")
async def keep_order(caller: Writer, number: Number, said: Said) -> Order:
    """Add an order, or say it anew. For keys of admins."""
    await caller.desk.keep_orders(caller.who, [said.order(number)])
    return Order.of(await caller.desk.find_order(caller.who, number))


@router.post("")
async def keep_orders(caller: Writer, many: Many) -> Taken:
    """Add or change many; each fault is told by its row, and the rest is kept. For keys of admins."""
    good: dict[str, OrderSaid] = {}
    faults: list[Fault] = []
    for row, each in enumerate(many.orders):
        try:
            read = Numbered.model_validate(each)
            order = read.order(read.number)
            if order.number in good:
                raise Invalid(f"Order {order.number} is there twice.")
            good[order.number] = order
        except ValidationError as error:
            faults.append(Fault(row=row, fault=problems.first_faults(error.errors())))
        except Invalid as error:
            faults.append(Fault(row=row, fault=str(error)))
    taken = await caller.desk.keep_orders(caller.who, list(good.values()))
    return Taken(added=taken.added, changed=taken.changed, unchanged=taken.unchanged, faults=faults)
