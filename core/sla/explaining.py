"""A target's arithmetic in sentences, for whoever asks why it is due when it is. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.model import Target
from core.sla.book import Book
from core.sla.calendar import DAY, Calendar
from core.sla.promising import in_words

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_NAMED = 3


def sentences(book: Book, target: Target, now: datetime) -> Sequence[str]:
    """What was promised, what ran and when, what stood still and why, and what comes of it.

    Times are in the zone of its business hours.
    """
    calendar = book.calendar(target.hours_id)
    return [
        *_promised(book, target, calendar),
        *_ran(target, calendar),
        *_goes_on(target, calendar, now),
    ]


def hours_in_words(calendar: Calendar) -> str:
    """When people are at work: ``mon-fri 9-17 (Europe/Berlin), holidays of DE-BE off``."""
    if calendar.always:
        return "around the clock"
    runs: list[tuple[int, int, str]] = []
    for day, blocks in enumerate(calendar.week):
        said = ",".join(f"{_wall(each.begin)}-{_wall(each.end)}" for each in sorted(blocks))
        if runs and runs[-1][2] == said and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0], day, said)
        else:
            runs.append((day, day, said))
    worked = "; ".join(
        f"{DAYS[first]}{f'-{DAYS[last]}' if last > first else ''} {said}"
        for first, last, said in runs
        if said
    )
    region = "-".join(filter(None, (calendar.country, calendar.subdivision)))
    off = f", holidays of {region} off" if region else ""
    own = f", {len(calendar.days_off)} more days off" if calendar.days_off else ""
    return f"{worked} ({calendar.zone}){off}{own}"


def _promised(book: Book, target: Target, calendar: Calendar) -> Iterator[str]:
    named = book.hours_names.get(target.hours_id or 0)
    hours = f"{named}: {hours_in_words(calendar)}" if named else hours_in_words(calendar)
    yield (
        f"The policy “{target.policy}” promises {in_words(target.allowed)} of business time "
        f"({hours})."
    )
    yield f"Began {moment(calendar, target.started_at)}."


def _ran(target: Target, calendar: Calendar) -> Iterator[str]:
    """Each stretch that is over, and what came between it and the next."""
    stretches = list(target.stretches)
    begins = [datetime.fromisoformat(each["from"]) for each in stretches]
    ends = [datetime.fromisoformat(each["until"]) for each in stretches]
    carried = target.ran - sum(
        (timedelta(seconds=each["worked"]) for each in stretches), timedelta(0)
    )
    if carried > timedelta(0):
        yield f"{in_words(carried)} had run before that."
    follows = [*begins, target.running_since][1:]
    for stretch, end, after in zip(stretches, ends, follows, strict=True):
        worked = timedelta(seconds=stretch["worked"])
        yield f"{in_words(worked)} ran until {moment(calendar, end)}."
        if after is not None and after > end:
            yield f"Paused {_wall_time(after - end)} while it was {stretch['then']}."
        elif after == end and stretch["then"].startswith("promised by"):
            yield f"From then on {stretch['then']}; what ran stays run."


def _goes_on(target: Target, calendar: Calendar, now: datetime) -> Iterator[str]:
    if target.met_at is not None and target.breached_at is None:
        left = in_words(target.allowed - target.ran)
        yield f"Kept {moment(calendar, target.met_at)}, with {left} to spare."
    elif target.breached_at is not None:
        over = f", done {moment(calendar, target.met_at)}" if target.met_at else ""
        yield f"Not kept: it was due {moment(calendar, target.breached_at)}{over}."
    elif target.dropped_at is not None:
        yield f"Given up {moment(calendar, target.dropped_at)}: it is promised no more."
    elif target.running_since is None:
        yield _stands_still(target, calendar)
    else:
        yield from _to_come(target, calendar, now)


def _stands_still(target: Target, calendar: Calendar) -> str:
    why = target.stretches[-1]["then"] if target.stretches else "pending"
    since = moment(calendar, target.paused_at or target.started_at)
    left = in_words(target.allowed - target.ran)
    waits = " ⚠ The customer waits for an answer meanwhile." if target.keeps_waiting else ""
    return f"It stands still since {since}, being {why}; {left} are left.{waits}"


def _to_come(target: Target, calendar: Calendar, now: datetime) -> Iterator[str]:
    """How what was left since it last began to run lies over the days, and when it is due."""
    assert target.running_since is not None  # noqa: S101 - it runs
    days = _by_day(calendar, target.running_since, target.due_at)
    if len(days) > 1:
        first_day, first, _ = days[0]
        _, _, rest_begins = days[1]
        yield (
            f"{in_words(first)} on {first_day:%A}, the rest from {moment(calendar, rest_begins)}."
        )
    elif days and days[0][2] > target.running_since:
        yield f"All of it from {moment(calendar, days[0][2])}."
    off = _days_off(calendar, target.running_since, target.due_at)
    if off:
        more = f" and {len(off) - DAYS_NAMED} more" * (len(off) > DAYS_NAMED)
        yield f"Off: {', '.join(off[:DAYS_NAMED])}{more}."
    left = calendar.between(now, target.due_at)
    yield f"Due {moment(calendar, target.due_at)}; {in_words(left)} are left."


def _by_day(
    calendar: Calendar, begin: datetime, end: datetime
) -> Sequence[tuple[date, timedelta, datetime]]:
    """The working time on each day of a span, and when it begins."""
    zone = ZoneInfo(calendar.zone)
    days: list[tuple[date, timedelta, datetime]] = []
    if end <= begin:
        return days
    for opened, closed in calendar.open_from(begin):
        if opened >= end:
            break
        day, worked = opened.astimezone(zone).date(), min(closed, end) - opened
        if days and days[-1][0] == day:
            days[-1] = (day, days[-1][1] + worked, days[-1][2])
        else:
            days.append((day, worked, opened))
    return days


def _days_off(calendar: Calendar, begin: datetime, end: datetime) -> Sequence[str]:
    zone = ZoneInfo(calendar.zone)
    day, last = begin.astimezone(zone).date(), end.astimezone(zone).date()
    found = []
    while day <= last:
        why = calendar.off(day) if calendar.week[day.weekday()] else ""
        if why:
            found.append(f"{day:%a %d %b} ({why})")
        day += DAY
    return found


def moment(calendar: Calendar, at: datetime) -> str:
    """A moment on the wall of the business hours."""
    return f"{at.astimezone(ZoneInfo(calendar.zone)):%a %d %b %H:%M}"


def _wall(minute: int) -> str:
    hour, rest = divmod(minute, 60)
    hour = hour if hour <= 24 else hour - 24
    return f"{hour}:{rest:02}" if rest else f"{hour}"


def _wall_time(length: timedelta) -> str:
    return f"{length.days} d {in_words(length % DAY)}" if length >= DAY else in_words(length)
