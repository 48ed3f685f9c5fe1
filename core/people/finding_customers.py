"""Finding customers: by how they are reached, by who they are on a channel, or one after another."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.channels import Who
from core.model import Customer, Identity
from core.people.actors import staff
from core.storage.text import clean
from core.work import Work

AT_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What is known of whoever is looked for; empty where it is not. ``email`` is compared without
    regard to case, ``phone`` as it was written down; ``identity`` is channel, workspace and user."""

    email: str = ""
    phone: str = ""
    identity: Who | None = None


async def customers(
    work: Work, by: Who, sought: Sought, *, after: int = 0, at_most: int = 50
) -> Sequence[Customer]:
    """The customers who fit, by number, after the one of that number; for staff."""
    await staff(work.session, by)
    found = select(Customer).where(Customer.id > after).order_by(Customer.id)
    if sought.email:
        found = found.where(Customer.email == clean(sought.email).strip().lower())
    if sought.phone:
        found = found.where(Customer.phone == clean(sought.phone).strip())
    if sought.identity is not None:
        who = sought.identity
        known = select(Identity.customer_id).where(
            Identity.channel == who.channel,
            Identity.workspace == who.workspace,
            Identity.user == who.user,
        )
        found = found.where(Customer.id.in_(known))
    return (await work.session.scalars(found.limit(min(at_most, AT_MOST)))).all()
