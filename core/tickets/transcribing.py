"""Transcripts: whoever may see a ticket may have what was said on it, as a file."""

from core.channels import Address, Who
from core.delivery import transcripts
from core.delivery.outgoing import direct_address
from core.delivery.transcripts import Written
from core.errors import Forbidden, Invalid
from core.events import TranscriptAsked
from core.model import Form, Role, Ticket, Transcript
from core.people.actors import Actor, actor
from core.speaking import Reader, Sentence
from core.tickets import find
from core.work import Work

ALL = 2**31 - 1


class NotesAreForStaff(Forbidden):
    """A customer asked for what agents say among themselves."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("Notes are for the support team. /ticket transcript gives you the rest.")
        )


async def ask_transcript(
    work: Work, by: Who, number: int, *, form: Form = Form.HTML, with_notes: bool | None = None
) -> Ticket:
    """Have a transcript sent to oneself, alone: to staff with notes, unless they say otherwise, to
    customers of their own tickets, without. Raises `UnknownTicket`, `NotesAreForStaff`, or `Invalid`
    for the operator.
    """
    asking = await find.asking(work, by)
    ticket = await find.ticket_for(work.session, asking, number, to_look=True)
    notes = _notes(asking, with_notes)
    if asking.agent is None and asking.role >= Role.AGENT:
        raise Invalid(
            f"The operator has no direct messages: switchboard tickets transcript {number} writes a file."
        )
    alone = Address(by.channel, by.workspace, by.user)
    if asking.agent is not None:
        alone = await direct_address(work, asking.agent.id) or alone
    reader = _reader(asking, ticket)
    asked = TranscriptAsked(
        ticket_id=number,
        form=form.value,
        with_notes=notes,
        to=str(alone),
        language=reader.language,
        time_zone=reader.time_zone,
    )
    work.emit(asked)
    return ticket


async def transcript(
    work: Work, by: Who, number: int, *, form: Form = Form.HTML, with_notes: bool | None = None
) -> Written:
    """The transcript itself. Raises as `ask_transcript` does, but not for the operator."""
    asking = await actor(work.session, by)
    ticket = await find.ticket_for(work.session, asking, number, to_look=True)
    notes = _notes(asking, with_notes)
    reader = _reader(asking, ticket)
    row = Transcript(
        ticket_id=number,
        form=form,
        with_notes=notes,
        language=reader.language,
        time_zone=reader.time_zone,
        last_id=ALL,
    )
    return await transcripts.write(work, row)


def _notes(asking: Actor, wanted: bool | None) -> bool:
    """Whether notes are in it. Raises `NotesAreForStaff`."""
    is_staff = asking.role >= Role.AGENT
    if wanted and not is_staff:
        raise NotesAreForStaff
    return is_staff if wanted is None else wanted


def _reader(asking: Actor, ticket: Ticket) -> Reader:
    """Staff read English, at their own time; customers as they are spoken to."""
    if asking.role >= Role.AGENT:
        return Reader("", asking.agent.time_zone if asking.agent else "")
    return Reader(ticket.customer.language or "", ticket.customer.time_zone or "")
