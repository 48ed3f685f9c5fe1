"""A claim is a lease: without an answer in time the ticket goes back to the queue."""

from collections.abc import Sequence

from sqlalchemy import select

from core.events import ClaimLapsed
from core.model import Assignment, Ending, Kind, Message, Status, Ticket
from core.model.ticket import WITH_PEOPLE
from core.routing import assignment
from core.work import Work

SWEPT_AT_ONCE = 200


async def take_back_unanswered(work: Work) -> Sequence[int]:
    """Take back what somebody has had for too long without a word to the customer; the numbers.

    Only what nobody has answered since it became theirs; an answer that is just being written holds
    the ticket, and wins or comes too late. It does not go back to the same agent at once.
    """
    lease = work.house.policy.claim
    if not lease:
        return []
    work.actor = "sweep: unanswered"
    answered = select(Message.id).where(
        Message.ticket_id == Ticket.id,
        Message.kind == Kind.REPLY,
        Message.received_at >= Assignment.started_at,
    )
    late = (
        select(Ticket)
        .join(Assignment, Assignment.ticket_id == Ticket.id)
        .where(
            Assignment.ended_at.is_(None),
            Assignment.started_at <= work.now - lease,
            Ticket.status == Status.OPEN,
            ~answered.exists(),
        )
        .order_by(Ticket.id)
        .limit(SWEPT_AT_ONCE)
        .options(*WITH_PEOPLE)
        .with_for_update(skip_locked=True, of=Ticket)
    )
    tickets = (await work.session.scalars(late)).all()
    for ticket in tickets:
        minutes = round(lease.total_seconds() / 60)
        why = f"no answer within {minutes} minute{'s' * (minutes != 1)}"
        agent = await assignment.give_back(work, ticket, Ending.LAPSED, why=why)
        work.emit(ClaimLapsed(ticket_id=ticket.id, agent_id=agent.id if agent else 0, why=why))
    await assignment.assign_waiting(work)
    return [ticket.id for ticket in tickets]
