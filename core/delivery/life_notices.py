"""What is said when a ticket is put aside, taken up again, taken back, merged or split."""

from core.delivery import to_staff
from core.delivery.about import beneath_card, ticket_of
from core.events import TicketHeld, TicketResumed
from core.work import Work


async def show_hold(work: Work, event: TicketHeld) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    card = to_staff.line(f"⏸ #{ticket.id} is on hold", event.waits_for)
    beneath_card(work, ticket.id, f"held:{ticket.id}:{ticket.version}", card)


async def show_resumption(work: Work, event: TicketResumed) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    card = to_staff.remark(f"▶️ #{ticket.id} goes on: {event.why}.")
    beneath_card(work, ticket.id, f"resumed:{ticket.id}:{ticket.version}", card)
