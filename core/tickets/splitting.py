"""Splitting: a message about something else becomes a ticket of its own; and taking that back."""

from sqlalchemy import select

from core.channels import Who
from core.errors import Conflict, Invalid, NotFound
from core.events import SplitUndone, TicketRejoined, TicketSplit, TicketSplitOff
from core.model import Kind, Message, Split, Ticket
from core.model.ticket import subject_of
from core.people.actors import acting
from core.routing import assignment
from core.storage.text import clean
from core.tickets import find, lifecycle, merging
from core.tickets.opening import open_apart
from core.work import Work


class NoSuchMessage(NotFound):
    """The ticket has fewer messages."""

    def __init__(self, number: int, place: int, there_are: int) -> None:
        super().__init__(
            f"Ticket #{number} has no message {place}; it has {there_are}. "
            f"/ticket show {number} numbers them."
        )


class NotFromCustomer(Invalid):
    """Replies and notes are ours; they are nobody's matter."""

    def __init__(self, number: int, place: int, kind: Kind) -> None:
        super().__init__(
            f"Message {place} of #{number} is a {kind.value}. "
            "Only what the customer wrote can become a ticket."
        )


class TakenBack(Conflict):
    """Its author deleted it."""

    def __init__(self, number: int, place: int) -> None:
        super().__init__(f"Message {place} of #{number} was taken back by whoever wrote it.")


class SplitAlready(Conflict):
    """Somebody did it before."""

    def __init__(self, number: int, place: int, into: int | None) -> None:
        super().__init__(f"Message {place} of #{number} was split off before; it is #{into}.")


class NothingLeft(Conflict):
    """A ticket needs something that its customer wrote."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"That is all the customer wrote on #{number}; without it there would be no ticket."
        )


class NotSplit(Conflict):
    """There is no split to take back."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Ticket #{number} was not split off another one.")


class TooLateToJoin(Conflict):
    """A split can be taken back for a few minutes."""

    def __init__(self, number: int, before: int, minutes: int) -> None:
        super().__init__(
            f"Ticket #{number} was split off #{before} more than {minutes} minutes ago. "
            f"/ticket merge {number} into:{before} makes one of them."
        )


async def split(
    work: Work, by: Who, number: int, *, message: int | None = None, subject: str = ""
) -> Ticket:
    """Make a ticket of a message on a live ticket: with its files, for the same customer, opened and
    assigned like any other. It goes on in a branch of the conversation (decision 25).

    ``message`` counts from 1 as `find.messages_of` does; None is the customer's last one. Raises
    `AlreadyResolved`, `NotYours`, `NoSuchMessage`, `NotFromCustomer`, `TakenBack`, `SplitAlready`,
    `NothingLeft`.
    """
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    lifecycle.refuse_ended(ticket)
    lifecycle.refuse_strangers(actor, ticket)
    said = await _meant(work, number, message)
    if await _is_all(work, said, number):
        raise NothingLeft(number)
    kept = Split(from_id=number, message_id=said.id, split_at=work.now)
    work.session.add(kept)
    ticket.updated_at = work.now
    await work.session.flush()
    about = subject_of(clean(subject).strip() or said.words or ticket.subject)
    new = await open_apart(work, said, ticket, branch=kept.id, subject=about)
    kept.ticket_id = new.id
    work.emit(TicketSplit(ticket_id=number, into=new.id, message_id=said.id, split_id=kept.id))
    off = TicketSplitOff(ticket_id=new.id, from_ticket=number, message_id=said.id, split_id=kept.id)
    work.emit(off)
    await work.session.flush()
    return await find.ticket_for(work.session, actor, new.id)


async def unsplit(work: Work, by: Who, number: int) -> Ticket:
    """Take a split back, for ten minutes: everything goes back onto the ticket it came from.

    Raises `NotSplit`, `TooLateToJoin`, `AlreadyResolved`, `NotYours`.
    """
    actor = await acting(work, by)
    await find.ticket_for(work.session, actor, number, to_look=True)
    kept = await _latest(work, number)
    if kept is None:
        raise NotSplit(number)
    ticket, target = await merging.both(work, actor, number, kept.from_id)
    await work.session.refresh(kept)
    lifecycle.refuse_ended(ticket)
    lifecycle.refuse_ended(target)
    lifecycle.refuse_strangers(actor, ticket)
    undo = work.house.policy.undo
    if work.now - kept.split_at > undo:
        raise TooLateToJoin(number, target.id, round(undo.total_seconds() / 60))
    await merging.join(work, ticket, target)
    kept.undone_at = work.now
    work.emit(TicketRejoined(ticket_id=number, into=target.id, split_id=kept.id))
    work.emit(SplitUndone(ticket_id=target.id, other=number, split_id=kept.id))
    await assignment.assign_waiting(work)
    return await find.ticket_for(work.session, actor, target.id)


async def _meant(work: Work, number: int, place: int | None) -> Message:
    """The message of this place on a ticket, if it can become a ticket."""
    if place is None:
        last = find.said_by_customer(number).order_by(Message.id.desc()).limit(1)
        found = (await work.session.scalars(last)).one_or_none()
        if found is None:
            raise NothingLeft(number)
        return found
    found = await find.message_numbered(work.session, number, place)
    if found is None:
        raise NoSuchMessage(number, place, await find.count_messages(work.session, number))
    if found.ticket_id != number:
        raise SplitAlready(number, place, found.ticket_id)
    if found.kind is not Kind.MESSAGE:
        raise NotFromCustomer(number, place, found.kind)
    if found.deleted_at is not None:
        raise TakenBack(number, place)
    return found


async def _is_all(work: Work, said: Message, number: int) -> bool:
    others = find.said_by_customer(number).where(Message.id != said.id).limit(1)
    return (await work.session.scalars(others)).first() is None


async def _latest(work: Work, number: int) -> Split | None:
    last = (
        select(Split)
        .where(Split.ticket_id == number, Split.undone_at.is_(None))
        .order_by(Split.id.desc())
        .limit(1)
    )
    return (await work.session.scalars(last)).one_or_none()
