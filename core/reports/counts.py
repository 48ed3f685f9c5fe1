"""The counts behind a report, read from figures kept ready: of a span, and of its days."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, func, or_, select

from core.model import Rollup, Tally
from core.reports import buckets, rollups
from core.reports.counting import Figure
from core.reports.shapes import DayFigures, Parts
from core.work import Work


@dataclass(frozen=True)
class Chosen:
    """What is counted: the days since ``since``, those ``before`` them, and of what only."""

    before: date
    since: date
    until: date
    channel: str | None
    team: int | None

    def only(self, table: type[Tally] | type[Rollup]) -> list[ColumnElement[bool]]:
        """What is asked for beside the days."""
        wanted: list[ColumnElement[bool]] = []
        if self.team is not None:
            wanted.append(table.team_id == self.team)
        return [*wanted, table.channel == self.channel] if self.channel is not None else wanted

    @property
    def curves(self) -> tuple[type[Tally] | type[Rollup], Sequence[ColumnElement[bool]]]:
        """Where the days of the span are read from, and which rows."""
        if self.team is None and self.channel is None:
            days = Rollup.day.between(self.since, self.until)
            return Rollup, [Rollup.tier == rollups.ALL, days]
        return Tally, [Tally.day.between(self.since, self.until), *self.only(Tally)]


@dataclass
class Counts:
    """Counts of a span by figure and part, and opened tickets by channel."""

    of: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_channel: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, figure: Figure) -> Counter[str]:
        return self.of[figure.value]


async def counted(work: Work, chosen: Chosen) -> tuple[Counts, Counts, Sequence[str]]:
    """All counts of both spans: whole months as such, and the days at the ends."""
    spans = (
        rollups.span(chosen.before, chosen.since - rollups.DAY),
        rollups.span(chosen.since, chosen.until),
    )
    months = [month for each in spans for month in each.months]
    runs = [Tally.day.between(*run) for each in spans for run in each.days]
    found = [await _counts(work, Tally, chosen, or_(*runs))] if runs else []
    if months:
        here = (Rollup.tier == rollups.MONTH) & Rollup.day.in_(months)
        found.append(await _counts(work, Rollup, chosen, here))
    now, before = Counts(), Counts()
    channels: set[str] = {chosen.channel} if chosen.channel else set()
    for row in itertools.chain(*found):
        into, count = (now if row.is_now else before), int(row.times)
        channels.add(row.channel)
        into.of[row.figure][row.part] += count
        if row.figure == Figure.OPENED:
            into.by_channel[row.channel] += count
    return now, before, sorted(channels)


async def _counts(
    work: Work, table: type[Tally] | type[Rollup], chosen: Chosen, here: ColumnElement[bool]
) -> Sequence[Any]:
    is_now = case((table.day >= chosen.since, 1), else_=0)
    wanted = (
        select(is_now.label("is_now"), table.figure, table.channel, table.part)
        .add_columns(func.sum(table.count).label("times"))
        .where(here, *chosen.only(table))
        .group_by(is_now, table.figure, table.channel, table.part)
    )
    return (await work.session.execute(wanted)).all()


async def by_day(work: Work, chosen: Chosen) -> Sequence[DayFigures]:
    """Each day of the span; of all together where nothing is chosen."""
    opened = await _opened(work, chosen)
    medians = await _medians(work, chosen)
    length = (chosen.until - chosen.since).days + 1
    return [
        DayFigures(
            day=day,
            opened=positive(opened[day]),
            first_response=medians.get((day, Figure.FIRST_RESPONSE)),
            resolution=medians.get((day, Figure.RESOLUTION)),
        )
        for day in (chosen.since + timedelta(days=n) for n in range(length))
    ]


async def _opened(work: Work, chosen: Chosen) -> Mapping[date, Counter[str]]:
    table, here = chosen.curves
    wanted = (
        select(table.day, table.channel, func.sum(table.count).label("times"))
        .where(*here, table.figure == Figure.OPENED.value)
        .group_by(table.day, table.channel)
    )
    found: dict[date, Counter[str]] = defaultdict(Counter)
    for row in await work.session.execute(wanted):
        found[row.day][row.channel] += int(row.times)
    return found


async def _medians(work: Work, chosen: Chosen) -> Mapping[tuple[date, Figure], timedelta]:
    """The median times of each day, as `buckets.quantile` finds them: in the first bucket up to
    which there is half of all. The database looks for it, since a year has tens of thousands."""
    table, here = chosen.curves
    bucket = cast(table.part, Integer)
    counts = (
        select(table.day, table.figure, bucket.label("bucket"), func.sum(table.count).label("n"))
        .where(*here, table.figure.in_(sorted(rollups.TIMES)))
        .group_by(table.day, table.figure, bucket)
        .having(func.sum(table.count) > 0)
        .subquery()
    )
    day = (counts.c.day, counts.c.figure)
    seen = func.sum(counts.c.n).over(partition_by=day, order_by=counts.c.bucket)
    total = func.sum(counts.c.n).over(partition_by=day)
    running = select(*day, counts.c.bucket, seen.label("seen"), total.label("total")).subquery()
    wanted = (
        select(running.c.day, running.c.figure, func.min(running.c.bucket).label("bucket"))
        .where(running.c.seen * 2 >= running.c.total)
        .group_by(running.c.day, running.c.figure)
    )
    rows = await work.session.execute(wanted)
    return {(row.day, Figure(row.figure)): buckets.middle(row.bucket) for row in rows}


def positive(counts: Counter[str]) -> Parts:
    """What there is any of, the most first."""
    return {part: count for part, count in counts.most_common() if count > 0}
