"""The conversation on a ticket: replies to the customer, and notes that stay in the house."""

import uuid

from core.channels import Address, IncomingMessage, Who
from core.errors import Invalid
from core.events import AgentReplied, NoteAdded
from core.model import Kind, Message, Ticket
from core.people.actors import acting, actor
from core.storage.serial import serialise
from core.storage.text import clean
from core.tickets import find, lifecycle
from core.work import Work


async def reply(work: Work, by: Who, number: int, text: str) -> Ticket:
    """Answer the customer; it is their move then.

    Raises `Invalid` for an empty text, `NobodyHasIt`, `NotYours`.
    """
    said = _some(text, f"/ticket reply {number} We sent you a new one today.")
    actor, ticket = await lifecycle.held_ticket(work, by, number)
    message = _said(work, Kind.REPLY, by, ticket, said)
    message.agent_id = actor.agent.id if actor.agent else None
    await work.session.flush()
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


async def note(work: Work, by: Who, number: int, text: str) -> Ticket:
    """Write something for colleagues; no customer ever sees it."""
    said = _some(text, f"/ticket note {number} waiting for the warehouse")
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    message = _said(work, Kind.NOTE, by, ticket, said)
    message.agent_id = actor.agent.id if actor.agent else None
    await work.session.flush()
    work.emit(
        NoteAdded(ticket_id=number, agent_id=message.agent_id, message_id=message.id, heard=False)
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
        work.session.add(message)
        await work.session.flush()
        work.emit(
            NoteAdded(
                ticket_id=number,
                agent_id=speaker.agent.id,
                message_id=message.id,
                heard=True,
            )
        )
    return number


def _some(text: str, example: str) -> str:
    said = clean(text).strip()
    if not said:
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
