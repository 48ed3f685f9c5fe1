"""One operation on many tickets: proposed with a count, done as a whole, undone as a whole."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.channels import Who
from core.errors import Conflict, DeskError, NotFound
from core.events import BulkDone, BulkUndone
from core.model import (
    LIVE,
    Agent,
    Bulk,
    BulkChange,
    BulkWhat,
    Ending,
    How,
    Priority,
    Role,
    Status,
    Ticket,
)
from core.people.actors import acting, agent_meant
from core.routing import assignment
from core.tickets import find, kinds, lifecycle, links, search, tagging
from core.tickets.listing import Wanted, reading
from core.work import Work

AT_MOST = 500  # tickets in one transaction
GOOD_FOR = timedelta(hours=1)


class NothingToDo(Conflict):
    """No ticket would change."""

    def __init__(self) -> None:
        super().__init__(
            "No ticket would change. /ticket list with the same filter shows what it finds."
        )


class TooMany(Conflict):
    """More than one transaction can hold."""

    def __init__(self) -> None:
        super().__init__(
            f"That is more than {AT_MOST} tickets at once. Narrow the filter, and do it in parts."
        )


class UnknownBulk(NotFound):
    """There is no such operation."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no operation {number} on many tickets.")


class BulkOver(Conflict):
    """It cannot be done, or undone, any more."""


@dataclass(frozen=True)
class Outcome:
    """What came of it: the tickets that changed, and those that were left, each with the reason."""

    bulk: Bulk
    changed: Sequence[int]
    left: Mapping[int, str]


async def propose(work: Work, by: Who, what: BulkWhat, value: str, text: str) -> Outcome:
    """Say which tickets would change, and keep them until a lead says yes: just these, whatever the
    filter finds by then. ``value`` is an agent, tags with signs, a priority, a kind, or
    nothing.

    Raises `BadFilter`, `NothingToDo`, `TooMany`, and what the value is refused for.
    """
    actor = await acting(work, by, at_least=Role.LEAD)
    wanted = reading(work, Wanted(filter=text))
    value = await _checked(work, by, what, value)
    numbers = await search.numbers(work, actor, by, wanted, at_most=AT_MOST + 1)
    if len(numbers) > AT_MOST:
        raise TooMany
    found = (await work.session.scalars(select(Ticket).where(Ticket.id.in_(numbers)))).all()
    changing = [each.id for each in found if await _would_change(work, each, what, value)]
    if not changing:
        raise NothingToDo
    bulk = Bulk(what=what, value=value, filter=text, by=actor.label, proposed_at=work.now)
    work.session.add(bulk)
    await work.session.flush()
    work.session.add_all(BulkChange(bulk_id=bulk.id, ticket_id=each) for each in sorted(changing))
    return Outcome(bulk, sorted(changing), {})


async def do(work: Work, by: Who, number: int) -> Outcome:
    """Do what was proposed, to every ticket that still takes it. Raises `UnknownBulk`, `BulkOver`."""
    await acting(work, by, at_least=Role.LEAD)
    bulk = await _locked(work, number)
    if bulk.done_at is not None:
        raise BulkOver(f"Operation {number} is done already. /bulk undo {number} undoes it.")
    if bulk.proposed_at < work.now - GOOD_FOR:
        raise BulkOver(f"Operation {number} was proposed too long ago. Ask for it again.")
    changed, left = [], {}
    for change in await _changes(work, bulk):
        try:
            change.before, change.after = await _apply(work, by, bulk, change.ticket_id)
            changed.append(change.ticket_id)
        except DeskError as refusal:  # raised before anything is written
            left[change.ticket_id] = str(refusal)
    bulk.done_at = work.now
    if bulk.what is BulkWhat.ASSIGN:
        await assignment.assign_waiting(work)
    work.emit(BulkDone(bulk_id=bulk.id, what=bulk.what.value, value=bulk.value, count=len(changed)))
    return Outcome(bulk, changed, left)


async def undo(work: Work, by: Who, number: int) -> Outcome:
    """Bring back what an operation changed, but for tickets that were changed again since.

    Raises `UnknownBulk`, `BulkOver`: what was resolved was told to customers, and stays.
    """
    await acting(work, by, at_least=Role.LEAD)
    bulk = await _locked(work, number)
    if bulk.done_at is None:
        raise BulkOver(f"Operation {number} was never done.")
    if bulk.undone_at is not None:
        raise BulkOver(f"Operation {number} is undone already.")
    if bulk.what is BulkWhat.RESOLVE:
        raise BulkOver(
            "The customers were told that it is resolved. /ticket reopen brings one back."
        )
    changed, left = [], {}
    for change in await _changes(work, bulk):
        if change.before is None or change.after is None:
            continue
        try:
            await _UNDO[bulk.what](work, by, change)
            changed.append(change.ticket_id)
        except DeskError as refusal:
            left[change.ticket_id] = str(refusal)
    bulk.undone_at = work.now
    if bulk.what is BulkWhat.ASSIGN:
        await assignment.assign_waiting(work)
    work.emit(BulkUndone(bulk_id=bulk.id, count=len(changed)))
    return Outcome(bulk, changed, left)


class ChangedSince(Conflict):
    """Somebody was there after the operation."""

    def __init__(self) -> None:
        super().__init__("It was changed since.")


async def _checked(work: Work, by: Who, what: BulkWhat, value: str) -> str:
    """The value as it is kept."""
    if what is BulkWhat.ASSIGN:
        channel, workspace, user = by.channel, by.workspace, value
        if value.count(":") > 1:
            channel, workspace, user = value.split(":", 2)
        return str((await agent_meant(work.session, Who(channel, workspace, user, user))).id)
    if what is BulkWhat.TAG:
        return ",".join(each[0] + tagging.as_tag(each[1:]) for each in value.split(","))
    return await kinds.meant(work.session, value) if what is BulkWhat.KIND else value


async def _would_change(work: Work, ticket: Ticket, what: BulkWhat, value: str) -> bool:
    if what is BulkWhat.TAG:
        has = set(await tagging.tags_of(work.session, ticket.id))
        add, remove = _signed(value)
        return bool(add - has or remove & has)
    if ticket.status not in LIVE:
        return False
    if what is BulkWhat.PRIORITY:
        return ticket.priority.label != value
    if what is BulkWhat.KIND:
        return ticket.kind != value
    return what is BulkWhat.RESOLVE or str(ticket.assignee_id) != value


def _signed(value: str) -> tuple[set[str], set[str]]:
    each = value.split(",")
    return {tag[1:] for tag in each if tag[0] == "+"}, {tag[1:] for tag in each if tag[0] == "-"}


async def _locked(work: Work, number: int) -> Bulk:
    wanted = select(Bulk).where(Bulk.id == min(number, 2**31 - 1)).with_for_update()
    found = (await work.session.scalars(wanted)).one_or_none()
    if found is None:
        raise UnknownBulk(number)
    return found


async def _changes(work: Work, bulk: Bulk) -> Sequence[BulkChange]:
    kept = select(BulkChange).where(BulkChange.bulk_id == bulk.id).order_by(BulkChange.ticket_id)
    return (await work.session.scalars(kept)).all()


Json = dict[str, Any]


async def _apply(work: Work, by: Who, bulk: Bulk, number: int) -> tuple[Json, Json]:
    """Change one ticket: how it was, and how it is. Raises a refusal before anything is written."""
    actor = await acting(work, by, at_least=Role.LEAD)
    if bulk.what is BulkWhat.TAG:
        ticket = await find.ticket_for(work.session, actor, number)
        add, remove = _signed(bulk.value)
        added, removed = await tagging.retag(work, ticket, add=add, remove=remove)
        return {"tags": list(removed)}, {"tags": list(added)}
    if bulk.what is BulkWhat.PRIORITY:
        ticket = await find.ticket_for(work.session, actor, number)
        before = ticket.priority
        after = Priority[bulk.value.upper()]
        await lifecycle.set_priority(work, by, number, after)
        return {"priority": int(before)}, {"priority": int(after)}
    if bulk.what is BulkWhat.KIND:
        ticket = await find.ticket_for(work.session, actor, number)
        was = ticket.kind
        await kinds.set_kind(work, by, number, bulk.value)
        return {"kind": was}, {"kind": bulk.value}
    if bulk.what is BulkWhat.RESOLVE:
        ticket = await links.resolve(work, by, number)
        return {}, {"status": Status.RESOLVED.value}
    return await _assign(work, by, number, int(bulk.value))


async def _assign(work: Work, by: Who, number: int, agent_id: int) -> tuple[Json, Json]:
    actor = await acting(work, by, at_least=Role.LEAD)
    agent = await assignment.lock(work.session, await work.session.get_one(Agent, agent_id))
    ticket = await find.ticket_for(work.session, actor, number)
    lifecycle.refuse_ended(ticket)
    before = ticket.assignee_id
    if before == agent.id:
        raise assignment.AlreadyClaimed(number, agent.name)
    await _hand_to(work, ticket, agent, why=f"{actor.name} passed it on")
    return {"agent": before}, {"agent": agent_id}


async def _hand_to(work: Work, ticket: Ticket, agent: Agent, *, why: str) -> None:
    """Make it the agent's, whoever has it. Raises `AtCapacity` before anything is written."""
    held = await assignment.held_by(work.session, agent)
    if len(held) >= agent.capacity:
        raise assignment.AtCapacity(agent, held)
    if ticket.status is not Status.NEW:
        await assignment.give_back(work, ticket, Ending.TRANSFERRED, why=why)
    await assignment.give(work, ticket, agent, How.TRANSFER)


async def _undo_tag(work: Work, by: Who, change: BulkChange) -> None:
    actor = await acting(work, by, at_least=Role.LEAD)
    ticket = await find.ticket_for(work.session, actor, change.ticket_id)
    before, after = change.before or {}, change.after or {}
    await tagging.retag(work, ticket, add=before["tags"], remove=after["tags"])


async def _undo_priority(work: Work, by: Who, change: BulkChange) -> None:
    actor = await acting(work, by, at_least=Role.LEAD)
    ticket = await find.ticket_for(work.session, actor, change.ticket_id)
    before, after = change.before or {}, change.after or {}
    if int(ticket.priority) != after["priority"]:
        raise ChangedSince
    await lifecycle.set_priority(work, by, change.ticket_id, Priority(before["priority"]))


async def _undo_kind(work: Work, by: Who, change: BulkChange) -> None:
    actor = await acting(work, by, at_least=Role.LEAD)
    ticket = await find.ticket_for(work.session, actor, change.ticket_id)
    before, after = change.before or {}, change.after or {}
    if ticket.kind != after["kind"]:
        raise ChangedSince
    await kinds.set_kind(work, by, change.ticket_id, before["kind"])


async def _undo_assign(work: Work, by: Who, change: BulkChange) -> None:
    """Back to whoever had it, if they have room; else to the queue."""
    actor = await acting(work, by, at_least=Role.LEAD)
    before, after = change.before or {}, change.after or {}
    ticket = await find.ticket_for(work.session, actor, change.ticket_id)
    lifecycle.refuse_ended(ticket)
    if ticket.assignee_id != after["agent"]:
        raise ChangedSince
    why = f"{actor.name} undid operation {change.bulk_id}"
    if before["agent"] is not None:
        former = await work.session.get_one(Agent, before["agent"])
        with suppress(assignment.AtCapacity, assignment.LeftTheDesk):
            former = await assignment.lock(work.session, former)
            await _hand_to(work, ticket, former, why=why)
            return
    await assignment.give_back(work, ticket, Ending.TRANSFERRED, why=why)


_UNDO = {
    BulkWhat.TAG: _undo_tag,
    BulkWhat.PRIORITY: _undo_priority,
    BulkWhat.KIND: _undo_kind,
    BulkWhat.ASSIGN: _undo_assign,
}
