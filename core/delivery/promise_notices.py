"""Who hears of promises in danger: assignee, leads, team; each in one message, however many there are."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.cards import Button, Card, Field, Tone
from core.delivery.about import place_key
from core.delivery.outgoing import clock, direct_address, owe
from core.model import Agent, Role, Status, Target, TargetWarning, Ticket
from core.sla import book
from core.sla.book import WHOLE, Book
from core.storage.serial import serialise
from core.work import Work

AT_ONCE = 5_000
PATIENCE = timedelta(minutes=5)
LISTED = 15
ASSIGNEE, LEAD, TEAM = "assignee", "lead", "team"


async def tell(work: Work) -> int:
    """Tell of what was found in danger since the last time; how many messages are owed.

    While targets are still being looked at, in whatever process, it waits for the rest of them, so
    that a desk that was down for days says it once to each receiver.
    """
    work.actor = "sweep: promises"
    await serialise(work.session, "promises told")
    more_to_come = await _more_to_come(work)  # asked first: then nothing is found in between
    untold = await _untold(work)
    if not untold or (more_to_come and untold[0].at > work.now - PATIENCE):
        return 0
    receivers = await _receivers(work, untold)
    for warning in untold:
        warning.told_at = work.now
    last = untold[-1].id
    for agent_id, theirs in receivers.items():
        address = await direct_address(work, agent_id) if agent_id else None
        places = [address] if address else list(work.house.staff_rooms) if not agent_id else []
        for place in places:
            about = theirs[0].target.ticket_id if len(theirs) == 1 and agent_id else None
            key = f"promises:{agent_id or place_key(place)}:{last}"
            owe(work, key, place, card(theirs), ticket_id=about)
    return len(work.owed)


def card(warnings: Sequence[TargetWarning]) -> Card:
    """One promise in danger with its buttons, or several in one list, the most urgent first."""
    return _one(warnings[0]) if len(warnings) == 1 else _many(warnings)


def _one(warning: TargetWarning) -> Card:
    target, ticket = warning.target, warning.target.ticket
    number = str(ticket.id)
    late = warning.share == WHOLE
    claim = Button("🙌 Claim", "ticket claim", number, Tone.PRIMARY)
    return Card(
        title=f"{'⏰' if late else '⏳'} #{ticket.id} {ticket.subject}",
        text=f"The {target.kind.value} was due {clock(target.due_at)}."
        if late
        else f"{warning.share} % of the time for the {target.kind.value} has passed: "
        f"it is due {clock(target.due_at)}.",
        fields=(Field("Customer", ticket.customer.name), Field("Assignee", _holder(ticket))),
        buttons=(
            *([claim] if ticket.status is Status.NEW else []),
            Button("🔎 Show", "ticket show", number),
            Button("⏱ Why", "ticket sla", number),
        ),
    )


def _many(warnings: Sequence[TargetWarning]) -> Card:
    ordered = sorted(warnings, key=lambda each: (-each.share, each.target.due_at, each.id))
    late = sum(each.share == WHOLE for each in ordered)
    counted = [f"{late} overdue"] * bool(late) + [f"{len(ordered) - late} soon due"] * (
        late < len(ordered)
    )
    rest = len(ordered) - LISTED
    lines = [_line(each) for each in ordered[:LISTED]]
    if rest > 0:
        lines.append(f"… and {rest} more.")
    return Card(
        title=f"⏰ {len(ordered)} promises: {', '.join(counted)}",
        text="\n".join(lines),
        footnote="/ticket list breached:yes shows what is overdue, sort:due what is due next.",
    )


def _line(warning: TargetWarning) -> str:
    target, ticket = warning.target, warning.target.ticket
    was = "was due" if warning.share == WHOLE else "due"
    return (
        f"#{ticket.id} {ticket.subject} · {target.kind.value} {was} {clock(target.due_at)} · "
        f"{_holder(ticket)}"
    )


def _holder(ticket: Ticket) -> str:
    return ticket.assignee.name if ticket.assignee else "nobody yet"


async def _untold(work: Work) -> list[TargetWarning]:
    """What nobody was told of, with the tickets; the larger share where a target has several."""
    ticket = selectinload(TargetWarning.target).selectinload(Target.ticket)
    wanted = (
        select(TargetWarning)
        .where(TargetWarning.told_at.is_(None))
        .order_by(TargetWarning.id)
        .limit(AT_ONCE)
        .options(ticket.selectinload(Ticket.customer), ticket.selectinload(Ticket.assignee))
        .with_for_update(of=TargetWarning, skip_locked=True)
    )
    return list(await work.session.scalars(wanted))


async def _more_to_come(work: Work) -> bool:
    due = select(Target.id).where(Target.next_at <= work.now).limit(1)
    return (await work.session.scalars(due)).first() is not None


async def _receivers(
    work: Work, untold: Sequence[TargetWarning]
) -> Mapping[int, Sequence[TargetWarning]]:
    """What each agent is told, by number; 0 is the staff rooms, where there is nobody else."""
    found = await book.current(work.session)
    staff = select(Agent.id, Agent.team_id, Agent.role).where(Agent.removed_at.is_(None))
    rows = (await work.session.execute(staff.order_by(Agent.id))).all()
    leads = [row.id for row in rows if row.role is Role.LEAD]
    leads = leads or [row.id for row in rows if row.role is Role.ADMIN]
    teams: dict[int, list[int]] = {}
    for row in rows:
        teams.setdefault(row.team_id or 0, []).append(row.id)
    told: dict[int, list[TargetWarning]] = {}
    for warning in _worth_telling(untold):
        names = _named(found, warning)
        ticket = warning.target.ticket
        whom = [ticket.assignee_id] if ASSIGNEE in names and ticket.assignee_id else []
        whom += leads if LEAD in names else []
        whom += teams.get(ticket.team_id, []) if TEAM in names and ticket.team_id else []
        for agent_id in dict.fromkeys(whom or ((leads or [0]) if names else [])):
            told.setdefault(agent_id, []).append(warning)
    return told


def _named(found: Book, warning: TargetWarning) -> Sequence[str]:
    """Who is to be told by the policy; the leads where it was removed meanwhile."""
    policy_id = warning.target.policy_id
    promise = next((each for each in found.promises if each.id == policy_id), None)
    return promise.warnings.get(warning.share, ()) if promise else (LEAD,)


def _worth_telling(untold: Sequence[TargetWarning]) -> Sequence[TargetWarning]:
    """Of each target the last thing; and nothing of what was kept or given up meanwhile."""
    latest = {each.target_id: each for each in sorted(untold, key=lambda each: each.share)}
    return [each for each in latest.values() if each.share == WHOLE or not each.target.over]
