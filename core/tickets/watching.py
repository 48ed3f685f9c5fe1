"""Watching: an agent follows a ticket that is somebody else's."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from core.channels import Who
from core.errors import Conflict, Invalid
from core.events import TicketUnwatched, TicketWatched
from core.model import Agent, Status, Ticket, Watcher
from core.people.actors import Actor, acting, staff
from core.tickets import find
from core.work import Work

AT_MOST = 25  # watchers of one ticket


class WatchedAlready(Conflict):
    """Once is enough."""

    def __init__(self, number: int) -> None:
        super().__init__(f"You watch #{number} already. /ticket unwatch {number} ends that.")


class NotWatched(Conflict):
    """There is nothing to end."""

    def __init__(self, number: int) -> None:
        super().__init__(f"You do not watch #{number}. /ticket watch {number} begins that.")


class NothingToWatch(Conflict):
    """Nothing happens on a closed ticket."""

    def __init__(self, ticket: Ticket) -> None:
        now = f"merged into #{ticket.merged_into_id}" if ticket.merged_into_id else "closed"
        super().__init__(f"Ticket #{ticket.id} is {now}; nothing happens on it any more.")


class WatchedByMany(Conflict):
    """Each word on it goes to each of them."""

    def __init__(self, number: int) -> None:
        super().__init__(f"{AT_MOST} agents watch #{number}, and that is as many as can.")


async def watch(work: Work, by: Who, number: int) -> Ticket:
    """Follow a ticket until it is closed: what happens on it comes by direct message.

    Raises `WatchedAlready`, `NothingToWatch`, `WatchedByMany`, or `Invalid` for the operator.
    """
    actor = await acting(work, by)
    agent = _agent(actor)
    ticket = await find.ticket_for(work.session, actor, number)
    if ticket.status is Status.CLOSED:
        raise NothingToWatch(ticket)
    if await _watched(work, number, agent) is not None:
        raise WatchedAlready(number)
    counted = select(func.count()).where(Watcher.ticket_id == number)
    if (await work.session.scalar(counted) or 0) >= AT_MOST:
        raise WatchedByMany(number)
    work.session.add(Watcher(ticket_id=number, agent_id=agent.id, since=work.now, digests=0))
    ticket.watched = True
    await work.session.flush()
    work.emit(TicketWatched(ticket_id=number, agent_id=agent.id))
    return ticket


async def unwatch(work: Work, by: Who, number: int) -> Ticket:
    """Follow a ticket no more. Raises `NotWatched`, or `Invalid` for the operator."""
    actor = await acting(work, by)
    agent = _agent(actor)
    ticket = await find.ticket_for(work.session, actor, number)
    if await _watched(work, number, agent) is None:
        raise NotWatched(number)
    await work.session.execute(
        delete(Watcher).where(Watcher.ticket_id == number, Watcher.agent_id == agent.id)
    )
    work.emit(TicketUnwatched(ticket_id=number, agent_id=agent.id))
    return ticket


async def watchers(work: Work, by: Who, number: int) -> Sequence[str]:
    """The names of whoever follows a ticket, for staff."""
    asking = await staff(work.session, by)
    await find.ticket_for(work.session, asking, number, to_look=True)
    named = (
        select(Agent.name)
        .join(Watcher, Watcher.agent_id == Agent.id)
        .where(Watcher.ticket_id == number, Agent.removed_at.is_(None))
        .order_by(Agent.name)
    )
    return (await work.session.scalars(named)).all()


def _agent(actor: Actor) -> Agent:
    if actor.agent is None:
        raise Invalid("The operator has no direct messages. Say who watches: --as AGENT.")
    return actor.agent


async def _watched(work: Work, number: int, agent: Agent) -> Watcher | None:
    return await work.session.get(Watcher, (number, agent.id))
