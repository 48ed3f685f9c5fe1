"""Moments as agents write them: “2h”, “tomorrow 9”, “next monday”, “2026-01-07 14:30”."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import Invalid

MORNING = time(9)
LONGEST = timedelta(days=366)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_SPAN = re.compile(r"(?:in )?(\d{1,4}) ?(m|min|minutes?|h|hours?|d|days?|w|weeks?)", re.ASCII)
_CLOCK = re.compile(r"(?:at )?(\d{1,2})(?::(\d{2}))? ?(am|pm)?", re.ASCII)
_DAY = re.compile(
    r"(\d{4}-\d{2}-\d{2}|today|tomorrow|next week|(?:next )?[a-z]{3,9})(?: (.+))?", re.ASCII
)


class NotAMoment(Invalid):
    """What was written is no time, or one that has passed."""

    def __init__(self, text: str, why: str = "is no time that I understand") -> None:
        super().__init__(
            f"“{text[:60]}” {why}. Say 2h, tomorrow 9, next monday, 17:30, 2026-01-07 14:30, "
            "or until reply."
        )


def moment(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment that somebody in a time zone means; a day without a time is 9 in the morning.

    A weekday is the next one after today. Raises `NotAMoment` for what is no moment, has passed, or
    is more than a year away.
    """
    words = " ".join(text.lower().split())
    meant = _span(words, now) or _on_a_day(words, now.astimezone(zone))
    if meant is None:
        raise NotAMoment(text)
    if meant <= now:
        raise NotAMoment(text, "has passed")
    if meant - now > LONGEST:
        raise NotAMoment(text, "is more than a year away")
    return meant.astimezone(now.tzinfo)


def _span(words: str, now: datetime) -> datetime | None:
    found = _SPAN.fullmatch(words)
    return now + int(found[1]) * UNITS[found[2][0]] if found else None


def _on_a_day(words: str, here: datetime) -> datetime | None:
    clock = _clock(words) if re.search(r"[:apt]", words) else None
    if clock is not None:  # a time alone: the next time that it is so late
        today = _at(here.date(), clock, here)
        return today if today > here else _at(here.date() + timedelta(days=1), clock, here)
    found = _DAY.fullmatch(words)
    if found is None:
        return None
    day = _day(found[1], here.date())
    clock = _clock(found[2]) if found[2] else MORNING
    return _at(day, clock, here) if day and clock else None


def _day(word: str, today: date) -> date | None:
    if word in {"today", "tomorrow"}:
        return today + timedelta(days=word == "tomorrow")
    if word[:1].isdigit():
        try:
            return date.fromisoformat(word)
        except ValueError:
            return None
    word = "monday" if word == "next week" else word.removeprefix("next ")
    if word not in {*WEEKDAYS, *(each[:3] for each in WEEKDAYS)}:
        return None
    number = next(n for n, each in enumerate(WEEKDAYS) if each.startswith(word))
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _clock(words: str) -> time | None:
    found = _CLOCK.fullmatch(words)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half == "pm")
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _at(day: date, clock: time, here: datetime) -> datetime:
    return datetime.combine(day, clock, tzinfo=here.tzinfo)
