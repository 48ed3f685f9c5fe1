"""The queue, looked at: each waiting ticket with its place, and why it waits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.channels import Who
from core.errors import Invalid
from core.model import Status, Ticket
from core.model.ticket import WITH_PEOPLE
from core.people.actors import staff
from core.routing.waiting import Look, Waits
from core.storage import constant
from core.work import Work

PAGE = 15
LAST_PLACE = 10_000


@dataclass(frozen=True)
class Waiting:
    """A ticket in the queue, and what it waits for."""

    ticket: Ticket
    waits: Waits


@dataclass(frozen=True)
class Line:
    """A page of the queue; ``more`` is the place at which the next one begins, if there is one."""

    waiting: Sequence[Waiting]
    more: int | None


async def line(work: Work, by: Who, *, start: int = 1) -> Line:
    """The queue from a place on, for staff. Raises `Invalid` for a place that there cannot be."""
    await staff(work.session, by)
    if not 1 <= start <= LAST_PLACE:
        raise Invalid(f"A place in the queue is a number from 1 to {LAST_PLACE}: /queue from:16")
    wanted = (
        select(Ticket)
        .where(constant.equals(Ticket.status, Status.NEW))
        .order_by(Ticket.priority.desc(), Ticket.waiting_since, Ticket.id)
        .offset(start - 1)
        .limit(PAGE + 1)
        .options(*WITH_PEOPLE)
    )
    tickets = (await work.session.scalars(wanted)).all()
    look = Look(work)
    waiting = [
        Waiting(ticket, await look.at(ticket, place=place))
        for place, ticket in enumerate(tickets[:PAGE], start)
    ]
    return Line(waiting, start + PAGE if len(tickets) > PAGE else None)
