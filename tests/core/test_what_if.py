"""What if: other staff in a few words, days compared, and the desk's own past played again."""

from datetime import timedelta

import pytest

from core.desk import Desk
from core.errors import Forbidden, Invalid, NotFound
from core.routing.generated import OPENS, Shape, generate
from core.routing.replay import days_of
from core.routing.simulation import router, simulate
from core.routing.staffing import Change, parse, roomy, skilled, staffed
from core.routing.what_if import Wish, what_if
from core.vocabulary import OPERATOR
from tests.clock import MONDAY_MORNING, FakeClock
from tests.scene import hire, open_ticket

SMALL = Shape(load=1.2, agents=6)
HOUR = timedelta(hours=1)
NINE, ONE = OPENS + HOUR, OPENS + 5 * HOUR


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("+2 billing 9-13", Change(count=2, able={"billing": 2}, start=9, end=13)),
        (" -1 9-24 ", Change(count=-1, able={}, start=9, end=24)),
        ("+3", Change(count=3, able={})),
        ("+1 billing:3,de 0-9", Change(count=1, able={"billing": 3, "de": 2}, start=0, end=9)),
    ],
)
def test_a_change_of_staff_is_read_from_a_few_words(text: str, change: Change) -> None:
    assert parse(text) == change


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no change of staff. For example: \\+2 billing 9-13"),
        ("two more", "is no change of staff"),
        ("2 billing", "is no change of staff"),
        ("+2 billing 9", "is no change of staff"),
        ("+2 billing 9-13 de", "is no change of staff"),
        ("+0", "by 1 to 200 agents at once, not by 0"),
        ("+9999", "not by 9999"),
        ("+2 13-9", "“13-9” are no hours"),
        ("+2 9-25", "midnight is 24"),
        ("+2 billing:4", "Levels go from 1 to 3"),
        ("+2 billing:x 9-13", "Levels go from 1 to 3"),
        ("+2 magic 9-13", "There is no skill or language magic. There are: account, billing"),
        ("-7", "Only 6 such agents are on duty then; 7 cannot go"),
        ("-1 billing 0-5", "Only 0 such agents"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        what_if([generate(1, SMALL)], Wish(staff=[text]))


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (Wish(capacity=0), "from 1 to 100"),
        (Wish(skills=["agent-1"]), "gives nobody a skill"),
        (Wish(skills=["agent-1 magic:2"]), "no skill or language magic"),
        (Wish(skills=["nobody billing:2"]), "no agent nobody"),
    ],
)
def test_so_are_skills_and_capacities(wish: Wish, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        what_if([generate(1, SMALL)], wish)


def test_more_staff_is_there_in_its_hours_and_can_do_what_was_said() -> None:
    day = staffed(generate(1, SMALL), [parse("+2 billing:3 9-13")])
    extra = day.workers[-2:]

    assert [each.taker.name for each in extra] == ["extra-7", "extra-8"]
    for each in extra:
        assert each.hours == [(NINE, ONE)]
        assert each.taker.skills == {"billing": 3}
        assert each.taker.languages == {"en": 3}
    course = simulate(day, router(strictly=True))
    served = [each for each in course.served if each.worker > 6]
    assert served
    assert {each.arrival.seeker.skill for each in served} == {"billing"}
    assert all(NINE <= each.started_at < ONE for each in served)


def test_less_staff_is_gone_in_those_hours_only() -> None:
    day = staffed(generate(1, SMALL), [parse("-6 9-13")])
    course = simulate(day, router())

    assert not [each for each in course.served if NINE <= each.started_at < ONE]
    assert [each for each in course.served if each.started_at >= ONE]


def test_more_staff_keeps_more_promises_and_is_compared_hour_by_hour() -> None:
    report = what_if([generate(seed, SMALL) for seed in (1, 2)], Wish(staff=["+3"]))

    assert report.wished is not None
    assert report.wished.figures.attainment > report.as_it_is.figures.attainment
    assert report.wished.figures.p95 < report.as_it_is.figures.p95
    assert [hour.starts.hour for hour in report.wished.hours] == list(range(8, 20))
    assert sum(hour.arrivals for hour in report.wished.hours) == report.wished.figures.tickets
    table = report.to_text()
    assert "as it is" in table
    assert "what if" in table
    assert report.to_dict()["days"] == 2


def test_a_skill_more_and_more_room_are_taken_up() -> None:
    day = generate(1, SMALL)
    able = skilled(roomy(day, 3), "agent-1", {"technical": 3, "de": 2}).workers[0].taker

    assert (able.skills["technical"], able.languages["de"], able.capacity) == (3, 2, 3)


async def test_the_own_past_is_played_again(desk: Desk, clock: FakeClock) -> None:
    await desk.ship_promises()
    grace = await hire(desk, "grace", capacity=2, skills={"billing": 3})
    first = await open_ticket(desk, by="ana")
    clock.advance(timedelta(minutes=48))
    await desk.resolve(grace, first)
    await open_ticket(desk, by="ben")
    clock.advance(timedelta(hours=1))

    days = days_of(await desk.routing_past(OPERATOR, days=2))

    assert len(days) == 1
    assert [each.at for each in days[0].arrivals] == [
        MONDAY_MORNING,
        MONDAY_MORNING + timedelta(minutes=48),
    ]
    assert [each.size for each in days[0].arrivals] == [2.0, 1.0]
    assert all(each.seeker.due_at for each in days[0].arrivals)
    assert days[0].workers[0].taker.skills == {"billing": 3}
    assert what_if(days, Wish(staff=["+1"])).as_it_is.figures.attainment == 1.0


async def test_agents_with_hours_are_there_in_their_hours(desk: Desk) -> None:
    await hire(desk, "grace")
    await open_ticket(desk)
    rows = await desk.routing_past(OPERATOR, days=1)
    rows["agents"][0].update(zone="Europe/Berlin", hours=[[0, 540, 1020], [1, 540, 600]])
    worker = days_of(rows)[0].workers[0]

    assert [(start.isoformat(), end.isoformat()) for start, end in worker.hours] == [
        ("2026-01-05T08:00:00+00:00", "2026-01-05T16:00:00+00:00"),
        ("2026-01-06T08:00:00+00:00", "2026-01-06T09:00:00+00:00"),
    ]


async def test_only_leads_look_and_only_where_there_is_something(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    with pytest.raises(Forbidden):
        await desk.routing_past(grace, days=1)
    with pytest.raises(NotFound, match="No ticket came in the last 3 days"):
        await desk.routing_past(OPERATOR, days=3)
    with pytest.raises(Invalid, match="From 1 to 60 days"):
        await desk.routing_past(OPERATOR, days=0)
