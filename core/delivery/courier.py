"""The courier: leases what is due, sends it outside any transaction, and settles the row.

At least once: a delivery is leased with a fencing token, in the order of its conversation, tried
with growing pauses until a time limit, and then kept as dead for staff to see and send again.
"""

import asyncio
import contextlib
import logging
import random
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core import cards
from core.channels import Channel, OutgoingMessage, TryLater, Uncertain, Undeliverable
from core.events import DeliveryDied
from core.model import Delivery, Progress
from core.storage import constant
from core.storage.text import clean
from core.work import Work

log = logging.getLogger(__name__)

BATCH = 50
LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
POLL = timedelta(seconds=1)

WorkFactory = Callable[[], AbstractAsyncContextManager[Work]]


@dataclass(frozen=True)
class Leased:
    """A delivery that this courier holds, with the posts it refers to by their external ids."""

    id: int
    channel: str
    message: OutgoingMessage
    lease: str
    attempts: int
    created_at: datetime
    uncertain: bool


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """How an attempt ended: sent (with the post's id), dead, or to be tried again after a pause."""

    external_id: str | None = None
    error: str | None = None
    again_after: timedelta | None = None
    uncertain: bool = False


class Courier:
    """Carries deliveries to the channels of this process. Any number may run at once."""

    def __init__(
        self,
        work: WorkFactory,
        looking: WorkFactory,
        channels: Mapping[str, Channel],
        give_up: timedelta,
    ) -> None:
        self._work = work
        self._looking = looking
        self._channels = dict(channels)
        self._give_up = give_up
        self._wake = asyncio.Event()

    @property
    def serves(self) -> Collection[str]:
        """The channels that this process can send on."""
        return self._channels.keys()

    def add(self, name: str, channel: Channel) -> None:
        """Serve one more channel."""
        self._channels[name] = channel
        self.wake()

    def wake(self) -> None:
        """Something may be due."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver what is due, for ever; woken by `wake`, and by the clock."""
        while True:
            self._wake.clear()
            try:
                await self.deliver_due()
            except Exception:
                log.exception("the courier stumbled; it goes on")
                await asyncio.sleep(POLL.total_seconds())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL.total_seconds())

    async def deliver_due(self) -> int:
        """Deliver until nothing is due; how many were sent."""
        sent = 0
        while True:
            leased = await self._lease()
            if not leased:
                return sent
            ends = await asyncio.gather(*(self._attempt(each) for each in leased))
            await self._settle(list(zip(leased, ends, strict=True)))
            sent += sum(end.external_id is not None for end in ends)

    async def _lease(self) -> Sequence[Leased]:
        """Take what is due, at most one of each conversation, so that order is kept."""
        if not self._channels or not await self._anything_due():
            return []
        async with self._work() as work:
            due = _due(work.now, list(self._channels))
            unheld = due.with_for_update(skip_locked=True, of=Delivery)
            rows = (await work.session.scalars(unheld)).all()
            lease = secrets.token_hex(16)
            leased = [await _as_leased(work.session, row, lease) for row in rows]
            for row in rows:
                row.lease = lease
                row.leased_until = work.now + LEASE
                row.attempts += 1
                row.uncertain = True  # until the attempt's end is known
            return leased

    async def _anything_due(self) -> bool:
        """A look without a writer's lock, since mostly there is nothing."""
        async with self._looking() as work:
            due = _due(work.now, list(self._channels), at_most=1)
            return (await work.session.scalars(due)).first() is not None

    async def _attempt(self, leased: Leased) -> Settlement:
        channel = self._channels[leased.channel]
        try:
            async with asyncio.timeout(LEASE.total_seconds() / 2):
                if leased.uncertain:
                    found = await channel.find_sent(leased.message)
                    if found is not None:
                        return Settlement(external_id=found)
                return Settlement(external_id=await channel.send(leased.message))
        except Undeliverable as error:
            return Settlement(error=clean(str(error)), uncertain=leased.uncertain)
        except TryLater as error:
            pause = error.after or _pause(leased.attempts)
            # Looking for an earlier attempt may be what was put off: that one is as unknown as before.
            return Settlement(
                error=clean(str(error)), again_after=pause, uncertain=leased.uncertain
            )
        except (Uncertain, TimeoutError) as error:
            return Settlement(
                error=clean(str(error)) or "no answer in time",
                again_after=_pause(leased.attempts),
                uncertain=True,
            )
        except Exception as error:
            log.exception("delivery %s failed in a way nobody foresaw", leased.id)
            return Settlement(
                error=clean(f"{type(error).__name__}: {error}"),
                again_after=_pause(leased.attempts),
                uncertain=True,
            )

    async def _settle(self, ends: Sequence[tuple[Leased, Settlement]]) -> None:
        async with self._work() as work:
            work.actor = "courier"
            for leased, end in ends:
                await self._settle_one(work, leased, end)

    async def _settle_one(self, work: Work, leased: Leased, end: Settlement) -> None:
        values: dict[str, object] = {
            "lease": None,
            "leased_until": None,
            "error": end.error,
            "uncertain": end.uncertain,
        }
        dies = end.external_id is None and (
            end.again_after is None or work.now - leased.created_at > self._give_up
        )
        if end.external_id is not None:
            values |= {"progress": Progress.SENT, "external_id": end.external_id}
        if dies:
            values |= {"progress": Progress.DEAD}
        if end.external_id is not None or dies:
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
    """What may be sent now: of each conversation only the first that waits, so order is kept.

    The firsts are found by one pass over an index of what waits, once (hence materialized): to ask
    of each row whether an earlier one waits is quadratic where the planner has no statistics.
    """
    firsts = (
        select(func.min(Delivery.id).label("id"))
        .where(constant.equals(Delivery.progress, Progress.WAITING))
        .group_by(Delivery.channel, Delivery.workspace, Delivery.conversation)
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


async def _as_leased(session: AsyncSession, row: Delivery, lease: str) -> Leased:
    return Leased(
        id=row.id,
        channel=row.channel,
        lease=lease,
        attempts=row.attempts,
        created_at=row.created_at,
        uncertain=row.uncertain,
        message=OutgoingMessage(
            key=row.key,
            address=row.address,
            card=cards.from_json(row.card),
            under=await _post_of(session, row, row.under_key),
            replaces=await _post_of(session, row, row.replaces_key),
        ),
    )


async def _post_of(session: AsyncSession, row: Delivery, key: str | None) -> str | None:
    """The external id of an earlier delivery here, or of what replaced it if it never arrived."""
    if key is None:
        return None
    posted = (
        select(Delivery.external_id)
        .where(
            or_(Delivery.key == key, Delivery.replaces_key == key),
            Delivery.external_id.is_not(None),
            Delivery.channel == row.channel,
            Delivery.workspace == row.workspace,
            Delivery.conversation == row.conversation,
        )
        .order_by(Delivery.id)
        .limit(1)
    )
    return (await session.scalars(posted)).first()


def _pause(attempts: int) -> timedelta:
    """Doubling from a second to five minutes, spread by a fifth so that retries do not march."""
    longest: timedelta = min(FIRST_PAUSE * 2 ** min(attempts, 16), LONGEST_PAUSE)
    return longest * random.uniform(0.8, 1.2)  # noqa: S311


async def oldest_due(session: AsyncSession, channels: Collection[str]) -> datetime | None:
    """Since when the oldest waiting delivery on these channels should have been sent."""
    due = select(func.min(Delivery.due_at)).where(
        constant.equals(Delivery.progress, Progress.WAITING),
        Delivery.channel.in_(sorted(channels)),
    )
    return await session.scalar(due)
