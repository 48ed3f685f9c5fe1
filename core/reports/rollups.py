"""Figures of long spans: which rows a count adds to beside its day's, and which a span is read from.

A year is read from its months and the days at its ends, and its curves from days over all teams:
some ten thousand rows where its days have millions.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from core.reports.counting import Figure, Key

MONTH, ALL = "month", "all"
DAY = timedelta(days=1)
TIMES = frozenset({Figure.FIRST_RESPONSE.value, Figure.RESOLUTION.value})


class RolledUp(NamedTuple):
    """Where a count belongs in a tier."""

    tier: str
    day: date
    figure: str
    channel: str
    team_id: int
    part: str


def rolled_up(change: Mapping[Key, int]) -> Counter[RolledUp]:
    """What a change of days changes in the tiers."""
    found: Counter[RolledUp] = Counter()
    for key, count in change.items():
        for row in _tiers(key):
            found[row] += count
    return found


def _tiers(key: Key) -> Iterator[RolledUp]:
    yield RolledUp(MONTH, key.day.replace(day=1), *key[1:])
    if key.figure == Figure.OPENED.value:
        yield RolledUp(ALL, key.day, key.figure, key.channel, 0, "")
    elif key.figure in TIMES:
        yield RolledUp(ALL, key.day, key.figure, "", 0, key.part)


@dataclass(frozen=True)
class Span:
    """The whole months in a span of days, by their first days, and the days that are in none, as
    the first and the last of each run."""

    months: Sequence[date]
    days: Sequence[tuple[date, date]]


def span(since: date, until: date) -> Span:
    """The days from ``since`` to ``until``, both included, in as few rows as there are."""
    months = []
    month = since if since.day == 1 else _next(since)
    while _next(month) - DAY <= until:
        months.append(month)
        month = _next(month)
    if not months:
        return Span([], [(since, until)])
    ends = ((since, months[0] - DAY), (month, until))
    return Span(months, [each for each in ends if each[0] <= each[1]])


def _next(day: date) -> date:
    """The first day of the next month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
