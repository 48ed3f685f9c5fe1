"""Merging: one matter that became two tickets becomes one again; and taking that back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from core.channels import Who
from core.errors import Conflict, Invalid
from core.events import TicketMerged, TicketUnmerged
from core.model import (
    Delivery,
    Ending,
    Enquiry,
    Kind,
    Merge,
    Message,
    Progress,
    Return,
    Role,
    Status,
    Ticket,
)
from core.people.actors import Actor, RoleTooLow, acting
from core.routing import assignment
from core.tickets import find, lifecycle
from core.work import Work


class DifferentCustomers(Conflict):
    """The two tickets are of two people."""

    def __init__(self, ticket: Ticket, into: Ticket) -> None:
        super().__init__(
            f"#{ticket.id} is {ticket.customer.name}'s and #{into.id} is {into.customer.name}'s. "
            f"If they are one person, /customer link says so; a lead can merge all the same: "
            f"/ticket merge {ticket.id} into:{into.id} force:yes"
        )


class NotMerged(Conflict):
    """There is no merge to take back."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Ticket #{number} was not merged into another one.")


class TooLateToUndo(Conflict):
    """A merge can be taken back for a few minutes."""

    def __init__(self, number: int, into: int, minutes: int) -> None:
        super().__init__(
            f"Ticket #{number} was merged into #{into} more than {minutes} minutes ago. "
            f"/ticket split takes a message out of #{into}."
        )


class PlaceTaken(Conflict):
    """Its conversation belongs to another ticket by now."""

    def __init__(self, number: int, other: int) -> None:
        super().__init__(f"The conversation of #{number} belongs to #{other} by now.")


async def merge(work: Work, by: Who, number: int, into: int, *, force: bool = False) -> Ticket:
    """Put everything of a live ticket onto another live one, and close it, pointing there.

    Messages, files, returns and what still waits to be sent follow; what the customer writes in the
    old conversation from now on reaches the other ticket. Raises `Invalid`, `AlreadyResolved`,
    `NotYours`, `DifferentCustomers` (but not for a lead's ``force``), `RoleTooLow`.
    """
    actor = await acting(work, by)
    if number == into:
        raise Invalid(f"#{number} cannot be merged into itself.")
    if force and actor.role < Role.LEAD:
        raise RoleTooLow(Role.LEAD)
    ticket, target = await both(work, actor, number, into)
    lifecycle.refuse_ended(ticket)
    lifecycle.refuse_ended(target)
    lifecycle.refuse_strangers(actor, ticket)
    if ticket.customer_id != target.customer_id and not force:
        raise DifferentCustomers(ticket, target)
    kept = await join(work, ticket, target)
    work.emit(TicketMerged(ticket_id=number, into=into, merge_id=kept.id))
    await assignment.assign_waiting(work)
    return await find.ticket_for(work.session, actor, into)


async def join(work: Work, ticket: Ticket, target: Ticket) -> Merge:
    """Put everything of one live ticket onto another, and close it, pointing there; whoever had it
    is free. Whoever calls says what happened, and gives out what waits."""
    waits_for_us = ticket.status in {Status.NEW, Status.OPEN}
    kept = Merge(
        ticket_id=ticket.id,
        into_id=target.id,
        agent_id=ticket.assignee_id,
        messages=await _ids(work, Message, ticket.id),
        returns=await _ids(work, Return, ticket.id),
        enquiries=await _ids(work, Enquiry, ticket.id),
        merged_at=work.now,
    )
    work.session.add(kept)
    await _carry_over(work, kept, target.id)
    await assignment.end(work, ticket, Ending.MERGED)
    ticket.move_to(Status.RESOLVED, at=work.now)
    ticket.move_to(Status.CLOSED, at=work.now)
    ticket.resolved_at = None  # the matter goes on
    ticket.merged_into_id = target.id
    if waits_for_us and target.status is Status.PENDING:
        target.move_to(Status.OPEN, at=work.now)
    target.updated_at = work.now
    await work.session.flush()
    return kept


async def unmerge(work: Work, by: Who, number: int) -> Ticket:
    """Take a merge back, for ten minutes: what came with the ticket, and what its customer has written
    in its conversation since, is its own again; and so is whoever had it, if they have room.

    Raises `NotMerged`, `TooLateToUndo`, `PlaceTaken`.
    """
    actor = await acting(work, by)
    found = await find.ticket_for(work.session, actor, number, to_look=True)
    if found.merged_into_id is None:
        raise NotMerged(number)
    ticket, target = await both(work, actor, number, found.merged_into_id)
    kept = await _latest(work, number)
    if kept is None or ticket.merged_into_id is None:
        raise NotMerged(number)
    undo = work.house.policy.undo
    if work.now - kept.merged_at > undo:
        raise TooLateToUndo(number, target.id, round(undo.total_seconds() / 60))
    other = await find.place_taken_by(work.session, ticket)
    if other is not None:
        raise PlaceTaken(number, other.id)
    kept.messages = [*kept.messages, *await _written_since(work, kept, ticket)]
    await _carry_over(work, kept, number)
    kept.undone_at = work.now
    ticket.unmerge(at=work.now)
    ticket.assignee = None
    await work.session.flush()
    work.emit(TicketUnmerged(ticket_id=number, from_ticket=target.id, merge_id=kept.id))
    if kept.agent_id is None or not await assignment.give_if_free(work, ticket, kept.agent_id):
        await assignment.assign_or_leave(work, ticket)
    return await find.ticket_for(work.session, actor, number)


async def both(work: Work, actor: Actor, one: int, other: int) -> tuple[Ticket, Ticket]:
    """Two tickets, locked in the order of their numbers, so that two merges never wait for each
    other."""
    found = {
        number: await find.ticket_for(work.session, actor, number)
        for number in sorted({one, other})
    }
    return found[one], found[other]


async def _carry_over(work: Work, kept: Merge, to: int) -> None:
    """Put what was kept onto a ticket, and what still has to be sent of it."""
    moves: Sequence[tuple[Any, Sequence[int]]] = (
        (Message, kept.messages),
        (Return, kept.returns),
        (Enquiry, kept.enquiries),
    )
    for kind, ids in moves:
        await _put(work, kind, kind.id.in_(ids), to)
    waiting = (Delivery.progress == Progress.WAITING) & Delivery.message_id.in_(kept.messages)
    await _put(work, Delivery, waiting, to)


async def _put(work: Work, kind: Any, which: Any, to: int) -> None:
    changed = update(kind).where(which).values(ticket_id=to)
    await work.session.execute(changed.execution_options(synchronize_session="fetch"))


async def _ids(work: Work, kind: Any, number: int) -> list[int]:
    theirs = select(kind.id).where(kind.ticket_id == number).order_by(kind.id)
    return list(await work.session.scalars(theirs))


async def _latest(work: Work, number: int) -> Merge | None:
    last = (
        select(Merge)
        .where(Merge.ticket_id == number, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
        .limit(1)
    )
    return (await work.session.scalars(last)).one_or_none()


async def _written_since(work: Work, kept: Merge, ticket: Ticket) -> list[int]:
    """What was written in the ticket's own conversation after it was merged."""
    since = select(Message.id).where(
        Message.ticket_id == kept.into_id,
        Message.kind == Kind.MESSAGE,
        Message.channel == ticket.channel,
        Message.workspace == ticket.workspace,
        Message.conversation == ticket.conversation,
        Message.branch == ticket.branch,
        Message.received_at >= kept.merged_at,
        Message.id.not_in(kept.messages),
    )
    return list(await work.session.scalars(since))
