"""Intake: what was written to us becomes small talk, an enquiry, or a message on a ticket."""

from dataclasses import asdict, replace

from core.channels import IncomingMessage
from core.events import (
    AgentReplied,
    BlockedWrote,
    LinkRefused,
    OrderCodeSaid,
    OrderProofOffered,
    ReturnOffered,
    SmallTalkMade,
    StaffWrote,
)
from core.model import Customer, Enquiry, Kind, Message, Ticket
from core.people import customers, linking, signs
from core.people.actors import Actor, actor
from core.people.linking import CodeUse
from core.storage.serial import serialise
from core.storage.text import clean
from core.tickets import (
    appending,
    attaching,
    changes,
    enquiries,
    find,
    lifecycle,
    moving,
    proofs,
    returns,
)
from core.tickets.here import Here, lies_at
from core.tickets.outcome import Outcome, Received
from core.tickets.phrases import Tone, small_talk
from core.tickets.proofs import Ended
from core.work import Work


async def receive(work: Work, incoming: IncomingMessage) -> Received:
    """Take in what was written to the bot. The same post twice does nothing.

    An agent who writes to the bot opens no ticket by accident; what they write where a customer's
    ticket is live is a reply that the customer has seen already.
    """
    here = await _begin(work, incoming)
    if here.message:
        return await _what_it_became(work, incoming)
    sender = await actor(work.session, incoming.sender, known=here.sender)
    ticket = await _live_ticket(work, incoming, here)
    if sender.agent is not None and (ticket is None or ticket.customer_id != sender.customer_id):
        return await _from_staff(work, sender, ticket, incoming, here)
    return await _from_customer(work, sender, ticket, incoming, here)


async def ask(work: Work, incoming: IncomingMessage) -> Received:
    """Take in what somebody asks on purpose, agents included: the form behind /support."""
    here = await _begin(work, incoming)
    if here.message:
        return await _what_it_became(work, incoming)
    sender = await actor(work.session, incoming.sender, known=here.sender)
    ticket = await _live_ticket(work, incoming, here)
    return await _from_customer(work, sender, ticket, incoming, here)


async def overhear(work: Work, incoming: IncomingMessage) -> Received:
    """Take in a post that was not written to the bot, if it belongs to what we are answering.

    In a channel full of people, only what is said in the conversation of a live ticket or of an
    open enquiry is ours.
    """
    here = await lies_at(work.session, incoming)
    if here.enquiry or await _live_ticket(work, incoming, here) is not None:
        return await receive(work, incoming)
    return Received(outcome=Outcome.IGNORED)


async def _begin(work: Work, incoming: IncomingMessage) -> Here:
    """Wait for whatever else goes on in the conversation, and look at what is there."""
    await serialise(work.session, str(incoming.address))
    return await lies_at(work.session, incoming)


async def _live_ticket(work: Work, incoming: IncomingMessage, here: Here) -> Ticket | None:
    """The ticket it belongs to: that of the branch in which it was said, else of the conversation."""
    if here.branch is not None:
        branch = await find.live_ticket(work.session, here.branch.ticket_id)
        if branch is not None:
            return branch
    return await find.live_ticket_at(work.session, incoming.address) if here.ticket else None


async def _open_enquiry(work: Work, incoming: IncomingMessage, here: Here) -> Enquiry | None:
    return await find.enquiry_at(work.session, incoming.address) if here.enquiry else None


async def _what_it_became(work: Work, incoming: IncomingMessage) -> Received:
    """What was made of a post when it came before."""
    seen = await find.message_seen(work.session, incoming.address, incoming.external_id)
    if seen is None:  # forgotten since we looked, a moment ago
        return Received(outcome=Outcome.IGNORED)
    if seen.agent_id is not None:
        return Received(outcome=Outcome.FROM_STAFF, ticket=seen.ticket_id)
    if seen.ticket_id is not None:
        return Received(outcome=Outcome.APPENDED, ticket=seen.ticket_id)
    kind = Outcome.SMALL_TALK if seen.enquiry_id is None else Outcome.SUGGESTED
    return Received(outcome=kind, enquiry=seen.enquiry_id)


async def _from_customer(
    work: Work, sender: Actor, ticket: Ticket | None, incoming: IncomingMessage, here: Here
) -> Received:
    work.actor = sender.label
    of_code = await _code(work, incoming, here)
    if of_code is not None:
        return of_code
    message = await _kept(work, incoming, Kind.MESSAGE, here)
    message.customer = customers.meet(work, incoming.sender, sender.identity)
    await attaching.take_in(work, message, incoming.files)
    if message.deleted_at is not None:
        work.session.add(message)
        return Received(outcome=Outcome.IGNORED)
    if message.customer.blocked_at is not None:
        return await _refuse(work, message.customer, message)
    if ticket is not None:
        work.session.add(message)
        return await _append(work, ticket, message)
    tone = _tone(message)
    if tone is None:
        enquiry = await _open_enquiry(work, incoming, here)
        return await _ask(work, message.customer, message, incoming, enquiry)
    work.session.add(message)
    await work.session.flush()
    work.emit(SmallTalkMade(message_id=message.id, tone=tone.value))
    return Received(outcome=Outcome.SMALL_TALK)


async def _refuse(work: Work, customer: Customer, message: Message) -> Received:
    """Keep what a blocked customer wrote, and tell them once that it leads to nothing."""
    work.session.add(message)
    await work.session.flush()
    first = customer.told_blocked_at is None
    customer.told_blocked_at = customer.told_blocked_at or work.now
    work.emit(BlockedWrote(message_id=message.id, first=first))
    return Received(outcome=Outcome.IGNORED)


async def _ask(
    work: Work,
    customer: Customer,
    message: Message,
    incoming: IncomingMessage,
    enquiry: Enquiry | None,
) -> Received:
    """A question, unless it may belong to a ticket that is live on another channel."""
    if enquiry is not None:
        return await enquiries.ask(work, customer, message, enquiry)
    alone = incoming.address.conversation == incoming.sender.user
    other = await moving.live_elsewhere(work, customer, incoming.address) if alone else None
    if other is not None:
        return await moving.offer(work, customer, message, other)
    order = await returns.order_meant(work, incoming.sender, message.words)
    if order is None:
        received = await enquiries.ask(work, customer, message, None)
        number = returns.number_meant(message.words)
        if number:
            work.emit(OrderProofOffered(message_id=message.id, number=number))
        return received
    work.session.add(message)
    message.enquiry = enquiries.begin(work, customer, message)
    await work.session.flush()
    work.emit(ReturnOffered(message_id=message.id, order_id=order.id))
    return Received(outcome=Outcome.RETURN_OFFERED)


async def _code(work: Work, incoming: IncomingMessage, here: Here) -> Received | None:
    """What came of a one-time code, if that is what was written: to link an identity, or the one for
    an order where one was asked for."""
    if linking.as_code(incoming.text):
        return await _link(work, incoming, here)
    code = proofs.as_code(incoming.text)
    ended = await proofs.use_code(work, incoming.sender, code) if code else None
    return await _code_said(work, incoming, ended, here) if ended is not None else None


async def _link(work: Work, incoming: IncomingMessage, here: Here) -> Received:
    """A code by which a customer says that they are somebody we know from another channel.

    The code itself is not kept with the conversation.
    """
    end = await linking.use_code(work, incoming.sender, incoming.text, at=incoming.address)
    unsaid = replace(incoming, text="🔗 LINK-…", files=())
    message = await _kept(work, unsaid, Kind.MESSAGE, here)
    work.session.add(message)
    await work.session.flush()
    if end is not CodeUse.LINKED:
        work.emit(LinkRefused(message_id=message.id, why=end.value))
    return Received(outcome=Outcome.LINKED)


async def _code_said(work: Work, incoming: IncomingMessage, ended: Ended, here: Here) -> Received:
    """The code of an order, written into the conversation; it is not kept with it."""
    message = await _kept(work, replace(incoming, text="🔑 ……", files=()), Kind.MESSAGE, here)
    work.session.add(message)
    await work.session.flush()
    work.emit(OrderCodeSaid(message_id=message.id, number=ended.number, end=ended.end.value))
    return Received(outcome=Outcome.LINKED)


def _tone(message: Message) -> Tone | None:
    """Whether it is small talk; what comes with files never is."""
    return None if message.files else small_talk(message.words)


async def _append(work: Work, ticket: Ticket, message: Message) -> Received:
    await appending.append(work, ticket, message, is_polite=_tone(message) is not None)
    return Received(outcome=Outcome.APPENDED, ticket=ticket.id)


async def _from_staff(
    work: Work, sender: Actor, ticket: Ticket | None, incoming: IncomingMessage, here: Here
) -> Received:
    work.actor = sender.label
    if sender.agent is not None:
        await signs.keep(work, sender.agent)
    message = await _kept(work, incoming, Kind.NOTE if ticket is None else Kind.REPLY, here)
    message.agent_id = sender.agent.id if sender.agent else None
    message.ticket_id = ticket.id if ticket else None
    work.session.add(message)
    await work.session.flush()
    if ticket is not None:
        await attaching.take_in(work, message, incoming.files)
    if ticket is None:
        work.emit(StaffWrote(message_id=message.id))
    else:
        await lifecycle.answered(work, ticket)
        work.emit(
            AgentReplied(
                ticket_id=ticket.id,
                agent_id=message.agent_id or 0,
                message_id=message.id,
                seen_already=True,
            )
        )
    return Received(outcome=Outcome.FROM_STAFF, ticket=message.ticket_id)


async def _kept(work: Work, incoming: IncomingMessage, kind: Kind, here: Here) -> Message:
    message = Message(
        kind=kind,
        text=clean(incoming.text),
        channel=incoming.address.channel,
        workspace=incoming.address.workspace,
        conversation=incoming.address.conversation,
        external_id=incoming.external_id,
        sent_at=incoming.sent_at,
        received_at=work.now,
        branch=here.branch.branch if here.branch else 0,
        files=0,
        form=asdict(incoming.form) if incoming.form else None,
    )
    if here.change:
        await changes.apply_early(work, message, incoming.sender)
    return message
