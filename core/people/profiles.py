"""Who a customer is to us: found by number, by ticket or on a channel, and shown with all they had."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.errors import NotFound
from core.model import Customer, CustomerNote, Enquiry, Identity, Order, Stage, Status, Ticket
from core.people.actors import staff
from core.people.customers import identity_of
from core.storage.text import clean
from core.work import Work

LAST = 5
_NUMBER = re.compile(r"c-?(\d{1,9})", re.IGNORECASE)
_TICKET = re.compile(r"#(\d{1,9})")
_ON_CHANNEL = re.compile(r"([a-z]+):([^:\s]*):(\S+)")


class NoSuchCustomer(NotFound):
    """Nobody is meant by that."""

    def __init__(self, meant: str) -> None:
        super().__init__(
            f"There is no customer {clean(meant)[:60]}. A customer is c-17, the number of a ticket "
            "of theirs as #42, a mention, or channel:workspace:user."
        )


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A customer with where they are known, their latest tickets and orders, and counts."""

    customer: Customer
    identities: Sequence[Identity]
    tickets: Sequence[Ticket]
    orders: Sequence[Order]
    ticket_count: int
    live_count: int
    solved_by_articles: int
    notes: Sequence[CustomerNote]


async def meant(session: AsyncSession, text: str) -> Customer:
    """The customer whom ``c-17``, ``#42`` or ``slack:T012:U345`` means. Raises `NoSuchCustomer`."""
    said = clean(text).strip()
    found: Customer | None = None
    if number := _NUMBER.fullmatch(said):
        found = await session.get(Customer, int(number[1]))
    elif number := _TICKET.fullmatch(said):
        holder = select(Customer).join(Ticket, Ticket.customer_id == Customer.id)
        found = (await session.scalars(holder.where(Ticket.id == int(number[1])))).one_or_none()
    elif place := _ON_CHANNEL.fullmatch(said):
        identity = await identity_of(session, Who(place[1], place[2], place[3]))
        found = identity.customer if identity else None
    if found is None:
        raise NoSuchCustomer(text)
    return found


async def profile(work: Work, by: Who, text: str) -> Profile:
    """All there is about a customer, for staff. Raises `NoSuchCustomer`."""
    await staff(work.session, by)
    customer = await meant(work.session, text)
    theirs = Ticket.customer_id == customer.id
    live = Ticket.status.not_in([Status.RESOLVED, Status.CLOSED])
    solved = Enquiry.customer_id == customer.id, Enquiry.stage == Stage.SOLVED
    return Profile(
        customer=customer,
        identities=await identities_of(work.session, customer.id),
        tickets=(
            await work.session.scalars(
                select(Ticket).where(theirs).order_by(Ticket.id.desc()).limit(LAST)
            )
        ).all(),
        orders=(
            await work.session.scalars(
                select(Order)
                .where(Order.customer_id == customer.id)
                .order_by(Order.placed_at.desc())
                .limit(LAST)
            )
        ).all(),
        ticket_count=await _count(work, select(func.count(Ticket.id)).where(theirs)),
        live_count=await _count(work, select(func.count(Ticket.id)).where(theirs, live)),
        notes=(
            await work.session.scalars(
                select(CustomerNote)
                .where(CustomerNote.customer_id == customer.id)
                .order_by(CustomerNote.id.desc())
                .limit(LAST)
            )
        ).all(),
        solved_by_articles=await _count(work, select(func.count(Enquiry.id)).where(*solved)),
    )


async def identities_of(session: AsyncSession, customer_id: int) -> Sequence[Identity]:
    """Where a customer is known."""
    known = select(Identity).where(Identity.customer_id == customer_id).order_by(Identity.id)
    return (await session.scalars(known)).all()


async def _count(work: Work, counted: Select[int]) -> int:
    return await work.session.scalar(counted) or 0
