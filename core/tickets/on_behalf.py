"""On a customer's behalf: staff open a ticket for them, or ask for a return."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from core.channels import Address, Who
from core.errors import Conflict, Invalid
from core.model import BuiltIn, Customer, Kind, Message, Return, Ticket
from core.model.ticket import SUBJECT_LENGTH, subject_of
from core.people import customers, profiles
from core.people.actors import acting
from core.people.customers import identity_of
from core.storage.serial import serialise
from core.storage.text import clean
from core.tickets import find, kinds, returns
from core.tickets.opening import open_anew, open_for
from core.tickets.returns import Wanted
from core.work import Work

LONGEST_TEXT = 40_000


class NowhereToAnswer(Conflict):
    """Nobody knows where this customer can be written to."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is known on no channel, so that no answer would reach them.")


class TicketThere(Conflict):
    """Their conversation has a live ticket."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(f"Ticket #{ticket.id} of theirs is live there. Write on that one.")


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What a ticket is opened for: the customer as `profiles.meant` takes them, or ``identity``,
    who may be new; ``text`` in Markdown; and where answers go, if not to where they wrote last."""

    text: str
    customer: str = ""
    identity: Who | None = None
    conversation: str = ""
    subject: str = ""
    kind: str = ""


async def open_ticket(work: Work, by: Who, matter: Matter) -> Ticket:
    """Open a ticket for a customer, without asking the knowledge base.

    Raises `NoSuchCustomer`, `NowhereToAnswer`, `TicketThere`, `UnknownKind`, `Invalid`.
    """
    await acting(work, by)
    text = clean(matter.text).strip()
    if not 0 < len(text) <= LONGEST_TEXT:
        raise Invalid(f"Say what it is about, in at most {LONGEST_TEXT} characters.")
    kind = await kinds.meant(work.session, matter.kind or BuiltIn.QUESTION.value)
    if kind == BuiltIn.RETURN.value:
        raise Invalid("A return is asked for with its order and what of it comes back.")
    customer, where = await _whom(work, matter)
    await serialise(work.session, str(where))
    live = await find.live_ticket_at(work.session, where)
    if live is not None:
        raise TicketThere(live)
    message = _message(work, where, text)
    message.customer = customer
    subject = clean(matter.subject).strip()[:SUBJECT_LENGTH] or subject_of(text)
    enquiry = await find.enquiry_at(work.session, where)
    if enquiry is None:
        return await open_anew(work, message, kind=kind, subject=subject)
    said = [*await find.said_in(work.session, enquiry), message]
    return await open_for(work, enquiry, said, kind=kind, subject=subject)


async def request_return(
    work: Work, by: Who, whom: Who, number: str, wanted: Wanted, at: Address | None = None
) -> Return:
    """Ask for a return as a customer of theirs would. Raises as `returns.request_return` does."""
    asking = await acting(work, by)
    return await returns.request(work, asking.label, whom, number, wanted, at)


async def _whom(work: Work, matter: Matter) -> tuple[Customer, Address]:
    """The customer, met if they are new, and where they are written to."""
    who = matter.identity
    if who is not None:
        identity = await identity_of(work.session, who)
        customer = customers.meet(work, who, identity)
        await work.session.flush()
        return customer, Address(who.channel, who.workspace, matter.conversation or who.user)
    if matter.conversation:
        raise Invalid("A conversation is on the channel of an identity: say that, too.")
    customer = await profiles.meant(work.session, matter.customer)
    newest = select(Ticket).where(Ticket.customer_id == customer.id).order_by(Ticket.id.desc())
    last = (await work.session.scalars(newest.limit(1))).first()
    if last is not None:
        return customer, Address(last.channel, last.workspace, last.conversation)
    known = await profiles.identities_of(work.session, customer.id)
    if not known:
        raise NowhereToAnswer(customer.name)
    return customer, Address(known[-1].channel, known[-1].workspace, known[-1].user)


def _message(work: Work, where: Address, text: str) -> Message:
    return Message(
        kind=Kind.MESSAGE,
        text=text,
        channel=where.channel,
        workspace=where.workspace,
        conversation=where.conversation,
        external_id=f"own:{uuid.uuid4().hex}",
        sent_at=work.now,
        received_at=work.now,
    )
