"""Telling webhooks: the sweep that reads history and writes what each of them is to be told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, cast, func, literal, select

from core.cards import Card
from core.delivery import told, webhooks
from core.delivery.outgoing import direct_address, owe
from core.events import DeliveryDied
from core.model import Agent, Delivery, History, Role, Webhook
from core.work import Work

AT_ONCE = 200
LATE = timedelta(seconds=30)  # by which a transaction that began before may still commit


async def tell(work: Work) -> int:
    """Write deliveries for what happened since; how many. Where there were any, there may be more.

    On PostgreSQL a transaction that took longer commits a lower number later: what is not ``LATE``
    is looked at again. A delivery is keyed by webhook and event, so that this does no harm, and
    neither do two sweeps at once, of which the second passes over what the first has.
    """
    work.actor = "sweep: webhooks"
    active = (
        select(Webhook)
        .where(Webhook.removed_at.is_(None), Webhook.paused_at.is_(None))
        .order_by(Webhook.id)
        .with_for_update(skip_locked=True)
    )
    return sum([await _tell_one(work, each) for each in await work.session.scalars(active)])


async def _tell_one(work: Work, webhook: Webhook) -> int:
    rows = await _untold(work, webhook)
    for row in rows:
        card = told.told(row.event, told.of(row))
        owe(work, f"webhook:{webhook.id}:{row.id}", webhooks.address_of(webhook), card)
    last = rows[-1].id if len(rows) == AT_ONCE else None
    settled = await _settled(work, webhook.position, last, work.now - LATE)
    webhook.position = max(webhook.position, settled)
    return len(rows)


async def _untold(work: Work, webhook: Webhook) -> Sequence[History]:
    """What happened after a webhook's position that it has no delivery for, oldest first."""
    key = literal(f"webhook:{webhook.id}:") + cast(History.id, String)
    wanted = (
        select(History)
        .outerjoin(Delivery, Delivery.key == key)
        .where(History.id > webhook.position, Delivery.id.is_(None))
        .order_by(History.id)
        .limit(AT_ONCE)
    )
    if webhook.events:
        wanted = wanted.where(History.event.in_(webhook.events))
    return (await work.session.scalars(wanted)).all()


async def _settled(work: Work, position: int, last: int | None, before: datetime) -> int:
    """The number up to which nothing can be missing any more."""
    old = select(func.max(History.id)).where(History.id > position, History.at < before)
    if last is not None:
        old = old.where(History.id <= last)
    return await work.session.scalar(old) or position


async def pause_after_death(work: Work, event: DeliveryDied) -> None:
    """A webhook that was not told something is paused, and admins are told each."""
    dead = await work.session.get_one(Delivery, event.delivery_id)
    number = int(dead.conversation) if dead.channel == webhooks.NAME else 0
    webhook = await work.session.get(Webhook, number) if number else None
    if webhook is None or webhook.removed_at is not None or webhook.paused_at is not None:
        return
    await webhooks.put_off(work, webhook, event.error)
    card = Card(
        title=f"Webhook {number} is paused",
        text=f"It did not take what it was told: {event.error or 'no answer'}. "
        f"Mend {webhook.url}, then /webhook resume {number}; what waited is told then, and "
        f"/webhook resend {number} {dead.id} tells what failed.",
    )
    there = Agent.removed_at.is_(None) & (Agent.role == Role.ADMIN)
    for agent_id in await work.session.scalars(select(Agent.id).where(there).order_by(Agent.id)):
        to = await direct_address(work, agent_id)
        if to is not None:
            owe(work, f"webhook-paused:{dead.id}:{dead.attempts}:{agent_id}", to, card)
