"""The sweep that keeps figures up to date: what has changed is counted anew, and the difference added.

A ticket is counted as it stands, whatever happened to it: the events only say which to look at. So
looking twice changes nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from core.model import (
    Assignment,
    Counted,
    Enquiry,
    History,
    OfferedArticle,
    ReportPosition,
    Rollup,
    Survey,
    Tally,
    Target,
    Ticket,
)
from core.reports import counting, rollups
from core.reports.counting import Counts, TicketFacts
from core.reports.rollups import RolledUp
from core.storage.upsert import insert_or_add, insert_or_leave
from core.work import Work

EVENTS_AT_ONCE = 500
COUNTED_AT_ONCE = 500
LATE = timedelta(minutes=10)
"""By which a transaction that took a lower number before may still commit it, on PostgreSQL."""
GAPS = 2_000  # numbers that are waited for
LOOKED_AT_AGAIN = 2_000  # events before a rebuild, since one of them may have come while it began

TICKET, ENQUIRY = "ticket", "enquiry"
OTHERS = ("into", "from_ticket", "other")  # facts that name another ticket
Numbers = Mapping[str, set[int]]


async def tally(work: Work) -> int:
    """Count what the next events changed, at most `EVENTS_AT_ONCE`; how many events. Nothing while
    another process does so."""
    position = await _claim(work, wait=False)
    if position is None:
        return 0
    waited_for = {int(number): until for number, until in position.gaps.items()}
    events = await _events(work, position.after, sorted(waited_for))
    await _count(work, _touched(events))
    new = [each for each in events if each.id > position.after]
    missing = waited_for | _missing(position.after, new)
    for each in events:
        missing.pop(each.id, None)
    now = work.now.isoformat()
    kept = sorted(number for number, until in missing.items() if until > now)[-GAPS:]
    gaps = {str(number): missing[number] for number in kept}
    if new:
        position.after = new[-1].id
    if gaps != position.gaps:
        position.gaps = gaps
    return len(events)


@dataclass(frozen=True)
class Rebuilt:
    """How far a rebuild is: how many were counted in this step, where the next begins ("" at the
    end), and how many there are in all, on the first step."""

    counted: int
    after: str
    total: int | None = None


async def rebuild(work: Work, *, after: str = "") -> Rebuilt:
    """Count everything anew, a step a call: the first throws all figures away."""
    position = await _claim(work, wait=True)
    if position is None:  # it waits until there is one
        raise AssertionError("unreachable")
    total = None
    if not after:
        total = await _begin(work, position)
        after = f"{TICKET}:0"
    of, _, last = after.partition(":")
    table = Ticket if of == TICKET else Enquiry
    following = select(table.id).where(table.id > int(last)).order_by(table.id)
    numbers = (await work.session.scalars(following.limit(COUNTED_AT_ONCE))).all()
    await _count(work, {of: set(numbers)})
    if numbers:
        return Rebuilt(len(numbers), f"{of}:{numbers[-1]}", total)
    return Rebuilt(0, f"{ENQUIRY}:0" if of == TICKET else "", total)


async def _begin(work: Work, position: ReportPosition) -> int:
    await work.session.execute(delete(Tally))
    await work.session.execute(delete(Rollup))
    await work.session.execute(delete(Counted))
    newest = await work.session.scalar(select(func.max(History.id))) or 0
    position.after, position.gaps = max(0, newest - LOOKED_AT_AGAIN), {}
    counts = [await work.session.scalar(select(func.count(t.id))) for t in (Ticket, Enquiry)]
    return sum(count or 0 for count in counts)


async def _claim(work: Work, *, wait: bool) -> ReportPosition | None:
    """The position, held until the commit; None where somebody else has it and it is not waited for."""
    here = select(ReportPosition).with_for_update(skip_locked=not wait)
    found = (await work.session.scalars(here)).first()
    if found is None:
        first = insert_or_leave(work.session, ReportPosition, unique=["id"])
        await work.session.execute(first, [{"id": 1, "after": 0, "gaps": {}}])
        found = (await work.session.scalars(here)).first()
    return found


async def _events(work: Work, after: int, gaps: Sequence[int]) -> Sequence[Any]:
    wanted = (
        select(History.id, History.at, History.ticket_id, History.facts)
        .where(or_(History.id > after, History.id.in_(gaps)) if gaps else History.id > after)
        .order_by(History.id)
        .limit(EVENTS_AT_ONCE)
    )
    return (await work.session.execute(wanted)).all()


def _touched(events: Iterable[Any]) -> Numbers:
    """The tickets and enquiries that events are about."""
    found: dict[str, set[int]] = {TICKET: set(), ENQUIRY: set()}
    for event in events:
        facts = event.facts
        named = (event.ticket_id, *(facts.get(name) for name in OTHERS))
        found[TICKET] |= {number for number in named if isinstance(number, int)}
        if isinstance(facts.get("enquiry_id"), int):
            found[ENQUIRY].add(facts["enquiry_id"])
    return found


def _missing(after: int, events: Sequence[Any]) -> dict[int, str]:
    """The numbers that were passed over, with the time until which each may come. What comes before
    an old event comes no more, and of many only the newest are waited for."""
    found: dict[int, str] = {}
    for event in events:
        until = (event.at + LATE).isoformat()
        found |= dict.fromkeys(range(max(after + 1, event.id - GAPS), event.id), until)
        after = event.id
    return found


async def _count(work: Work, numbers: Numbers) -> None:
    """Count these anew, and add the difference to what was counted of them before."""
    now: dict[tuple[str, int], Counts] = {}
    if tickets := sorted(numbers.get(TICKET, ())):
        now |= {(TICKET, number): counts for number, counts in await _tickets(work, tickets)}
    if enquiries := sorted(numbers.get(ENQUIRY, ())):
        now |= {(ENQUIRY, number): counts for number, counts in await _enquiries(work, enquiries)}
    change: Counter[counting.Key] = Counter()
    for of in (TICKET, ENQUIRY):
        wanted = sorted(number for kind, number in now if kind == of)
        kept = await _kept(work, of, wanted)
        for number in wanted:
            counts, row = now[of, number], kept.get(number)
            before = counting.from_rows(row.counts) if row else Counter()
            if counts == before:
                continue
            change.update(counts)
            change.subtract(before)
            _keep(work, row, of, number, counts)
    await _add(work, change)


def _keep(work: Work, row: Counted | None, of: str, number: int, counts: Counts) -> None:
    if row is None:
        work.session.add(Counted(of=of, number=number, counts=counting.as_rows(counts)))
    else:
        row.counts = counting.as_rows(counts)


async def _add(work: Work, change: Mapping[counting.Key, int]) -> None:
    rows = [key._asdict() | {"count": count} for key, count in sorted(change.items()) if count]
    if not rows:
        return
    unique = list(counting.Key._fields)
    adding = insert_or_add(work.session, Tally, unique=unique, sums=["count"])
    await work.session.execute(adding, rows)
    tiers = sorted(rollups.rolled_up(change).items())
    more = [key._asdict() | {"count": count} for key, count in tiers if count]
    if more:  # a ticket that goes to the next day changes its days, and not its month
        adding = insert_or_add(work.session, Rollup, unique=list(RolledUp._fields), sums=["count"])
        await work.session.execute(adding, more)


async def _kept(work: Work, of: str, numbers: Sequence[int]) -> Mapping[int, Counted]:
    if not numbers:
        return {}
    wanted = select(Counted).where(Counted.of == of, Counted.number.in_(numbers))
    return {row.number: row for row in await work.session.scalars(wanted)}


async def _tickets(work: Work, numbers: Sequence[int]) -> list[tuple[int, Counts]]:
    tickets = (await work.session.scalars(select(Ticket).where(Ticket.id.in_(numbers)))).all()
    facts = {ticket.id: TicketFacts(ticket) for ticket in tickets}
    for turn in await work.session.scalars(_of(Assignment.ticket_id, numbers)):
        facts[turn.ticket_id].assignments.append(turn)
    for target in await work.session.scalars(_of(Target.ticket_id, numbers)):
        facts[target.ticket_id].targets.append(target)
    for survey in await work.session.scalars(_of(Survey.ticket_id, numbers)):
        facts[survey.ticket_id].surveys.append(survey)
    return [(number, counting.of_ticket(each)) for number, each in facts.items()]


def _of(column: InstrumentedAttribute[int], numbers: Sequence[int]) -> Select[Any]:
    return select(column.class_).where(column.in_(numbers))


async def _enquiries(work: Work, numbers: Sequence[int]) -> list[tuple[int, Counts]]:
    enquiries = (await work.session.scalars(select(Enquiry).where(Enquiry.id.in_(numbers)))).all()
    offered: dict[int, list[OfferedArticle]] = defaultdict(list)
    theirs = select(OfferedArticle).where(OfferedArticle.enquiry_id.in_(numbers))
    for row in await work.session.scalars(theirs):
        offered[row.enquiry_id].append(row)
    return [(each.id, counting.of_enquiry(each, offered[each.id])) for each in enquiries]
