"""Transcripts on their way: promised as a row, and written when they are sent or looked at.

Nothing of what they say is kept, so there is nothing to erase but what was said.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from core import catalogue, speaking
from core.channels import Address, OutgoingFile
from core.delivery.about import ticket_of
from core.delivery.outgoing import owe
from core.events import TicketClosed, TranscriptAsked
from core.model import Agent, Attachment, Form, Holding, Kind, Message, Ticket, Transcript
from core.speaking import Reader
from core.transcript import Line, Said, as_html, as_text
from core.work import Work

ENDINGS = {
    Form.TEXT: ("txt", "text/plain"),
    Form.HTML: ("html", "text/html"),
    Form.PRINT: ("html", "text/html"),
}


@dataclass(frozen=True)
class Written:
    """A transcript that was written, as a file."""

    name: str
    content_type: str
    content: bytes


async def send_what_was_asked(work: Work, event: TranscriptAsked) -> None:
    """The transcript, to whoever asked, where they are alone with the desk."""
    asked = Reader(event.language, event.time_zone)
    await _promise(
        work,
        event.ticket_id,
        Address.read(event.to),
        form=Form(event.form),
        reader=asked,
        with_notes=event.with_notes,
    )


async def send_at_closing(work: Work, event: TicketClosed) -> None:
    """To the customer, in the conversation of the ticket, where the desk is set so."""
    if not work.house.policy.transcripts:
        return
    ticket = await ticket_of(work, event.ticket_id)
    customer = ticket.customer
    reader = Reader(customer.language, customer.time_zone)
    await _promise(work, ticket.id, ticket.address, form=Form.HTML, reader=reader)


async def _promise(
    work: Work,
    number: int,
    to: Address,
    *,
    form: Form,
    reader: Reader,
    with_notes: bool = False,
) -> None:
    """Owe a card that carries the transcript as it stands now."""
    last = select(func.max(Message.id)).where(Message.ticket_id == number)
    row = Transcript(
        public_id=secrets.token_hex(16),
        ticket_id=number,
        form=form,
        with_notes=with_notes,
        language=reader.language,
        time_zone=reader.time_zone,
        last_id=await work.session.scalar(last) or 0,
        created_at=work.now,
    )
    work.session.add(row)
    await work.session.flush()
    with speaking.to(reader):
        card = catalogue.transcript(number)
    key = f"transcript:{row.id}"
    owe(work, key, to, card, ticket_id=number)
    work.owed[key]["transcript_id"] = row.id


async def as_file(work: Work, transcript_id: int) -> OutgoingFile:
    """A promised transcript as a file to go with a post."""
    row = await work.session.get_one(Transcript, transcript_id)
    written = await write(work, row)

    async def read() -> bytes:
        return written.content

    return OutgoingFile(
        name=written.name,
        content_type=written.content_type,
        size=len(written.content),
        read=read,
    )


async def promised(work: Work, public_id: str) -> Written | None:
    """The transcript of that id, written now: whoever knows all its 128 bits may have it."""
    wanted = select(Transcript).where(Transcript.public_id == public_id)
    row = (await work.session.scalars(wanted)).one_or_none()
    return await write(work, row) if row is not None else None


async def write(work: Work, row: Transcript) -> Written:
    """What a row promises, in the words of its reader."""
    reader = Reader(row.language, row.time_zone)
    said = await _said(work, row)
    with speaking.to(reader):
        is_text = row.form is Form.TEXT
        text = as_text(said) if is_text else as_html(said, for_print=row.form is Form.PRINT)
    return Written(file_name(row), ENDINGS[row.form][1], text.encode())


def file_name(row: Transcript) -> str:
    return f"ticket-{row.ticket_id}.{ENDINGS[row.form][0]}"


async def _said(work: Work, row: Transcript) -> Said:
    ticket: Ticket = await ticket_of(work, row.ticket_id)
    lines = [
        Line(
            at=message.sent_at,
            who=who or (ticket.customer.name if message.kind is Kind.MESSAGE else "Support"),
            text=message.words,
            is_ours=message.kind is not Kind.MESSAGE,
            is_note=message.kind is Kind.NOTE,
            is_edited=message.edits > 0,
            is_taken_back=message.deleted_at is not None,
            files=[each.name for each in message.attachments if _is_here(each)],
        )
        for message, who in await _messages(work, row)
    ]
    return Said(
        number=ticket.id,
        subject=ticket.subject,
        customer=ticket.customer.name,
        status=ticket.status.value,
        opened_at=ticket.created_at,
        closed_at=ticket.closed_at,
        lines=sorted(lines, key=_when),
        language=row.language or "en",
    )


async def _messages(work: Work, row: Transcript) -> list[tuple[Message, str | None]]:
    """What was said until then, each with the name of the agent who said it; customers see neither
    notes nor what was taken back."""
    wanted = (
        select(Message, Agent.name)
        .outerjoin(Agent, Agent.id == Message.agent_id)
        .where(Message.ticket_id == row.ticket_id, Message.id <= row.last_id)
        .order_by(Message.id)
        .options(selectinload(Message.attachments))
    )
    if not row.with_notes:
        wanted = wanted.where(Message.kind != Kind.NOTE, Message.deleted_at.is_(None))
    return [(found, name) for found, name in await work.session.execute(wanted)]


def _is_here(file: Attachment) -> bool:
    return file.holding is not Holding.REFUSED


def _when(line: Line) -> datetime:
    return line.at
