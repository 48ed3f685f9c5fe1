"""Reports: figures kept ready are what a count of everything says, whatever happened and whoever swept."""

import asyncio
import math
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from core.desk import Desk
from core.errors import DeskError
from core.model import (
    Assignment,
    Enquiry,
    History,
    OfferedArticle,
    Rollup,
    Stage,
    Survey,
    Tally,
    Target,
    TargetKind,
    Ticket,
)
from core.people.actors import NotStaff, RoleTooLow
from core.reports.buckets import ERROR, bucket, interval, quantile
from core.reports.figures import BadSpan, UnknownTeamNumber
from core.reports.rollups import span
from core.reports.shapes import Report
from core.storage.base import Base
from core.storage.database import Database
from core.vocabulary import OPERATOR, House, Priority, Role
from core.vocabulary import Target as PassedTo
from tests.clock import MONDAY_MORNING, FakeClock
from tests.conftest import OpenDesk
from tests.core.test_enquiries import Shelf
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person

DAY = timedelta(days=1)
CUSTOMERS = ("ana", "ben", "cleo", "dan")
AGENTS = ("grace", "linus", "ken")
WORDS = (
    "the printer smokes",
    "how do I reset my password?",
    "where is my parcel?",
    "I am locked out",
)
Key = tuple[date, str, str, int, str]


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    return open_desk(House(staff_rooms=(STAFF_ROOM,), deflector=Shelf()))


async def swept(desk: Desk) -> None:
    while await desk.tally():
        pass


async def kept(database: Database) -> Counter[Key]:
    """The figures as they are kept, without the zeros; months and days of all say the same."""
    async with database.reading() as session:
        rows = (await session.scalars(select(Tally))).all()
        tiers = (await session.scalars(select(Rollup))).all()
    assert all(row.count >= 0 for row in rows)
    months = Counter({(r.day, *_rest(r)): r.count for r in tiers if r.tier == "month" and r.count})
    assert months == _sum((r.day.replace(day=1), *_rest(r), r.count) for r in rows)
    drawn = Counter({(r.day, *_rest(r)): r.count for r in tiers if r.tier == "all" and r.count})
    assert drawn == _sum(
        (
            r.day,
            r.figure,
            *((r.channel, 0, "") if r.figure == "opened" else ("", 0, r.part)),
            r.count,
        )
        for r in rows
        if r.figure in {"opened", "first response", "resolution"}
    )
    return Counter({(r.day, *_rest(r)): r.count for r in rows if r.count})


def _rest(row: Tally | Rollup) -> tuple[str, str, int, str]:
    return row.figure, row.channel, row.team_id, row.part


def _sum(counted: Iterable[tuple[date, str, str, int, str, int]]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for *key, count in counted:
        found[tuple(key)] += count  # type: ignore[index]
    return +found


async def counted(database: Database) -> Counter[Key]:
    """The same, by looking at every row there is."""
    async with database.reading() as session:
        tickets = {each.id: each for each in (await session.scalars(select(Ticket))).all()}
        turns = (await session.scalars(select(Assignment))).all()
        targets = (await session.scalars(select(Target))).all()
        surveys = (await session.scalars(select(Survey))).all()
        enquiries = {each.id: each for each in (await session.scalars(select(Enquiry))).all()}
        offered = (await session.scalars(select(OfferedArticle))).all()

    def of(number: int) -> tuple[str, int]:
        return tickets[number].channel, tickets[number].team_id or 0

    def fate(each: OfferedArticle) -> str:
        return each.fate.value if each.fate.value in {"helpful", "unhelpful"} else "other"

    return Counter(
        [
            *(key for each in tickets.values() for key in of_ticket(each)),
            *((t.started_at.date(), "assigned", *of(t.ticket_id), str(t.agent_id)) for t in turns),
            *(
                (t.started_at.date(), word, *of(t.ticket_id), f"{t.kind.value}:{t.priority}")
                for t in targets
                if (word := "breached" if t.breached_at else "met" if t.met_at else "")
            ),
            *((s.asked_at.date(), "asked", *of(s.ticket_id), "") for s in surveys),
            *(
                (s.asked_at.date(), "score", *of(s.ticket_id), f"{s.agent_id or 0}:{s.score}")
                for s in surveys
                if s.score
            ),
            *(
                (e.created_at.date(), "offered", e.channel, 0, e.stage.value)
                for e in enquiries.values()
                if e.offers
            ),
            *(
                (e.created_at.date(), "no article", e.channel, 0, "")
                for e in enquiries.values()
                if not e.offers and e.stage is Stage.HANDED_OVER
            ),
            *(
                (
                    o.offered_at.date(),
                    "article",
                    enquiries[o.enquiry_id].channel,
                    0,
                    f"{fate(o)}:{o.article}",
                )
                for o in offered
            ),
        ]
    )


def of_ticket(ticket: Ticket) -> Iterator[Key]:
    about = (ticket.channel, ticket.team_id or 0)
    opened, agent = ticket.created_at, str(ticket.assignee_id or 0)
    yield opened.date(), "opened", *about, ticket.category
    yield opened.date(), "hour", *about, opened.strftime(f"{opened.weekday()}-%H")
    if at := ticket.first_response_at:
        yield at.date(), "first response", *about, str(bucket(at - opened))
    if at := ticket.resolved_at:
        yield at.date(), "resolution", *about, str(bucket(at - opened))
        yield at.date(), "resolved", *about, agent
        if ticket.resolutions > 1:
            yield at.date(), "reopened", *about, agent


class Story:
    """Things that happen on a desk, by chance; what is refused did not happen."""

    def __init__(self, desk: Desk, clock: FakeClock, seed: int) -> None:
        self.desk, self.clock, self.chance = desk, clock, random.Random(seed)
        self.steps: Sequence[Callable[[], Awaitable[object]]] = (
            self.write,
            self.write,
            self.solve,
            self.claim,
            self.reply,
            self.resolve,
            self.confirm,
            self.rate,
            self.file,
            self.pass_on,
            self.merge,
            self.wait,
            self.sweep,
        )

    async def tell(self, steps: int) -> None:
        for _ in range(steps):
            try:
                await self.chance.choice(self.steps)()
            except DeskError:
                continue

    @property
    def number(self) -> int:
        return self.chance.randint(1, 8)

    async def write(self) -> None:
        by = self.chance.choice(CUSTOMERS)
        await self.desk.receive(message(self.chance.choice(WORDS), by=by))

    async def solve(self) -> None:
        by = person(self.chance.choice(CUSTOMERS))
        enquiry = await self.desk.open_enquiry(by)
        act = self.desk.solve_enquiry if self.chance.random() < 0.5 else self.desk.hand_over
        await act(by, enquiry)

    async def claim(self) -> None:
        await self.desk.claim(person(self.chance.choice(AGENTS)), self.number)

    async def reply(self) -> None:
        await self.desk.reply(person(self.chance.choice(AGENTS)), self.number, "Press it.")

    async def resolve(self) -> None:
        await self.desk.resolve(person(self.chance.choice(AGENTS)), self.number)

    async def confirm(self) -> None:
        await self.desk.confirm(person(self.chance.choice(CUSTOMERS)), self.number)

    async def rate(self) -> None:
        by, score = person(self.chance.choice(CUSTOMERS)), self.chance.randint(1, 5)
        await self.desk.rate(by, self.number, score)

    async def file(self) -> None:
        await self.desk.set_category(OPERATOR, self.number, self.chance.choice(["billing", "box"]))

    async def pass_on(self) -> None:
        await self.desk.transfer(OPERATOR, self.number, PassedTo(team="returns"))

    async def merge(self) -> None:
        await self.desk.merge(OPERATOR, self.number, self.number)

    async def wait(self) -> None:
        self.clock.advance(timedelta(minutes=self.chance.choice([1, 40, 600, 2000])))
        await self.desk.sweep_promises()
        await self.desk.close_silent()
        await self.desk.close_resolved()

    async def sweep(self) -> None:
        await self.desk.tally()


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_the_figures_are_what_a_count_of_everything_says(
    desk: Desk, database: Database, clock: FakeClock, seed: int
) -> None:
    await desk.ship_promises()
    await hire(desk, "grace", capacity=3)
    await hire(desk, "linus", team="returns")
    await hire(desk, "ken", team="returns")

    await Story(desk, clock, seed).tell(120)
    await swept(desk)

    expected = await counted(database)
    assert expected.total() > 10
    assert await kept(database) == expected


async def test_sweeping_again_or_from_the_beginning_changes_nothing(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    await hire(desk, "grace", capacity=3)
    await Story(desk, clock, 7).tell(40)
    await swept(desk)
    before = await kept(database)

    await desk.tally()
    async with database.transaction() as session:
        await session.execute(update(Base.metadata.tables["report_position"]).values(after=0))
    await swept(desk)

    assert before
    assert await kept(database) == before


async def test_a_rebuild_mends_figures_that_are_wrong(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    await hire(desk, "grace", capacity=3)
    await Story(desk, clock, 3).tell(40)
    await swept(desk)
    async with database.transaction() as session:
        await session.execute(update(Tally).values(count=Tally.count + 5))

    first = await desk.rebuild_reports()
    step, done = first, first.counted
    while step.after:
        step = await desk.rebuild_reports(after=step.after)
        done += step.counted
    await swept(desk)

    assert done == first.total
    assert await kept(database) == await counted(database)


async def test_sweepers_at_once_count_each_thing_once(
    open_desk: OpenDesk, database: Database, clock: FakeClock
) -> None:
    desks = [open_desk(House(staff_rooms=(STAFF_ROOM,), deflector=Shelf())) for _ in range(4)]
    await hire(desks[0], "grace", capacity=3)
    for seed in range(3):
        await asyncio.gather(
            Story(desks[0], clock, seed).tell(15), *(swept(each) for each in desks)
        )
    await swept(desks[0])

    assert await kept(database) == await counted(database)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_what_is_committed_late_under_a_lower_number_is_counted_too(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    number = await open_ticket(desk)
    await swept(desk)
    async with database.transaction() as slow:
        await slow.execute(update(Ticket).values(category="late"))
        slow.add(
            History(at=clock(), event="CategoryChanged", ticket_id=number, actor="desk", facts={})
        )
        await slow.flush()
        await open_ticket(desk, "another thing", by="ben")
        await swept(desk)
        assert await desk.tally() == 0
    await swept(desk)

    assert await kept(database) == await counted(database)
    assert (MONDAY_MORNING.date(), "opened", "console", 0, "late") in await kept(database)


async def reported(desk: Desk, channel: str | None = None, team: int | None = None) -> Report:
    await swept(desk)
    monday = MONDAY_MORNING.date()
    return await desk.report(OPERATOR, monday, monday + 6 * DAY, channel=channel, team=team)


async def test_a_report_tells_a_week_and_the_week_before(desk: Desk, clock: FakeClock) -> None:
    await hire(desk, "grace", capacity=5)
    clock.advance(-3 * DAY)
    await open_ticket(desk, "before", by="ben")
    clock.advance(3 * DAY)
    number = await open_ticket(desk)
    await desk.receive(message("how do I reset my password?", by="cleo"))
    await desk.solve_enquiry(person("cleo"), await desk.open_enquiry(person("cleo")))
    clock.advance(timedelta(minutes=10))
    await desk.reply(person("grace"), number, "Press it.")
    clock.advance(timedelta(minutes=50))
    await desk.resolve(person("grace"), number)
    await desk.confirm(person("ana"), number)
    await desk.rate(person("ana"), number, 4)

    found = await reported(desk)

    now = found.now
    assert (now.opened, now.resolved, found.before.opened) == (1, 1, 1)
    assert now.by_channel == {"console": 1}
    assert (now.heat[0][9], sum(map(sum, now.heat))) == (1, 1)
    assert now.first_response.median is not None
    assert abs(now.first_response.median / timedelta(minutes=10) - 1) <= ERROR
    assert now.resolution.p90 is not None
    assert abs(now.resolution.p90 / timedelta(minutes=60) - 1) <= ERROR
    assert (now.deflection.hits, now.deflection.of) == (1, 1)
    assert (now.asked, now.answered, now.score) == (1, 1, 4.0)
    [agent] = found.agents
    assert (agent.name, agent.assigned, agent.resolved, agent.score) == ("Grace", 1, 1, 4.0)
    assert {each.article: each.helpful for each in found.articles} == {"reset": 1}
    assert [sum(day.opened.values()) for day in found.days] == [1, 0, 0, 0, 0, 0, 0]
    medians = [(day.first_response, day.resolution) for day in found.days]
    assert medians == [(now.first_response.median, now.resolution.median), *6 * [(None, None)]]


async def test_a_report_can_be_of_one_team_or_one_channel(desk: Desk) -> None:
    await hire(desk, "grace")
    await hire(desk, "ken", team="returns")
    await open_ticket(desk)
    passed = await open_ticket(desk, "it does not fit", by="ben")
    await desk.transfer(OPERATOR, passed, PassedTo(team="returns"))

    whole = await reported(desk)
    [returns] = whole.teams
    theirs = await reported(desk, team=returns)
    elsewhere = await reported(desk, channel="slack")

    assert (whole.now.opened, theirs.now.opened, elsewhere.now.opened) == (2, 1, 0)
    assert whole.channels == ["console"]


async def test_a_year_says_what_its_days_add_up_to(desk: Desk, clock: FakeClock) -> None:
    await hire(desk, "grace", capacity=50)
    opened = []
    for n in range(14):
        clock.advance(timedelta(days=31, hours=5))
        opened.append(clock().date())
        await open_ticket(desk, f"thing {n}", by=f"customer-{n}")
    until = clock().date() + 3 * DAY
    since = until - 364 * DAY
    await swept(desk)

    found = await desk.report(OPERATOR, since, until)

    now, before = sum(each >= since for each in opened), sum(each < since for each in opened)
    assert (found.now.opened, found.before.opened) == (now, before)
    assert sum(sum(day.opened.values()) for day in found.days) == now
    assert (len(found.days), sum(map(sum, found.now.heat))) == (365, now)


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 500))
def test_months_and_days_of_a_span_are_each_of_its_days_once(since: date, length: int) -> None:
    until = since + length * DAY
    found = span(since, until)

    days = [first + n * DAY for first, last in found.days for n in range((last - first).days + 1)]
    for month in found.months:
        after = (month + 31 * DAY).replace(day=1)
        days += [month + n * DAY for n in range((after - month).days)]
    assert sorted(days) == [since + n * DAY for n in range(length + 1)]
    assert length < 62 or len(found.months) >= length // 31 - 1


async def test_promises_kept_are_counted_by_kind_and_priority(desk: Desk, clock: FakeClock) -> None:
    await desk.ship_promises()
    await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.reply(person("grace"), number, "Press it.")
    clock.advance(6 * DAY)
    await desk.sweep_promises()

    now = (await reported(desk)).now
    kept_promises = now.kept

    [(priority, first)] = now.kept_by_priority[TargetKind.FIRST_RESPONSE].items()
    assert (priority, first.share) == (Priority.NORMAL, 1)
    assert kept_promises[TargetKind.FIRST_RESPONSE].share == 1
    assert kept_promises[TargetKind.RESOLUTION].of in {0, 1}


async def test_reports_are_for_leads_and_of_days_that_make_a_span(desk: Desk) -> None:
    agent = await hire(desk, "grace")
    lead = await hire(desk, "ken", role=Role.LEAD)
    monday = MONDAY_MORNING.date()

    with pytest.raises(RoleTooLow):
        await desk.report(agent, monday, monday)
    with pytest.raises(NotStaff):
        await desk.report(person("ana"), monday, monday)
    with pytest.raises(RoleTooLow):
        await desk.standing(agent)
    for since, until in (
        (monday, monday - DAY),
        (monday, monday + 366 * DAY),
        (date.min, date.min),
    ):
        with pytest.raises(BadSpan):
            await desk.report(lead, since, until)
    with pytest.raises(UnknownTeamNumber):
        await desk.report(lead, monday, monday, team=99)
    assert (await desk.report(lead, monday, monday)).now.opened == 0


@given(st.lists(st.floats(1, 1e8), min_size=1), st.sampled_from([0.5, 0.9]))
def test_a_quantile_from_buckets_is_at_most_the_error_off(times: list[float], share: float) -> None:
    counts = Counter(bucket(timedelta(seconds=each)) for each in times)
    exact = sorted(times)[max(0, math.ceil(share * len(times)) - 1)]

    found = quantile(counts, share)

    assert found is not None
    assert abs(found.total_seconds() - exact) <= exact * ERROR * 1.0001 + 1e-5


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 0, 0, 1), (0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (5, 10, 0.2366, 0.7634)],
)
def test_the_interval_is_wilsons(hits: int, of: int, low: float, high: float) -> None:
    assert interval(hits, of) == pytest.approx((low, high), abs=1e-4)


async def test_the_desk_as_it_stands(desk: Desk, clock: FakeClock) -> None:
    await desk.ship_promises()
    await hire(desk, "grace")
    await open_ticket(desk)
    waiting = await open_ticket(desk, "this is urgent", by="ben")
    await desk.escalate(OPERATOR, waiting, "they shout")
    clock.advance(timedelta(hours=2))
    await open_ticket(desk, "and a third", by="cleo")

    now = await desk.standing(OPERATOR)

    assert (now.open, now.waiting, now.escalated) == (3, 2, 1)
    assert now.oldest_waiting == MONDAY_MORNING
    assert now.ages["1–4 hours"] == 2
    assert now.ages["under 1 hour"] == 1
    assert [each.id for each in now.escalations] == [waiting]
    assert sum(now.availability.values()) == 1
    assert now.deliveries_waiting > 0
    [channel] = now.channels
    assert (channel.channel, channel.late) == ("console", True)
