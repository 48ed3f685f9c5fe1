"""How the desk stands at this moment: counts that end at a thousand, each from an index of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select
from sqlalchemy.orm import joinedload

from core.channels import Who
from core.model import (
    LIVE,
    Agent,
    Assignment,
    Availability,
    Delivery,
    Identity,
    Progress,
    Role,
    Status,
    Target,
    Ticket,
)
from core.people.actors import staff
from core.storage import constant
from core.work import Work

CAP = 1_000
SHOWN = 20
CHOICES = 200
AGES = (
    ("under 1 hour", timedelta(0), timedelta(hours=1)),
    ("1–4 hours", timedelta(hours=1), timedelta(hours=4)),
    ("4–24 hours", timedelta(hours=4), timedelta(hours=24)),
    ("1–3 days", timedelta(days=1), timedelta(days=3)),
    ("3–7 days", timedelta(days=3), timedelta(days=7)),
    ("over 7 days", timedelta(days=7), None),
)
OVERDUE = timedelta(minutes=5)
ZERO = literal(0, literal_execute=True)  # in the statement itself, as it is in the index

is_live = constant.among(Ticket.status, sorted(LIVE))
is_new = constant.equals(Ticket.status, Status.NEW)
is_waiting = constant.equals(Delivery.progress, Progress.WAITING)
is_dead = constant.equals(Delivery.progress, Progress.DEAD)
is_open_target = and_(Target.met_at.is_(None), Target.dropped_at.is_(None))


def shown(count: int) -> str:
    """A count as it is shown: ``1,000+`` where it was not counted on."""
    return f"{CAP:,}+" if count > CAP else f"{count:,}"


@dataclass(frozen=True, kw_only=True)
class ChannelHealth:
    """How deliveries on a channel fare: how many wait and died, at most `CAP` + 1 each over all
    channels, and since when the first of those that wait was due."""

    channel: str
    waiting: int
    oldest_due: datetime | None
    dead: int
    late: bool


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An agent to whom a ticket can be given, with how many of how many they hold."""

    agent_id: int
    name: str
    availability: Availability
    who: Who
    holds: int
    capacity: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The desk now. Counts are at most `CAP` + 1, which stands for more; ``ages`` is how many live
    tickets are how old."""

    now: datetime
    open: int
    waiting: int
    oldest_waiting: datetime | None
    at_risk: int
    breached: int
    escalated: int
    deliveries_waiting: int
    deliveries_dead: int
    ages: Mapping[str, int]
    availability: Mapping[Availability, int]
    channels: Sequence[ChannelHealth]
    escalations: Sequence[Ticket]
    dead: Sequence[Delivery]
    agents: Sequence[Choice]


async def standing(work: Work, by: Who) -> Standing:
    """How the desk stands, with the escalated tickets and the dead deliveries that came last, and the
    agents who could take one. For leads. Raises `RoleTooLow`."""
    await staff(work.session, by, at_least=Role.LEAD)
    row = (await work.session.execute(_counts(work.now))).one()
    there = select(Agent.availability, func.count()).where(Agent.removed_at.is_(None))
    by_word = await work.session.execute(there.group_by(Agent.availability))
    availability: dict[Availability, int] = {each[0]: each[1] for each in by_word}
    channels = await _channels(work)
    return Standing(
        now=work.now,
        open=row.open,
        waiting=row.waiting,
        oldest_waiting=row.oldest,
        at_risk=row.at_risk,
        breached=row.breached,
        escalated=row.escalated,
        deliveries_waiting=row.deliveries_waiting,
        deliveries_dead=row.deliveries_dead,
        ages={label: getattr(row, f"age_{n}") for n, (label, *_) in enumerate(AGES)},
        availability={word: availability.get(word, 0) for word in Availability},
        channels=channels,
        escalations=await _escalations(work),
        dead=await _dead(work),
        agents=await _agents(work),
    )


def _counts(now: datetime) -> Select[Any]:
    """Every count, in one statement."""
    capped = {
        "open": (Ticket.id, is_live),
        "waiting": (Ticket.id, is_new),
        "at_risk": (
            Target.id,
            is_open_target
            & Target.breached_at.is_(None)
            & Target.running_since.is_not(None)
            & (Target.warned > ZERO),
        ),
        "breached": (Target.id, is_open_target & Target.breached_at.is_not(None)),
        "escalated": (Ticket.id, is_live & Ticket.escalated_at.is_not(None)),
        "deliveries_waiting": (Delivery.id, is_waiting),
        "deliveries_dead": (Delivery.id, is_dead),
    }
    for n, (_, least, most) in enumerate(AGES):
        aged = is_live & (Ticket.created_at <= now - least)
        capped[f"age_{n}"] = (
            Ticket.id,
            aged if most is None else aged & (Ticket.created_at > now - most),
        )
    oldest = select(Ticket.waiting_since).where(is_new).order_by(Ticket.waiting_since).limit(1)
    return select(
        *(_capped(column, where).label(name) for name, (column, where) in capped.items()),
        oldest.scalar_subquery().label("oldest"),
    )


def _capped(column: Any, where: ColumnElement[bool]) -> Any:
    some = select(column).where(where).limit(CAP + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


async def _channels(work: Work) -> Sequence[ChannelHealth]:
    """Of the channels with something that waits or died."""
    waiting = (
        select(Delivery.channel, Delivery.due_at)
        .where(is_waiting)
        .order_by(Delivery.due_at)
        .limit(CAP + 1)
        .subquery()
    )
    dead = select(Delivery.channel).where(is_dead).limit(CAP + 1).subquery()
    found: dict[str, tuple[int, datetime | None]] = {}
    held = select(waiting.c.channel, func.count(), func.min(waiting.c.due_at))
    for channel, count, oldest in await work.session.execute(held.group_by(waiting.c.channel)):
        found[channel] = (count, oldest)
    died = select(dead.c.channel, func.count()).group_by(dead.c.channel)
    lost: dict[str, int] = {each[0]: each[1] for each in await work.session.execute(died)}
    return [
        ChannelHealth(
            channel=channel,
            waiting=count,
            oldest_due=oldest,
            dead=lost.get(channel, 0),
            late=oldest is not None and oldest < work.now - OVERDUE,
        )
        for channel in sorted(found.keys() | lost.keys())
        for count, oldest in [found.get(channel, (0, None))]
    ]


async def _escalations(work: Work) -> Sequence[Ticket]:
    wanted = (
        select(Ticket)
        .where(is_live, Ticket.escalated_at.is_not(None))
        .order_by(Ticket.escalated_at.desc())
        .limit(SHOWN)
        .options(joinedload(Ticket.customer), joinedload(Ticket.assignee))
    )
    return (await work.session.scalars(wanted)).all()


async def _dead(work: Work) -> Sequence[Delivery]:
    wanted = select(Delivery).where(is_dead).order_by(Delivery.id.desc()).limit(SHOWN)
    return (await work.session.scalars(wanted)).all()


async def _agents(work: Work) -> Sequence[Choice]:
    """Whom a ticket can be given to, by the identity they have longest: who is available first."""
    held = (
        select(func.count())
        .where(Assignment.agent_id == Agent.id, Assignment.ended_at.is_(None))
        .scalar_subquery()
    )
    wanted = (
        select(Agent.id, Agent.name, Agent.availability, Agent.capacity, held.label("holds"))
        .add_columns(Identity.channel, Identity.workspace, Identity.user)
        .join(Identity, Identity.agent_id == Agent.id)
        .where(Agent.removed_at.is_(None))
        .order_by(Agent.availability, Agent.name, Agent.id, Identity.id)
        .limit(CHOICES)
    )
    found: dict[int, Choice] = {}
    for row in await work.session.execute(wanted):
        who = Who(row.channel, row.workspace, row.user, row.name)
        choice = Choice(
            agent_id=row.id,
            name=row.name,
            availability=row.availability,
            who=who,
            holds=row.holds,
            capacity=row.capacity,
        )
        found.setdefault(row.id, choice)
    return list(found.values())
