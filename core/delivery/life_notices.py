"""What is said when a ticket is put aside, taken up again, taken back, merged or split."""

from core import catalogue
from core.delivery import to_staff
from core.delivery.about import beneath_card, ticket_of
from core.delivery.outgoing import direct_address, owe
from core.events import (
    ClaimLapsed,
    SplitUndone,
    TicketHeld,
    TicketMerged,
    TicketRejoined,
    TicketResumed,
    TicketSnoozed,
    TicketSplit,
    TicketSplitOff,
    TicketUnmerged,
)
from core.work import Work


async def tell_who_was_late(work: Work, event: ClaimLapsed) -> None:
    """A word to the agent from whom a ticket was taken back."""
    address = await direct_address(work, event.agent_id)
    if address is not None:
        ticket = await ticket_of(work, event.ticket_id)
        text = f"⏰ #{ticket.id} {ticket.subject} is no longer yours: {event.why}."
        key = f"lapsed:{ticket.id}:{ticket.version}"
        owe(work, key, address, to_staff.remark(text), ticket_id=ticket.id)


async def show_hold(work: Work, event: TicketHeld) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    card = to_staff.line(f"⏸ #{ticket.id} is on hold", event.waits_for)
    beneath_card(work, ticket.id, f"held:{ticket.id}:{ticket.version}", card)


async def show_snooze(work: Work, event: TicketSnoozed) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    until = to_staff.until_in_words(event.until)
    card = to_staff.remark(f"💤 #{ticket.id} is snoozed until {until}.")
    beneath_card(work, ticket.id, f"snoozed:{ticket.id}:{ticket.version}", card)


async def show_resumption(work: Work, event: TicketResumed) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    card = to_staff.remark(f"▶️ #{ticket.id} goes on: {event.why}.")
    beneath_card(work, ticket.id, f"resumed:{ticket.id}:{ticket.version}", card)


async def show_merge(work: Work, event: TicketMerged | TicketUnmerged) -> None:
    """Beneath the cards of both tickets; the other one's card is shown as it is now, too."""
    is_merge = isinstance(event, TicketMerged)
    other = await ticket_of(
        work, event.into if isinstance(event, TicketMerged) else event.from_ticket
    )
    did = "was merged into" if is_merge else "is its own again, and no longer part of"
    card = to_staff.remark(f"🔀 #{event.ticket_id} {did} #{other.id}.")
    for number in (event.ticket_id, other.id):
        key = f"merged:{event.merge_id}:{'done' if is_merge else 'undone'}:{number}"
        beneath_card(work, number, key, card)


async def tell_customer_of_merge(work: Work, event: TicketMerged | TicketUnmerged) -> None:
    """Once, in the conversation of the ticket that ends or goes on."""
    ticket = await ticket_of(work, event.ticket_id)
    if isinstance(event, TicketMerged):
        key, card = "merged", catalogue.merged(ticket.id, event.into)
    else:
        key, card = "unmerged", catalogue.unmerged(ticket.id)
    owe(work, f"{key}:{event.merge_id}", ticket.address, card, ticket_id=ticket.id)


async def show_split(
    work: Work, event: TicketSplit | TicketSplitOff | TicketRejoined | SplitUndone
) -> None:
    """Beneath the cards of both tickets, each with the number of the other one."""
    said = {
        TicketSplit: "✂️ A message of #{this} was split off; it is #{other}.",
        TicketSplitOff: "✂️ #{this} was split off #{other}.",
        TicketRejoined: "✂️ #{this} is part of #{other} again.",
        SplitUndone: "✂️ What was split off as #{other} is part of #{this} again.",
    }
    if isinstance(event, TicketSplitOff):
        other = event.from_ticket
    else:
        other = event.other if isinstance(event, SplitUndone) else event.into
    text = said[type(event)].format(this=event.ticket_id, other=other)
    key = f"split:{event.split_id}:{type(event).__name__}"
    beneath_card(work, event.ticket_id, key, to_staff.remark(text))


async def tell_customer_of_split(work: Work, event: TicketSplit | TicketRejoined) -> None:
    """In the conversation that the customer knows, where the rest of it goes on."""
    ticket, other = await ticket_of(work, event.ticket_id), await ticket_of(work, event.into)
    if isinstance(event, TicketSplit):
        key, card = "split", catalogue.split_off(other.id, other.subject)
    else:
        key, card = "rejoined", catalogue.merged(ticket.id, other.id)
    owe(work, f"{key}:{event.split_id}", ticket.address, card, ticket_id=ticket.id)
