"""Working hours: read, said, and when somebody is at work; as tables, and against a minute's look."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.people.hours import Away, BadHours, at_work, in_words, next_edge, read
from core.people.wall_clock import instant

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mon-fri 9-17", "mon-fri 9-17"),
        ("Monday - Friday 9-12, 13-17; SAT 10-14", "mon-fri 9-12,13-17; sat 10-14"),
        ("mon,wed 9:30-12:15 13-17", "mon 9:30-12:15,13-17; wed 9:30-12:15,13-17"),
        ("daily 0-24", "mon-sun 0-24"),
        ("every day 8.30-16", "mon-sun 8:30-16"),
        ("fri-mon 9-17", "mon 9-17; fri-sun 9-17"),
        ("fri 22-6", "fri 22-6"),
        ("sun 22-6; mon 6-8", "mon 6-8; sun 22-6"),
    ],
)
def test_hours_are_read_and_said_as_they_are_written(text: str, said: str) -> None:
    assert in_words(read(text)) == said
    assert read(said) == read(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "“…”: there is nothing in it"),
        ("9-17", "“9-17”: say the days first"),
        ("mon", "“mon”: the hours are missing"),
        ("mon 9", "“9”: that is no block of hours"),
        ("mon 9-17,", "that is no block of hours"),
        ("mon 9-9", "“9-9”: a block has to last a while"),
        ("mon 24-3", "“24-3”: a block has to last a while"),
        ("mon 25-26", "“25-26”: a day has the hours from 0 to 24"),
        ("mon 9:75-10", "an hour 60 minutes"),
        ("foo 9-17", "“foo”: that is no day. Days are mon, tue"),
        ("mon,mon 9-17", "a day is there twice"),
        ("mon 9-12,11-13", "“mon”: two blocks are at the same time"),
        ("sun 22-8; mon 7-9", "“mon”: two blocks are at the same time"),
        ("mon 1-2,2-3,3-4,4-5,5-6,6-7,7-8", "more than 6 blocks a day are too many"),
        ("m" * 301, "that is longer than 300 characters"),
        ("mon 9-17 please", "that is no block of hours"),
        ("; mon 9-17", "there is nothing in it"),
        ("mon -9-17", "that is no day"),
    ],
)
def test_what_are_no_hours_is_refused_with_the_word_and_an_example(
    text: str, sentence: str
) -> None:
    with pytest.raises(BadHours) as refused:
        read(text)

    assert sentence in str(refused.value)
    assert str(refused.value).endswith("/agent hours @ana mon-fri 9-12,13-17; sat 10-14")


@pytest.mark.parametrize(
    ("day", "minute", "last", "expected"),
    [
        (date(2026, 3, 28), 150, False, datetime(2026, 3, 28, 1, 30, tzinfo=UTC)),
        (date(2026, 3, 29), 150, False, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),  # skipped
        (date(2026, 3, 29), 150, True, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 3, 29), 180, False, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 10, 25), 150, False, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # twice
        (date(2026, 10, 25), 150, True, datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (date(2026, 12, 31), 24 * 60, False, datetime(2026, 12, 31, 23, 0, tzinfo=UTC)),
        (date(2028, 2, 28), 25 * 60, False, datetime(2028, 2, 29, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_time_on_the_wall_is_one_moment_on_every_day(
    day: date, minute: int, last: bool, expected: datetime
) -> None:
    assert instant(day, minute, BERLIN, last=last) == expected


@pytest.mark.parametrize(
    ("text", "away", "zone", "begin"),
    [
        ("mon-fri 9-17", [], BERLIN, datetime(2026, 3, 27, tzinfo=UTC)),
        ("sat 22-2; sun 3-4", [], BERLIN, datetime(2026, 3, 28, tzinfo=UTC)),
        ("sat 22-6; sun 8-9", [], BERLIN, datetime(2026, 10, 24, tzinfo=UTC)),
        ("daily 0-24", [], NEW_YORK, datetime(2026, 3, 7, tzinfo=UTC)),
        ("daily 1:30-2:30", [], NEW_YORK, datetime(2026, 10, 31, tzinfo=UTC)),
        ("mon-fri 9-12,13-17", [(2, 3)], BERLIN, datetime(2026, 2, 27, tzinfo=UTC)),
        ("mon-sun 20-4", [(1, 1)], ZoneInfo("Asia/Kathmandu"), datetime(2028, 2, 27, tzinfo=UTC)),
    ],
)
def test_the_edges_are_what_a_look_at_every_minute_finds(
    text: str, away: list[tuple[int, int]], zone: ZoneInfo, begin: datetime
) -> None:
    blocks = read(text)
    day = begin.date()
    off = [Away(day + timedelta(days=a), day + timedelta(days=b)) for a, b in away]
    moments = [begin + n * MINUTE for n in range(5 * 24 * 60)]
    looks = [at_work(blocks, off, zone, moment) for moment in moments]
    found = [
        moment
        for moment, before, now in zip(moments[1:], looks, looks[1:], strict=False)
        if before is not now
    ]

    told, moment = [], begin
    while (edge := next_edge(blocks, off, zone, moment)) and edge <= moments[-1]:
        told.append(edge)
        moment = edge
    assert told == found
    assert bool(found) is (text != "daily 0-24")


def test_at_work_is_what_the_wall_says_at_a_thousand_random_moments() -> None:
    chance = random.Random(1)
    blocks = read("mon-fri 9-12,13-17; sat 22-3")
    for _ in range(1_000):
        moment = datetime(2026, 1, 1, tzinfo=UTC) + chance.randrange(60 * 24 * 365) * MINUTE
        wall = moment.astimezone(BERLIN)
        hour = wall.hour
        expected = (wall.weekday() < 5 and (9 <= hour < 12 or 13 <= hour < 17)) or (
            (wall.weekday() == 5 and hour >= 22) or (wall.weekday() == 6 and hour < 3)
        )
        assert at_work(blocks, [], BERLIN, moment) is expected, wall


def test_days_off_without_hours_have_edges_at_midnight_of_the_agent() -> None:
    off = [Away(date(2026, 12, 24), date(2026, 12, 26))]
    now = datetime(2026, 12, 1, tzinfo=UTC)

    begins = next_edge([], off, BERLIN, now)
    assert begins == datetime(2026, 12, 23, 23, 0, tzinfo=UTC)
    assert next_edge([], off, BERLIN, begins) == datetime(2026, 12, 26, 23, 0, tzinfo=UTC)
    assert next_edge([], [], BERLIN, now) is None
