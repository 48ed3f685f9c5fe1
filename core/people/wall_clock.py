"""Wall clocks: when a clock on the wall of some zone shows a time, on days of 23 and 25 hours, too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60  # minutes


def instant(day: date, minute: int, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """The moment, in UTC, at which it is so many minutes past midnight of ``day`` on the wall.

    ``minute`` may go beyond the day, for a night shift. A time that the wall shows twice is the first
    of the two, or with ``last`` the second; one that it skips is the moment of the jump.
    """
    on = day + timedelta(days=minute // DAY)
    naive = datetime.combine(on, time(minute % DAY // 60, minute % 60))
    shown = naive.replace(tzinfo=zone, fold=int(last))
    there = shown.astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) == naive:
        return there
    return _jump(naive, zone)


def _jump(naive: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the wall jumps over a time: found by halving, to the second."""
    before = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return (before + timedelta(seconds=1)).replace(microsecond=0)
