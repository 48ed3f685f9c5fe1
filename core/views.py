"""What can be looked at: each question answered for whoever asks, with their rights."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from core.channels import Address, Who
from core.delivery import lease, ledger
from core.delivery.family import NO_KIN, Family, family
from core.model import (
    Agent,
    Assignment,
    Delivery,
    Enquiry,
    History,
    Kind,
    Message,
    Role,
    Stage,
    Status,
    Ticket,
)
from core.people import invitations
from core.people.actors import Actor, actor, staff
from core.routing import replay, waiting
from core.routing.waiting import Waits
from core.speaking import Reader
from core.tickets import filling, find, tagging
from core.tickets.enquiries import UnknownEnquiry
from core.tickets.filling import Filled
from core.work import Work

LAST_MESSAGES = 10


@dataclass(frozen=True)
class Whole:
    """A ticket with the last things said on it; notes only for staff. ``first`` is the number of the
    first of these messages on the ticket, which counts from 1, and ``family`` what belongs to it; both
    for staff."""

    ticket: Ticket
    messages: Sequence[Message]
    authors: Mapping[int, str]
    history: Sequence[History]
    first: int = 0
    fields: Sequence[Filled] = ()
    family: Family = NO_KIN


async def ticket(work: Work, by: Who, number: int) -> Whole:
    """One ticket, whole. Raises `UnknownTicket`."""
    asking = await actor(work.session, by)
    found = await find.ticket_for(work.session, asking, number, to_look=True)
    is_staff = asking.role >= Role.AGENT
    messages = await find.messages_of(work.session, number, last=LAST_MESSAGES, with_notes=is_staff)
    authors = await _names(work, {each.agent_id for each in messages if each.agent_id})
    own = await filling.filled(work.session, [number], for_customer=not is_staff)
    if not is_staff:
        return Whole(found, messages, authors, [], fields=own.get(number, ()))
    first = await find.count_messages(work.session, number) - len(messages) + 1
    history = await find.history_of(work.session, number)
    kin = await family(work.session, found)
    return Whole(found, messages, authors, history, first, own.get(number, ()), kin)


@dataclass(frozen=True)
class Said:
    """A page of what was said on a ticket, oldest first; ``authors`` are agents' names by number."""

    ticket: Ticket
    messages: Sequence[Message]
    authors: Mapping[int, str]
    more: bool


async def messages(work: Work, by: Who, number: int, *, after: int = 0, at_most: int = 50) -> Said:
    """What was said on a ticket after the message of this number, with its files; notes only for
    staff. Raises `UnknownTicket`."""
    asking = await actor(work.session, by)
    found = await find.ticket_for(work.session, asking, number, to_look=True)
    with_notes = asking.role >= Role.AGENT
    said = await find.messages_after(
        work.session, number, after=after, at_most=at_most + 1, with_notes=with_notes
    )
    names = await _names(work, {message.agent_id for message in said if message.agent_id})
    return Said(found, said[:at_most], names, len(said) > at_most)


async def _names(work: Work, agent_ids: Collection[int]) -> Mapping[int, str]:
    named = select(Agent.id, Agent.name).where(Agent.id.in_(sorted(agent_ids)))
    return {row.id: row.name for row in await work.session.execute(named)}


async def tags(work: Work, by: Who, number: int) -> Sequence[str]:
    """The tags of a ticket, for staff."""
    asking = await staff(work.session, by)
    found = await find.ticket_for(work.session, asking, number, to_look=True)
    return await tagging.tags_of(work.session, found.id)


async def ticket_of_post(work: Work, room: Address, post: str) -> int | None:
    """The number of the ticket that a post of a room belongs to, a person's or ours; or None."""
    return await find.ticket_of_post(work.session, room, post)


async def ticket_discussed_at(work: Work, room: Address, root: str) -> int | None:
    """The number of the ticket whose staff card is this post of a room; None for any other."""
    return await find.ticket_discussed_at(work.session, room, root)


@dataclass(frozen=True)
class Why:
    """Why a ticket is with whom it is: every assignment with its reasons, and what it waits for."""

    ticket: Ticket
    assignments: Sequence[Assignment]
    waits: Waits | None


async def why(work: Work, by: Who, number: int) -> Why:
    """The reasons kept with each assignment; for a waiting ticket, why nobody has it."""
    asking = await staff(work.session, by)
    found = await find.ticket_for(work.session, asking, number, to_look=True)
    assignments = await find.assignments_of(work.session, number)
    is_waiting = found.status is Status.NEW
    return Why(found, assignments, await waiting.waits(work, found) if is_waiting else None)


async def routing_past(work: Work, by: Who, *, days: int) -> Mapping[str, Any]:
    """The last days as rows to simulate, for leads: see `replay.past`."""
    await staff(work.session, by, at_least=Role.LEAD)
    return await replay.past(work, days)


async def open_enquiry(work: Work, by: Who) -> int:
    """The number of the question that somebody asked last and that is still open.

    Raises `UnknownEnquiry` where there is none.
    """
    asking = await actor(work.session, by)
    asked = select(Enquiry.id).where(
        Enquiry.customer_id == asking.customer_id, Enquiry.stage == Stage.ASKED
    )
    newest = (await work.session.scalars(asked.order_by(Enquiry.id.desc()).limit(1))).first()
    if newest is None:
        raise UnknownEnquiry
    return newest


async def whoever(work: Work, who: Who) -> Actor:
    """Who somebody is to the desk."""
    return await actor(work.session, who)


async def escalated(work: Work, by: Who) -> Sequence[Ticket]:
    """The live tickets for which somebody asked for more weight, the latest first; for leads."""
    await staff(work.session, by, at_least=Role.LEAD)
    return await find.escalated(work.session)


@dataclass(frozen=True, kw_only=True)
class Week:
    """What an agent did in the last seven days; ``first_response`` is how long customers waited for
    it, in the middle."""

    resolved: int
    replies: int
    first_response: timedelta | None


async def week(work: Work, by: Who) -> Week:
    """The figures of whoever asks; all of them are nothing for the operator."""
    asking = await staff(work.session, by)
    agent = asking.agent.id if asking.agent else 0
    since = work.now - timedelta(days=7)
    replies = select(func.count(Message.id)).where(
        Message.agent_id == agent, Message.kind == Kind.REPLY, Message.received_at > since
    )
    resolved = select(Ticket.created_at, Ticket.first_response_at).where(
        Ticket.assignee_id == agent, Ticket.resolved_at > since
    )
    rows = (await work.session.execute(resolved)).all()
    waits = sorted(row.first_response_at - row.created_at for row in rows if row.first_response_at)
    return Week(
        resolved=len(rows),
        replies=await work.session.scalar(replies) or 0,
        first_response=waits[len(waits) // 2] if waits else None,
    )


async def newest_event(work: Work) -> int:
    """The number of the last thing that happened: as long as it stays, nothing has changed."""
    return await work.session.scalar(select(func.max(History.id))) or 0


async def happened(
    work: Work, after: int, *, passed_over: Collection[int] = (), at_most: int = 500
) -> Sequence[History]:
    """What happened after the event of this number, oldest first, and what is there by now of the
    numbers that were ``passed_over``: a transaction that takes long can still add a lower one. For
    whoever passes it on, who has to look at what each reader may see."""
    wanted = History.id > after
    if passed_over:
        wanted = or_(wanted, History.id.in_(sorted(passed_over)))
    rows = select(History).where(wanted).order_by(History.id).limit(at_most)
    return (await work.session.scalars(rows)).all()


async def reader(work: Work, who: Who) -> Reader:
    """In which language somebody is spoken to, and where they are, as far as it is known; staff in
    English."""
    asking = await actor(work.session, who)
    is_customer = asking.role is Role.CUSTOMER and asking.identity is not None
    customer = asking.identity.customer if is_customer and asking.identity else None
    return Reader(customer.language, customer.time_zone) if customer else Reader()


async def unsent(work: Work, by: Who) -> Sequence[Delivery]:
    """The deliveries that failed, for staff."""
    await staff(work.session, by)
    return await ledger.unsent(work.session, work.now)


async def deflection(work: Work, by: Who) -> Mapping[Stage, int]:
    """How many enquiries ended how, for staff."""
    await staff(work.session, by)
    counted = select(Enquiry.stage, func.count()).group_by(Enquiry.stage)
    found = {row[0]: row[1] for row in await work.session.execute(counted)}
    return {stage: found.get(stage, 0) for stage in Stage}


async def code_is_good(work: Work, code: str) -> bool:
    """Whether a one-time code would be taken, without using it."""
    return await invitations.good(work.session, code, work.now)


async def any_admin(work: Work) -> bool:
    """Whether the desk has an admin yet."""
    return await invitations.any_admin(work.session)


@dataclass(frozen=True)
class Condition:
    """What a health check wants to know of the desk's own state."""

    oldest_due: datetime | None
    now: datetime


async def condition(work: Work, channels: Collection[str]) -> Condition:
    """Whether the database answers, and since when the oldest delivery on these channels is due."""
    return Condition(await lease.oldest_due(work.session, channels), work.now)
