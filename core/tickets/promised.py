"""What is promised on a ticket, and why; what is in danger; how much was kept. For staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from core.channels import Who
from core.errors import Invalid
from core.model import Target, Team, Ticket
from core.people.actors import staff
from core.sla import book, explaining, looking
from core.sla.looking import By, Kept
from core.tickets import find
from core.work import Work

DAYS = range(1, 367)


@dataclass(frozen=True)
class Clock:
    """A target with its arithmetic in sentences."""

    target: Target
    sentences: Sequence[str]


@dataclass(frozen=True)
class Clocks:
    """The clocks of a ticket, in the order in which they began."""

    ticket: Ticket
    clocks: Sequence[Clock]

    @property
    def keeps_waiting(self) -> bool:
        """Whether a clock stands still although the customer waits."""
        return any(each.target.keeps_waiting for each in self.clocks)


@dataclass(frozen=True)
class WhyPromised:
    """The policies in order, up to the one that a ticket fits; before it, what each of them misses."""

    ticket: Ticket
    passed_over: Sequence[tuple[str, Sequence[str]]]
    policy: str | None
    hours: str


@dataclass(frozen=True)
class InDanger:
    """What is overdue, what is warned of, and what stands still although the customer waits."""

    breached: Sequence[Target]
    at_risk: Sequence[Target]
    kept_waiting: Sequence[Target]


async def clocks(work: Work, by: Who, number: int) -> Clocks:
    """Every target of a ticket, explained. Raises `UnknownTicket`, `NotStaff`."""
    ticket = await _ticket(work, by, number)
    found = await book.current(work.session)
    targets = await looking.of_ticket(work.session, number)
    return Clocks(
        ticket,
        [Clock(each, explaining.sentences(found, each, work.now)) for each in targets],
    )


async def why(work: Work, by: Who, number: int) -> WhyPromised:
    """Which policy a ticket fits, and why none before it. Raises `UnknownTicket`, `NotStaff`."""
    ticket = await _ticket(work, by, number)
    found = await book.current(work.session)
    facts = book.facts_of(ticket, ticket.customer)
    promise = found.promise_for(facts)
    passed: list[tuple[str, Sequence[str]]] = []
    for each in found.promises:
        if each is promise:
            break
        passed.append((each.name, each.misses(facts)))
    hours_id = found.hours_of(promise, ticket.team_id) if promise else None
    hours = explaining.hours_in_words(found.calendar(hours_id))
    return WhyPromised(ticket, passed, promise.name if promise else None, hours)


async def attainment(
    work: Work, by: Who, *, days: int = 30, group: By = By.PRIORITY
) -> Sequence[Kept]:
    """How many promises of the last days were kept. Raises `Invalid` for absurd spans, `NotStaff`."""
    await staff(work.session, by)
    if days not in DAYS:
        raise Invalid(f"Days are from {DAYS[0]} to {DAYS[-1]}: /sla report 30")
    found = await looking.attainment(
        work.session, work.now - timedelta(days=days), work.now, by=group
    )
    if group is not By.TEAM:
        return found
    teams = await work.session.execute(select(Team.id, Team.name))
    names = {str(row.id): row.name for row in teams}
    return [
        Kept(
            kind=each.kind,
            group=names.get(each.group, "no team"),
            met=each.met,
            breached=each.breached,
        )
        for each in found
    ]


async def in_danger(work: Work, by: Who) -> InDanger:
    """What somebody should look at now. Raises `NotStaff`."""
    await staff(work.session, by)
    return InDanger(
        await looking.breached(work.session),
        await looking.at_risk(work.session, work.now),
        await looking.kept_waiting(work.session),
    )


async def _ticket(work: Work, by: Who, number: int) -> Ticket:
    asking = await staff(work.session, by)
    return await find.ticket_for(work.session, asking, number, to_look=True)
