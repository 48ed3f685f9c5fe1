"""What begins an escalation: each event writes the steps of its ladder as rows, once an occurrence."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.delivery.about import said_at_hand, ticket_of
from core.escalation import anger, ladders
from core.escalation.ladders import Rung
from core.events import (
    MessageReceived,
    SurveyAnswered,
    TargetBreached,
    TargetWarned,
    TicketAssigned,
    TicketClosed,
    TicketEscalated,
    TicketMerged,
    TicketOpened,
    TicketReopened,
    TicketResolved,
)
from core.model import Agent, EscalationStep, Ladder, Message, StepEnd, Trigger
from core.model.survey import LOW
from core.storage.upsert import insert_or_leave
from core.work import Work

HARDEST: Mapping[int, int] = {1: 3, 2: 4}
"""The highest complexity that is for a tier, of 5; those above take all."""

ONCE = "once"


async def on_risk(work: Work, event: TargetWarned) -> None:
    """The first warning of a promise that says that it is at risk."""
    if event.share >= work.house.policy.risk:
        await begin(work, event.ticket_id, Trigger.AT_RISK, f"{event.target}:{event.due_at}")


async def on_breach(work: Work, event: TargetBreached) -> None:
    """A promise was not kept: its steps are counted from when it should have been."""
    due = datetime.fromisoformat(event.due_at)
    occurrence = f"{event.target}:{event.due_at}"
    await begin(work, event.ticket_id, Trigger.BREACHED, occurrence, at=due)


async def on_reopening(work: Work, event: TicketReopened) -> None:
    ticket = await ticket_of(work, event.ticket_id)
    if ticket.resolutions >= work.house.policy.reopens:
        await begin(work, ticket.id, Trigger.REOPENED, str(ticket.resolutions))


async def on_low_score(work: Work, event: SurveyAnswered) -> None:
    if event.score <= LOW:
        await begin(work, event.ticket_id, Trigger.LOW_SCORE, ONCE)


async def on_angry_words(work: Work, event: TicketOpened | MessageReceived) -> None:
    if isinstance(event, MessageReceived):
        said = [await work.session.get_one(Message, event.message_id)]
    else:
        said = said_at_hand(work, event.ticket_id)
    if anger.angry_words("\n".join(each.text for each in said)):
        await begin(work, event.ticket_id, Trigger.ANGRY, ONCE)


async def on_assignment(work: Work, event: TicketAssigned) -> None:
    """A ticket that is too hard for the tier of whoever has it now."""
    ticket = await ticket_of(work, event.ticket_id)
    if ticket.complexity <= min(HARDEST.values()):
        return
    agent = await work.session.get_one(Agent, event.agent_id)
    if ticket.complexity > HARDEST.get(agent.tier, ticket.complexity):
        await begin(work, ticket.id, Trigger.TOO_HARD, f"tier {agent.tier}")


async def on_escalation(work: Work, event: TicketEscalated) -> None:
    last = select(func.count()).where(
        EscalationStep.ticket_id == event.ticket_id,
        EscalationStep.trigger == Trigger.BY_HAND,
        EscalationStep.rank == 0,
    )
    times = await work.session.scalar(last) or 0
    await begin(work, event.ticket_id, Trigger.BY_HAND, str(times + 1))


async def end_escalation(work: Work, event: TicketResolved | TicketClosed | TicketMerged) -> None:
    """What was still to be done for a ticket that is solved is moot."""
    happened = "merged" if isinstance(event, TicketMerged) else "resolved"
    await make_moot(work, event.ticket_id, f"the ticket was {happened}")


async def begin(
    work: Work, ticket_id: int, trigger: Trigger, occurrence: str, *, at: datetime | None = None
) -> None:
    """Write the steps of a trigger's ladder, counted from ``at`` (now); those there are stay."""
    rungs = (await ladders_of(work.session))[trigger]
    if not rungs:
        return
    begun = at or work.now
    rows = [
        {
            "ticket_id": ticket_id,
            "trigger": trigger,
            "occurrence": occurrence[:80],
            "rank": rank,
            "measure": rung.measure,
            "value": rung.value,
            "due_at": begun + rung.after,
            "outcome": "",
        }
        for rank, rung in enumerate(rungs)
    ]
    unique = ["ticket_id", "trigger", "occurrence", "rank"]
    await work.session.execute(insert_or_leave(work.session, EscalationStep, unique=unique), rows)


async def make_moot(work: Work, ticket_id: int, why: str) -> int:
    """End all that is still to be done for a ticket; how many steps."""
    waiting = (
        update(EscalationStep)
        .where(EscalationStep.ticket_id == ticket_id, EscalationStep.ended_at.is_(None))
        .values(ended_at=work.now, ending=StepEnd.MOOT, outcome=why[:200])
        .returning(EscalationStep.id)
        .execution_options(synchronize_session=False)
    )
    return len((await work.session.scalars(waiting)).all())


async def ladders_of(session: AsyncSession) -> Mapping[Trigger, tuple[Rung, ...]]:
    """Every trigger with its steps: the desk's own, or else what we ship."""
    own = {each.trigger: ladders.from_json(each.steps) for each in await session.scalars(_OWN)}
    return {trigger: own.get(trigger, rungs) for trigger, rungs in ladders.DEFAULTS.items()}


_OWN = select(Ladder)
