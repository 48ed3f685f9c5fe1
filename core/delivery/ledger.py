"""The ledger: what was to be sent, how it went, and sending again what died."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Address, Who
from core.errors import Conflict, NotFound
from core.events import DeliveryRevived
from core.model import Delivery, Progress
from core.people.actors import acting
from core.work import Work

SHOWN = 20
OVERDUE = timedelta(minutes=5)


class UnknownDelivery(NotFound):
    """There is no such delivery."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no delivery {number}. /delivery list shows those that failed.")


class NotDead(Conflict):
    """Only what died is sent again."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(f"Delivery {delivery.id} is {delivery.progress.value}, not dead.")


async def unsent(session: AsyncSession, now: datetime) -> Sequence[Delivery]:
    """What is dead, failed before, or waits for a channel that nobody serves; the newest first."""
    troubled = (
        select(Delivery)
        .where(
            (Delivery.progress == Progress.DEAD)
            | (
                (Delivery.progress == Progress.WAITING)
                & ((Delivery.attempts > 0) | (Delivery.due_at < now - OVERDUE))
            )
        )
        .order_by(Delivery.id.desc())
        .limit(SHOWN)
    )
    return (await session.scalars(troubled)).all()


async def resend(work: Work, by: Who, number: int) -> Delivery:
    """Try a dead delivery once more. Raises `UnknownDelivery`, `NotDead`."""
    await acting(work, by)
    if not 0 < number < 2**31:
        raise UnknownDelivery(number)
    dead = await work.session.get(Delivery, number, with_for_update=True)
    if dead is None:
        raise UnknownDelivery(number)
    if dead.progress is not Progress.DEAD:
        raise NotDead(dead)
    dead.progress = Progress.WAITING
    dead.created_at = dead.due_at = work.now
    dead.settled_at = None
    work.emit(DeliveryRevived(delivery_id=dead.id))
    return dead


async def said_at(
    session: AsyncSession,
    address: Address,
    *,
    last: int | None = None,
    since: datetime | None = None,
) -> Sequence[Delivery]:
    """What was sent or is to be sent to a conversation, oldest first; only the last, or what was owed
    after ``since``, if asked."""
    sent = (
        select(Delivery)
        .where(
            Delivery.channel == address.channel,
            Delivery.workspace == address.workspace,
            Delivery.conversation == address.conversation,
            true() if since is None else Delivery.created_at > since,
        )
        .order_by(Delivery.id.desc())
        .limit(last)
    )
    return (await session.scalars(sent)).all()[::-1]
