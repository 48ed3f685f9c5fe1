"""Slots: a waiting ticket is put into one of an agent's, and leaves it again."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from core.errors import Conflict
from core.events import TicketAssigned, TicketReturned
from core.model import (
    LIVE,
    Agent,
    Assignment,
    Availability,
    Ending,
    How,
    Status,
    Ticket,
)
from core.storage.serial import one_writer
from core.work import Work

GAVE_AWAY = (Ending.RELEASED, Ending.TRANSFERRED, Ending.ESCALATED, Ending.LAPSED)
"""Endings after which a ticket does not go back to the same agent at once."""


class AlreadyClaimed(Conflict):
    """Somebody was first."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__(f"Ticket #{number} is already with {name}.")


class NotWaiting(Conflict):
    """Only a ticket in the queue can be taken or given."""

    def __init__(self, ticket: Ticket) -> None:
        hint = f" /ticket reopen {ticket.id} brings it back." * (ticket.status is Status.RESOLVED)
        super().__init__(f"Ticket #{ticket.id} is {ticket.status.value}.{hint}")


class AtCapacity(Conflict):
    """All slots of the agent are taken."""

    def __init__(self, agent: Agent, held: Sequence[int]) -> None:
        numbers = ", ".join(f"#{number}" for number in held) or "nothing"
        super().__init__(
            f"{agent.name} holds {numbers} and has capacity {agent.capacity}. "
            "Resolve or release one first, or ask an admin for more capacity."
        )


class LeftTheDesk(Conflict):
    """The agent was removed by somebody who was faster."""

    def __init__(self, agent: Agent) -> None:
        super().__init__(f"{agent.name} is no longer on the support team.")


async def give(
    work: Work,
    ticket: Ticket,
    agent: Agent,
    how: How,
    *,
    why: Mapping[str, Any] | None = None,
    opening: bool = False,
) -> None:
    """Make a waiting ticket the agent's: one conditional UPDATE, so one winner whoever races.

    Raises `AlreadyClaimed`, `NotWaiting` or `AtCapacity`.
    """
    if ticket.status is not Status.NEW:
        raise _refusal(ticket)
    taken = await _slots(work.session, agent)
    if len(taken) >= agent.capacity:  # also where capacity was lowered below what they hold
        raise AtCapacity(agent, list(taken.values()))
    await _take_from_queue(work, ticket, agent)
    slot = next(n for n in range(1, agent.capacity + 1) if n not in taken)
    held = Assignment(
        ticket_id=ticket.id,
        agent_id=agent.id,
        slot=slot,
        how=how,
        why=dict(why or {"rule": f"by {how.value}", "by": work.actor}),
        started_at=work.now,
    )
    work.session.add(held)
    await work.session.flush()
    work.emit(
        TicketAssigned(
            ticket_id=ticket.id,
            agent_id=agent.id,
            assignment_id=held.id,
            how=how.value,
            opening=opening,
        )
    )


async def held_by(session: AsyncSession, agent: Agent) -> Sequence[int]:
    """The numbers of the tickets an agent holds."""
    return list((await _slots(session, agent)).values())


async def put_aside_by(session: AsyncSession, agent: Agent) -> Sequence[int]:
    """The numbers of the live tickets that are an agent's and take none of their slots."""
    aside = (
        select(Ticket.id)
        .where(
            Ticket.assignee_id == agent.id,
            Ticket.status.in_(LIVE),
            Ticket.id.not_in(select(Assignment.ticket_id).where(Assignment.ended_at.is_(None))),
        )
        .order_by(Ticket.id)
    )
    return (await session.scalars(aside)).all()


async def give_if_free(
    work: Work, ticket: Ticket, agent_id: int, *, how: How = How.AUTOMATIC
) -> bool:
    """Give a waiting ticket to this one agent, if they take work and have a free slot."""
    agent = (await lock_those_with_room(work.session, [agent_id])).get(agent_id)
    if agent is None:
        return False
    try:
        await give(work, ticket, agent, how, why={"rule": "they had it before"})
    except AtCapacity:
        return False
    return True


async def _take_from_queue(work: Work, ticket: Ticket, agent: Agent) -> None:
    await work.session.flush()
    taken: dict[str, Any] = {
        "status": Status.OPEN,
        "assignee_id": agent.id,
        "updated_at": work.now,
    }
    won = await work.session.scalar(
        update(Ticket)
        .where(Ticket.id == ticket.id, Ticket.status == Status.NEW)
        .values(**taken, version=Ticket.version + 1)
        .returning(Ticket.version)
        .execution_options(synchronize_session=False)
    )
    if won is None:
        await work.session.refresh(ticket)
        await work.session.refresh(ticket, ["assignee"])
        raise _refusal(ticket)
    for name, value in {**taken, "version": won, "assignee": agent}.items():
        set_committed_value(ticket, name, value)


def _refusal(ticket: Ticket) -> Conflict:
    """Why a ticket that does not wait cannot be taken; it comes with its assignee."""
    if ticket.status in LIVE and ticket.assignee is not None:
        return AlreadyClaimed(ticket.id, ticket.assignee.name)
    return NotWaiting(ticket)


async def end(work: Work, ticket: Ticket, ending: Ending) -> Agent | None:
    """Free the slot that a ticket holds; whoever held it."""
    current = select(Assignment).where(
        Assignment.ticket_id == ticket.id, Assignment.ended_at.is_(None)
    )
    held = (await work.session.scalars(current)).one_or_none()
    if held is None:
        return None
    held.ended_at = work.now
    held.ending = ending
    agent = await work.session.get_one(Agent, held.agent_id)
    agent.idle_since = work.now
    work.freed.add(agent.id)
    return agent


async def give_back(work: Work, ticket: Ticket, ending: Ending, *, why: str) -> Agent | None:
    """Take a ticket from whoever has it and let it wait; one never answered keeps its place."""
    agent = await end(work, ticket, ending) or await _leave_aside(work, ticket, ending)
    ticket.move_to(Status.NEW, at=work.now)
    if ticket.first_response_at is None:
        ticket.waiting_since = ticket.created_at
    ticket.assignee = None
    await work.session.flush()
    work.emit(TicketReturned(ticket_id=ticket.id, agent_id=agent.id if agent else None, why=why))
    return agent


async def _leave_aside(work: Work, ticket: Ticket, ending: Ending) -> Agent | None:
    """End the hold of whoever had put the ticket aside: their last assignment ends anew, and now."""
    last = (
        select(Assignment)
        .where(Assignment.ticket_id == ticket.id, Assignment.agent_id == ticket.assignee_id)
        .order_by(Assignment.id.desc())
        .limit(1)
    )
    held = (await work.session.scalars(last)).one_or_none()
    if held is None:
        return None
    held.ended_at, held.ending = work.now, ending
    return await work.session.get_one(Agent, held.agent_id)


async def lock(session: AsyncSession, agent: Agent) -> Agent:
    """The agent as they are now, kept so until the transaction ends.

    On SQLite nobody else writes meanwhile, so there they are so already. Raises `LeftTheDesk`
    where somebody removed them a moment ago.
    """
    if not one_writer(session):
        alone = select(Agent).where(Agent.id == agent.id).with_for_update(of=Agent)
        agent = (await session.scalars(alone.execution_options(populate_existing=True))).one()
    if agent.removed_at is not None:
        raise LeftTheDesk(agent)
    return agent


async def lock_those_with_room(session: AsyncSession, ids: Collection[int]) -> dict[int, Agent]:
    """Those of these agents who take work, have a free slot, and are not just being changed by
    somebody else; by number, as they are now, kept so until the transaction ends."""
    rows = await session.scalars(_WITH_ROOM, {"ids": sorted(ids)})
    return {agent.id: agent for agent in rows}


async def _slots(session: AsyncSession, agent: Agent) -> dict[int, int]:
    """The agent's taken slots, each with the number of its ticket."""
    return {row.slot: row.ticket_id for row in await session.execute(_TAKEN, {"agent": agent.id})}


_TAKEN = (
    select(Assignment.slot, Assignment.ticket_id)
    .where(Assignment.agent_id == bindparam("agent"), Assignment.ended_at.is_(None))
    .order_by(Assignment.slot)
)

_WITH_ROOM = (
    select(Agent)
    .where(
        Agent.id.in_(bindparam("ids", expanding=True)),
        Agent.removed_at.is_(None),
        Agent.availability == Availability.AVAILABLE,
        Agent.held < Agent.capacity,
    )
    .order_by(Agent.id)
    .with_for_update(skip_locked=True, of=Agent)
    .execution_options(populate_existing=True)
)
