"""Returns: a customer asks to send parts of an order back."""

import re
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.channels import Address, IncomingFile, Who
from core.errors import Conflict, Invalid
from core.events import ReturnRequested
from core.model import (
    BuiltIn,
    Kind,
    Message,
    Order,
    OrderLine,
    OrderStatus,
    Reason,
    Return,
    ReturnedUnit,
    Ticket,
    Wish,
)
from core.model.order import WHOLE_RETURN
from core.people import customers
from core.people.actors import actor
from core.people.customers import identity_of
from core.speaking import Day, Sentence
from core.storage.serial import serialise
from core.storage.text import clean
from core.tickets import attaching, find, kinds
from core.tickets.appending import append
from core.tickets.opening import open_anew, open_for
from core.tickets.orders import UnknownOrder, order_of
from core.tickets.phrases import wants_to_return
from core.work import Work

LONGEST_NOTE = 2_000
FEWEST_DIGITS = 3  # of what may be the number of an order that we do not know
MOST_NAMED = 5  # words of a message that are looked up as the number of an order
_NUMBER = re.compile(r"[\w][\w./-]{2,39}")


class TooLate(Conflict):
    """The time for returning the order is over."""

    def __init__(self, order: Order) -> None:
        super().__init__(
            Sentence(
                "Order {order} could be returned until {day}. If something is wrong with it all "
                "the same, write to us here.",
                order=order.number,
                day=Day(order.returnable_until),
            )
        )


class NothingToReturn(Conflict):
    """Nothing of the order is left that could come back."""

    def __init__(self, order: Order) -> None:
        was_cancelled = order.status is OrderStatus.CANCELLED
        super().__init__(
            Sentence("Order {order} was cancelled. There is nothing to return.", order=order.number)
            if was_cancelled
            else Sentence(
                "Everything of order {order} is on its way back already. There is nothing left to "
                "return.",
                order=order.number,
            )
        )


class NotInOrder(Invalid):
    """What is to come back is not in the order, or not so many of it."""

    def __init__(self, order: Order, what: object, left: Sequence["Left"]) -> None:
        lines = ", ".join(f"{each.quantity} × {each.line.sku}" for each in left)
        super().__init__(
            Sentence(
                "{what} cannot be returned from order {order}. There are: {lines}.",
                what=what,
                order=order.number,
                lines=lines,
            )
        )


@dataclass(frozen=True)
class Left:
    """How many of an order line can still be returned."""

    line: OrderLine
    quantity: int


@dataclass(frozen=True)
class Returnable:
    """What of an order can be returned, and until when."""

    order: Order
    left: Sequence[Left]
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a customer wants to return: how many of which article number, why, for what, and photos."""

    quantities: Mapping[str, int]
    reason: Reason
    wish: Wish = Wish.REFUND
    note: str = ""
    files: tuple[IncomingFile, ...] = ()


async def returnable(work: Work, by: Who, number: str) -> Returnable:
    """What of their order a customer can return now.

    Raises `UnknownOrder` (the same for an order of somebody else), `TooLate`, `NothingToReturn`.
    """
    return await _returnable(work, await order_of(work, by, number))


async def request_return(
    work: Work, by: Who, number: str, wanted: Wanted, at: Address | None = None
) -> Return:
    """Ask to send parts of an order back: on the customer's live ticket, or a new one of its own.

    No piece is in two returns, whoever asks at the same moment: the schema has each of them once.
    Raises `UnknownOrder`, `TooLate`, `NothingToReturn`, `NotInOrder`.
    """
    asking = await actor(work.session, by)
    return await request(work, asking.label, by, number, wanted, at)


async def request(
    work: Work, label: str, by: Who, number: str, wanted: Wanted, at: Address | None
) -> Return:
    """`request_return`, with who history says it was."""
    address = at or Address(by.channel, by.workspace, by.user)
    await serialise(work.session, str(address))
    work.actor = label
    customer = customers.meet(work, by, await identity_of(work.session, by))
    await work.session.flush()
    order = await order_of(work, by, number)
    left = (await _returnable(work, order)).left
    chosen = _chosen(order, left, wanted.quantities)
    message = _said(work, address, chosen, order, wanted)
    message.customer = customer
    ticket = await ticket_for(work, message, order.number)
    await attaching.take_in(work, message, wanted.files)
    found = Return(
        ticket=ticket,
        order=order,
        customer=customer,
        reason=wanted.reason,
        wish=wanted.wish,
        note=clean(wanted.note).strip()[:LONGEST_NOTE],
        created_at=work.now,
        updated_at=work.now,
        units=[unit for each in chosen for unit in await _units(work, each)],
    )
    work.session.add(found)
    await work.session.flush()
    work.emit(ReturnRequested(ticket_id=ticket.id, return_id=found.id))
    return found


def numbers_in(text: str) -> list[str]:
    """The words of a text that may be the number of an order."""
    return [word for word in _NUMBER.findall(text) if any(map(str.isdigit, word))]


def number_meant(text: str) -> str:
    """The number of an order that somebody writes they want to return, if it looks like one."""
    if not wants_to_return(text):
        return ""
    fitting = [word for word in numbers_in(text) if sum(map(str.isdigit, word)) >= FEWEST_DIGITS]
    return fitting[0].upper() if fitting else ""


async def order_meant(work: Work, by: Who, text: str) -> Order | None:
    """The order of theirs that somebody writes they want to return, if it still can be."""
    named = numbers_in(text)
    if not named or not wants_to_return(text):
        return None
    for number in named[:MOST_NAMED]:
        with suppress(UnknownOrder, TooLate, NothingToReturn):
            return (await returnable(work, by, number)).order
    return None


async def returns_of(work: Work, by: Who, number: int) -> Sequence[Return]:
    """The returns on a ticket, oldest first. Raises `UnknownTicket`."""
    asking = await actor(work.session, by)
    await find.ticket_for(work.session, asking, number, to_look=True)
    theirs = select(Return).where(Return.ticket_id == number).order_by(Return.id)
    return (await work.session.scalars(theirs.options(*WHOLE_RETURN))).all()


async def _returnable(work: Work, order: Order) -> Returnable:
    if order.status is OrderStatus.CANCELLED:
        raise NothingToReturn(order)
    if work.now > order.returnable_until:
        raise TooLate(order)
    taken = (
        select(ReturnedUnit.line_id, func.count())
        .where(
            ReturnedUnit.line_id.in_([line.id for line in order.lines]),
            ReturnedUnit.is_live.is_(True),
        )
        .group_by(ReturnedUnit.line_id)
    )
    counts = {row[0]: row[1] for row in await work.session.execute(taken)}
    left = [
        Left(line, line.quantity - counts.get(line.id, 0))
        for line in order.lines
        if line.quantity > counts.get(line.id, 0)
    ]
    if not left:
        raise NothingToReturn(order)
    return Returnable(order, left, order.returnable_until)


def _chosen(order: Order, left: Sequence[Left], quantities: Mapping[str, int]) -> list[Left]:
    """The lines that were asked for, each with how many of it. Raises `NotInOrder`."""
    there = {each.line.sku.casefold(): each for each in left}
    wanted: Counter[str] = Counter()
    for sku, quantity in quantities.items():
        wanted[sku.casefold()] += quantity
    chosen = []
    for sku, quantity in wanted.items():
        found = there.get(sku)
        if found is None or not 0 < quantity <= found.quantity:
            what = found.line.sku if found else sku
            raise NotInOrder(order, f"{quantity} × {what[:60]}", left)
        chosen.append(Left(found.line, quantity))
    if not chosen:
        raise NotInOrder(order, Sentence("Nothing"), left)
    return chosen


async def _units(work: Work, chosen: Left) -> list[ReturnedUnit]:
    """The pieces with the lowest numbers that are in no return."""
    taken = select(ReturnedUnit.unit).where(
        ReturnedUnit.line_id == chosen.line.id, ReturnedUnit.is_live.is_(True)
    )
    gone = set(await work.session.scalars(taken))
    free = [unit for unit in range(1, chosen.line.quantity + 1) if unit not in gone]
    return [
        ReturnedUnit(line=chosen.line, unit=unit, is_live=True) for unit in free[: chosen.quantity]
    ]


def _said(
    work: Work, address: Address, chosen: Sequence[Left], order: Order, wanted: Wanted
) -> Message:
    """The request in the customer's words, as the first message of its ticket."""
    what = ", ".join(f"{each.quantity} × {each.line.name}" for each in chosen)
    note = clean(wanted.note).strip()[:LONGEST_NOTE]
    text = f"I want to return {what} of order {order.number} ({wanted.reason.value}); {wanted.wish.value}, please."
    return Message(
        kind=Kind.MESSAGE,
        text=f"{text}\n{note}" if note else text,
        channel=address.channel,
        workspace=address.workspace,
        conversation=address.conversation,
        external_id=f"own:{uuid.uuid4().hex}",
        sent_at=work.now,
        received_at=work.now,
    )


async def ticket_for(work: Work, message: Message, number: str) -> Ticket:
    """The live ticket of the conversation, or a new one about this return."""
    subject = f"Return of order {number}"
    live = await find.live_ticket_at(work.session, message.address)
    if live is not None:
        kinds.become(work, live, BuiltIn.RETURN.value)
        work.session.add(message)
        await append(work, live, message, is_polite=False)
        return live
    enquiry = await find.enquiry_at(work.session, message.address)
    if enquiry is not None:
        said = [*await find.said_in(work.session, enquiry), message]
        return await open_for(work, enquiry, said, kind=BuiltIn.RETURN.value, subject=subject)
    return await open_anew(work, message, kind=BuiltIn.RETURN.value, subject=subject)
