"""What is said when a ticket is put aside, taken up again, taken back, merged or split."""

from core import catalogue
from core.delivery import to_staff
from core.delivery.about import beneath_card, ticket_of
from core.delivery.outgoing import direct_address, owe
from core.events import (
    ClaimLapsed,
    TicketHeld,
    TicketMerged,
    TicketResumed,
    TicketSnoozed,
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
