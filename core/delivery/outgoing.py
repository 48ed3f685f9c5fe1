"""Owing a card: the row that the courier will carry out, written with what caused it."""

from datetime import datetime

from sqlalchemy import select

from core import cards
from core.cards import Card
from core.channels import Address
from core.model import Delivery, Identity
from core.storage.upsert import insert_or_leave
from core.work import Work


def owe(  # noqa: PLR0913 - a delivery is as much as this
    work: Work,
    key: str,
    to: Address,
    card: Card,
    *,
    ticket_id: int | None = None,
    under: str | None = None,
    replaces: str | None = None,
) -> None:
    """Say that ``card`` is to be sent to ``to``; the same key is owed once.

    ``under`` and ``replaces`` are keys of other deliveries: of the post to answer beneath, and of
    the one to edit in place.
    """
    work.owed.setdefault(
        key,
        {
            "key": key,
            "ticket_id": ticket_id,
            "channel": to.channel,
            "workspace": to.workspace,
            "conversation": to.conversation,
            "card": cards.to_json(card),
            "under_key": under,
            "replaces_key": replaces,
            "created_at": work.now,
            "due_at": work.now,
        },
    )


async def write_owed(work: Work) -> None:
    """Write what this use case owes, but for what was owed before: one statement for all."""
    if work.owed:
        into_ledger = insert_or_leave(work.session, Delivery, unique=["key"])
        await work.session.execute(into_ledger, list(work.owed.values()))


async def direct_address(work: Work, agent_id: int) -> Address | None:
    """Where an agent is reached alone: on the channel they joined last."""
    known = (
        select(Identity).where(Identity.agent_id == agent_id).order_by(Identity.id.desc()).limit(1)
    )
    identity = (await work.session.scalars(known)).one_or_none()
    return identity.direct if identity else None


def clock(moment: datetime) -> str:
    """A moment as staff read it."""
    return moment.strftime("%d %b %H:%M UTC")
