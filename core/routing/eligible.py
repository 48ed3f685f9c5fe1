"""Whom waiting tickets may go to: who is free and has what they ask for, relaxed where nobody has."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from core.model import Ticket
from core.routing import supply
from core.routing.candidates import FEW, candidates, with_facts
from core.routing.needs import FIT, Needs, Step, asked_by, below, is_pressed, meets
from core.routing.signals import Taker
from core.work import Work


@dataclass(frozen=True)
class Asking:
    """What is insisted on, and the skill that is wished for beside it."""

    needs: Needs
    wish: str = ""


@dataclass
class Room:
    """Whom tickets may go to: everybody with room, where ``complete``, or a few for each of the
    needs that were asked about. ``steps`` has the step of the relaxation on which each ticket stands."""

    takers: dict[int, Taker]
    complete: bool
    steps: dict[int, Step] = field(default_factory=dict)


async def eligible(
    work: Work, tickets: Sequence[Ticket], free: dict[int, Taker], seen: supply.Seen
) -> Room:
    """Whom these tickets may go to. ``free`` are those of whom it is known already."""
    categories = {ticket.category for ticket in tickets}
    customers = {ticket.customer_id for ticket in tickets}
    complete = 0 < len(free) < FEW
    room = Room(dict(free), complete)
    if complete:
        room.takers = await _by_number(work, room.takers, categories, customers)
    groups: dict[tuple[Asking, bool], list[Ticket]] = {}
    for ticket in tickets:
        wish = "" if ticket.skill else seen.supply.wish(ticket.category)
        asking = Asking(asked_by(ticket), wish)
        groups.setdefault((asking, is_pressed(ticket, work.now)), []).append(ticket)
    for (asking, pressed), group in groups.items():
        step = await _step(work, room, asking, pressed=pressed, customers=customers, seen=seen)
        if step is not None:
            room.steps |= {ticket.id: step for ticket in group}
    if not complete:
        room.takers = await _by_number(work, room.takers, categories, customers)
    return room


async def _step(
    work: Work,
    room: Room,
    asking: Asking,
    *,
    pressed: bool,
    customers: Collection[int],
    seen: supply.Seen,
) -> Step | None:
    """The first step of the relaxation on which somebody is free; below the first one only where time
    presses."""
    needs = asking.needs
    if await _anybody(work, room, asking, customers):
        return Step(FIT, needs)
    steps = await supply.relaxed(work.session, seen, needs)
    for step in below(needs, steps, pressed=pressed):
        if await _anybody(work, room, replace(asking, needs=step.needs), customers):
            return step
    return None


async def _anybody(work: Work, room: Room, asking: Asking, customers: Collection[int]) -> bool:
    if room.complete:
        return any(meets(taker, asking.needs) for taker in room.takers.values())
    found = await candidates(work.session, asking.needs, customers, wish=asking.wish, now=work.now)
    room.takers |= found
    return bool(found)


async def _by_number(
    work: Work,
    found: dict[int, Taker],
    categories: Collection[str],
    customers: Collection[int],
) -> dict[int, Taker]:
    if not found:
        return {}
    whole = await with_facts(
        work.session, found.values(), categories=categories, customers=customers
    )
    return {taker.number: taker for taker in whole}
