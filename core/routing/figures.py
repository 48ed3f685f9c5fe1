"""The figures of a simulated day: promises kept, waits, how busy everybody was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from core.routing.day import Day
from core.routing.signals import MINUTE
from core.routing.simulation import Course, Served

HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """``attainment`` is the share (0–1) of tickets taken up in time, of all and by priority; waits
    are minutes until then; ``share`` is the work of whoever did most against the mean."""

    tickets: int
    left: int
    attainment: float
    by_priority: dict[int, float]
    median: float
    p95: float
    longest: float
    share: float


def figures(courses: Sequence[Course]) -> Figures:
    """Of one day or several together. What was never taken up is late, and has no wait."""
    served = [each for course in courses for each in course.served]
    left = [arrival.seeker for course in courses for arrival in course.left]
    tickets = len(served) + len(left)
    waits = np.array([each.wait for each in served]) if served else np.zeros(1)
    priorities = sorted({each.arrival.seeker.priority for each in served}, reverse=True)
    median, p95 = np.quantile(waits, (0.5, 0.95))
    return Figures(
        tickets=tickets,
        left=len(left),
        attainment=_kept(served, len(left)),
        by_priority={
            rank: _kept(
                [each for each in served if each.arrival.seeker.priority == rank],
                sum(seeker.priority == rank for seeker in left),
            )
            for rank in priorities
        },
        median=float(median),
        p95=float(p95),
        longest=float(waits.max()),
        share=float(np.mean([_largest_share(course) for course in courses])),
    )


def _kept(served: Sequence[Served], left: int) -> float:
    total = len(served) + left
    return sum(each.in_time for each in served) / total if total else 1.0


def _largest_share(course: Course) -> float:
    minutes = dict.fromkeys((worker.taker.number for worker in course.day.workers), 0.0)
    for each in course.served:
        minutes[each.worker] += (each.ended_at - each.started_at) / MINUTE
    mean = sum(minutes.values()) / max(1, len(minutes))
    return max(minutes.values(), default=0.0) / mean if mean else 1.0


@dataclass(frozen=True, kw_only=True)
class Hour:
    """One hour of the day: arrivals, promises kept of those, and how busy who was on duty was (1 is
    with one ticket each all the time)."""

    starts: datetime
    arrivals: int
    attainment: float
    on_duty: float
    utilisation: float


def hours(course: Course) -> list[Hour]:
    """The day by the hour, from its opening to its closing."""
    return [
        _hour(course, course.day.opens + HOUR * number)
        for number in range(int((course.day.closes - course.day.opens) / HOUR))
    ]


def _hour(course: Course, starts: datetime) -> Hour:
    ends = starts + HOUR
    came = [each for each in course.served if starts <= each.arrival.at < ends]
    left = sum(starts <= arrival.at < ends for arrival in course.left)
    busy = sum(_overlap(each.started_at, each.ended_at, starts, ends) for each in course.served)
    duty = _duty(course.day, starts, ends)
    return Hour(
        starts=starts,
        arrivals=len(came) + left,
        attainment=_kept(came, left),
        on_duty=duty / 60,
        utilisation=busy / duty if duty else 0.0,
    )


def _duty(day: Day, starts: datetime, ends: datetime) -> float:
    return sum(
        _overlap(start, end, starts, ends) for worker in day.workers for start, end in worker.hours
    )


def _overlap(start: datetime, end: datetime, low: datetime, high: datetime) -> float:
    """Minutes that both have in common."""
    return max(0.0, (min(end, high) - max(start, low)) / MINUTE)
