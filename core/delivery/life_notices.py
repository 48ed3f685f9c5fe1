"""What is said when a ticket is put aside, taken up again, taken back, merged or split."""

from core.delivery import to_staff
from core.delivery.about import beneath_card, ticket_of
from core.delivery.outgoing import direct_address, owe
from core.events import ClaimLapsed, TicketHeld, TicketResumed
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


async def show_resumption(work: Work, event: TicketResumed) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    card = to_staff.remark(f"▶️ #{ticket.id} goes on: {event.why}.")
    beneath_card(work, ticket.id, f"resumed:{ticket.id}:{ticket.version}", card)
