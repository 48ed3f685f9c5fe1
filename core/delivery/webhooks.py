"""Webhooks: programs elsewhere that are told what happens here, as Standard Webhooks.

A webhook is a channel like others. What it is told is read from history (`core.delivery.telling`),
so that no use case pays for it; the courier carries it, in order, again and again, and keeps what
died for *send again*.
"""

import base64
import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from core import events
from core.channels import Address, Who
from core.delivery import ledger, outward
from core.delivery.outgoing import owe
from core.delivery.told import body, told
from core.errors import Conflict, Invalid, NotFound
from core.events import Event, WebhookChanged
from core.model import Delivery, History, Progress, Role, Webhook
from core.people.actors import acting, staff
from core.work import Work

NAME = "webhook"
SECRET = "whsec_"  # noqa: S105 - how the secrets of Standard Webhooks begin
SECRET_BYTES = 32
AT_MOST = 50
PAGE = 50
NEVER = timedelta(days=3650)
TEST = "WebhookTested"


class UnknownWebhook(NotFound):
    """There is no such webhook, or none any more."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no webhook {number}. /webhook list shows them.")


class NotPaused(Conflict):
    """It is told already."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Webhook {number} is not paused.")


class Paused(Conflict):
    """Nothing is told while it is paused."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Webhook {number} is paused. /webhook resume {number} goes on.")


@dataclass(frozen=True)
class Receiver:
    """Where a delivery is sent, and the secret that it is signed with."""

    to: outward.Destination
    secret: str


@dataclass(frozen=True)
class Standing:
    """A webhook, and how many deliveries wait and are dead."""

    webhook: Webhook
    waiting: int
    dead: int


def names() -> Sequence[str]:
    """The names of all events."""
    return sorted(
        name
        for name, kind in vars(events).items()
        if isinstance(kind, type) and issubclass(kind, Event) and not kind.__subclasses__()
    )


async def add(work: Work, by: Who, url: str, wanted: Collection[str]) -> tuple[Webhook, str]:
    """A new webhook and its secret, which is shown once; for admins. It is told what happens from
    now on. Raises `NotOutward`, and `Invalid` for an event that there is not."""
    actor = await acting(work, by, at_least=Role.ADMIN)
    to = outward.destination(url.strip(), work.house.webhook_hosts)
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        raise Invalid(f"There is no event {unknown[0][:60]}. One is TicketOpened.")
    if len(await _all(work)) >= AT_MOST:
        raise Conflict(f"There are {AT_MOST} webhooks already. /webhook remove one first.")
    secret = SECRET + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    made = Webhook(
        url=to.url,
        events=sorted(set(wanted)),
        secret=work.house.seal.seal(secret),
        agent_id=actor.agent.id if actor.agent else None,
        position=await work.session.scalar(select(func.max(History.id))) or 0,
        created_at=work.now,
    )
    work.session.add(made)
    await work.session.flush()
    work.emit(WebhookChanged(webhook_id=made.id, change="added"))
    return made, secret


async def webhooks(work: Work, by: Who) -> Sequence[Standing]:
    """Every webhook, for admins."""
    await staff(work.session, by, at_least=Role.ADMIN)
    counted = (
        select(Delivery.conversation, Delivery.progress, func.count())
        .where(Delivery.channel == NAME, Delivery.progress.in_([Progress.WAITING, Progress.DEAD]))
        .group_by(Delivery.conversation, Delivery.progress)
    )
    counts = {(row[0], row[1]): row[2] for row in await work.session.execute(counted)}
    return [
        Standing(
            each,
            counts.get((str(each.id), Progress.WAITING), 0),
            counts.get((str(each.id), Progress.DEAD), 0),
        )
        for each in await _all(work)
    ]


async def deliveries(
    work: Work, by: Who, number: int, *, before: int | None = None
) -> Sequence[Delivery]:
    """What a webhook was or is to be told, the newest first; for admins. Raises `UnknownWebhook`."""
    await staff(work.session, by, at_least=Role.ADMIN)
    found = await _found(work, number)
    rows = select(Delivery).where(*_of(found)).order_by(Delivery.id.desc()).limit(PAGE)
    if before is not None:
        rows = rows.where(Delivery.id < before)
    return (await work.session.scalars(rows)).all()


async def pause(work: Work, by: Who, number: int) -> Webhook:
    """Tell it nothing for now; nothing is lost. For admins. Raises `UnknownWebhook`, `Paused`."""
    await acting(work, by, at_least=Role.ADMIN)
    found = await _found(work, number)
    if found.paused_at is not None:
        raise Paused(number)
    await put_off(work, found, "by hand")
    work.emit(WebhookChanged(webhook_id=found.id, change="paused"))
    return found


async def resume(work: Work, by: Who, number: int) -> Webhook:
    """Go on where it was paused. For admins. Raises `UnknownWebhook`, `NotPaused`."""
    await acting(work, by, at_least=Role.ADMIN)
    found = await _found(work, number)
    if found.paused_at is None:
        raise NotPaused(number)
    found.paused_at, found.paused_why = None, ""
    waiting = update(Delivery).where(*_of(found), Delivery.progress == Progress.WAITING)
    await work.session.execute(
        waiting.values(due_at=work.now, created_at=work.now).execution_options(
            synchronize_session=False
        )
    )
    work.emit(WebhookChanged(webhook_id=found.id, change="resumed"))
    return found


async def remove(work: Work, by: Who, number: int) -> Webhook:
    """Tell it nothing any more. For admins. Raises `UnknownWebhook`."""
    await acting(work, by, at_least=Role.ADMIN)
    found = await _found(work, number)
    found.removed_at = work.now
    found.secret = ""
    left = update(Delivery).where(*_of(found), Delivery.progress == Progress.WAITING)
    await work.session.execute(
        left.values(progress=Progress.WITHDRAWN, settled_at=work.now).execution_options(
            synchronize_session=False
        )
    )
    work.emit(WebhookChanged(webhook_id=found.id, change="removed"))
    return found


async def test(work: Work, by: Who, number: int) -> Webhook:
    """Tell it something of no meaning. For admins. Raises `UnknownWebhook`, `Paused`."""
    await acting(work, by, at_least=Role.ADMIN)
    found = await _found(work, number)
    if found.paused_at is not None:
        raise Paused(number)
    facts: dict[str, Any] = {"webhook_id": number}
    said = body(TEST, at=work.now, number=0, ticket=None, by=work.actor, facts=facts)
    owe(work, f"webhook:{number}:test:{uuid.uuid4().hex}", address_of(found), told(TEST, said))
    return found


async def resend(work: Work, by: Who, number: int, delivery: int) -> Delivery:
    """Tell it once more what it was not told. For admins.

    Raises `UnknownWebhook`, `UnknownDelivery`, `NotDead`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    found = await _found(work, number)
    its = select(Delivery.id).where(*_of(found), Delivery.id == delivery)
    if (await work.session.scalars(its)).one_or_none() is None:
        raise ledger.UnknownDelivery(delivery)
    return await ledger.resend(work, by, delivery)


async def receiver(work: Work, number: int) -> Receiver | None:
    """Where the deliveries of a webhook go, for the channel; None where it was removed.

    Raises `NotOutward` where the settings allow its host no more.
    """
    found = await work.session.get(Webhook, number)
    if found is None or found.removed_at is not None:
        return None
    to = outward.destination(found.url, work.house.webhook_hosts)
    return Receiver(to, work.house.seal.open(found.secret))


async def put_off(work: Work, webhook: Webhook, why: str) -> None:
    """Pause: what waits is due when it is resumed."""
    webhook.paused_at, webhook.paused_why = work.now, why[:200]
    waiting = update(Delivery).where(*_of(webhook), Delivery.progress == Progress.WAITING)
    await work.session.execute(
        waiting.values(due_at=work.now + NEVER).execution_options(synchronize_session=False)
    )


def address_of(webhook: Webhook) -> Address:
    """The conversation of a webhook: what it is told is told in order."""
    return Address(NAME, "", str(webhook.id))


def _of(webhook: Webhook) -> tuple[Any, ...]:
    return Delivery.channel == NAME, Delivery.conversation == str(webhook.id)


async def _all(work: Work) -> Sequence[Webhook]:
    there = select(Webhook).where(Webhook.removed_at.is_(None)).order_by(Webhook.id)
    return (await work.session.scalars(there)).all()


async def _found(work: Work, number: int) -> Webhook:
    found = await work.session.get(Webhook, number) if 0 < number < 2**31 else None
    if found is None or found.removed_at is not None:
        raise UnknownWebhook(number)
    return found
