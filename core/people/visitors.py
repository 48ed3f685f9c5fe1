"""Visitors: customers on the public pages, who hold a secret instead of an account."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.channels import Address, Who
from core.errors import Forbidden, Invalid
from core.model import Customer, Identity, Visitor
from core.people import customers
from core.people.customers import identity_of
from core.people.keeping_customers import CHECKS, Unfit
from core.people.secret import hashed, new_secret
from core.speaking import Sentence
from core.storage.text import clean
from core.work import Work

WEB, SITE = "web", "site"
NAME_LENGTH, PAGE_LENGTH = 120, 300
NOTED_EACH = timedelta(minutes=10)
LONGEST_VOUCHER = timedelta(days=1)
_ACCOUNT = re.compile(r"[\w.@+-]{1,100}")


class NotVouched(Forbidden):
    """A site's word for who somebody is does not hold."""

    def __init__(self) -> None:
        super().__init__(Sentence("We could not check who you are. Reload the page and try again."))


class NoAddress(Invalid):
    """Nobody can be written to there."""

    def __init__(self, said: str) -> None:
        super().__init__(
            Sentence("“{said}” is no e-mail address. For example: ana@example.org", said=said[:60])
        )


@dataclass(frozen=True)
class Voucher:
    """A site's word for who its visitor is: its own id for them, until when it holds, and the HMAC
    of both under the secret that the site shares with the desk."""

    account: str
    until: int  # seconds since 1970
    signature: str

    def holds(self, secret: str, now: datetime) -> bool:
        """Whether the site said so, and not too long ago: HMAC-SHA256 of ``account.until``, in
        hexadecimal."""
        said = f"{self.account}.{self.until}".encode()
        made = hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()
        left = self.until - now.timestamp()
        in_time = 0 < left <= LONGEST_VOUCHER.total_seconds()
        signed = hmac.compare_digest(made.encode(), self.signature.encode("utf-8", "replace"))
        return bool(secret) and signed and in_time and bool(_ACCOUNT.fullmatch(self.account))


@dataclass(frozen=True)
class Guest:
    """A visitor at work: who they are to the desk, and where they talk with it."""

    number: int
    account: str
    name: str
    stale: bool  # not noted for a while

    @property
    def who(self) -> Who:
        return Who(WEB, SITE, self.account, self.name)

    @property
    def address(self) -> Address:
        return Address(WEB, SITE, self.account)


async def come(
    work: Work, *, name: str = "", page: str = "", voucher: Voucher | None = None
) -> tuple[Guest, str]:
    """A new visitor, and the secret by which they are known from now on. Raises `NotVouched`."""
    if voucher is not None and not voucher.holds(work.house.voucher_secret, work.now):
        raise NotVouched
    account = f"u-{voucher.account}" if voucher else ""
    visitor, secret = _known_by_secret(work, account, clean(name).strip()[:NAME_LENGTH], page)
    await work.session.flush()
    visitor.account = visitor.account or f"v{visitor.id}"
    return _guest(work, visitor), secret


def come_back(work: Work, by: Identity, page: str) -> str:
    """Another secret by which a visitor is known, beside those they have."""
    return _known_by_secret(work, by.user, by.name, page)[1]


def _known_by_secret(work: Work, account: str, name: str, page: str) -> tuple[Visitor, str]:
    secret = new_secret()
    visitor = Visitor(
        secret_hash=hashed(secret),
        account=account,
        name=name,
        page=clean(page)[:PAGE_LENGTH],
        created_at=work.now,
        seen_at=work.now,
    )
    work.session.add(visitor)
    return visitor, secret


async def guest(work: Work, secret: str) -> Guest | None:
    """The visitor behind a secret; None for one that is unknown."""
    found = await _visitor(work, secret)
    return _guest(work, found) if found is not None else None


async def seen(work: Work, secret: str) -> None:
    """Note that a visitor is there."""
    found = await _visitor(work, secret)
    if found is not None:
        found.seen_at = work.now


async def introduce(
    work: Work, by: Guest, *, name: str = "", email: str = "", language: str = ""
) -> Customer:
    """A visitor says who they are; what is known already stays. Raises `NoAddress`."""
    work.actor = f"customer {by.name} ({by.who})"[:160]
    customer = customers.meet(work, by.who, await identity_of(work.session, by.who))
    said = clean(name).strip()[:NAME_LENGTH]
    if said:
        customer.name = said
    if email and not customer.email:
        customer.email = as_address(email)
    if language and not customer.language:
        customer.language = language
    visitor = await work.session.get_one(Visitor, by.number)
    visitor.name = said or visitor.name
    await work.session.flush()
    return customer


def as_address(said: str) -> str:
    """What somebody typed as an e-mail address, in lower case. Raises `NoAddress`."""
    try:
        address = str(CHECKS["email"](said))
    except Unfit:
        raise NoAddress(said) from None
    if not address:
        raise NoAddress(said)
    return address


async def _visitor(work: Work, secret: str) -> Visitor | None:
    kept = select(Visitor).where(Visitor.secret_hash == hashed(secret))
    return (await work.session.scalars(kept)).one_or_none()


def _guest(work: Work, visitor: Visitor) -> Guest:
    return Guest(
        number=visitor.id,
        account=visitor.account,
        name=visitor.name,
        stale=work.now - visitor.seen_at > NOTED_EACH,
    )
