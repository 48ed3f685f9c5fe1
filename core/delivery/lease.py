"""The rows of deliveries as a courier holds them: leased with a fencing token, and settled."""

import logging
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import OutgoingDeletion, OutgoingMessage, OutgoingReaction, Posted
from core.delivery import composing, marks
from core.events import DeliveryDied
from core.model import Delivery, Progress
from core.storage import constant
from core.work import Work

log = logging.getLogger(__name__)

BATCH = 50
LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Leased:
    """A delivery that this courier holds.

    ``does`` is what there is to do, None where the post that it is about was never there. A
    deletion on a channel that cannot delete is done by ``instead``. ``tracks`` is the key of the
    delivery whose end is shown on it.
    """

    id: int
    key: str
    channel: str
    does: OutgoingMessage | OutgoingDeletion | OutgoingReaction | None
    instead: OutgoingMessage | None
    lease: str
    attempts: int
    created_at: datetime
    uncertain: bool
    tracks: str | None


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """How an attempt ended: done (with what was posted, if anything), dead, or to be tried again
    after a pause."""

    done: bool = False
    posted: Posted | None = None
    error: str | None = None
    again_after: timedelta | None = None
    uncertain: bool = False


async def anything_due(work: Work, channels: Sequence[str]) -> bool:
    """A look without a lock, since mostly there is nothing."""
    due = _due(work.now, channels, at_most=1)
    return (await work.session.scalars(due)).first() is not None


async def take(work: Work, channels: Sequence[str], *, at_most: int = BATCH) -> Sequence[Leased]:
    """Lease what is due, at most one of each conversation, so that order is kept."""
    due = _due(work.now, channels, at_most=at_most)
    unheld = due.with_for_update(skip_locked=True, of=Delivery)
    rows = (await work.session.scalars(unheld)).all()
    early = await marks.to_be_known_soon(work, rows)
    lease = secrets.token_hex(16)
    leased = [await _as_leased(work, row, lease) for row in rows if row.id not in early]
    for row in rows:
        if row.id not in early:
            row.lease = lease
            row.leased_until = work.now + LEASE
            row.attempts += 1
            row.uncertain = True  # until the attempt's end is known
    return leased


async def settle(work: Work, ended: Sequence[tuple[Leased, Settlement]]) -> None:
    """Write down how attempts ended; whoever's lease ran out meanwhile settles nothing."""
    work.actor = "courier"
    for leased, end in ended:
        await _settle_one(work, leased, end)
    await marks.catch_up(work, {leased.tracks or leased.key for leased, _ in ended})


async def _settle_one(work: Work, leased: Leased, end: Settlement) -> None:
    values: dict[str, object] = {
        "lease": None,
        "leased_until": None,
        "error": end.error,
        "uncertain": end.uncertain,
    }
    dies = not end.done and (
        end.again_after is None or work.now - leased.created_at > work.house.policy.give_up
    )
    if end.done:
        values |= {"progress": Progress.SENT}
    if end.posted is not None:
        values |= {"external_id": end.posted.external_id, "rest": list(end.posted.rest)}
    if dies:
        values |= {"progress": Progress.DEAD}
    if end.done or dies:
        values |= {"settled_at": work.now}
    elif end.again_after is not None:
        values |= {"due_at": work.now + end.again_after}
    fenced = (
        update(Delivery)
        .where(Delivery.id == leased.id, Delivery.lease == leased.lease)
        .values(**values)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    still_ours = (await work.session.execute(fenced)).one_or_none()
    if still_ours is not None and dies:
        log.warning("delivery %s is dead: %s", leased.id, end.error)
        work.emit(DeliveryDied(delivery_id=leased.id, error=end.error or ""))


def _due(now: datetime, channels: Sequence[str], *, at_most: int = BATCH) -> Select[Delivery]:
    """What may be sent now: of each conversation only the first that waits, so order is kept;
    beneath ticket cards, of each ticket.

    The firsts are found by one pass over an index of what waits, once (hence materialized): to ask
    of each row whether an earlier one waits is quadratic where the planner has no statistics.
    """
    firsts = (
        select(func.min(Delivery.id).label("id"))
        .where(constant.equals(Delivery.progress, Progress.WAITING))
        .group_by(Delivery.channel, Delivery.workspace, Delivery.conversation, Delivery.lane)
        .cte("firsts")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(Delivery)
        .join(firsts, firsts.c.id == Delivery.id)
        .where(
            constant.equals(Delivery.progress, Progress.WAITING),
            Delivery.due_at <= now,
            or_(Delivery.leased_until.is_(None), Delivery.leased_until < now),
            Delivery.channel.in_(channels),
        )
        .order_by(Delivery.id)
        .limit(at_most)
    )


async def _as_leased(work: Work, row: Delivery, lease: str) -> Leased:
    does, instead = await composing.compose(work, row)
    return Leased(
        id=row.id,
        key=row.key,
        channel=row.channel,
        does=does,
        instead=instead,
        lease=lease,
        attempts=row.attempts,
        created_at=row.created_at,
        uncertain=row.uncertain,
        tracks=row.tracks_key,
    )


async def oldest_due(session: AsyncSession, channels: Collection[str]) -> datetime | None:
    """Since when the oldest waiting delivery on these channels should have been sent."""
    due = select(func.min(Delivery.due_at)).where(
        constant.equals(Delivery.progress, Progress.WAITING),
        Delivery.channel.in_(sorted(channels)),
    )
    return await session.scalar(due)
