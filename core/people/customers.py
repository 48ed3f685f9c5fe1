"""Customers: met the first time they write."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from core.channels import Who
from core.model import Customer, Identity
from core.storage.text import clean
from core.work import Work

LONGEST_PICTURE = 500  # characters of its address


async def identity_of(session: AsyncSession, who: Who) -> Identity | None:
    """The known identity of somebody on a channel, with the customer and the agent behind it."""
    values = {"channel": who.channel, "workspace": who.workspace, "user": who.user}
    return (await session.scalars(_KNOWN, values)).one_or_none()


def see(identity: Identity, who: Who) -> None:
    """Remember somebody's picture, for those who read their words elsewhere."""
    picture = clean(who.picture)
    if picture.startswith("https://") and len(picture) <= LONGEST_PICTURE:
        identity.picture = picture


_KNOWN = (
    select(Identity)
    .where(
        Identity.channel == bindparam("channel"),
        Identity.workspace == bindparam("workspace"),
        Identity.user == bindparam("user"),
    )
    .options(joinedload(Identity.customer), joinedload(Identity.agent))
)


def meet(work: Work, who: Who, identity: Identity | None) -> Customer:
    """The customer behind an identity, made on first sight; written with the next flush.

    Two first messages at once race to the unique identity; the door starts the loser over.
    """
    name = clean(who.name)[:120]
    if identity is None:
        identity = Identity(
            channel=who.channel,
            workspace=who.workspace,
            user=who.user,
            name=name,
            picture="",
            wrong_codes=0,
            customer=None,
            agent=None,
        )
        work.session.add(identity)
    if name and identity.name != name:
        identity.name = name
    see(identity, who)
    if identity.customer is None:
        identity.customer = Customer(name=(name or who.user)[:120], created_at=work.now)
    return identity.customer
