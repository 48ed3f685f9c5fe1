"""A ticket follows its customer to the channel on which they write now."""

from sqlalchemy import select

from core.channels import Address, Who
from core.errors import Conflict
from core.events import MessageReceived, MoveOffered, TicketMoved
from core.model import LIVE, Customer, Enquiry, Message, Stage, Status, Ticket
from core.model.ticket import WITH_PEOPLE
from core.speaking import Sentence
from core.storage import constant
from core.storage.serial import serialise
from core.tickets import enquiries, find, lifecycle
from core.tickets.outcome import Outcome, Received
from core.work import Work


class TakenHere(Conflict):
    """Another ticket of theirs is live in this conversation."""

    def __init__(self, number: int) -> None:
        super().__init__(
            Sentence(
                "Ticket #{number} is live here already; one conversation holds one ticket.",
                number=number,
            )
        )


async def live_elsewhere(work: Work, customer: Customer, here: Address) -> Ticket | None:
    """The ticket of this customer that is live on another channel, the one last touched."""
    if not customer.id:  # met just now
        return None
    live = (
        select(Ticket)
        .where(
            Ticket.customer_id == customer.id,
            constant.among(Ticket.status, sorted(LIVE)),
            (Ticket.channel != here.channel) | (Ticket.workspace != here.workspace),
        )
        .order_by(Ticket.updated_at.desc())
        .limit(1)
    )
    return (await work.session.scalars(live)).one_or_none()


async def offer(work: Work, customer: Customer, message: Message, ticket: Ticket) -> Received:
    """Keep what they wrote as a question, and ask whether it belongs to that ticket."""
    work.session.add(message)
    message.enquiry = enquiries.begin(work, customer, message)
    await work.session.flush()
    work.emit(MoveOffered(enquiry_id=message.enquiry.id, number=ticket.id))
    return Received(outcome=Outcome.ELSEWHERE, ticket=ticket.id, enquiry=message.enquiry.id)


async def move(work: Work, by: Who, number: int) -> Ticket:
    """Go on with one's ticket where one writes now: the conversation with the bot on this channel.

    What was asked there meanwhile goes onto it. Raises `UnknownTicket`, `ClosedForGood`,
    `TakenHere`; of two moves at once to one conversation the second one is refused.
    """
    asking = await find.asking(work, by)
    here = Address(by.channel, by.workspace, by.user)
    await serialise(work.session, str(here))
    ticket = await find.ticket_for(work.session, asking, number)
    if ticket.customer_id != asking.customer_id:
        raise find.UnknownTicket(number)
    if ticket.status is Status.CLOSED:
        raise lifecycle.ClosedForGood(number)
    left = ticket.address
    if left == here:
        return ticket
    other = await find.live_ticket_at(work.session, here)
    if other is not None:
        raise TakenHere(other.id)
    ticket.channel, ticket.workspace, ticket.conversation = (
        here.channel,
        here.workspace,
        here.conversation,
    )
    ticket.branch = 0
    ticket.updated_at = work.now
    await work.session.flush()
    enquiry = await find.enquiry_at(work.session, here)
    work.emit(
        TicketMoved(
            ticket_id=number,
            channel=here.channel,
            left=str(left),
            enquiry_id=enquiry.id if enquiry else None,
        )
    )
    if enquiry is not None:
        await _take_along(work, ticket, enquiry)
    return await work.session.get_one(Ticket, number, options=WITH_PEOPLE, populate_existing=True)


async def _take_along(work: Work, ticket: Ticket, enquiry: Enquiry) -> None:
    """What was asked in the conversation goes onto the ticket that moves there."""
    enquiry.stage = Stage.HANDED_OVER
    enquiry.ticket = ticket
    enquiry.updated_at = work.now
    said = await find.said_in(work.session, enquiry)
    before = ticket.status
    await lifecycle.hear_customer(work, ticket)
    moved = ticket.status is not before
    for message in said:
        message.ticket = ticket
    await work.session.flush()
    for message in said:
        work.emit(MessageReceived(ticket_id=ticket.id, message_id=message.id, moved=moved))
