"""Working hours, pure: read from words, said in words, and when somebody is at work.

``mon-fri 9-12,13-17; sat 10-14``: days, then blocks of hours on the wall of the agent's own zone. A
block that ends before it begins goes on into the next day: ``fri 22-6``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.errors import Invalid
from core.people.wall_clock import DAY, instant

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY_DAY = ("daily", "every day")
LONGEST = 300  # characters
BLOCKS_A_DAY = 6
LOOKED_AHEAD = 400  # days, in which the next edge has to be
EXAMPLE = "/agent hours @ana mon-fri 9-12,13-17; sat 10-14"
_PART = re.compile(r"([a-z][a-z,\s-]*?)\s*([0-9].*)", re.DOTALL)
_BLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*-\s*([0-9]{1,2})(?:[:.]([0-9]{2}))?")


class BadHours(Invalid):
    """What was written are no working hours; the sentence names the word and says what would do."""

    def __init__(self, said: str, why: str) -> None:
        self.why = why
        super().__init__(f"“{said.strip()[:40]}”: {why} For example: {EXAMPLE}")


@dataclass(frozen=True, order=True)
class Block:
    """Hours at work: from ``begins`` until ``ends``, in minutes past midnight of the ``weekday`` (0 is
    Monday); an end beyond 1,440 is on the next day."""

    weekday: int
    begins: int
    ends: int


@dataclass(frozen=True)
class Away:
    """Days off, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Span:
    """From a moment until another."""

    begins: datetime
    ends: datetime


def read(text: str) -> tuple[Block, ...]:
    """The blocks of ``mon-fri 9-12,13-17; sat 10-14``, in order. Raises `BadHours`."""
    said = " ".join(text.lower().split())
    if len(said) > LONGEST:
        raise BadHours(said, f"that is longer than {LONGEST} characters.")
    blocks: list[Block] = []
    for part in said.split(";"):
        found = _PART.fullmatch(part.strip())
        if found is None:
            raise BadHours(part or "…", _what_is_missing(part))
        hours = _blocks(found[2])
        blocks += [Block(day, *each) for day in _days(found[1]) for each in hours]
    blocks.sort()
    _refuse_overlaps(blocks)
    return tuple(blocks)


def in_words(blocks: Iterable[Block]) -> str:
    """The hours as they are written, days with the same hours together."""
    by_day: dict[int, list[str]] = {}
    for each in blocks:
        by_day.setdefault(each.weekday, []).append(f"{_shown(each.begins)}-{_shown(each.ends)}")
    runs: list[tuple[int, int, str]] = []
    for day, hours in sorted(by_day.items()):
        said = ",".join(hours)
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == said:
            runs[-1] = (runs[-1][0], day, said)
        else:
            runs.append((day, day, said))
    return "; ".join(
        f"{DAYS[first]}{'' if first == last else f'-{DAYS[last]}'} {hours}"
        for first, last, hours in runs
    )


def at_work(
    blocks: Sequence[Block], away: Sequence[Away], zone: ZoneInfo, moment: datetime
) -> bool:
    """Whether somebody of these hours is at work; without hours always, but for days off."""
    today = moment.astimezone(zone).date()
    if not blocks:
        return not any(each.first <= today <= each.last for each in away)
    nights = (today - timedelta(days=1), today)
    return any(each.begins <= moment < each.ends for each in _spans(blocks, away, zone, nights))


def next_edge(
    blocks: Sequence[Block], away: Sequence[Away], zone: ZoneInfo, moment: datetime
) -> datetime | None:
    """The next moment at which they come to work or leave; None where there is none in a year."""
    now = at_work(blocks, away, zone, moment)
    today = moment.astimezone(zone).date()
    for day in (today + timedelta(days=n) for n in range(-1, LOOKED_AHEAD)):
        for edge in sorted(_edges(blocks, away, zone, day)):
            if edge > moment and at_work(blocks, away, zone, edge) is not now:
                return edge
    return None


def _edges(
    blocks: Sequence[Block], away: Sequence[Away], zone: ZoneInfo, day: date
) -> Iterable[datetime]:
    if not blocks:
        return [
            instant(edge, 0, zone)
            for each in away
            for edge in (each.first, each.last + timedelta(days=1))
            if edge == day
        ]
    return [edge for span in _spans(blocks, away, zone, [day]) for edge in (span.begins, span.ends)]


def _spans(
    blocks: Sequence[Block], away: Sequence[Away], zone: ZoneInfo, days: Iterable[date]
) -> Iterable[Span]:
    """The blocks that begin on these days, but for days off."""
    for day in days:
        if any(each.first <= day <= each.last for each in away):
            continue
        for block in blocks:
            if block.weekday == day.weekday():
                yield Span(
                    instant(day, block.begins, zone), instant(day, block.ends, zone, last=True)
                )


def _days(said: str) -> list[int]:
    if said.strip() in EVERY_DAY:
        return list(range(7))
    days: list[int] = []
    for part in (each.strip() for each in said.split(",")):
        first, dash, last = (each.strip() for each in part.partition("-"))
        if dash:
            begin, end = _day(first, said), _day(last, said)
            days += [(begin + n) % 7 for n in range((end - begin) % 7 + 1)]
        else:
            days.append(_day(part, said))
    if len(set(days)) < len(days):
        raise BadHours(said, "a day is there twice.")
    return days


def _day(word: str, said: str) -> int:
    for number, name in enumerate(FULL):
        if len(word) >= 3 and name.startswith(word):
            return number
    raise BadHours(word or said, f"that is no day. Days are {', '.join(DAYS)}.")


def _blocks(said: str) -> list[tuple[int, int]]:
    blocks = []
    for part in re.split(r"\s*,\s*|\s+(?=[0-9])(?<!-\s)", said.strip()):
        found = _BLOCK.fullmatch(part)
        if found is None:
            raise BadHours(part or said, "that is no block of hours. Write 9-17 or 9:30-12:15.")
        begins, ends = _minutes(part, found[1], found[2]), _minutes(part, found[3], found[4])
        if begins in {ends, DAY}:
            raise BadHours(part, "a block has to last a while.")
        blocks.append((begins, ends if ends > begins else ends + DAY))
    if len(blocks) > BLOCKS_A_DAY:
        raise BadHours(said, f"more than {BLOCKS_A_DAY} blocks a day are too many.")
    return blocks


def _minutes(part: str, hour: str, minute: str | None) -> int:
    total = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or total > DAY:
        raise BadHours(part, "a day has the hours from 0 to 24, and an hour 60 minutes.")
    return total


def _refuse_overlaps(blocks: Sequence[Block]) -> None:
    """Raise `BadHours` where two blocks share a minute, also over midnight and over the week's end."""
    week = 7 * DAY
    on_the_week = sorted((b.weekday * DAY + b.begins, b.weekday * DAY + b.ends) for b in blocks)
    round_again = [(begin + week, end + week) for begin, end in on_the_week]
    for before, after in zip(on_the_week, [*on_the_week[1:], *round_again[:1]], strict=True):
        if after[0] < before[1]:
            day = DAYS[after[0] % week // DAY]
            raise BadHours(day, "two blocks are at the same time.")


def _what_is_missing(part: str) -> str:
    if not part.strip():
        return "there is nothing in it."
    if part.strip()[0].isdigit():
        return "say the days first."
    return "the hours are missing."


def _shown(minute: int) -> str:
    hour, rest = divmod(minute, 60)
    hour = hour if hour <= 24 and (hour < 24 or not rest) else hour - 24
    return f"{hour}:{rest:02}" if rest else f"{hour}"
