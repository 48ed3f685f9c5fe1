"""Proving that an order is one's own: by the address it was ordered with, and a code sent there.

Whoever asks learns nothing by it: for an order that is not there, one of somebody else, and a wrong
address, the same is said and the same is kept, and only the mail is not written.
"""

import hashlib
import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, or_, select

from core import catalogue
from core.channels import Address, Who
from core.delivery.outgoing import owe
from core.errors import Invalid
from core.events import OrderProofAsked, OrderProved
from core.model import (
    Customer,
    Delivery,
    Kind,
    Message,
    Order,
    OrderGrant,
    OrderProof,
    Ticket,
)
from core.people import customers
from core.people.actors import actor
from core.people.customers import identity_of
from core.speaking import Sentence
from core.storage.serial import serialise
from core.storage.text import clean
from core.tickets.orders import as_number
from core.tickets.returns import ticket_for
from core.work import Work

MAIL = "email"  # the channel by which codes go
DIGITS = 6
TRIES = 5  # of one code
ASKED = 5  # codes in an hour: for one customer, and for one order, whoever asks
ASKING = timedelta(hours=1)

_CODE = re.compile(r"\s*([0-9]{3})[\s-]?([0-9]{3})\s*")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,189}")


class BadAddress(Invalid):
    """What was written is no e-mail address."""

    def __init__(self, said: str, number: str) -> None:
        super().__init__(
            Sentence(
                "“{address}” is no e-mail address. For example: /orders prove {order} "
                "ana@example.com",
                address=clean(said)[:60],
                order=number,
            )
        )


class Asked(StrEnum):
    """What came of saying which address an order was placed with."""

    SENT = "sent"  # if it was that one
    PERSON = "person"  # the desk sends no mail: a person looks at it
    TOO_MANY = "too many"


class Proof(StrEnum):
    """What came of a code."""

    PROVED = "proved"
    REFUSED = "refused"  # wrong, used, too old, or there never was one
    TOO_MANY = "too many"  # wrong ones were typed before


@dataclass(frozen=True)
class Begun:
    """How it goes on, and for a person on which ticket."""

    how: Asked
    number: str
    ticket: Ticket | None = None


@dataclass(frozen=True)
class Ended:
    """What came of a code, and for which order it was typed."""

    end: Proof
    number: str


def as_code(text: str) -> str | None:
    """The six digits that a text is, if it is that and nothing else."""
    found = _CODE.fullmatch(text[:40])
    return f"{found[1]}{found[2]}" if found else None


async def begin(work: Work, by: Who, number: str, email: str, at: Address | None = None) -> Begun:
    """Somebody says which address an order was placed with. Raises `BadAddress`."""
    meant, address = as_number(number)[:40], clean(email).strip().lower()
    if not _EMAIL.fullmatch(address):
        raise BadAddress(email, meant)
    customer = await _met(work, by)
    for name in sorted({f"proofs:{customer.id}", f"proof:{meant}"}):
        await serialise(work.session, name)
    for whose in (OrderProof.customer_id == customer.id, OrderProof.number == meant):
        if await _asked_lately(work, whose) >= ASKED:
            return Begun(Asked.TOO_MANY, meant)
    if not work.house.sends_mail:
        ticket = await _to_a_person(work, customer, at or _own(by), meant, address)
        return Begun(Asked.PERSON, meant, ticket)
    fits = select(Order.id).where(Order.number == meant, Order.email == address)
    order_id = (await work.session.scalars(fits)).one_or_none()
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    life = work.house.policy.link_code
    proof = OrderProof(
        number=meant,
        order_id=order_id,
        customer_id=customer.id,
        code_hash=_hash(code),
        tries=0,
        created_at=work.now,
        expires_at=work.now + life,
    )
    work.session.add(proof)
    await work.session.flush()
    if order_id is not None:
        # Owed here and by no subscriber: an event is kept as history, and the code must not be.
        card = catalogue.code_mail(code, meant, life)
        owe(work, _key(proof.id), Address(MAIL, "", address), card)
    work.emit(OrderProofAsked(customer_id=customer.id, number=meant))
    return Begun(Asked.SENT, meant)


async def use_code(work: Work, by: Who, code: str, number: str = "") -> Ended | None:
    """Take a code that somebody typed, for their last proof, or for that of an order.

    None where they have none open and named no order. It never raises: what is rolled back is not
    counted, and wrong tries are.
    """
    asking = await actor(work.session, by)
    work.actor = asking.label
    customer = asking.identity.customer if asking.identity else None
    proof = None
    if customer is not None:
        await serialise(work.session, f"proofs:{customer.id}")
        proof = await _open_proof(work, customer, as_number(number))
    if customer is None or proof is None:
        return Ended(Proof.REFUSED, as_number(number)[:40]) if number else None
    if proof.tries >= TRIES:
        return Ended(Proof.TOO_MANY, proof.number)
    proof.tries += 1
    given = as_code(code) or ""
    if proof.order_id is None or not _is(given, proof.code_hash):
        return Ended(Proof.REFUSED, proof.number)
    proof.used_at = work.now
    work.session.add(
        OrderGrant(order_id=proof.order_id, customer_id=customer.id, granted_at=work.now)
    )
    await _forget_mails(work, [proof.id])
    work.emit(OrderProved(customer_id=customer.id, order_id=proof.order_id))
    return Ended(Proof.PROVED, proof.number)


async def tidy(work: Work) -> None:
    """Forget codes that are over, in the ledger, too; who asked for them lately is still counted."""
    over = select(OrderProof.id).where(
        or_(OrderProof.expires_at < work.now, OrderProof.used_at.is_not(None))
    )
    await _forget_mails(work, list(await work.session.scalars(over)))
    await work.session.execute(delete(OrderProof).where(OrderProof.created_at < work.now - ASKING))


async def _open_proof(work: Work, customer: Customer, number: str) -> OrderProof | None:
    theirs = select(OrderProof).where(
        OrderProof.customer_id == customer.id,
        OrderProof.used_at.is_(None),
        OrderProof.expires_at > work.now,
    )
    if number:
        theirs = theirs.where(OrderProof.number == number)
    return (await work.session.scalars(theirs.order_by(OrderProof.id.desc()).limit(1))).first()


async def _asked_lately(work: Work, whose: ColumnElement[bool]) -> int:
    lately = OrderProof.created_at > work.now - ASKING
    return await work.session.scalar(select(func.count(OrderProof.id)).where(whose, lately)) or 0


async def _met(work: Work, by: Who) -> Customer:
    asking = await actor(work.session, by)
    work.actor = asking.label
    customer = customers.meet(work, by, await identity_of(work.session, by))
    await work.session.flush()
    return customer


async def _to_a_person(
    work: Work, customer: Customer, address: Address, number: str, email: str
) -> Ticket:
    await serialise(work.session, str(address))
    message = Message(
        kind=Kind.MESSAGE,
        text=f"I want to return something of order {number}. It was ordered with {email}: "
        "please check that it is mine.",
        channel=address.channel,
        workspace=address.workspace,
        conversation=address.conversation,
        external_id=f"own:{uuid.uuid4().hex}",
        sent_at=work.now,
        received_at=work.now,
    )
    message.customer = customer
    return await ticket_for(work, message, number)


async def _forget_mails(work: Work, proofs: list[int]) -> None:
    """Take mails with codes out of the ledger: sent ones are over, others of no use any more."""
    keys = Delivery.key.in_([_key(number) for number in proofs])
    await work.session.execute(delete(Delivery).where(keys))


def _key(proof: int) -> str:
    return f"order-proof:{proof}"


def _own(by: Who) -> Address:
    return Address(by.channel, by.workspace, by.user)


def _hash(code: str, salt: str = "") -> str:
    salt = salt or secrets.token_hex(8)
    return f"{salt}${hashlib.sha256(f'{salt}{code}'.encode()).hexdigest()}"


def _is(code: str, kept: str) -> bool:
    return secrets.compare_digest(_hash(code, kept.partition("$")[0]), kept)
