"""Business hours as a pure clock: when people are at work, and how much of that lies between moments.

A minute is working time if the clock on the wall of its zone shows a time within a block of a day that
is not off. So an hour that a change of the clocks leaves out is never worked, and one that it repeats
is worked twice. A block that goes past midnight belongs to the day on which it begins.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import holidays

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
DAY_MINUTES = 24 * 60
WEEK = 7


@dataclass(frozen=True, order=True)
class Block:
    """Working time on one weekday: minutes from midnight on the wall, from ``begin`` to before
    ``end``, which is beyond 24 hours where it goes past midnight."""

    begin: int
    end: int


@dataclass(frozen=True)
class Calendar:
    """When people are at work: the blocks of each weekday (Monday first), in an IANA time ``zone``.

    ``country`` and ``subdivision`` (ISO 3166) have their public holidays off, as the ``holidays``
    package knows them; ``days_off`` are the desk's own, with a word for each. Raises `ValueError`
    where there is no working time at all, or two blocks overlap.
    """

    zone: str
    week: Sequence[Sequence[Block]]
    country: str = ""
    subdivision: str = ""
    days_off: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != WEEK:
            raise ValueError("a week has seven days")
        blocks = sorted(
            Block(day * DAY_MINUTES + block.begin, day * DAY_MINUTES + block.end)
            for day, of_day in enumerate(self.week)
            for block in of_day
        )
        if not blocks:
            raise ValueError("there is no working time in it")
        first = blocks[0]
        around = Block(first.begin + WEEK * DAY_MINUTES, first.end + WEEK * DAY_MINUTES)
        for one, other in zip(blocks, [*blocks[1:], around], strict=True):
            length = one.end - one.begin
            if not 0 < length <= DAY_MINUTES or not 0 <= one.begin % DAY_MINUTES < DAY_MINUTES:
                raise ValueError("a block is longer than nothing and no longer than a day")
            if one.end > other.begin:
                raise ValueError("two blocks overlap")

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _blocks(self) -> Sequence[Sequence[Block]]:
        return [sorted(day) for day in self.week]

    @cached_property
    def _public(self) -> Mapping[date, str]:
        if not self.country:
            return {}
        of_country: Mapping[date, str] = holidays.country_holidays(
            self.country, subdiv=self.subdivision or None
        )
        return of_country

    @property
    def always(self) -> bool:
        """Whether it is around the clock, every day."""
        full = (Block(0, DAY_MINUTES),)
        return (
            all(tuple(day) == full for day in self.week) and not self.country and not self.days_off
        )

    @property
    def weekly(self) -> timedelta:
        """The working time of a week without holidays."""
        return MINUTE * sum(block.end - block.begin for day in self.week for block in day)

    def off(self, day: date) -> str:
        """Why nobody is at work on this day, though it has blocks; empty where they are."""
        return self.days_off.get(day) or self._public.get(day) or ""

    def open_from(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of working time from a moment on, in order, without end."""
        at = since.astimezone(UTC).replace(tzinfo=None)
        while True:
            offset = self._offset(at)
            until = datetime.combine(at.date() + DAY, time())
            if self._offset(until) != offset:
                until = self._change(at, until, offset)
            yield from self._within(at, until, offset)
            at = until

    def is_open(self, at: datetime) -> bool:
        """Whether people are at work at this moment."""
        begin, _ = next(self.open_from(at))
        return begin == at

    def add(self, start: datetime, worked: timedelta) -> datetime:
        """The moment by which so much working time has passed since ``start``: the earliest one, so
        the end of a block rather than the beginning of the next."""
        left, start = worked, start.astimezone(UTC)  # else Python reckons by the wall
        if self.always or left <= timedelta(0):
            return start + max(left, timedelta(0))
        for begin, end in self.open_from(start):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise AssertionError("unreachable")

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; none where they are the wrong way round."""
        begin, end = begin.astimezone(UTC), end.astimezone(UTC)
        if self.always or end <= begin:
            return max(end - begin, timedelta(0))
        total = timedelta(0)
        for opened, closed in self.open_from(begin):
            if opened >= end:
                break
            total += min(closed, end) - opened
        return total

    def _offset(self, at: datetime) -> timedelta:
        """How far the wall is ahead of UTC, at a naive moment in UTC."""
        ahead = at.replace(tzinfo=UTC).astimezone(self._zone).utcoffset()
        return ahead or timedelta(0)

    def _change(self, before: datetime, after: datetime, offset: timedelta) -> datetime:
        """The first moment between two of a day at which the wall is no longer ``offset`` ahead."""
        while after - before > timedelta(seconds=1):
            middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
            if self._offset(middle) == offset:
                before = middle
            else:
                after = middle
        return after.replace(microsecond=0)

    def _within(
        self, since: datetime, until: datetime, offset: timedelta
    ) -> Iterator[tuple[datetime, datetime]]:
        """The same while the wall is ``offset`` ahead of UTC, so that its time runs as ours."""
        low, high = since + offset, until + offset
        day = low.date() - DAY  # whose last block may go past midnight
        while day <= high.date():
            blocks = self._blocks[day.weekday()]
            if blocks and not self.off(day):
                midnight = datetime.combine(day, time())
                for block in blocks:
                    begin = max(low, midnight + block.begin * MINUTE)
                    end = min(high, midnight + block.end * MINUTE)
                    if begin < end:
                        yield (
                            (begin - offset).replace(tzinfo=UTC),
                            (end - offset).replace(tzinfo=UTC),
                        )
            day += DAY
