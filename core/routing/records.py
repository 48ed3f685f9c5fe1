"""Track records: what routing learns of agents, added up with every resolution and every score."""

from datetime import timedelta

from sqlalchemy import select

from core.events import SurveyAnswered, TicketResolved
from core.model import Assignment, Ending, Survey, Ticket, TrackRecord
from core.storage.upsert import insert_or_add
from core.work import Work

SUMS = ("resolved", "minutes", "answered", "score")


async def count_resolution(work: Work, event: TicketResolved) -> None:
    """Add a resolution to the record of whoever held the ticket, with the minutes they had it."""
    ended = select(Assignment.agent_id, Assignment.started_at).where(
        Assignment.ticket_id == event.ticket_id,
        Assignment.ended_at == work.now,
        Assignment.ending == Ending.RESOLVED,
    )
    held = (await work.session.execute(ended)).first()
    if held is not None:
        ticket = await work.session.get_one(Ticket, event.ticket_id)
        minutes = (work.now - held.started_at) / timedelta(minutes=1)
        await _add(work, held.agent_id, ticket.category, resolved=1, minutes=minutes)


async def count_score(work: Work, event: SurveyAnswered) -> None:
    """Add a customer's score to the record of whoever they were with."""
    survey = await work.session.get_one(Survey, event.ticket_id)
    if survey.agent_id is not None:
        await _add(work, survey.agent_id, survey.category, answered=1, score=event.score)


async def _add(work: Work, agent: int, category: str, **sums: float) -> None:
    row = {"agent_id": agent, "category": category, **dict.fromkeys(SUMS, 0), **sums}
    adding = insert_or_add(work.session, TrackRecord, unique=["agent_id", "category"], sums=SUMS)
    await work.session.execute(adding, [row])
