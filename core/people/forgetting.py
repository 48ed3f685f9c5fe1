"""Forgetting a customer: everything that says who they are, or that they said, is gone for good.

What is left is what needs no person: that there was a ticket, when, how long it took, who had it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, or_, select, update

from core.channels import Who
from core.errors import Conflict
from core.events import CustomerForgotten, FieldChanged
from core.model import (
    Attachment,
    CustomerNote,
    Delivery,
    EarlyChange,
    Enquiry,
    FieldValue,
    History,
    Holding,
    Identity,
    LinkCode,
    Message,
    Order,
    OrderGrant,
    OrderProof,
    Progress,
    Reaction,
    Return,
    Role,
    Status,
    Survey,
    Ticket,
    Visitor,
    Wording,
)
from core.people.actors import acting
from core.people.profiles import identities_of, meant
from core.people.visitors import WEB
from core.work import Work

NOBODY = "forgotten"
_A_WORD_OF_OURS = re.compile(r"[a-z_ ]{0,20}")


class StillLive(Conflict):
    """They are being helped at the moment."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Ticket #{number} of theirs is not closed. Resolve it first.")


@dataclass(frozen=True)
class Forgotten:
    """Who was forgotten, by number; the contents of ``files``, by id, are still to be let go, and
    ``questions`` are what they asked, for whoever made something of it."""

    customer_id: int
    name: str
    files: Sequence[str]
    questions: Sequence[str]


async def forget(work: Work, by: Who, text: str) -> Forgotten:
    """Erase a customer; for admins. Again, it does the same again. Raises `NoSuchCustomer`,
    `StillLive`."""
    await acting(work, by, at_least=Role.ADMIN)
    customer = await meant(work.session, text)
    name = customer.name
    await _refuse_live(work, customer.id)
    tickets = select(Ticket.id).where(Ticket.customer_id == customer.id).scalar_subquery()
    enquiries = select(Enquiry.id).where(Enquiry.customer_id == customer.id).scalar_subquery()
    messages = or_(
        Message.customer_id == customer.id,
        Message.ticket_id.in_(tickets),
        Message.enquiry_id.in_(enquiries),
    )
    asked = select(Enquiry.question).where(Enquiry.customer_id == customer.id)
    questions = list(await work.session.scalars(asked))
    files = await _let_files_go(work, messages)
    identities = [each.who for each in await identities_of(work.session, customer.id)]
    await _blank_what_was_said(work, messages)
    await _blank_deliveries(work, tickets, identities)
    await _blank_history(work, customer.id, identities)
    await _set(work, Enquiry, Enquiry.customer_id == customer.id, question="", offered=[])
    await _set(
        work,
        Ticket,
        Ticket.customer_id == customer.id,
        subject=NOBODY,
        resolution=None,
        escalation=None,
        waits_for=None,
        advice=[],
        enriched={},
    )
    theirs = delete(FieldValue).where(FieldValue.ticket_id.in_(tickets))
    await work.session.execute(theirs.execution_options(synchronize_session=False))
    await _set(work, Survey, Survey.ticket_id.in_(tickets), comment=None)
    await _set(work, Return, Return.customer_id == customer.id, note="", refusal=None)
    await _forget_identities(work, customer.id, identities)
    await _forget_mails(work, customer.email)
    for kind in (OrderProof, OrderGrant):
        await work.session.execute(delete(kind).where(kind.customer_id == customer.id))
    await work.session.execute(delete(LinkCode).where(LinkCode.customer_id == customer.id))
    await work.session.execute(delete(CustomerNote).where(CustomerNote.customer_id == customer.id))
    customer.name, customer.tags, customer.is_vip = NOBODY, [], False
    customer.language = customer.email = customer.phone = ""
    customer.company = customer.time_zone = ""
    work.emit(CustomerForgotten(customer_id=customer.id))
    return Forgotten(customer.id, name, files, questions)


async def _refuse_live(work: Work, customer_id: int) -> None:
    live = select(Ticket.id).where(
        Ticket.customer_id == customer_id,
        Ticket.status.not_in([Status.RESOLVED, Status.CLOSED]),
    )
    number = (await work.session.scalars(live.limit(1))).first()
    if number is not None:
        raise StillLive(number)


async def _let_files_go(work: Work, messages: ColumnElement[bool]) -> Sequence[str]:
    theirs = Attachment.message_id.in_(select(Message.id).where(messages).scalar_subquery())
    ids = list(await work.session.scalars(select(Attachment.public_id).where(theirs)))
    await _set(
        work, Attachment, theirs, name=NOBODY, source="", reason=None, holding=Holding.REFUSED
    )
    return ids


async def _blank_what_was_said(work: Work, messages: ColumnElement[bool]) -> None:
    ids = select(Message.id).where(messages).scalar_subquery()
    await work.session.execute(delete(Wording).where(Wording.message_id.in_(ids)))
    await work.session.execute(delete(Reaction).where(Reaction.message_id.in_(ids)))
    await _set(work, Message, messages, text="", form=None)


async def _blank_deliveries(work: Work, tickets: Any, identities: Sequence[Who]) -> None:
    """What we said to them and about them; what was not sent yet never is."""
    ours = or_(
        Delivery.ticket_id.in_(tickets),
        *(
            (Delivery.channel == who.channel)
            & (Delivery.workspace == who.workspace)
            & (Delivery.conversation == who.user)
            for who in identities
        ),
    )
    waiting = ours & (Delivery.progress == Progress.WAITING)
    await _set(work, Delivery, waiting, progress=Progress.DEAD, settled_at=work.now)
    await _set(work, Delivery, ours, card={}, files=[], transcript_id=None, error=None)


async def _blank_history(work: Work, customer_id: int, identities: Sequence[Who]) -> None:
    """Who did it becomes nobody; of what happened only plain words of ours and numbers stay."""
    tickets = select(Ticket.id).where(Ticket.customer_id == customer_id)
    facts = cast(History.facts, Text)
    by_them = [History.actor.contains(f"({who})", autoescape=True) for who in identities]
    about_them = [facts.contains(str(who), autoescape=True) for who in identities]
    rows = select(History).where(or_(History.ticket_id.in_(tickets), *by_them, *about_them))
    for row in await work.session.scalars(rows):
        if any(f"({who})" in row.actor for who in identities):
            row.actor = f"customer {NOBODY}"
        row.facts = {name: _plain(value) for name, value in row.facts.items()}
        if row.event == FieldChanged.__name__:
            row.facts = {**row.facts, "value": ""}


async def _forget_identities(work: Work, customer_id: int, identities: Sequence[Who]) -> None:
    """Nothing points to an account of theirs any more: not a conversation, not an order."""
    for who in identities:
        for kind in (Ticket, Enquiry, Message, Delivery):
            there = (
                (kind.channel == who.channel)
                & (kind.workspace == who.workspace)
                & (kind.conversation == who.user)
            )
            await _set(work, kind, there, conversation=f"{NOBODY}:{customer_id}")
        if who.channel == WEB:
            await work.session.execute(delete(Visitor).where(Visitor.account == who.user))
        said_by = delete(EarlyChange).where(EarlyChange.by == str(who))
        await work.session.execute(said_by)
    names = [str(who) for who in identities]
    theirs = or_(Order.customer_id == customer_id, Order.identity.in_(names))
    await _set(work, Order, theirs, customer_id=None, identity="", email="")
    staff_too = Identity.customer_id == customer_id, Identity.agent_id.is_not(None)
    await _set(work, Identity, staff_too[0] & staff_too[1], customer_id=None)
    await work.session.execute(delete(Identity).where(Identity.customer_id == customer_id))


async def _forget_mails(work: Work, address: str) -> None:
    """No mail that went, or goes, to their address is in the ledger any more."""
    there = (Delivery.channel == "email") & (Delivery.conversation == address)
    await work.session.execute(delete(Delivery).where(there))


async def _set(work: Work, kind: Any, where: ColumnElement[bool], **values: Any) -> None:
    changed = update(kind).where(where).values(**values)
    await work.session.execute(changed.execution_options(synchronize_session=False))


def _plain(fact: Any) -> Any:
    return fact if not isinstance(fact, str) or _A_WORD_OF_OURS.fullmatch(fact) else ""
