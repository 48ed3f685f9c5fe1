"""The business clock against one that looks at the wall every minute; and the days on which it is hard."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.sla.calendar import DAY, DAY_MINUTES, MINUTE, Block, Calendar

BERLIN = "Europe/Berlin"
NINE_TO_FIVE = Block(9 * 60, 17 * 60)
WEEK = ((NINE_TO_FIVE,),) * 5 + ((), ())
ALWAYS = ((Block(0, DAY_MINUTES),),) * 7
NIGHTS = ((Block(22 * 60, 30 * 60),),) * 7  # until six the next morning
ZONES = (
    BERLIN,
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour
    "Antarctica/Troll",  # two hours
    "America/Sao_Paulo",  # at midnight, until 2019
    "Pacific/Apia",  # left out the 30th of December 2011
    "Africa/Casablanca",  # for the month of Ramadan
    "Asia/Kathmandu",  # a quarter of an hour off
    "UTC",
)
DAYS = (
    date(2026, 3, 28),  # the clocks of Europe go forward on the 29th
    date(2026, 10, 24),  # and back on the 25th
    date(2026, 3, 7),  # of America
    date(2026, 10, 31),
    date(2026, 4, 4),  # of Lord Howe
    date(2018, 11, 3),  # of Brazil
    date(2011, 12, 29),  # Samoa goes over the date line
    date(2024, 2, 28),  # leap days
    date(2028, 2, 28),
    date(2026, 12, 31),
)
CALENDARS, CASES, WINDOW = 200, 50, 5 * DAY_MINUTES


def at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_ten_thousand_cases_agree_with_a_look_at_the_wall_every_minute() -> None:
    chance = random.Random(6)
    for _ in range(CALENDARS):
        calendar = some_calendar(chance)
        day = chance.choice([*DAYS, date(2020, 1, 1) + chance.randrange(4000) * DAY])
        first = datetime.combine(day, time(), UTC) - chance.randrange(DAY_MINUTES) * MINUTE
        wall = [open_on_the_wall(calendar, first + n * MINUTE) for n in range(WINDOW)]
        for _ in range(CASES):
            begin, end = sorted(chance.sample(range(WINDOW), 2))
            between = calendar.between(first + begin * MINUTE, first + end * MINUTE)
            assert between == sum(wall[begin:end]) * MINUTE, (calendar, first, begin, end)
            worked = chance.randint(1, max(1, sum(wall[begin:])))
            due = walked(wall, begin, worked)
            if due is not None:
                added = calendar.add(first + begin * MINUTE, worked * MINUTE)
                assert added == first + due * MINUTE, (calendar, first, begin, worked)


def some_calendar(chance: random.Random) -> Calendar:
    """Blocks as nobody has them: some past midnight, some of a few minutes; days off."""
    while True:
        week = [some_day(chance) for _ in range(7)]
        off = {chance.choice(DAYS) + chance.randrange(4) * DAY: "off" for _ in range(3)}
        country = chance.choice(["", "", "DE", "US"])
        try:
            return Calendar(chance.choice(ZONES), week, country, "", off)
        except ValueError:
            continue  # two blocks overlap, or there are none


def some_day(chance: random.Random) -> Sequence[Block]:
    marks = sorted(chance.sample(range(0, 34 * 60, chance.choice([1, 15, 60])), 4))
    blocks = [Block(marks[0], marks[1]), Block(marks[2], marks[3])]
    return [each for each in blocks if each.begin < DAY_MINUTES][: chance.randrange(3)]


def open_on_the_wall(calendar: Calendar, moment: datetime) -> bool:
    """Whether the wall shows a time within a block: the definition, and nothing clever."""
    wall = moment.astimezone(ZoneInfo(calendar.zone))
    minute = wall.hour * 60 + wall.minute
    for back in (0, 1):
        day = wall.date() - back * DAY
        shown = minute + back * DAY_MINUTES
        of_day = () if calendar.off(day) else calendar.week[day.weekday()]
        if any(block.begin <= shown < block.end for block in of_day):
            return True
    return False


def walked(wall: Sequence[bool], begin: int, worked: int) -> int | None:
    for n in range(begin, len(wall)):
        worked -= wall[n]
        if worked == 0:
            return n + 1
    return None


@pytest.mark.parametrize(
    ("week", "begin", "end", "worked"),
    [
        pytest.param(ALWAYS, "2026-03-29 00:00", "2026-03-30 00:00", 23, id="23 hours in spring"),
        pytest.param(ALWAYS, "2026-10-25 00:00", "2026-10-26 00:00", 25, id="25 in autumn"),
        pytest.param(NIGHTS, "2026-03-28 21:00", "2026-03-29 09:00", 7, id="a short night"),
        pytest.param(NIGHTS, "2026-10-24 21:00", "2026-10-25 09:00", 9, id="a long night"),
        pytest.param(WEEK, "2028-02-28 09:00", "2028-03-01 09:00", 16, id="a leap day"),
        pytest.param(WEEK, "2026-02-27 16:00", "2026-03-02 10:00", 2, id="a weekend"),
        pytest.param(WEEK, "2026-02-27 18:00", "2026-02-28 10:00", 0, id="nobody there"),
        pytest.param(WEEK, "2026-03-02 10:00", "2026-03-02 09:00", 0, id="the wrong way round"),
    ],
)
def test_working_time_between(
    week: Sequence[Sequence[Block]], begin: str, end: str, worked: float
) -> None:
    assert Calendar(BERLIN, week).between(at(begin), at(end)) == hours(worked)


@pytest.mark.parametrize(
    ("week", "start", "worked", "due"),
    [
        pytest.param(WEEK, "2026-11-27 16:50", 4, "2026-11-30 12:50", id="over a weekend"),
        pytest.param(WEEK, "2026-11-27 16:00", 1, "2026-11-27 17:00", id="the end of a block"),
        pytest.param(WEEK, "2026-11-28 12:00", 1, "2026-11-30 10:00", id="from a Saturday"),
        pytest.param(WEEK, "2026-11-27 16:50", 0, "2026-11-27 16:50", id="nothing"),
        pytest.param(NIGHTS, "2026-03-28 23:00", 7, "2026-03-29 23:00", id="a night cut short"),
        pytest.param(NIGHTS, "2026-10-24 23:00", 8, "2026-10-25 06:00", id="a night repeated"),
    ],
)
def test_due_after_working_time(
    week: Sequence[Sequence[Block]], start: str, worked: float, due: str
) -> None:
    assert Calendar(BERLIN, week).add(at(start), hours(worked)) == at(due)


def test_public_holidays_and_days_of_its_own_are_off() -> None:
    own = {date(2026, 12, 24): "the party"}
    calendar = Calendar(BERLIN, WEEK, "DE", "BE", own)

    assert calendar.add(at("2026-12-23 16:00"), hours(2)) == at("2026-12-28 10:00")
    assert calendar.off(date(2026, 12, 24)) == "the party"
    assert calendar.off(date(2026, 3, 8)) != ""  # Women's Day, in Berlin
    assert Calendar(BERLIN, WEEK, "DE", "BY").off(date(2026, 3, 8)) == ""


def test_a_block_past_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    off = {date(2026, 5, 6): "closed"}
    nights = Calendar(BERLIN, NIGHTS, days_off=off)

    into = nights.between(at("2026-05-05 21:00"), at("2026-05-06 12:00"))
    out_of = nights.between(at("2026-05-06 21:00"), at("2026-05-07 12:00"))

    assert (into, out_of) == (hours(8), hours(0))


def test_years_and_an_hour_a_week_are_added_at_once() -> None:
    thin = Calendar(BERLIN, ((Block(540, 600),), (), (), (), (), (), ()))

    due = thin.add(at("2026-01-05 09:00"), hours(520))  # ten years of Mondays

    assert due == at("2035-12-17 10:00")
    assert thin.between(at("2026-01-05 09:00"), due) == hours(520)


@pytest.mark.parametrize(
    ("week", "why"),
    [
        (((),) * 7, "no working time"),
        (((NINE_TO_FIVE,),) * 6, "seven days"),
        (((Block(600, 600),), *((),) * 6), "longer than nothing"),
        (((Block(600, 540),), *((),) * 6), "longer than nothing"),
        (((Block(0, 1500),), *((),) * 6), "no longer than a day"),
        (((Block(540, 1020), Block(1000, 1100)), *((),) * 6), "overlap"),
        (((Block(1320, 1800),), (Block(300, 600),), *((),) * 5), "overlap"),
        (((Block(0, 60),), *((),) * 5, (Block(1320, 1500),)), "overlap"),
    ],
)
def test_hours_that_are_none_are_refused(week: Sequence[Sequence[Block]], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Calendar(BERLIN, week)
