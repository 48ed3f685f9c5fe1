"""Owing a card: the row that the courier will carry out, written with what caused it."""

from datetime import datetime

from sqlalchemy import select

from core import cards
from core.cards import Card
from core.channels import Address
from core.model import Agent, Delivery, Identity
from core.work import Work


def owe(  # noqa: PLR0913 - a delivery is as much as this
    work: Work,
    key: str,
    to: Address,
    card: Card,
    *,
    ticket_id: int | None = None,
    under: Delivery | None = None,
    replaces: Delivery | None = None,
) -> None:
    """Say that ``card`` is to be sent to ``to``; the same key is owed once."""
    if key not in work.owed:
        work.owed[key] = Delivery(
            key=key,
            ticket_id=ticket_id,
            channel=to.channel,
            workspace=to.workspace,
            conversation=to.conversation,
            card=cards.to_json(card),
            under=under,
            replaces=replaces,
            created_at=work.now,
            due_at=work.now,
        )


async def write_owed(work: Work) -> None:
    """Write what this use case owes, but for what was owed before."""
    if not work.owed:
        return
    before = select(Delivery.key).where(Delivery.key.in_(list(work.owed)))
    known = set(await work.session.scalars(before))
    with work.session.no_autoflush:
        work.session.add_all([each for key, each in work.owed.items() if key not in known])
    await work.session.flush()


async def delivery_of(work: Work, key: str) -> Delivery | None:
    """The delivery with this key, if it is owed already."""
    if key in work.owed:
        return work.owed[key]
    return (await work.session.scalars(select(Delivery).where(Delivery.key == key))).one_or_none()


async def direct_address(work: Work, agent: Agent) -> Address | None:
    """Where an agent is reached alone: on the channel they joined last."""
    known = (
        select(Identity).where(Identity.agent_id == agent.id).order_by(Identity.id.desc()).limit(1)
    )
    identity = (await work.session.scalars(known)).one_or_none()
    return identity.direct if identity else None


def clock(moment: datetime) -> str:
    """A moment as staff read it."""
    return moment.strftime("%d %b %H:%M UTC")
