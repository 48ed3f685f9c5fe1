"""What can be looked at: each question answered for whoever asks, with their rights."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from core import cards
from core.cards import Card
from core.channels import Address, Who
from core.delivery import lease, ledger
from core.model import (
    Agent,
    Assignment,
    Availability,
    Customer,
    Delivery,
    Enquiry,
    History,
    Kind,
    Message,
    Priority,
    Progress,
    Role,
    Stage,
    Status,
    Ticket,
)
from core.people import invitations, roster
from core.people.actors import Actor, actor, agent_meant, staff
from core.routing import queue
from core.routing.candidates import held_count
from core.tickets import find
from core.tickets.enquiries import UnknownEnquiry
from core.work import Work

LAST_MESSAGES = 10
PULSE_REACHES_BACK = 1_000  # rows; a row may become visible after one with a higher number


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list of tickets is narrowed to, in the words of whoever asks; None means any."""

    status: Status | None = None
    priority: Priority | None = None
    assignee: Who | None = None
    after: int | None = None  # the number of the last ticket seen


async def tickets(work: Work, by: Who, wanted: Wanted | None = None) -> find.Page:
    """A page of tickets: staff see all, customers their own."""
    wanted = wanted or Wanted()
    asking = await actor(work.session, by)
    narrowed = find.Filter(status=wanted.status, priority=wanted.priority)
    if asking.role is Role.CUSTOMER:
        narrowed = replace(narrowed, customer_id=asking.customer_id or 0)
    if wanted.assignee is not None:
        assignee = await agent_meant(work.session, wanted.assignee)
        narrowed = replace(narrowed, assignee_id=assignee.id)
    if wanted.after is not None:
        last = await find.ticket_for(work.session, asking, wanted.after, to_look=True)
        narrowed = replace(narrowed, after=(int(last.priority), last.id))
    return await find.tickets(work.session, narrowed)


@dataclass(frozen=True)
class Whole:
    """A ticket with the last things said on it; notes only for staff."""

    ticket: Ticket
    messages: Sequence[Message]
    authors: Mapping[int, str]
    history: Sequence[History]


async def ticket(work: Work, by: Who, number: int) -> Whole:
    """One ticket, whole. Raises `UnknownTicket`."""
    asking = await actor(work.session, by)
    found = await find.ticket_for(work.session, asking, number, to_look=True)
    is_staff = asking.role >= Role.AGENT
    messages = await find.messages_of(work.session, number, last=LAST_MESSAGES, with_notes=is_staff)
    agent_ids = {message.agent_id for message in messages if message.agent_id}
    named = select(Agent.id, Agent.name).where(Agent.id.in_(sorted(agent_ids)))
    authors = {row.id: row.name for row in await work.session.execute(named)}
    history = await find.history_of(work.session, number) if is_staff else []
    return Whole(found, messages, authors, history)


async def ticket_discussed_at(work: Work, room: Address, root: str) -> int | None:
    """The number of the ticket whose staff card is this post of a room; None for any other."""
    return await find.ticket_discussed_at(work.session, room, root)


@dataclass(frozen=True)
class Why:
    """Why a ticket is with whom it is: every assignment with its reasons, or what it waits for."""

    ticket: Ticket
    assignments: Sequence[Assignment]
    place: int | None
    agents: Mapping[str, int]


async def why(work: Work, by: Who, number: int) -> Why:
    """The reasons kept with each assignment; for a waiting ticket, why nobody has it."""
    asking = await staff(work.session, by)
    found = await find.ticket_for(work.session, asking, number, to_look=True)
    place = await queue.place_of(work.session, found) if found.status is Status.NEW else None
    assignments = await find.assignments_of(work.session, number)
    return Why(found, assignments, place, await _agents_by_state(work))


async def agents(
    work: Work, by: Who, *, role: Role | None = None, skill: str | None = None
) -> Sequence[roster.Listed]:
    """Everybody on the roster, for staff."""
    return await roster.listed(work.session, by, role=role, skill=skill)


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


async def unsent(work: Work, by: Who) -> Sequence[Delivery]:
    """The deliveries that failed, for staff."""
    await staff(work.session, by)
    return await ledger.unsent(work.session, work.now)


@dataclass(frozen=True, kw_only=True)
class Post:
    """One thing said in a conversation, by a person or by the desk, as it stands now.

    ``author`` is "them" or "desk", ``name`` what a person is called. ``under`` is the id of the
    post it stands beneath, ``external_id`` what the channel calls it, and ``sent`` says that the
    channel has it.
    """

    id: str
    at: datetime
    author: str
    card: Card
    under: str | None
    sent: bool
    name: str = ""
    external_id: str | None = None


async def said_at(work: Work, address: Address, *, last: int | None = None) -> Sequence[Post]:
    """A conversation, both sides, oldest first; edited posts as they stand.

    ``last`` is how far to look back, in messages and in deliveries; None is to the beginning.
    """
    heard = (
        select(Message, func.coalesce(Agent.name, Customer.name, ""))
        .outerjoin(Agent, Agent.id == Message.agent_id)
        .outerjoin(Customer, Customer.id == Message.customer_id)
        .where(
            Message.channel == address.channel,
            Message.workspace == address.workspace,
            Message.conversation == address.conversation,
            ~Message.external_id.startswith("own:"),
        )
        .order_by(Message.id.desc())
        .limit(last)
    )
    deliveries = await ledger.said_at(work.session, address, last=last)
    roots = {
        each.ticket_id: each.key
        for each in reversed(deliveries)
        if each.ticket_id and each.under_key is None and each.replaces_key is None
    }
    posts = [
        Post(
            id=message.external_id,
            at=message.sent_at,
            author="them",
            card=Card(text=message.text),
            under=roots.get(message.ticket_id or 0) if message.kind is Kind.NOTE else None,
            sent=True,
            name=name,
            external_id=message.external_id,
        )
        for message, name in reversed((await work.session.execute(heard)).all())
    ]
    posts += _as_they_stand(deliveries)
    return sorted(posts, key=lambda post: post.at)


def _as_they_stand(deliveries: Sequence[Delivery]) -> list[Post]:
    newest = {each.replaces_key or each.key: each for each in deliveries}
    return [
        Post(
            id=each.key,
            at=each.created_at,
            author="desk",
            card=cards.from_json(newest[each.key].card),
            under=each.under_key,
            sent=each.settled_at is not None,
            external_id=each.external_id,
        )
        for each in deliveries
        if each.replaces_key is None
    ]


@dataclass(frozen=True)
class Pulse:
    """Where the conversations of a channel stand, to tell later in which of them something moved.

    ``said`` is what was heard and owed of late, ``waiting`` what is not sent yet; each with the
    conversation it is in.
    """

    said: frozenset[tuple[str, int, str]]
    waiting: frozenset[tuple[int, str]]

    def moved_since(self, before: "Pulse") -> frozenset[str]:
        """The conversations in which something was said, changed or sent."""
        said = {conversation for _, _, conversation in self.said - before.said}
        return frozenset(said | {conversation for _, conversation in self.waiting ^ before.waiting})


async def pulse(work: Work, channel: str, workspace: str) -> Pulse:
    """The channel's pulse now: three short looks, however much was said before."""
    said: set[tuple[str, int, str]] = set()
    for kind in (Message, Delivery):
        newest = select(func.coalesce(func.max(kind.id), 0)).scalar_subquery()
        lately = select(kind.id, kind.conversation).where(
            kind.id > newest - PULSE_REACHES_BACK,
            kind.channel == channel,
            kind.workspace == workspace,
        )
        rows = await work.session.execute(lately)
        said.update((kind.__tablename__, row.id, row.conversation) for row in rows)
    waits = select(Delivery.id, Delivery.conversation).where(
        Delivery.progress == Progress.WAITING,
        Delivery.channel == channel,
        Delivery.workspace == workspace,
    )
    waiting = frozenset((row.id, row.conversation) for row in await work.session.execute(waits))
    return Pulse(frozenset(said), waiting)


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


async def _agents_by_state(work: Work) -> Mapping[str, int]:
    """How many agents there are in each availability; the available ones without room apart."""
    held = held_count()
    there = select(Agent.availability, Agent.capacity, held.label("held")).where(
        Agent.removed_at.is_(None)
    )
    counts: dict[str, int] = {}
    for row in await work.session.execute(there):
        full = row.availability is Availability.AVAILABLE and row.held >= row.capacity
        state = "at capacity" if full else row.availability.value
        counts[state] = counts.get(state, 0) + 1
    return counts
