"""One customer on several channels: by a code that they carry over themselves, or by a lead."""

import hashlib
import re
import secrets
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update

from core.channels import Address, Who
from core.errors import Conflict, NotFound
from core.events import CustomersLinked, LinkCodeMade
from core.model import Customer, Identity, LinkCode, Role
from core.people.actors import acting, actor
from core.people.customers import identity_of, meet
from core.storage.base import Base
from core.storage.serial import serialise
from core.storage.text import clean
from core.work import Work

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # what cannot be mistaken for another letter
GROUPS, GROUP = 3, 4  # 30 ** 12: 58 bits, good for some minutes and a few guesses
GUESSES = 5
GUESSING = timedelta(hours=1)

_CODE = re.compile(r"\s*LINK-([0-9A-Z]{4})-([0-9A-Z]{4})-([0-9A-Z]{4})\s*", re.IGNORECASE)


class UnknownCustomer(NotFound):
    """Nobody has written to us as that."""

    def __init__(self, who: Who) -> None:
        super().__init__(
            f"{clean(who.name or who.user)[:60]} has not written to us yet. A person elsewhere is "
            "written channel:workspace:user."
        )


class SameCustomer(Conflict):
    """There is nothing to link."""

    def __init__(self) -> None:
        super().__init__("They are one customer already.")


class CodeUse(StrEnum):
    """What came of a code that a customer sent."""

    LINKED = "linked"
    ALREADY = "already"  # they are known here as the same person
    REFUSED = "refused"  # wrong, used or too old
    TOO_MANY = "too many"  # wrong ones were sent before


def as_code(text: str) -> str | None:
    """The code that a text is, if it is one and nothing else."""
    found = _CODE.fullmatch(text[:100])
    return f"LINK-{found[1]}-{found[2]}-{found[3]}".upper() if found else None


async def link_code(work: Work, by: Who) -> str:
    """A one-time code for somebody to send us on another channel: so they are known there, too."""
    customer = await _met(work, by)
    await work.session.flush()
    await work.session.execute(delete(LinkCode).where(LinkCode.expires_at < work.now))
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    code = "LINK-" + "-".join(groups)
    expires_at = work.now + work.house.policy.link_code
    kept = LinkCode(code_hash=_hash(code), customer_id=customer.id, expires_at=expires_at)
    work.session.add(kept)
    work.actor = (await actor(work.session, by)).label
    work.emit(LinkCodeMade(customer_id=customer.id))
    return code


async def use_code(work: Work, by: Who, code: str, *, at: Address | None = None) -> CodeUse:
    """Take a code that somebody sent: they and whoever asked for it are one customer from here on.

    It works once, whoever races. A wrong one is counted against whoever sent it, so this never
    raises: a refusal would not be counted.
    """
    customer = await _met(work, by)
    await work.session.flush()
    identity = await identity_of(work.session, by)
    if identity is None:
        raise RuntimeError(f"{by} was met, and is not known")
    if _guessed_too_often(work, identity):
        return CodeUse.TOO_MANY
    used = (
        update(LinkCode)
        .where(
            LinkCode.code_hash == _hash(as_code(code) or code),
            LinkCode.used_at.is_(None),
            LinkCode.expires_at > work.now,
            LinkCode.customer_id != customer.id,
        )
        .values(used_at=work.now)
        .returning(LinkCode.customer_id)
        .execution_options(synchronize_session=False)
    )
    row = (await work.session.execute(used)).one_or_none()
    if row is None:
        known = select(LinkCode.id).where(
            LinkCode.code_hash == _hash(as_code(code) or code), LinkCode.customer_id == customer.id
        )
        if (await work.session.scalars(known)).first() is not None:
            return CodeUse.ALREADY
        _count_guess(work, identity)
        return CodeUse.REFUSED
    identity.wrong_codes = 0
    work.actor = (await actor(work.session, by)).label
    await _merge(work, row.customer_id, customer.id, at=at)
    return CodeUse.LINKED


async def link(work: Work, by: Who, one: Who, other: Who) -> Customer:
    """A lead says that two customers are one person. Raises `UnknownCustomer`, `SameCustomer`."""
    await acting(work, by, at_least=Role.LEAD)
    found = []
    for who in (one, other):
        identity = await identity_of(work.session, who)
        if identity is None or identity.customer is None:
            raise UnknownCustomer(who)
        found.append(identity.customer.id)
    if found[0] == found[1]:
        raise SameCustomer
    return await _merge(work, *found, at=None)


async def _merge(work: Work, one: int, other: int, *, at: Address | None) -> Customer:
    """Everything that is the younger customer's becomes the elder's: all that refers to them does."""
    stays, goes = sorted((one, other))
    for number in (stays, goes):
        await serialise(work.session, f"customer:{number}")
    await work.session.flush()
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is Customer.__table__.c.id:
                moved = update(table).where(key.parent == goes).values({key.parent: stays})
                await work.session.execute(moved)
    await work.session.execute(delete(Customer).where(Customer.id == goes))
    where = str(at) if at else None
    work.emit(CustomersLinked(customer_id=stays, other_id=goes, at=where))
    return await work.session.get_one(Customer, stays)


async def _met(work: Work, who: Who) -> Customer:
    return meet(work, who, await identity_of(work.session, who))


def _guessed_too_often(work: Work, identity: Identity) -> bool:
    if identity.wrong_since is None or identity.wrong_since < work.now - GUESSING:
        identity.wrong_codes, identity.wrong_since = 0, None
    return identity.wrong_codes >= GUESSES


def _count_guess(work: Work, identity: Identity) -> None:
    identity.wrong_codes += 1
    identity.wrong_since = identity.wrong_since or work.now


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
