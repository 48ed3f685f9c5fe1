"""What happened to a ticket, for staff who ask: its history, and the names that it speaks of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.channels import Who
from core.model import Agent, History, Ticket
from core.people.actors import staff
from core.tickets import find
from core.work import Work


@dataclass(frozen=True)
class Past:
    """A ticket with what happened to it, oldest first; ``agents`` are names by number."""

    ticket: Ticket
    history: Sequence[History]
    agents: Mapping[int, str]


async def past(work: Work, by: Who, number: int) -> Past:
    """Everything that is kept about what happened to a ticket; for staff. Raises `UnknownTicket`."""
    asking = await staff(work.session, by)
    ticket = await find.ticket_for(work.session, asking, number, to_look=True)
    kept = await find.history_of(work.session, ticket.id)
    spoken_of = {each.facts.get("agent_id") for each in kept} - {None}
    named = select(Agent.id, Agent.name).where(Agent.id.in_(sorted(spoken_of)))
    names = {row.id: row.name for row in await work.session.execute(named)}
    return Past(ticket, kept, names)
