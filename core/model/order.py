"""What customers bought, and what of it they send back."""

from collections import Counter
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from core.model.people import Customer
from core.model.ticket import Ticket
from core.storage.base import Base, Moment, named

NUMBER_LENGTH = 40


class OrderStatus(StrEnum):
    """How far an order is."""

    PLACED = "placed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Order(Base):
    """Something bought. ``identity`` is the buyer on a channel (``slack:T012:U345``), where the shop
    knows it; ``customer_id`` is who that is to us. It may be returned within ``return_days`` of its
    delivery, or of the day it was placed where that is not known."""

    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), unique=True)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    identity: Mapped[str] = mapped_column(String(260), default="", index=True)
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    status: Mapped[OrderStatus] = mapped_column(named(OrderStatus), default=OrderStatus.PLACED)
    placed_at: Mapped[datetime] = mapped_column(Moment)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)
    return_days: Mapped[int] = mapped_column(default=30)
    updated_at: Mapped[datetime] = mapped_column(Moment)

    lines: Mapped[list["OrderLine"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="OrderLine.id"
    )

    @property
    def returnable_until(self) -> datetime:
        return (self.delivered_at or self.placed_at) + timedelta(days=self.return_days)


class OrderLine(Base):
    """So many of one thing in an order. ``cents`` is the price of one, in hundredths."""

    __tablename__ = "order_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    sku: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[int]
    cents: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="")

    __table_args__ = (
        UniqueConstraint("order_id", "sku"),
        CheckConstraint("quantity between 1 and 1000", name="quantity"),
    )


class OrderProof(Base):
    """Somebody said which address an order was placed with, and may have been sent a code.

    ``number`` is what they said, whether there is such an order or not; ``order_id`` is the order if
    the address was its own. Of the code only a salted hash is kept, and there always is one.
    """

    __tablename__ = "order_proofs"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(90))
    tries: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class OrderGrant(Base):
    """A customer who has proved that an order is theirs: they may speak of this one."""

    __tablename__ = "order_grants"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    granted_at: Mapped[datetime] = mapped_column(Moment)


class Step(StrEnum):
    """How far a return is."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    RECEIVED = "received"
    REFUNDED = "refunded"  # or exchanged, where that was wished for
    REFUSED = "refused"


NEXT_STEPS: dict[Step, frozenset[Step]] = {
    Step.REQUESTED: frozenset({Step.ACCEPTED, Step.REFUSED}),
    Step.ACCEPTED: frozenset({Step.RECEIVED, Step.REFUSED}),
    Step.RECEIVED: frozenset({Step.REFUNDED, Step.REFUSED}),
    Step.REFUNDED: frozenset(),
    Step.REFUSED: frozenset(),
}
"""The one table of how a return moves."""


class Wish(StrEnum):
    """What the customer wants for it."""

    REFUND = "refund"
    EXCHANGE = "exchange"


class Reason(StrEnum):
    """Why it comes back."""

    DEFECTIVE = "defective"
    WRONG_ITEM = "wrong item"
    NOT_AS_DESCRIBED = "not as described"
    NO_LONGER_WANTED = "no longer wanted"
    ARRIVED_LATE = "arrived late"
    OTHER = "other"


class Return(Base):
    """Parts of an order on their way back, with the ticket on which it is talked about."""

    __tablename__ = "returns"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    step: Mapped[Step] = mapped_column(named(Step), default=Step.REQUESTED)
    reason: Mapped[Reason] = mapped_column(named(Reason))
    wish: Mapped[Wish] = mapped_column(named(Wish))
    note: Mapped[str] = mapped_column(Text, default="")
    refusal: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    order: Mapped[Order] = relationship(lazy="raise")
    ticket: Mapped[Ticket] = relationship(lazy="raise")
    customer: Mapped[Customer] = relationship(lazy="raise")
    units: Mapped[list["ReturnedUnit"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="ReturnedUnit.id"
    )

    @property
    def what(self) -> str:
        """What is returned: ``2 × Nordlys lamp``."""
        counts = Counter(unit.line.name for unit in self.units)
        return ", ".join(f"{count} × {name}" for name, count in counts.items())

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ReturnedUnit(Base):
    """One piece of an order line, by its number from 1: in one return at most that is not refused,
    whoever asks at the same moment."""

    __tablename__ = "returned_units"

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("returns.id", ondelete="CASCADE"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"))
    unit: Mapped[int]
    is_live: Mapped[bool] = mapped_column(default=True)  # until the return is refused

    line: Mapped[OrderLine] = relationship(lazy="raise")

    __table_args__ = (
        Index(
            "uq_returned_units_live",
            "line_id",
            "unit",
            unique=True,
            sqlite_where=text("is_live"),
            postgresql_where=text("is_live"),
        ),
    )


WHOLE_RETURN = (
    selectinload(Return.order),
    selectinload(Return.customer),
    selectinload(Return.ticket),
    selectinload(Return.units).selectinload(ReturnedUnit.line),
)
"""Loads a return with its order, its ticket and its pieces."""
