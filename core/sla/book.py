"""The book of promises: every SLA policy and all business hours as values, read once an edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.model import (
    Customer,
    Hours,
    Priority,
    SlaEdition,
    SlaPolicy,
    TargetKind,
    Team,
    TeamHours,
    Ticket,
)
from core.sla.calendar import DAY_MINUTES, WEEK, Block, Calendar

DEFAULT = "default"
AROUND_THE_CLOCK = Calendar("UTC", ((Block(0, DAY_MINUTES),),) * WEEK)
WHOLE = 100  # per cent: the target is breached


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a policy looks at of a ticket."""

    priority: int
    kind: str
    channel: str
    team_id: int | None
    tags: frozenset[str]  # the customer's
    vip: bool


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A policy as values: whom it fits, and how much working time it allows."""

    id: int
    name: str
    priorities: frozenset[int]
    kinds: frozenset[str]
    channels: frozenset[str]
    teams: frozenset[int]
    customer_tags: frozenset[str]
    vip: bool
    allowed: Mapping[TargetKind, timedelta]
    hours_id: int | None
    pauses: frozenset[str]
    warnings: Mapping[int, Sequence[str]]  # share in per cent: to whom, in ascending order

    def misses(self, facts: Facts) -> Sequence[str]:
        """The conditions that a ticket does not meet; none: it fits."""
        held = {
            "priority": not self.priorities or facts.priority in self.priorities,
            "kind": not self.kinds or facts.kind in self.kinds,
            "channel": not self.channels or facts.channel in self.channels,
            "team": not self.teams or facts.team_id in self.teams,
            "tag": not self.customer_tags or bool(self.customer_tags & facts.tags),
            "vip": facts.vip or not self.vip,
        }
        return [name for name, holds in held.items() if not holds]


@dataclass(frozen=True, kw_only=True)
class Book:
    """Everything that is promised, as of one edition; edition 0 promises nothing."""

    edition: int = 0
    promises: Sequence[Promise] = ()
    calendars: Mapping[int, Calendar] = field(default_factory=dict)
    hours_names: Mapping[int, str] = field(default_factory=dict)
    team_names: Mapping[int, str] = field(default_factory=dict)
    of_teams: Mapping[int, int] = field(default_factory=dict)
    default_hours: int | None = None

    def promise_for(self, facts: Facts) -> Promise | None:
        """The first policy that fits."""
        return next((each for each in self.promises if not each.misses(facts)), None)

    def hours_of(self, promise: Promise, team_id: int | None) -> int | None:
        """Whose hours count: the policy's, else the team's, else those called default."""
        return promise.hours_id or self.of_teams.get(team_id or 0) or self.default_hours

    def calendar(self, hours_id: int | None) -> Calendar:
        """The business hours of this number; around the clock where there are none (any more)."""
        return self.calendars.get(hours_id or self.default_hours or 0, AROUND_THE_CLOCK)


def facts_of(ticket: Ticket, customer: Customer) -> Facts:
    """What a policy looks at, of a ticket that may not have been written yet."""
    return Facts(
        priority=int(ticket.priority or Priority.NORMAL),
        kind=ticket.kind,
        channel=ticket.channel,
        team_id=ticket.team_id,
        tags=frozenset(customer.tags or ()),
        vip=bool(customer.is_vip),
    )


async def current(session: AsyncSession) -> Book:
    """The book as it is now: one look at its edition, and the rest only where that has changed."""
    if "book" not in session.info:  # once a transaction
        session.info["book"] = await _as_of_now(session)
    found: Book = session.info["book"]
    return found


def expect(session: AsyncSession, edition: int | None) -> None:
    """Spare the look: another statement of this transaction has asked for the `EDITION`, too."""
    session.info.setdefault("edition", edition)


async def _as_of_now(session: AsyncSession) -> Book:
    edition: int | None = (
        session.info["edition"] if "edition" in session.info else await session.scalar(EDITION)
    )
    if edition is None:
        return Book()
    key = session.get_bind()
    known = _BOOKS.get(key)
    if known is None or known.edition != edition:
        known = await read(session, edition)
        _BOOKS[key] = known
    return known


async def read(session: AsyncSession, edition: int) -> Book:
    """The book from its rows."""
    hours = (await session.scalars(select(Hours))).all()
    policies = select(SlaPolicy).order_by(SlaPolicy.position, SlaPolicy.id)
    teams = await session.execute(select(TeamHours.team_id, TeamHours.hours_id))
    named = await session.execute(select(Team.id, Team.name))
    return Book(
        edition=edition,
        promises=tuple(map(promise_of, await session.scalars(policies))),
        calendars={each.id: calendar_of(each) for each in hours},
        hours_names={each.id: each.name for each in hours},
        team_names={row.id: row.name for row in named},
        of_teams={row.team_id: row.hours_id for row in teams},
        default_hours=next((each.id for each in hours if each.name == DEFAULT), None),
    )


async def turn_page(session: AsyncSession) -> None:
    """Let every process see that the book has changed, once this is committed; what else happens in
    this transaction goes by the new one."""
    edition = await session.get(SlaEdition, 1, with_for_update=True)
    if edition is None:
        edition = SlaEdition(id=1, number=0)
        session.add(edition)
    edition.number += 1
    await session.flush()
    session.info["book"] = await read(session, edition.number)


def calendar_of(hours: Hours) -> Calendar:
    """Business hours as a calendar. Raises `ValueError` where they are none."""
    return Calendar(
        zone=hours.time_zone,
        week=tuple(tuple(Block(*each) for each in day) for day in hours.week),
        country=hours.country or "",
        subdivision=hours.subdivision or "",
        days_off={date.fromisoformat(day): why for day, why in (hours.days_off or {}).items()},
    )


def promise_of(policy: SlaPolicy) -> Promise:
    """A policy as values."""
    allowed = {
        TargetKind.FIRST_RESPONSE: policy.first_response,
        TargetKind.NEXT_RESPONSE: policy.next_response,
        TargetKind.RESOLUTION: policy.resolution,
    }
    shares = sorted((int(share), tuple(to)) for share, to in policy.warnings.items())
    return Promise(
        id=policy.id,
        name=policy.name,
        priorities=frozenset(policy.priorities),
        kinds=frozenset(policy.kinds),
        channels=frozenset(policy.channels),
        teams=frozenset(policy.teams),
        customer_tags=frozenset(policy.customer_tags),
        vip=policy.vip,
        allowed={kind: time for kind, time in allowed.items() if time is not None},
        hours_id=policy.hours_id,
        pauses=frozenset(policy.pauses),
        warnings=dict(shares),
    )


EDITION = select(SlaEdition.number).where(SlaEdition.id == 1)
_BOOKS: WeakKeyDictionary[Any, Book] = WeakKeyDictionary()  # by engine
