"""The conversation on a ticket: replies to the customer, and notes that stay in the house."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from core.channels import Address, IncomingFile, IncomingMessage, Who
from core.errors import Conflict, Invalid, NotFound
from core.events import AgentReplied, NoteAdded
from core.model import Kind, Message, Ticket
from core.people import signs
from core.people.actors import acting, actor
from core.people.customers import see
from core.storage.serial import serialise
from core.storage.text import clean
from core.tickets import attaching, changes, find, lifecycle
from core.work import Work


class NothingToChange(NotFound):
    """There is no reply of theirs."""

    def __init__(self, number: int) -> None:
        super().__init__(f"You have not replied on #{number} yet. /ticket reply {number} does.")


async def reply(
    work: Work,
    by: Who,
    number: int,
    text: str,
    *,
    files: Sequence[IncomingFile] = (),
    article: str | None = None,
) -> Ticket:
    """Answer the customer; it is their move then. ``article`` is the one whose words these are.

    Raises `Invalid` where there are neither words nor files, `NobodyHasIt`, `NotYours`.
    """
    said = _some(text, f"/ticket reply {number} We sent you a new one today.", files)
    actor, ticket = await lifecycle.held_ticket(work, by, number)
    message = _said(work, Kind.REPLY, by, ticket, said)
    message.agent_id = actor.agent.id if actor.agent else None
    ticket.article = article or ticket.article
    await work.session.flush()
    await attaching.take_in(work, message, files)
    await lifecycle.answered(work, ticket)
    work.emit(
        AgentReplied(
            ticket_id=number,
            agent_id=message.agent_id,
            message_id=message.id,
            seen_already=False,
        )
    )
    return ticket


async def note(
    work: Work, by: Who, number: int, text: str, *, files: Sequence[IncomingFile] = ()
) -> Ticket:
    """Write something for colleagues; no customer ever sees it. A note on a ticket that was merged
    goes onto the one where the matter goes on, which is the ticket that is answered."""
    said = _some(text, f"/ticket note {number} waiting for the warehouse", files)
    actor = await acting(work, by)
    ticket = await find.ticket_going_on(work.session, actor, number)
    message = _said(work, Kind.NOTE, by, ticket, said)
    message.agent_id = actor.agent.id if actor.agent else None
    await work.session.flush()
    await attaching.take_in(work, message, files)
    work.emit(
        NoteAdded(
            ticket_id=ticket.id, agent_id=message.agent_id, message_id=message.id, heard=False
        )
    )
    return ticket


async def hear(work: Work, incoming: IncomingMessage, *, root: str) -> int | None:
    """Keep what staff say beneath a ticket's card, as notes; the ticket's number.

    ``root`` is the external id of the post it was said under. None, where that is no ticket's
    card, or whoever spoke is no agent: it was not for us.
    """
    await serialise(work.session, str(incoming.address))
    number = await find.ticket_discussed_at(work.session, incoming.address, root)
    speaker = await actor(work.session, incoming.sender)
    if number is None or speaker.agent is None:
        return None
    if await find.message_seen(work.session, incoming.address, incoming.external_id) is None:
        work.actor = speaker.label
        await signs.keep(work, speaker.agent)
        if speaker.identity is not None:
            see(speaker.identity, incoming.sender)
        message = Message(
            kind=Kind.NOTE,
            ticket_id=number,
            agent_id=speaker.agent.id,
            text=clean(incoming.text),
            channel=incoming.address.channel,
            workspace=incoming.address.workspace,
            conversation=incoming.address.conversation,
            external_id=incoming.external_id,
            sent_at=incoming.sent_at,
            received_at=work.now,
        )
        await changes.apply_early(work, message, incoming.sender)
        work.session.add(message)
        await work.session.flush()
        await attaching.take_in(work, message, incoming.files)
        work.emit(
            NoteAdded(
                ticket_id=number,
                agent_id=speaker.agent.id,
                message_id=message.id,
                heard=True,
            )
        )
    return number


async def correct(work: Work, by: Who, number: int, text: str) -> Ticket:
    """Reword one's last reply on a ticket. Raises `NothingToChange`, `Invalid`."""
    said = _some(text, f"/ticket edit {number} We sent you two new ones today.")
    ticket, message = await _last_reply(work, by, number)
    await changes.reword(work, message, said)
    return ticket


async def unsend(work: Work, by: Who, number: int) -> Ticket:
    """Take back one's last reply on a ticket. Raises `NothingToChange`."""
    ticket, message = await _last_reply(work, by, number)
    await changes.take_back(work, message)
    return ticket


async def _last_reply(work: Work, by: Who, number: int) -> tuple[Ticket, Message]:
    acting, ticket = await lifecycle.held_ticket(work, by, number)
    theirs = (
        select(Message)
        .where(
            Message.ticket_id == number,
            Message.kind == Kind.REPLY,
            Message.agent_id == (acting.agent.id if acting.agent else None),
            Message.deleted_at.is_(None),
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    message = (await work.session.scalars(theirs)).one_or_none()
    if message is None:
        raise NothingToChange(number)
    if message.is_post:
        raise Conflict("You wrote that one in the conversation itself: change it there.")
    return ticket, message


def _some(text: str, example: str, files: Sequence[IncomingFile] = ()) -> str:
    said = clean(text).strip()
    if not said and not files:
        raise Invalid(f"There is nothing to send. For example: {example}")
    return said


def _said(work: Work, kind: Kind, by: Who, ticket: Ticket, text: str) -> Message:
    place = Address(by.channel, by.workspace, by.user)
    message = Message(
        kind=kind,
        ticket_id=ticket.id,
        text=text,
        channel=place.channel,
        workspace=place.workspace,
        conversation=place.conversation,
        external_id=f"own:{uuid.uuid4().hex}",
        sent_at=work.now,
        received_at=work.now,
    )
    work.session.add(message)
    return message
