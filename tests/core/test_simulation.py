"""A simulated day: made from a seed, played by the desk's own matching, told in figures."""

from collections import Counter
from datetime import timedelta

import pytest

from core.errors import Invalid
from core.routing.baselines import least_loaded, longest_idle, round_robin
from core.routing.day import Arrival, Day, Worker
from core.routing.figures import figures, hours
from core.routing.generated import OPENS, Shape, generate
from core.routing.signals import Seeker, Taker
from core.routing.simulation import Chooser, Course, router, simulate

MINUTE = timedelta(minutes=1)
CHOOSERS = {
    "score": lambda: router(strictly=True),
    "round robin": round_robin,
    "longest idle": longest_idle,
    "least loaded": least_loaded,
}
SMALL = Shape(load=1.1, agents=8)


def ticket(number: int, *, at: float = 0, size: float = 1.0, **known: object) -> Arrival:
    came = OPENS + at * MINUTE
    seeker = Seeker(number=number, **{"priority": 2, "waiting_since": came, **known})  # type: ignore[arg-type]
    return Arrival(seeker=seeker, size=size)


def worker(number: int, *, start: float = 0, end: float = 600, **known: object) -> Worker:
    taker = Taker(number=number, name=f"agent-{number}", idle_since=OPENS, **known)  # type: ignore[arg-type]
    return Worker(taker=taker, hours=[(OPENS + start * MINUTE, OPENS + end * MINUTE)])


def day(arrivals: list[Arrival], workers: list[Worker]) -> Day:
    return Day(arrivals=arrivals, workers=workers, opens=OPENS, closes=OPENS + timedelta(hours=10))


def most_at_once(course: Course, number: int) -> int:
    held = [each for each in course.served if each.worker == number]
    return max(
        (sum(a.started_at <= b.started_at < a.ended_at for a in held) for b in held), default=0
    )


def test_a_seed_makes_the_same_day_each_time() -> None:
    assert generate(7, SMALL) == generate(7, SMALL)
    assert generate(7, SMALL) != generate(8, SMALL)


@pytest.mark.parametrize("load", [0.5, 1.2])
def test_the_load_is_the_work_that_arrives_against_the_time_of_all(load: float) -> None:
    made = generate(3, Shape(load=load))
    work = [
        [each.minutes(arrival) for each in made.workers if able(each, arrival)]
        for arrival in made.arrivals
    ]

    assert sum(sum(m) / len(m) for m in work) / (30 * 12 * 60) == pytest.approx(load, rel=0.01)
    assert min(len(m) for m in work) >= 3


def able(one: Worker, arrival: Arrival) -> bool:
    return arrival.seeker.skill in one.taker.skills and (
        arrival.seeker.language in one.taker.languages
    )


@pytest.mark.parametrize("name", CHOOSERS)
def test_every_ticket_is_served_once_by_who_can_and_has_room(name: str) -> None:
    made = generate(11, Shape(load=1.1, agents=8, capacity=2))
    chooser: Chooser = CHOOSERS[name]()
    course = simulate(made, chooser)

    assert Counter(each.arrival.seeker.number for each in course.served) == Counter(
        arrival.seeker.number for arrival in made.arrivals
    )
    by_number = {each.taker.number: each for each in made.workers}
    for each in course.served:
        assert able(by_number[each.worker], each.arrival)
        assert each.wait >= 0
    assert all(most_at_once(course, number) <= 2 for number in by_number)


def test_the_same_day_goes_the_same_way() -> None:
    made = generate(5, SMALL)

    assert simulate(made, router()) == simulate(made, router())


def test_nobody_gets_anything_outside_their_hours() -> None:
    course = simulate(
        day([ticket(1), ticket(2, at=50)], [worker(1, start=30, end=40), worker(2, start=100)]),
        router(),
    )

    assert [(each.worker, each.wait) for each in course.served] == [(1, 30.0), (2, 50.0)]


def test_what_nobody_can_do_is_left_and_counts_as_late() -> None:
    course = simulate(
        day([ticket(1, skill="magic"), ticket(2)], [worker(1, skills={"billing": 2})]),
        router(strictly=True),
    )
    counted = figures([course])

    assert [arrival.seeker.number for arrival in course.left] == [1]
    assert (counted.tickets, counted.left, counted.attainment) == (2, 1, 0.5)


def test_the_ladder_is_gone_down_as_on_the_desk() -> None:
    german = ticket(1, skill="billing", language="de", priority=4)
    course = simulate(
        day(
            [ticket(2, skill="magic"), ticket(3, at=1, skill="billing", language="de"), german],
            [
                worker(1, skills={"billing": 2}, languages={"en": 3}),
                worker(2, start=200, skills={"billing": 2}, languages={"de": 3}),
            ],
        ),
        router(),
    )

    told = {each.arrival.seeker.number: (each.worker, each.wait) for each in course.served}
    assert told[2] == (1, 0.0)  # nobody on the roster has magic, so it is not insisted on
    assert told[1][0] == 1  # who has the skill, once half of the quarter of an hour is gone
    assert told[3] == (1, 120.0)  # half of its four hours


def test_whoever_holds_two_is_slower_with_each() -> None:
    course = simulate(day([ticket(1), ticket(2)], [worker(1, capacity=2)]), router())
    took = [(each.ended_at - each.started_at) / MINUTE for each in course.served]

    assert took == [pytest.approx(24.0), pytest.approx(24.0 * 1.6)]


def test_the_hours_tell_arrivals_promises_and_how_busy_people_were() -> None:
    late = ticket(2, at=1, due_at=OPENS + 5 * MINUTE)
    told = hours(simulate(day([ticket(1), late], [worker(1)]), router()))

    assert (told[0].arrivals, told[0].attainment, told[0].on_duty) == (2, 0.5, 1.0)
    assert told[0].utilisation == pytest.approx(48 / 60)
    assert (told[1].arrivals, told[1].attainment, told[1].utilisation) == (0, 1.0, 0.0)


def test_the_score_keeps_more_promises_than_any_of_the_usual_ways() -> None:
    made = generate(21, Shape(load=1.2))
    kept = {name: figures([simulate(made, make())]).attainment for name, make in CHOOSERS.items()}

    assert max(kept, key=lambda name: kept[name]) == "score"
    assert kept["score"] > 1.5 * kept["round robin"]


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ({"load": 0}, "load is from 0.05 to 5"),
        ({"load": float("nan")}, "load is from"),
        ({"agents": 0}, "from 1 to 1,000 agents"),
        ({"agents": 100_000}, "from 1 to 1,000 agents"),
        ({"capacity": 0}, "capacity of an agent is from 1"),
    ],
)
def test_an_absurd_day_is_refused_with_a_sentence(shape: dict[str, float], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        Shape(**shape)  # type: ignore[arg-type]
