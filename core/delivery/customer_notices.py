"""What each event makes us say to the customer. Rows only; the courier sends them."""

from core import catalogue
from core.cards import Card
from core.channels import Address
from core.delivery.about import agent_author, reply_key, ticket_of
from core.delivery.outgoing import carrying, opened_key, owe
from core.events import (
    AgentReplied,
    ArticlesOffered,
    BlockedWrote,
    CustomersLinked,
    EnquirySolved,
    LinkRefused,
    MoveOffered,
    SmallTalkMade,
    TicketAssigned,
    TicketClosed,
    TicketMoved,
    TicketOpened,
    TicketReopened,
    TicketResolved,
    TicketResumed,
    TicketReturned,
)
from core.model import Agent, Enquiry, How, Message, Status, Ticket
from core.routing import queue
from core.work import Work

SMALL_TALK = {
    "greeting": catalogue.greeting,
    "thanks": catalogue.thanks,
    "farewell": catalogue.farewell,
}


async def make_small_talk(work: Work, event: SmallTalkMade) -> None:
    message = await work.session.get_one(Message, event.message_id)
    owe(work, f"small-talk:{message.id}", message.address, SMALL_TALK[event.tone]())


async def refuse_politely(work: Work, event: BlockedWrote) -> None:
    """Once; whatever a blocked customer writes after that is answered by nothing."""
    if event.first:
        message = await work.session.get_one(Message, event.message_id)
        owe(work, f"blocked:{message.id}", message.address, catalogue.blocked())


async def offer_articles(work: Work, event: ArticlesOffered) -> None:
    enquiry = await work.session.get_one(Enquiry, event.enquiry_id)
    card = catalogue.offer(enquiry.id, enquiry.latest_offer, sure=event.sure)
    owe(work, enquiry.offer_key, enquiry.address, card)


async def end_offer(work: Work, event: EnquirySolved) -> None:
    enquiry = await work.session.get_one(Enquiry, event.enquiry_id)
    _replace_offer(work, enquiry, catalogue.solved())


async def acknowledge(work: Work, event: TicketOpened) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    if event.enquiry_id is not None:
        enquiry = await work.session.get_one(Enquiry, event.enquiry_id)
        _replace_offer(work, enquiry, catalogue.went_to_person(ticket.id))
    waits = ticket.status is Status.NEW
    card = catalogue.opened(
        ticket.id,
        assignee=ticket.assignee.name if ticket.assignee else None,
        place=await queue.place_of(work.session, ticket) if waits else 0,
        branch=ticket.subject if ticket.branch else "",
    )
    _tell_customer(work, ticket, opened_key(ticket.id), card)


async def say_who_has_it(work: Work, event: TicketAssigned) -> None:
    if event.opening or event.how == How.BACK:
        return
    ticket = await ticket_of(work, event.ticket_id)
    agent = await work.session.get_one(Agent, event.agent_id)
    card = catalogue.taken(ticket.id, agent.name)
    _tell_customer(work, ticket, f"taken:{event.assignment_id}", card)


async def say_it_waits(work: Work, event: TicketReturned | TicketReopened | TicketResumed) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    if ticket.status is Status.NEW:
        key = f"waiting:{ticket.id}:{ticket.version}"
        _tell_customer(work, ticket, key, catalogue.waiting_again(ticket.id))


async def pass_on_reply(work: Work, event: AgentReplied) -> None:
    if event.seen_already:
        return
    ticket = await ticket_of(work, event.ticket_id)
    message = await work.session.get_one(Message, event.message_id)
    author = await agent_author(work, event.agent_id)
    card = catalogue.reply(ticket.id, author, message.text)
    carries = await carrying(work, message)
    owe(work, reply_key(message), ticket.address, card, ticket_id=ticket.id, carries=carries)


async def say_resolved(work: Work, event: TicketResolved) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    author = await agent_author(work, event.agent_id) if event.resolution else None
    closes_in = work.house.policy.handshake
    card = catalogue.resolved(ticket.id, event.resolution, author=author, closes_in=closes_in)
    _tell_customer(work, ticket, _resolved_key(ticket), card)


async def say_reopened(work: Work, event: TicketReopened) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    _retire_resolved(work, ticket, catalogue.open_again(ticket.id))


async def say_closed(work: Work, event: TicketClosed) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    _retire_resolved(work, ticket, catalogue.closed(ticket.id))


async def offer_move(work: Work, event: MoveOffered) -> None:
    """A ticket is live on another channel: is this about it?"""
    enquiry = await work.session.get_one(Enquiry, event.enquiry_id)
    ticket = await ticket_of(work, event.number)
    card = catalogue.live_elsewhere(ticket.id, ticket.subject, ticket.channel, enquiry.id)
    owe(work, _move_key(enquiry.id), enquiry.address, card)


async def say_moved(work: Work, event: TicketMoved) -> None:
    """Where the ticket goes on, in the conversation that it came to and in the one that it left."""
    ticket = await ticket_of(work, event.ticket_id)
    asked = _move_key(event.enquiry_id) if event.enquiry_id else None
    key = f"moved:{ticket.id}:{ticket.version}"
    _tell_customer(work, ticket, key, catalogue.moved_here(ticket.id))
    if asked is not None:
        done = Card(text=catalogue.went_here(ticket.id))
        owe(work, f"{asked}:done", ticket.address, done, ticket_id=ticket.id, replaces=asked)
    left = catalogue.moved_away(ticket.id, event.channel)
    owe(work, f"{key}:left", Address.read(event.left), left, ticket_id=ticket.id)


async def say_linked(work: Work, event: CustomersLinked) -> None:
    """To whoever linked themselves, that it is done."""
    if event.at is not None:
        key = f"linked:{event.customer_id}:{event.other_id}"
        owe(work, key, Address.read(event.at), catalogue.linked())


async def say_not_linked(work: Work, event: LinkRefused) -> None:
    message = await work.session.get_one(Message, event.message_id)
    owe(work, f"not-linked:{message.id}", message.address, catalogue.not_linked(event.why))


def _move_key(enquiry_id: int) -> str:
    return f"move:{enquiry_id}"


def _tell_customer(work: Work, ticket: Ticket, key: str, card: Card) -> None:
    owe(work, key, ticket.address, card, ticket_id=ticket.id)


def _replace_offer(work: Work, enquiry: Enquiry, outcome: str) -> None:
    if enquiry.offers:
        card = catalogue.offer_ended(enquiry.latest_offer, outcome)
        key = f"{enquiry.offer_key}:{enquiry.stage.value}"
        owe(work, key, enquiry.address, card, replaces=enquiry.offer_key)


def _resolved_key(ticket: Ticket) -> str:
    return f"resolved:{ticket.id}:{ticket.resolutions}"


def _retire_resolved(work: Work, ticket: Ticket, outcome: str) -> None:
    """The card that said it is resolved loses its buttons and says what came of it."""
    card = catalogue.resolved_ended(ticket.id, ticket.resolution or "", outcome)
    root = _resolved_key(ticket)
    owe(work, f"{root}:ended", ticket.address, card, ticket_id=ticket.id, replaces=root)
