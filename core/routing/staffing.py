"""What if: other staff, skills or capacities than a day has, from a few words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.errors import Invalid
from core.routing.day import Day, Hours, Worker
from core.routing.signals import HIGHEST_LEVEL, Taker

USUAL_LEVEL = 2
AT_MOST = 200  # agents more or fewer in one change
EXAMPLE = "For example: +2 billing 9-13, -1 9-12, or +1 billing:3,de."
CHANGE = re.compile(
    r"(?P<sign>[+-])\s*(?P<count>\d{1,4})(?:\s+(?P<able>[^\d\s][^\s]*))?"
    r"(?:\s+(?P<start>\d{1,2})\s*[-–]\s*(?P<end>\d{1,2}))?"
)


@dataclass(frozen=True, kw_only=True)
class Change:
    """So many agents more (or, negative, fewer), able to do what ``able`` says at which level, from
    hour to hour of the day (UTC); the whole day without hours."""

    count: int
    able: dict[str, int]
    start: int | None = None
    end: int | None = None


def parse(text: str) -> Change:
    """Read ``+2 billing 9-13``. Raises `Invalid` with what to write instead."""
    found = CHANGE.fullmatch(text.strip())
    if found is None:
        raise Invalid(f"“{text[:60]}” is no change of staff. {EXAMPLE}")
    count = int(found["count"])
    if not 1 <= count <= AT_MOST:
        raise Invalid(f"Staff changes by 1 to {AT_MOST} agents at once, not by {count}.")
    start, end = (int(found[name]) if found[name] else None for name in ("start", "end"))
    if start is not None and end is not None and not start < end <= 24:
        raise Invalid(f"“{start}-{end}” are no hours of a day. Write 9-13; midnight is 24.")
    return Change(
        count=count if found["sign"] == "+" else -count,
        able=_able(found["able"] or ""),
        start=start,
        end=end,
    )


def parse_skill(text: str) -> tuple[str, dict[str, int]]:
    """Read ``agent-3 billing:3,de:2``: whose skills or languages, and which. Raises `Invalid`."""
    name, _, able = text.strip().rpartition(" ")
    if not name or not able:
        raise Invalid(f"“{text[:60]}” gives nobody a skill. For example: agent-3 billing:3")
    return name.strip(), _able(able)


def _able(text: str) -> dict[str, int]:
    able = {}
    for word in filter(None, text.split(",")):
        name, _, level = word.partition(":")
        if level and (not level.isdecimal() or not 1 <= int(level) <= HIGHEST_LEVEL):
            raise Invalid(f"“{word[:60]}” is no skill and level. Levels go from 1 to 3: billing:2")
        able[name.strip()] = int(level or USUAL_LEVEL)
    return able


def staffed(day: Day, changes: Sequence[Change]) -> Day:
    """The day with other staff. Raises `Invalid` for a skill nobody has or asks for, and where more
    are taken away than there are."""
    for change in changes:
        workers = _more(day, change) if change.count > 0 else _fewer(day, change)
        day = replace(day, workers=workers)
    return day


def skilled(day: Day, name: str, able: dict[str, int]) -> Day:
    """The day with somebody who can do more. Raises `Invalid`."""
    if name not in {worker.taker.name for worker in day.workers}:
        raise Invalid(f"There is no agent {name[:60]} on that day.")
    skills, languages = _sorted_out(day, able)
    return replace(
        day,
        workers=[
            replace(
                worker,
                taker=replace(
                    worker.taker,
                    skills={**worker.taker.skills, **skills},
                    languages={**worker.taker.languages, **languages},
                ),
            )
            if worker.taker.name == name
            else worker
            for worker in day.workers
        ],
    )


def roomy(day: Day, capacity: int) -> Day:
    """The day with everybody's capacity set. Raises `Invalid`."""
    if not 1 <= capacity <= 100:
        raise Invalid("The capacity of an agent is from 1 to 100.")
    workers = [
        replace(worker, taker=replace(worker.taker, capacity=capacity)) for worker in day.workers
    ]
    return replace(day, workers=workers)


def _sorted_out(day: Day, able: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Which of the names are skills, and which languages."""
    seekers = [arrival.seeker for arrival in day.arrivals]
    takers = [worker.taker for worker in day.workers]
    codes = {seeker.language for seeker in seekers if seeker.language}.union(
        *(taker.languages for taker in takers)
    )
    names = {seeker.skill for seeker in seekers if seeker.skill}.union(
        *(taker.skills for taker in takers)
    )
    for name in able:
        if name not in codes | names:
            there_are = ", ".join(sorted(names) + sorted(codes)) or "none on that day"
            raise Invalid(f"There is no skill or language {name[:60]}. There are: {there_are}.")
    return (
        {name: level for name, level in able.items() if name in names},
        {name: level for name, level in able.items() if name in codes},
    )


def _hours(day: Day, change: Change) -> tuple[datetime, datetime]:
    midnight = day.opens.replace(hour=0, minute=0, second=0, microsecond=0)
    if change.start is None or change.end is None:
        return day.opens, day.closes
    return midnight + timedelta(hours=change.start), midnight + timedelta(hours=change.end)


def _more(day: Day, change: Change) -> list[Worker]:
    skills, languages = _sorted_out(day, change.able)
    if not languages:
        spoken = [arrival.seeker.language for arrival in day.arrivals]
        common = max(sorted(set(spoken)), key=spoken.count, default="")
        languages = {common: HIGHEST_LEVEL} if common else {}
    start, end = _hours(day, change)
    first = max((worker.taker.number for worker in day.workers), default=0) + 1
    return [
        *day.workers,
        *(
            Worker(
                taker=Taker(
                    number=number,
                    name=f"extra-{number}",
                    idle_since=start,
                    skills=skills or _everything(day),
                    languages=languages,
                ),
                hours=[(start, end)],
            )
            for number in range(first, first + change.count)
        ),
    ]


def _everything(day: Day) -> dict[str, int]:
    asked = {arrival.seeker.skill for arrival in day.arrivals if arrival.seeker.skill}
    return dict.fromkeys(sorted(asked), USUAL_LEVEL)


def _fewer(day: Day, change: Change) -> list[Worker]:
    skills, languages = _sorted_out(day, change.able)
    start, end = _hours(day, change)
    there = [
        worker.taker.number
        for worker in day.workers
        if set(skills) <= set(worker.taker.skills)
        and set(languages) <= set(worker.taker.languages)
        and any(begin < end and until > start for begin, until in worker.hours)
    ]
    if len(there) < -change.count:
        raise Invalid(f"Only {len(there)} such agents are on duty then; {-change.count} cannot go.")
    gone = set(there[change.count :])
    return [
        replace(worker, hours=_without(worker.hours, start, end))
        if worker.taker.number in gone
        else worker
        for worker in day.workers
    ]


def _without(hours: Hours, start: datetime, end: datetime) -> Hours:
    left = []
    for begin, until in hours:
        left += [(begin, min(until, start)), (max(begin, end), until)]
    return [(begin, until) for begin, until in left if begin < until]
