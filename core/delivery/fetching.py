"""The rows of files as a fetcher holds them: leased with a fencing token, then kept or refused."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import FileKept, FileRefused
from core.model import Attachment, Delivery, Holding
from core.storage import constant
from core.work import Work

AT_ONCE = 4  # files in memory
LEASE = timedelta(minutes=2)

GONE = "it could not be fetched."


@dataclass(frozen=True)
class Wanted:
    """A file that this fetcher is to fetch."""

    id: int
    message_id: int
    public_id: str
    channel: str
    source: str
    lease: str
    attempts: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """How it ended: kept (with its size and hash), refused for a reason, or to be tried again."""

    size: int | None = None
    sha256: str | None = None
    refused: str | None = None
    again_after: timedelta | None = None


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def too_large(limit: int) -> str:
    return f"it is larger than {limit // 1_000_000} MB."


async def anything_due(work: Work, channels: Collection[str]) -> bool:
    """A look without a lock, since mostly there is nothing."""
    due = _due(work.now, channels).with_only_columns(Attachment.id).limit(1)
    return (await work.session.scalars(due)).first() is not None


async def take(work: Work, channels: Collection[str]) -> Sequence[Wanted]:
    """Lease a few files that are due."""
    due = _due(work.now, channels).limit(AT_ONCE).with_for_update(skip_locked=True)
    rows = (await work.session.scalars(due)).all()
    lease = secrets.token_hex(16)
    for row in rows:
        row.lease = lease
        row.leased_until = work.now + LEASE
        row.attempts += 1
    return [
        Wanted(
            id=row.id,
            message_id=row.message_id,
            public_id=row.public_id,
            channel=row.channel,
            source=row.source,
            lease=lease,
            attempts=row.attempts,
            created_at=row.created_at,
        )
        for row in rows
    ]


async def settle(work: Work, wanted: Wanted, end: Fetched) -> None:
    """Write down how it ended; whoever's lease ran out meanwhile settles nothing."""
    work.actor = "fetcher"
    await _hold_words(work.session, wanted.message_id)
    given_up = work.now - wanted.created_at > work.house.policy.give_up
    values: dict[str, object] = {"lease": None, "leased_until": None}
    refused = end.refused or (GONE if end.again_after is not None and given_up else None)
    if refused is not None:
        values |= {"holding": Holding.REFUSED, "reason": refused, "settled_at": work.now}
    elif end.again_after is not None:
        values |= {"due_at": work.now + end.again_after}
    else:
        values |= {"holding": Holding.KEPT, "size": end.size, "sha256": end.sha256}
        values |= {"settled_at": work.now}
    fenced = (
        update(Attachment)
        .where(Attachment.id == wanted.id, Attachment.lease == wanted.lease)
        .values(**values)
        .returning(Attachment.id)
        .execution_options(synchronize_session=False)
    )
    if (await work.session.execute(fenced)).one_or_none() is None:
        return
    if refused is not None:
        about = FileRefused(attachment_id=wanted.id, message_id=wanted.message_id, reason=refused)
        work.emit(about)
    elif end.again_after is None:
        work.emit(FileKept(attachment_id=wanted.id, message_id=wanted.message_id))


async def _hold_words(session: AsyncSession, message_id: int) -> None:
    """Lock what carries the message, so that nobody composes it while its files change."""
    carrying = select(Delivery.id).where(Delivery.message_id == message_id).with_for_update()
    await session.execute(carrying)


def _due(now: datetime, channels: Collection[str]) -> Select[Attachment]:
    return (
        select(Attachment)
        .where(
            constant.equals(Attachment.holding, Holding.AWAITED),
            Attachment.due_at <= now,
            or_(Attachment.leased_until.is_(None), Attachment.leased_until < now),
            Attachment.channel.in_(sorted(channels)),
        )
        .order_by(Attachment.due_at, Attachment.id)
    )
