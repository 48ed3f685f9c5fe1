"""Tickets that find nobody: leads are told, once a ticket and reason, in one message for all."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import func, select

from core.events import TicketsStuck
from core.model import Agent, Availability, Status, Ticket
from core.routing import supply
from core.routing.needs import Needs, asked_by, is_pressed, met
from core.storage import constant
from core.storage.serial import serialise
from core.work import Work

PATIENCE = timedelta(minutes=5)  # that a ticket may wait before anybody is told
QUIET = timedelta(minutes=15)  # between two messages
LOOKED_AT = 200  # of the line


class Stuck(StrEnum):
    """Why a ticket finds nobody."""

    NOBODY_HAS_IT = "nobody on the desk can take it"
    NOBODY_IS_THERE = "nobody who can take it is available"
    TIME_IS_SHORT = "more than half of its time is gone"


async def alarm(work: Work) -> Sequence[int]:
    """Tell leads of the tickets that wait and find nobody; the numbers told.

    A message in fifteen minutes at most, whatever happens; and of each ticket once for each reason.
    """
    work.actor = "sweep: tickets that find nobody"
    await serialise(work.session, "tickets that find nobody")
    last = await work.session.scalar(select(func.max(Ticket.stuck_at)).where(_TOLD))
    if last is not None and last > work.now - QUIET:
        return []
    line = (
        select(Ticket)
        .where(
            constant.equals(Ticket.status, Status.NEW),
            Ticket.waiting_since <= work.now - PATIENCE,
            Ticket.stuck_for.is_(None) | (Ticket.stuck_for != Stuck.TIME_IS_SHORT.value),
        )
        .order_by(Ticket.priority.desc(), Ticket.waiting_since, Ticket.id)
        .limit(LOOKED_AT)
        .with_for_update(skip_locked=True, of=Ticket)
    )
    told = []
    known: dict[Needs, Stuck | None] = {}
    for ticket in await work.session.scalars(line):
        reason = await _reason(work, ticket, known)
        if reason is not None and ticket.stuck_for != reason.value:
            ticket.stuck_at, ticket.stuck_for = work.now, reason.value
            told.append(ticket.id)
    if told:
        work.emit(TicketsStuck(numbers=told))
    return told


async def _reason(work: Work, ticket: Ticket, known: dict[Needs, Stuck | None]) -> Stuck | None:
    needs = asked_by(ticket)
    if needs not in known:
        known[needs] = await _of_needs(work, needs)
    pressed = Stuck.TIME_IS_SHORT if is_pressed(ticket, work.now) else None
    return known[needs] or pressed


async def _of_needs(work: Work, needs: Needs) -> Stuck | None:
    """What keeps all tickets waiting that ask for this, if it is not only that others come first."""
    seen = await supply.look(work.session, work.now)
    steps = await supply.relaxed(work.session, seen, needs)
    if not steps:
        return Stuck.NOBODY_HAS_IT
    there = (
        select(Agent.id)
        .where(
            Agent.removed_at.is_(None),
            Agent.availability == Availability.AVAILABLE,
            *met(steps[0].needs),
        )
        .limit(1)
    )
    found = (await work.session.scalars(there, steps[0].needs.values())).first()
    return Stuck.NOBODY_IS_THERE if found is None else None


_TOLD = Ticket.stuck_at.is_not(None)
