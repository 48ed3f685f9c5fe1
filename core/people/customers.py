"""Customers: met the first time they write."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.model import Customer, Identity
from core.storage.text import clean
from core.work import Work


async def identity_of(session: AsyncSession, who: Who) -> Identity | None:
    """The known identity of somebody on a channel."""
    known = select(Identity).where(
        Identity.channel == who.channel,
        Identity.workspace == who.workspace,
        Identity.user == who.user,
    )
    return (await session.scalars(known)).one_or_none()


async def meet(work: Work, who: Who) -> Customer:
    """The customer behind an identity, made on first sight.

    Two first messages at once race to the unique identity; the door starts the loser over.
    """
    identity = await identity_of(work.session, who)
    if identity is None:
        identity = Identity(channel=who.channel, workspace=who.workspace, user=who.user, name="")
        work.session.add(identity)
    name = clean(who.name)[:120]
    if name and identity.name != name:
        identity.name = name
    if identity.customer_id is None:
        customer = Customer(name=(name or who.user)[:120], created_at=work.now)
        work.session.add(customer)
        await work.session.flush()
        identity.customer_id = customer.id
        await work.session.flush()
        return customer
    return await work.session.get_one(Customer, identity.customer_id)
