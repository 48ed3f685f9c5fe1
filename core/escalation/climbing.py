"""Climbing: the sweep that takes the steps that are due, each once; and tells whom it concerns."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update

from core.events import EscalationStepTaken, EscalationsTold, PriorityChanged
from core.model import (
    LIVE,
    Agent,
    EscalationNotice,
    EscalationStep,
    Measure,
    Priority,
    Role,
    Status,
    StepEnd,
    Ticket,
    Trigger,
)
from core.model.ticket import WITH_PEOPLE
from core.people import oncall
from core.routing import assignment
from core.storage.upsert import insert_or_leave
from core.tickets import passing_on
from core.work import Work

AT_ONCE = 5  # tickets: whoever works on one of them waits for the others of its transaction
PATIENCE = timedelta(minutes=2)  # that told notices wait for steps that are still due
NOBODY_ABOVE = "nobody works on a higher tier"


async def climb(work: Work) -> int:
    """Take the next steps that are due, in their order; how many ended.

    A ticket is claimed, and then its steps are read: whoever has a ticket has all of its steps, and so no
    step is taken twice, nor before the one below it. What another process looks at is skipped.
    """
    work.actor = "sweep: escalations"
    tickets = await _claimed(work)
    due = (
        select(EscalationStep)
        .where(*_DUE, EscalationStep.due_at <= work.now, EscalationStep.ticket_id.in_(tickets))
        .order_by(EscalationStep.due_at, EscalationStep.rank, EscalationStep.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    steps = (await work.session.scalars(due)).all() if tickets else []
    for step in steps:
        ticket = tickets[step.ticket_id]
        moot = _why_moot(step, ticket)
        step.outcome = (moot or await _MEASURES[step.measure](work, step, ticket))[:200]
        step.ending = StepEnd.MOOT if moot else StepEnd.TAKEN
        step.ended_at = work.now
        if not moot:
            _mark(work, step, ticket)
        await work.session.flush()
    if any(step.measure is Measure.REASSIGN for step in steps):
        await assignment.assign_waiting(work)
    return len(steps)


async def _claimed(work: Work) -> Mapping[int, Ticket]:
    """The tickets of the first steps that are due, by number, locked and as they are now."""
    first = (
        select(Ticket)
        .join(EscalationStep, EscalationStep.ticket_id == Ticket.id)
        .where(*_DUE, EscalationStep.due_at <= work.now)
        .order_by(EscalationStep.due_at, EscalationStep.rank, EscalationStep.id)
        .limit(AT_ONCE)
        .options(*WITH_PEOPLE)
        .with_for_update(skip_locked=True, of=Ticket)
        .execution_options(populate_existing=True)
    )
    return {ticket.id: ticket for ticket in await work.session.scalars(first)}


_DUE = (EscalationStep.ended_at.is_(None),)


async def tell(work: Work) -> int:
    """Tell everybody what is escalated, in one message each, once nothing is due any more.

    What is due for longer than a moment does not hold up what is to be told. Returns how many are told.
    """
    work.actor = "sweep: escalations"
    still = select(EscalationStep.id).where(*_DUE, EscalationStep.due_at <= work.now)
    untold: list[ColumnElement[bool]] = [EscalationNotice.told_at.is_(None)]
    if (await work.session.scalars(still.limit(1))).first() is not None:
        untold.append(EscalationNotice.made_at <= work.now - PATIENCE)
    telling = (
        update(EscalationNotice)
        .where(*untold)
        .values(told_at=work.now)
        .returning(EscalationNotice.agent_id)
        .execution_options(synchronize_session=False)
    )
    told = (await work.session.scalars(telling)).all()
    for agent_id in sorted(set(told)):
        work.emit(EscalationsTold(agent_id=agent_id, count=told.count(agent_id)))
    return len(set(told))


def _why_moot(step: EscalationStep, ticket: Ticket) -> str:
    """Why there is nothing left to escalate; empty where there is."""
    if step.trigger is Trigger.LOW_SCORE:
        is_talk = step.measure in {Measure.NOTIFY, Measure.ON_CALL, Measure.ADMIN}
        return "" if is_talk or ticket.status in LIVE else "the ticket is over"
    if ticket.status not in LIVE:
        return "the ticket was resolved"
    if step.trigger in {Trigger.AT_RISK, Trigger.BREACHED}:
        target = step.occurrence.partition(":")[0]
        if target == "first response" and ticket.first_response_at is not None:
            return "it was answered"
        if target == "next response" and ticket.status is Status.PENDING:
            return "it was answered"
    return ""


def _mark(work: Work, step: EscalationStep, ticket: Ticket) -> None:
    if ticket.status in LIVE and ticket.escalated_at is None:
        ticket.escalated_at = work.now
        ticket.escalation = step.trigger.value
        ticket.updated_at = work.now
    work.emit(
        EscalationStepTaken(
            ticket_id=ticket.id,
            step_id=step.id,
            trigger=step.trigger.value,
            measure=" ".join(filter(None, (step.measure.value, step.value))),
            outcome=step.outcome,
        )
    )


async def _raise_priority(work: Work, step: EscalationStep, ticket: Ticket) -> str:
    wanted = Priority[step.value.upper()]
    if ticket.priority >= wanted:
        return f"it was {ticket.priority.label} already"
    ticket.priority = wanted
    ticket.updated_at = work.now
    work.emit(PriorityChanged(ticket_id=ticket.id, priority=int(wanted)))
    return f"it is {wanted.label} now"


async def _reassign(work: Work, step: EscalationStep, ticket: Ticket) -> str:
    why = f"escalated: {step.trigger.value}"
    if not await passing_on.raise_tier(work, ticket, why=why):
        return NOBODY_ABOVE
    await work.session.refresh(ticket, ["assignee"])
    where = f"with {ticket.assignee.name}" if ticket.assignee else "in the queue"
    return f"it is on tier {ticket.tier}, {where}"


async def _notify(work: Work, step: EscalationStep, ticket: Ticket) -> str:
    if step.value == "assignee":
        told = [ticket.assignee] if ticket.assignee else []
        return await _told(work, step, told) or "nobody has it"
    if step.value == "team":
        if ticket.team_id is None:
            return "it has no team"
        return (
            await _told(work, step, await _agents(work, team=ticket.team_id)) or "nobody is in it"
        )
    return await _tell_leads(work, step, ticket)


async def _tell_leads(work: Work, step: EscalationStep, ticket: Ticket) -> str:
    """The leads of its team, or else all leads, or else the admins."""
    leads = await _agents(work, role=Role.LEAD)
    of_team = [each for each in leads if ticket.team_id and each.team_id == ticket.team_id]
    told = of_team or leads or await _agents(work, role=Role.ADMIN)
    return await _told(work, step, told) or "there is no lead"


async def _on_call(work: Work, step: EscalationStep, ticket: Ticket) -> str:
    agent = await oncall.whoever_is(work)
    if agent is not None:
        return await _told(work, step, [agent])
    return f"nobody is on call; {await _tell_leads(work, step, ticket)}"


async def _admins(work: Work, step: EscalationStep, _: Ticket) -> str:
    return await _told(work, step, await _agents(work, role=Role.ADMIN)) or "there is no admin"


async def _told(work: Work, step: EscalationStep, agents: Sequence[Agent]) -> str:
    """Write down whom to tell; their names, or nothing where there is nobody."""
    if agents:
        rows = [
            {"step_id": step.id, "agent_id": each.id, "made_at": work.now, "told_at": None}
            for each in agents
        ]
        into = insert_or_leave(work.session, EscalationNotice, unique=["step_id", "agent_id"])
        await work.session.execute(into, rows)
    names = ", ".join(each.name for each in agents)
    return f"told {names}" if names else ""


async def _agents(
    work: Work, *, role: Role | None = None, team: int | None = None
) -> Sequence[Agent]:
    """Who is on the desk with a role or in a team, looked up once in a sweep."""
    known = work.session.info.setdefault("receivers", {})
    if (role, team) not in known:
        there = select(Agent).where(Agent.removed_at.is_(None)).order_by(Agent.id)
        there = there.where(Agent.role == role) if role else there.where(Agent.team_id == team)
        known[role, team] = (await work.session.scalars(there)).all()
    found: Sequence[Agent] = known[role, team]
    return found


_MEASURES: Mapping[Measure, Callable[[Work, EscalationStep, Ticket], Awaitable[str]]] = {
    Measure.PRIORITY: _raise_priority,
    Measure.NOTIFY: _notify,
    Measure.REASSIGN: _reassign,
    Measure.ON_CALL: _on_call,
    Measure.ADMIN: _admins,
}
