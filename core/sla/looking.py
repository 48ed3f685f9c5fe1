"""Questions about promises: what is in danger, what was not kept, how many were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from core.model import Priority, Target, TargetKind, Ticket

AT_MOST = 200


class By(StrEnum):
    """What figures are broken down by, beside the kind of target."""

    PRIORITY = "priority"
    POLICY = "policy"
    TEAM = "team"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How many promises of a kind were kept, of those that are decided; ``group`` is what they have
    in common, such as a priority's label or a policy's name."""

    kind: TargetKind
    group: str
    met: int
    breached: int

    @property
    def share(self) -> float | None:
        """The part that was kept, 0–1; None where nothing is decided."""
        decided = self.met + self.breached
        return self.met / decided if decided else None


async def at_risk(session: AsyncSession, now: datetime) -> Sequence[Target]:
    """The running targets that were warned of and are not due yet, the nearest first, with their
    tickets."""
    wanted = _running().where(Target.warned > 0, Target.breached_at.is_(None), Target.due_at > now)
    return (await session.scalars(wanted.order_by(Target.due_at, Target.id).limit(AT_MOST))).all()


async def breached(session: AsyncSession) -> Sequence[Target]:
    """The targets that were not kept and are still open, the oldest first, with their tickets."""
    wanted = _open().where(Target.breached_at.is_not(None))
    order = (Target.breached_at, Target.id)
    return (await session.scalars(wanted.order_by(*order).limit(AT_MOST))).all()


async def kept_waiting(session: AsyncSession) -> Sequence[Target]:
    """The targets that are paused although the customer waits for an answer, with their tickets."""
    wanted = _open().where(Target.paused_at.is_not(None), Target.kind != TargetKind.RESOLUTION)
    return (
        await session.scalars(wanted.order_by(Target.paused_at, Target.id).limit(AT_MOST))
    ).all()


async def of_ticket(session: AsyncSession, number: int) -> Sequence[Target]:
    """Every target that a ticket has had, in order."""
    theirs = select(Target).where(Target.ticket_id == number).order_by(Target.id)
    return (await session.scalars(theirs)).all()


async def attainment(
    session: AsyncSession, since: datetime, until: datetime, *, by: By = By.PRIORITY
) -> Sequence[Kept]:
    """How many of the targets that began in a span were met in time and how many were not.

    What is open and not breached yet, and what was dropped in time, decides nothing.
    """
    groups = {By.PRIORITY: Target.priority, By.POLICY: Target.policy, By.TEAM: Ticket.team_id}
    group = groups[by]
    is_breached = case((Target.breached_at.is_not(None), 1), else_=0)
    is_met = case((Target.breached_at.is_(None) & Target.met_at.is_not(None), 1), else_=0)
    counted = (
        select(Target.kind, group.label("group"), func.sum(is_met), func.sum(is_breached))
        .join(Ticket, Ticket.id == Target.ticket_id)
        .where(Target.started_at >= since, Target.started_at < until)
        .group_by(Target.kind, group)
    )
    rows = [
        Kept(
            kind=row[0],
            group=Priority(row[1]).label if by is By.PRIORITY else str(row[1] or ""),
            met=int(row[2]),
            breached=int(row[3]),
        )
        for row in await session.execute(counted)
    ]
    order = list(TargetKind)
    return sorted(rows, key=lambda each: (order.index(each.kind), each.group))


def _open() -> Select[Target]:
    return (
        select(Target)
        .where(Target.met_at.is_(None), Target.dropped_at.is_(None))
        .options(
            selectinload(Target.ticket).selectinload(Ticket.assignee),
            selectinload(Target.ticket).selectinload(Ticket.customer),
        )
    )


def _running() -> Select[Target]:
    return _open().where(Target.running_since.is_not(None))
