"""Snooze: a ticket is put away until a time, or until its customer writes."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.channels import Who
from core.errors import Conflict, Invalid
from core.events import TicketSnoozed
from core.model import Agent, Ending, Ticket
from core.model.ticket import WITH_PEOPLE
from core.people.actors import acting
from core.routing import assignment
from core.storage.text import clean
from core.tickets import find, lifecycle
from core.tickets.moments import moment
from core.work import Work

SWEPT_AT_ONCE = 200
UNTIL_REPLY = {"reply", "until reply", "until a reply"}


class NotSnoozed(Conflict):
    """There is nothing to wake."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Ticket #{number} is not snoozed.")


async def snooze(work: Work, by: Who, number: int, until: str) -> Ticket:
    """Put a ticket away: it keeps its status and its agent, and takes none of their slots.

    ``until`` is a moment in the time zone of whoever says it, or “until reply”. A message of the
    customer wakes it in any case. Raises `NotAMoment`, `Invalid`, `NobodyHasIt`, `NotYours`.
    """
    said = " ".join(clean(until).split())
    if not said:
        raise Invalid(f"Say until when: /ticket snooze {number} tomorrow 9")
    actor, ticket = await lifecycle.held_ticket(work, by, number)
    when = None if said.lower() in UNTIL_REPLY else _moment(said, work.now, actor.agent)
    await assignment.end(work, ticket, Ending.SNOOZED)
    ticket.snoozed_at, ticket.snoozed_until = work.now, when
    ticket.updated_at = work.now
    await work.session.flush()
    work.emit(TicketSnoozed(ticket_id=number, until=when.isoformat() if when else None))
    await assignment.assign_waiting(work)
    return ticket


async def wake(work: Work, by: Who, number: int) -> Ticket:
    """Take up a snoozed ticket before its time: by its agent, into a free slot of theirs; by a lead,
    to its agent if they have room, or into the queue. Raises `NotSnoozed`, `AtCapacity`."""
    actor = await acting(work, by)
    agent = await assignment.lock(work.session, actor.agent) if actor.agent else None
    ticket = await find.ticket_for(work.session, actor, number)
    if ticket.snoozed_at is None:
        raise NotSnoozed(number)
    lifecycle.refuse_strangers(actor, ticket)
    await lifecycle.take_up(work, ticket, actor, agent)
    return await find.ticket_for(work.session, actor, number)


async def wake_due(work: Work) -> Sequence[int]:
    """Wake what was put away until now, each once, however late; the numbers."""
    work.actor = "sweep: snoozed"
    due = (
        select(Ticket)
        .where(Ticket.snoozed_until <= work.now)
        .order_by(Ticket.snoozed_until, Ticket.id)
        .limit(SWEPT_AT_ONCE)
        .options(*WITH_PEOPLE)
        .with_for_update(skip_locked=True, of=Ticket)
    )
    tickets = (await work.session.scalars(due)).all()
    for ticket in tickets:
        await lifecycle.resume(work, ticket, why="the time has come until which it was put away")
    return [ticket.id for ticket in tickets]


def _moment(said: str, now: datetime, agent: Agent | None) -> datetime:
    name = agent.time_zone if agent else ""
    return moment(said.removeprefix("until "), now=now, zone=ZoneInfo(name or "UTC"))
