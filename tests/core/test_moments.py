"""Moments as agents write them, as a table."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.tickets.moments import NotAMoment, moment

MONDAY = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)  # 10:30 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("30m", "2026-01-05 10:00"),
        ("2h", "2026-01-05 11:30"),
        ("in 2 hours", "2026-01-05 11:30"),
        ("90 min", "2026-01-05 11:00"),
        ("3d", "2026-01-08 09:30"),
        ("1 week", "2026-01-12 09:30"),
        ("tomorrow", "2026-01-06 08:00"),
        ("Tomorrow  9", "2026-01-06 08:00"),
        ("tomorrow 14:15", "2026-01-06 13:15"),
        ("tomorrow at 5pm", "2026-01-06 16:00"),
        ("tomorrow 12am", "2026-01-05 23:00"),
        ("tomorrow 12 pm", "2026-01-06 11:00"),
        ("today 17", "2026-01-05 16:00"),
        ("17:30", "2026-01-05 16:30"),
        ("at 9", "2026-01-06 08:00"),
        ("8am", "2026-01-06 07:00"),
        ("monday", "2026-01-12 08:00"),
        ("next monday", "2026-01-12 08:00"),
        ("next week", "2026-01-12 08:00"),
        ("tue 7", "2026-01-06 06:00"),
        ("sunday 10:00", "2026-01-11 09:00"),
        ("2026-01-07", "2026-01-07 08:00"),
        ("2026-01-07 14:30", "2026-01-07 13:30"),
        ("2026-07-01 14:30", "2026-07-01 12:30"),  # summer time
        ("2026-03-29 02:30", "2026-03-29 01:30"),  # an hour that Berlin does not have
        ("2026-10-25 02:30", "2026-10-25 00:30"),  # one that it has twice: the first
    ],
)
def test_a_moment_is_meant_in_the_time_zone_of_whoever_writes_it(text: str, meant: str) -> None:
    found = moment(text, now=MONDAY, zone=BERLIN)

    assert found == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *(
            (text, "no time that I understand")
            for text in (
                *("", "banana", "soon", "9", "tomorrow 25", "tomorrow 9:75", "tomorrow 13pm"),
                *(
                    "0pm",
                    "2x",
                    "-2h",
                    "2 h 3",
                    "next",
                    "mon day",
                    "2026-02-30",
                    "2026-13-01",
                    "٩:٠٠",
                ),
                *("tomorrow tomorrow", "x" * 5_000, "9:00:00", "next tomorrow", "99999h"),
            )
        ),
        ("0m", "has passed"),
        ("today 10", "has passed"),
        ("2026-01-04", "has passed"),
        ("2019-01-04 10:00", "has passed"),
        ("9999d", "more than a year away"),
        ("2027-02-01", "more than a year away"),
    ],
)
def test_what_is_no_moment_is_refused_with_an_example(text: str, why: str) -> None:
    with pytest.raises(NotAMoment, match=why) as refusal:
        moment(text, now=MONDAY, zone=BERLIN)

    assert "tomorrow 9" in str(refusal.value)
    assert len(str(refusal.value)) < 250
