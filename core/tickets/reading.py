"""A ticket's conversation as staff read it: the newest first page, older ones on demand, and what
became of each reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.delivery.marks import Fate, fates
from core.model import Agent, Kind, Message, Ticket
from core.people.actors import staff
from core.tickets import find
from core.tickets.tagging import tags_of
from core.work import Work

PAGE = 30


@dataclass(frozen=True)
class Reading:
    """A page of what was said, oldest first. ``authors`` are agents' names by number, ``fates`` what
    became of replies by the number of the message, ``tags`` the ticket's; ``more``: there is something
    older."""

    ticket: Ticket
    messages: Sequence[Message]
    authors: Mapping[int, str]
    fates: Mapping[int, Fate]
    tags: Sequence[str]
    more: bool


async def read(
    work: Work, by: Who, number: int, *, before: int | None = None, at_most: int = PAGE
) -> Reading:
    """What was said last on a ticket, before the message of this number; for staff.

    Raises `NotStaff`, `UnknownTicket`.
    """
    asking = await staff(work.session, by)
    ticket = await find.ticket_for(work.session, asking, number, to_look=True)
    found = await find.messages_before(work.session, number, before=before, at_most=at_most + 1)
    messages = found[-at_most:]
    replies = [each for each in messages if each.kind is Kind.REPLY and not each.is_post]
    return Reading(
        ticket,
        messages,
        await _authors(work.session, messages),
        await fates(work.session, replies) if replies else {},
        await tags_of(work.session, number),
        len(found) > at_most,
    )


async def _authors(session: AsyncSession, messages: Sequence[Message]) -> Mapping[int, str]:
    agents = {each.agent_id for each in messages if each.agent_id}
    if not agents:
        return {}
    named = select(Agent.id, Agent.name).where(Agent.id.in_(sorted(agents)))
    return {row.id: row.name for row in await session.execute(named)}
