"""What is said of escalations: beneath the ticket's card, and to each receiver in one message."""

from datetime import timedelta

from sqlalchemy import select

from core.cards import Button, Card, Field, Tone
from core.delivery import to_staff
from core.delivery.about import beneath_card, ticket_of
from core.delivery.outgoing import direct_address, owe
from core.events import EscalationStepTaken, EscalationsTold, TicketCalmed
from core.model import EscalationNotice, EscalationStep, Ticket
from core.model.ticket import WITH_PEOPLE
from core.work import Work

LISTED = 15
LATE = timedelta(hours=1)


async def show_step(work: Work, event: EscalationStepTaken) -> None:
    """A line beneath the ticket's card; what comes very late is in its history only."""
    step = await work.session.get_one(EscalationStep, event.step_id)
    if work.now - step.due_at <= LATE:
        text = f"🚨 #{event.ticket_id} {event.trigger}: {event.measure}; {event.outcome}."
        beneath_card(work, event.ticket_id, f"step:{step.id}", to_staff.remark(text))


async def show_calm(work: Work, event: TicketCalmed) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    card = to_staff.remark(f"🕊 #{ticket.id} is not escalated any more.")
    beneath_card(work, ticket.id, f"calmed:{ticket.id}:{ticket.version}", card)


async def tell_of_escalations(work: Work, event: EscalationsTold) -> None:
    """One message for all that an agent is to be told now: a ticket with buttons, or a list."""
    address = await direct_address(work, event.agent_id)
    if address is None:
        return
    told = (
        select(EscalationStep, Ticket)
        .join(EscalationNotice, EscalationNotice.step_id == EscalationStep.id)
        .join(Ticket, Ticket.id == EscalationStep.ticket_id)
        .where(EscalationNotice.agent_id == event.agent_id, EscalationNotice.told_at == work.now)
        .order_by(Ticket.priority.desc(), Ticket.id, EscalationStep.rank)
        .options(*WITH_PEOPLE)
    )
    rows = (await work.session.execute(told)).all()
    tickets = {ticket.id: (ticket, step) for step, ticket in rows}
    if not tickets:
        return
    last = max(step.id for step, _ in rows)
    key = f"escalations:{event.agent_id}:{last}:{int(work.now.timestamp())}"
    if len(tickets) == 1:
        [(ticket, step)] = tickets.values()
        owe(work, key, address, _one(ticket, step), ticket_id=ticket.id)
    else:
        owe(work, key, address, _many([*tickets.values()]))


def _one(ticket: Ticket, step: EscalationStep) -> Card:
    number = str(ticket.id)
    buttons = (
        Button("🙌 Take", "ticket transfer", f"{number} me", Tone.PRIMARY),
        Button("➡️ Reassign", "ticket transfer", number),
        Button("✅ Resolve", "ticket resolve", number),
        Button("🕊 End it", "escalation end", number),
    )
    return Card(
        title=f"🚨 #{ticket.id} {ticket.subject}",
        text=f"Escalated: {step.trigger.value}.",
        fields=(
            Field("Customer", ticket.customer.name),
            Field("Status", to_staff.status_in_words(ticket)),
            Field("Priority", ticket.priority.label),
            Field("Assignee", ticket.assignee.name if ticket.assignee else "nobody yet"),
        ),
        buttons=buttons if ticket.resolved_at is None else (),
    )


def _many(tickets: list[tuple[Ticket, EscalationStep]]) -> Card:
    lines = [
        f"#{ticket.id} {ticket.subject[:60]} · {ticket.priority.label} · {step.trigger.value}"
        for ticket, step in tickets[:LISTED]
    ]
    more = len(tickets) - LISTED
    return Card(
        title=f"🚨 {len(tickets)} tickets are escalated",
        text="\n".join([*lines, *([f"and {more} more."] if more > 0 else [])]),
        footnote="/escalation tickets shows them to leads.",
    )
