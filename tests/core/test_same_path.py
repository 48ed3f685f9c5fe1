"""The simulation against the desk: the same day, and the same agent at the same moment.

On SQLite alone: it is about what is chosen, and hundreds of use cases long.
"""

import heapq
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.desk import Desk
from core.model import Assignment
from core.routing.day import Arrival, Day
from core.routing.generated import OPENS, TARGETS, Shape, generate
from core.routing.simulation import OVERLAP, Course, router, simulate
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, House, Priority
from tests.clock import FakeClock
from tests.outbox import Outbox
from tests.scene import CHANNEL, STAFF_ROOM, message, person

MINUTE = timedelta(minutes=1)
Given = tuple[int, int, datetime]  # ticket, agent, when


def language_of(text: str) -> str:
    """The tests' tickets begin with the code of their language."""
    return text.split()[0]


def small_day(seed: int, tickets: int, shape: Shape) -> Day:
    """The first hours of a generated day, of a desk that is new: it has no records, and has counted
    no wishes. Some customers come again."""
    made = generate(seed, shape)
    first = sorted(made.arrivals, key=lambda each: (each.at, each.seeker.number))[:tickets]
    arrivals = [
        replace(each, seeker=replace(each.seeker, number=n, customer=n % 10))
        for n, each in enumerate(first, start=1)
    ]
    workers = [
        replace(each, taker=replace(each.taker, records={}, idle_since=OPENS - n * MINUTE))
        for n, each in enumerate(made.workers, start=1)
    ]
    return replace(made, arrivals=arrivals, workers=workers, wanted_skills={}, wanted_languages={})


async def set_up(desk: Desk, day: Day, clock: FakeClock) -> None:
    """Everybody on the roster, what is promised, and rules that tell tickets apart by their words."""
    for worker in day.workers:
        taker = worker.taker
        clock.now = taker.idle_since
        details = Details(capacity=taker.capacity, skills=taker.skills, languages=taker.languages)
        added = await desk.add_agent(OPERATOR, person(taker.name), details)
        assert added.id == taker.number
    for rank, minutes in TARGETS.items():
        label = Priority(rank).label
        said = {"priority": label, "first": f"{minutes}min"}
        await desk.add_policy(OPERATOR, label.replace(" ", "-"), said)
        await desk.add_rule(OPERATOR, f"{label}: rank{rank} => priority:{label}")
    for name in sorted({name for each in day.workers for name in each.taker.skills}):
        await desk.add_rule(OPERATOR, f"{name}: about{name} => category:{name} skill:{name}")


async def lived(desk: Desk, day: Day, clock: FakeClock, database: Database) -> list[Given]:
    """The day at the desk itself: tickets come, are answered when they are given, and resolved when
    it is their time; every minute the queue is swept."""
    workers = {each.taker.number: each for each in day.workers}
    arrivals = {each.seeker.number: each for each in day.arrivals}
    agenda: list[tuple[datetime, int]] = [(each.at, 0) for each in day.arrivals]
    last = max(arrivals.values(), key=lambda each: each.at).at
    agenda += [(day.opens + n * MINUTE, -1) for n in range((last - day.opens) // MINUTE + 600)]
    heapq.heapify(agenda)
    coming = iter(day.arrivals)
    held: dict[int, int] = dict.fromkeys(workers, 0)
    given: dict[int, Given] = {}
    while agenda and (len(given) < len(arrivals) or any(held.values())):
        clock.now, what = heapq.heappop(agenda)
        if what == 0:
            await write_in(desk, next(coming))
        elif what > 0:
            agent = given[what][1]
            held[agent] -= 1
            await desk.resolve(person(workers[agent].taker.name), what)
        elif len(given) < len(arrivals):
            await desk.assign_due()
        for ticket, agent, at in await new_ones(database, given):
            given[ticket] = (ticket, agent, at)
            await desk.reply(person(workers[agent].taker.name), ticket, "on it")
            slower = 1.0 + OVERLAP * held[agent]
            minutes = workers[agent].minutes(arrivals[ticket]) * slower
            held[agent] += 1
            heapq.heappush(agenda, (at + timedelta(minutes=minutes), ticket))
    return [given[number] for number in sorted(given)]


async def write_in(desk: Desk, arrival: Arrival) -> None:
    seeker = arrival.seeker
    text = f"{seeker.language} rank{seeker.priority} about{seeker.skill}"
    said = message(text, by=f"customer-{seeker.customer}", at=f"room-{seeker.number}")
    received = await desk.receive(replace(said, sent_at=seeker.waiting_since))
    assert received.ticket == seeker.number


async def new_ones(database: Database, known: dict[int, Given]) -> Sequence[Given]:
    """What was given out since."""
    rows = select(Assignment.ticket_id, Assignment.agent_id, Assignment.started_at)
    async with database.reading() as session:
        found = await session.execute(rows.order_by(Assignment.id).offset(len(known)))
        return [(row.ticket_id, row.agent_id, row.started_at) for row in found]


def played(course: Course) -> list[Given]:
    return [(each.arrival.seeker.number, each.worker, each.started_at) for each in course.served]


@pytest.mark.parametrize(
    ("seed", "shape"),
    [
        (2, Shape(load=1.6, agents=8, capacity=2)),
        (13, Shape(load=1.0, agents=12)),  # on which each minute's look and each record tells
    ],
    ids=["several at once", "some idle"],
)
async def test_the_simulation_gives_each_ticket_to_whom_the_desk_gives_it_and_when(
    sqlite_url: str, clock: FakeClock, seed: int, shape: Shape
) -> None:
    day = small_day(seed, 80, shape)
    database = Database(sqlite_url)
    house = House(staff_rooms=(STAFF_ROOM,), language_of=language_of)
    desk = Desk(database, house, channels={CHANNEL: Outbox()}, clock=clock)
    await set_up(desk, day, clock)

    assert await lived(desk, day, clock, database) == played(simulate(day, router()))
    await database.close()
