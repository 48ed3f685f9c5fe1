"""What intake asks of the database about a new ticket: one statement, whoever writes, however many
rules there are; with the edition of the SLA book, which it needs next."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.enrichment.judged import Before, OrderMeant
from core.model import (
    LIVE,
    Agent,
    Identity,
    Order,
    OrderLine,
    Rule,
    Skill,
    Survey,
    Team,
    Ticket,
    TicketKind,
)
from core.sla import book
from core.storage import constant
from core.work import Work

COUNTED = 100  # of anything, at most
NAMED = 5  # orders that a text is searched for
_READ = 2_000
_NUMBER = re.compile(r"[A-Za-z0-9][\w-]{2,39}")
_CUSTOMER: ColumnElement[int] = bindparam("customer")


@dataclass(frozen=True)
class Standing:
    """A rule as it is read at an opening: its columns, the team it names if that is there, and
    whether there are the skill and the kind that it names."""

    rule: Mapping[str, Any]
    team: Team | None
    has_skill: bool
    has_kind: bool


@dataclass(frozen=True)
class Known:
    """What a customer had with us before, and the rules that are on, in their order."""

    before: Before
    rules: Sequence[Standing]


async def known(work: Work, customer_id: int | None, text: str) -> Known:
    """Ask for both. ``text`` may name an order of the customer's."""
    values = {"customer": customer_id or 0, "numbers": _numbers(text)}
    rows = (await work.session.execute(_KNOWN, values)).all()
    first = rows[0]
    book.expect(work.session, first.edition)
    order = (
        OrderMeant(number=first.number, cents=first.cents or 0, currency=first.currency or "")
        if first.number
        else None
    )
    before = Before(
        live=first.live,
        solved=first.solved,
        reopened=first.reopened,
        orders=first.orders,
        score=first.score,
        order=order,
    )
    return Known(before, [_standing(row) for row in rows if row.rule_id is not None])


async def standings(session: AsyncSession) -> Sequence[Standing]:
    """Every rule, on or off, in their order."""
    return [_standing(row) for row in await session.execute(_STANDING)]


def _standing(row: Any) -> Standing:
    rule = {column: getattr(row, f"rule_{column}") for column in RULE}
    return Standing(rule, row.Team, row.skilled is not None, row.kind is not None)


def _numbers(text: str) -> list[str]:
    """What may be the numbers of orders: words with a digit, as the shop writes them."""
    named = [each.upper() for each in _NUMBER.findall(text[:_READ]) if any(map(str.isdigit, each))]
    return list(dict.fromkeys(named))[:NAMED] or [""]


def _count(rows: Select[Any]) -> Any:
    return select(func.count()).select_from(rows.limit(COUNTED).subquery()).scalar_subquery()


def _theirs(*more: ColumnElement[bool]) -> Select[Any]:
    return select(Ticket.id).where(Ticket.customer_id == _CUSTOMER, *more)


_SPELLED = select(Identity.channel + ":" + Identity.workspace + ":" + Identity.user).where(
    Identity.customer_id == _CUSTOMER
)
_BOUGHT = or_(Order.customer_id == _CUSTOMER, Order.identity.in_(_SPELLED))
_MEANT = (
    select(Order.id)
    .where(Order.number.in_(bindparam("numbers", expanding=True)), _BOUGHT)
    .order_by(Order.placed_at.desc(), Order.id.desc())
    .limit(1)
)
_LINES = select(OrderLine).where(OrderLine.order_id == _MEANT.scalar_subquery())
_BEFORE = select(
    _count(_theirs(constant.among(Ticket.status, sorted(LIVE)))).label("live"),
    _count(_theirs(Ticket.resolutions > 0, Ticket.status.not_in(sorted(LIVE)))).label("solved"),
    _count(_theirs(Ticket.resolutions > 1)).label("reopened"),
    _count(select(Order.id).where(_BOUGHT)).label("orders"),
    select(Survey.score)
    .join(Ticket, Ticket.id == Survey.ticket_id)
    .where(Ticket.customer_id == _CUSTOMER, Survey.score.is_not(None))
    .order_by(Survey.answered_at.desc())
    .limit(1)
    .scalar_subquery()
    .label("score"),
    select(Order.number)
    .where(Order.id == _MEANT.scalar_subquery())
    .scalar_subquery()
    .label("number"),
    _LINES.with_only_columns(func.sum(OrderLine.cents * OrderLine.quantity))
    .scalar_subquery()
    .label("cents"),
    _LINES.with_only_columns(func.max(OrderLine.currency)).scalar_subquery().label("currency"),
).subquery("before")
_SKILLED = (
    select(Skill.agent_id)
    .join(Agent, Agent.id == Skill.agent_id)
    .where(Skill.name == Rule.skill, Agent.removed_at.is_(None))
    .limit(1)
    .correlate(Rule)
    .scalar_subquery()
)
RULE = (
    *("id", "name", "condition", "team", "category", "priority", "kind", "skill", "tier", "tags"),
    *("stops", "told_broken_at"),
)
_WHOLE = (
    *(getattr(Rule, each).label(f"rule_{each}") for each in RULE),
    Team,
    _SKILLED.label("skilled"),
    TicketKind.name.label("kind"),
)
_TEAM = and_(Team.name == Rule.team, Team.removed_at.is_(None))
_KIND = and_(TicketKind.name == Rule.kind, TicketKind.removed_at.is_(None))
_KNOWN = (
    select(_BEFORE, book.EDITION.scalar_subquery().label("edition"), *_WHOLE)
    .select_from(_BEFORE)
    .outerjoin(Rule, Rule.is_on.is_(True))
    .outerjoin(Team, _TEAM)
    .outerjoin(TicketKind, _KIND)
    .order_by(Rule.place, Rule.id)
)
_STANDING = (
    select(*_WHOLE)
    .select_from(Rule)
    .outerjoin(Team, _TEAM)
    .outerjoin(TicketKind, _KIND)
    .order_by(Rule.place, Rule.id)
)
