"""Keeping escalations: leads look at them and end them, admins set the ladders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.channels import Who
from core.errors import Conflict, Invalid
from core.escalation import ladders
from core.escalation.beginning import ladders_of, make_moot
from core.escalation.ladders import Rung
from core.events import LadderSet, TicketCalmed
from core.model import EscalationStep, Ladder, Role, Ticket, Trigger
from core.people.actors import acting, staff
from core.storage.text import clean
from core.tickets import find
from core.work import Work


class NotEscalated(Conflict):
    """There is nothing to end."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Ticket #{number} is not escalated, and nothing is due for it.")


class NoTrigger(Invalid):
    """Nothing begins an escalation by that name."""

    def __init__(self, said: str) -> None:
        there_are = ", ".join(each.value for each in Trigger)
        super().__init__(f"“{clean(said)[:40]}” begins no escalation. What does is {there_are}.")


@dataclass(frozen=True)
class Escalated:
    """An escalated ticket with what is done next for it, if anything."""

    ticket: Ticket
    next: EscalationStep | None


async def show(work: Work, by: Who) -> Mapping[Trigger, tuple[Rung, ...]]:
    """Every trigger with its steps, for staff."""
    await staff(work.session, by)
    return await ladders_of(work.session)


async def set_ladder(
    work: Work, by: Who, trigger: str, text: str
) -> tuple[Trigger, Sequence[Rung]]:
    """Say what is done when a trigger fires, from now on; what is due already stays.

    Raises `BadLadder`, `NoTrigger`, `RoleTooLow`.
    """
    await acting(work, by, at_least=Role.ADMIN)
    meant, rungs = _trigger(trigger), ladders.read(clean(text))
    kept = await work.session.get(Ladder, meant, with_for_update=True)
    if kept is None:
        kept = Ladder(trigger=meant)
        work.session.add(kept)
    kept.steps, kept.set_at = ladders.as_json(rungs), work.now
    work.emit(LadderSet(trigger=meant.value, steps=ladders.in_words(rungs)))
    return meant, rungs


async def reset_ladder(work: Work, by: Who, trigger: str) -> tuple[Trigger, Sequence[Rung]]:
    """Let a trigger have the steps that we ship. Raises `NoTrigger`, `RoleTooLow`."""
    await acting(work, by, at_least=Role.ADMIN)
    meant = _trigger(trigger)
    kept = await work.session.get(Ladder, meant, with_for_update=True)
    rungs = ladders.DEFAULTS[meant]
    if kept is not None:
        await work.session.delete(kept)
        work.emit(LadderSet(trigger=meant.value, steps=ladders.in_words(rungs)))
    return meant, rungs


async def calm(work: Work, by: Who, number: int) -> Ticket:
    """End an escalation: nothing more is done, and the ticket is not on the list any more. Priority and
    tier stay as they are. Raises `NotEscalated`, `RoleTooLow`."""
    actor = await acting(work, by, at_least=Role.LEAD)
    ticket = await find.ticket_for(work.session, actor, number)
    ended = await make_moot(work, number, f"{actor.name} ended it")
    if ticket.escalated_at is None and not ended:
        raise NotEscalated(number)
    ticket.escalated_at = ticket.escalation = None
    ticket.updated_at = work.now
    work.emit(TicketCalmed(ticket_id=number))
    return ticket


async def escalated(work: Work, by: Who) -> Sequence[Escalated]:
    """The live tickets that are escalated, the latest first, with their next steps; for leads."""
    await staff(work.session, by, at_least=Role.LEAD)
    tickets = await find.escalated(work.session)
    waiting = (
        select(EscalationStep)
        .where(
            EscalationStep.ticket_id.in_([each.id for each in tickets]),
            EscalationStep.ended_at.is_(None),
        )
        .order_by(EscalationStep.due_at.desc(), EscalationStep.rank.desc())
    )
    first = {each.ticket_id: each for each in await work.session.scalars(waiting)}
    return [Escalated(each, first.get(each.id)) for each in tickets]


def _trigger(said: str) -> Trigger:
    word = " ".join(clean(said).lower().replace("_", " ").replace("-", " ").split())
    for each in Trigger:
        if each.value == word:
            return each
    raise NoTrigger(said)
