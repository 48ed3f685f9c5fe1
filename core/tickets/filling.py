"""What is in the fields of a ticket: filled in, taken away, and looked at."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.errors import Conflict
from core.events import FieldChanged
from core.model import BuiltIn, FieldValue, Message, Ticket, TicketField
from core.people.actors import acting
from core.tickets import field_values, fields, find, kinds
from core.tickets.field_values import BadValue, Value
from core.work import Work


class OtherKind(Conflict):
    """The field is for tickets of another kind."""

    def __init__(self, field: TicketField, ticket: Ticket) -> None:
        super().__init__(
            f"{field.name} is for tickets of the kind {field.kind}; #{ticket.id} is a "
            f"{ticket.kind}. /ticket kind {ticket.id} {field.kind} would change that."
        )


class HasToBeThere(Conflict):
    """A required field is not emptied."""

    def __init__(self, field: TicketField, ticket: Ticket) -> None:
        super().__init__(
            f"{field.name} has to be there. Give it another value: "
            f"/ticket field {ticket.id} {field.name} …"
        )


@dataclass(frozen=True)
class Filled:
    """A field of a ticket with what is in it."""

    name: str
    label: str
    text: str


async def set_field(work: Work, by: Who, number: int, name: str, value: str) -> Ticket:
    """Fill in a field of a ticket; ``none`` and ``-`` take its value away.

    Raises `UnknownField`, `BadValue`, `OtherKind`, `HasToBeThere`.
    """
    actor = await acting(work, by)
    field = await fields.meant(work.session, name, to_use=True)
    ticket = await find.ticket_for(work.session, actor, number)
    if field.kind not in {None, ticket.kind}:
        raise OtherKind(field, ticket)
    if value.strip().lower() not in fields.NOTHING:
        await put(work, ticket, field, field_values.read(field, value))
    elif field.is_required:
        raise HasToBeThere(field, ticket)
    else:
        await put(work, ticket, field, None)
    return ticket


async def put(work: Work, ticket: Ticket, field: TicketField, value: Value | None) -> None:
    """Put a value into a field of a locked ticket, or none; what is so already stays so."""
    kept = await work.session.get(FieldValue, (ticket.id, field.id))
    if (kept.text if kept else None) == (value.text if value else None):
        return
    if value is None:
        await work.session.delete(kept)
    else:
        if kept is None:
            kept = FieldValue(ticket_id=ticket.id, field_id=field.id)
            work.session.add(kept)
        kept.text, kept.folded = value.text, value.folded
        kept.number, kept.day = value.number, value.day
    ticket.updated_at = work.now
    text = value.text if value else None
    work.emit(FieldChanged(ticket_id=ticket.id, field=field.name, value=text))


async def kind_said(work: Work, said: Sequence[Message]) -> str | None:
    """The kind that a customer chose in a form, last; not a return, which is asked for otherwise."""
    chosen = [str(message.form["kind"]) for message in said if message.form]
    if not any(chosen):
        return None
    there = {kind.name for kind in await kinds.current(work.session)} - {BuiltIn.RETURN.value}
    return next((kind for kind in reversed(chosen) if kind in there), None)


async def fill(work: Work, ticket: Ticket, said: Sequence[Message]) -> None:
    """Put in what a customer filled in with their words, as far as they are asked for it and it can be
    there: what cannot be stays with the message, and holds up none."""
    answers: dict[str, str] = {}
    for message in said:
        answers |= message.form["fields"] if message.form else {}
    if not answers:
        return
    for field in await fields.asked(work):
        there = answers.get(field.name, "").strip()
        if there and field.kind in {None, ticket.kind}:
            with suppress(BadValue):
                await put(work, ticket, field, field_values.read(field, there))


async def filled(
    session: AsyncSession, numbers: Sequence[int], *, for_customer: bool = False
) -> Mapping[int, Sequence[Filled]]:
    """What is in the fields of tickets, in the order in which the fields were made; for a customer
    in those that they are asked for."""
    there = (
        select(FieldValue.ticket_id, TicketField.name, TicketField.label, FieldValue.text)
        .join(TicketField, TicketField.id == FieldValue.field_id)
        .where(FieldValue.ticket_id.in_(numbers), TicketField.removed_at.is_(None))
        .order_by(FieldValue.ticket_id, TicketField.id)
    )
    if for_customer:
        there = there.where(TicketField.asked)
    found: dict[int, list[Filled]] = {}
    for row in await session.execute(there):
        found.setdefault(row.ticket_id, []).append(Filled(row.name, row.label, row.text))
    return found
