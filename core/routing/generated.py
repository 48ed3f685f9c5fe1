"""A busy day made up from a seed: agents of all sorts, bursts, and more work than they can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from core.errors import Invalid
from core.routing.day import SLOWER, USUAL, Arrival, Day, Worker
from core.routing.record import Record
from core.routing.signals import HIGHEST_LEVEL, MINUTE, Seeker, Taker

OPENS = datetime(2026, 1, 5, 8, tzinfo=UTC)
HOURS = 12  # in which tickets arrive; everybody stays until all are answered
OVERTIME = timedelta(hours=36)
AGENTS = 30
TARGETS = {4: 15, 3: 60, 2: 240, 1: 480}  # priority → minutes to the first response
PRIORITIES = {4: 0.2, 3: 0.5, 2: 0.22, 1: 0.08}  # priority → share of tickets
SKILLS = {"delivery": 0.3, "returns": 0.25, "billing": 0.2, "account": 0.15, "technical": 0.1}
LANGUAGES = {"en": 0.72, "de": 0.12, "fr": 0.1, "es": 0.06}
COMMON = "en"
ABLE = 3  # agents at least for each pair of skill and language
HOURLY = (0.7, 1.0, 1.25, 1.3, 1.0, 0.85, 1.0, 1.15, 1.2, 1.0, 0.8, 0.75)  # rate by hour
BURSTS = 4
BURST = timedelta(minutes=20)
IN_BURSTS = 0.3  # share of the tickets that come in bursts, each of one category
HASTE = 2.0  # how much more of a burst is urgent
SPREAD = 0.6  # of the logarithm of a ticket's size
PACE = 0.12  # of the logarithm of an agent's pace in a category
CASES = 40  # in an agent's record of a category, on average
CUSTOMERS = 4_000
LOADS = (0.05, 5.0)

Chance = np.random.Generator


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What day is made: how many agents of which capacity, and the ``load``: the work that arrives,
    as done by any fitting agent, against the time of all. ``alike``: all agents are equal.

    Raises `Invalid`.
    """

    load: float = 1.0
    agents: int = AGENTS
    capacity: int = 1
    alike: bool = False

    def __post_init__(self) -> None:
        low, high = LOADS
        if not low <= self.load <= high:
            raise Invalid(f"The load is from {low:g} to {high:g}; 1 is all that the agents can do.")
        if not 1 <= self.agents <= 1_000:
            raise Invalid("A generated day has from 1 to 1,000 agents.")
        if not 1 <= self.capacity <= 100:
            raise Invalid("The capacity of an agent is from 1 to 100.")


def generate(seed: int, shape: Shape | None = None) -> Day:
    """The day of a seed; the same each time."""
    shape = shape or Shape()
    chance = np.random.default_rng(seed)
    workers = _workers(chance, shape)
    minutes = HOURS * 60 * shape.agents * shape.load
    sized = [_arrival(chance, number, workers) for number in range(1, int(minutes / 4) + 2)]
    work = np.cumsum([mean for _, mean in sized])
    count = int(np.searchsorted(work, minutes)) + 1
    arrivals = _timed(chance, [arrival for arrival, _ in sized[:count]])
    return Day(
        arrivals=arrivals,
        workers=workers,
        opens=OPENS,
        closes=OPENS + timedelta(hours=HOURS),
        wanted_skills=SKILLS,
        wanted_languages=LANGUAGES,
    )


def _workers(chance: Chance, shape: Shape) -> list[Worker]:
    able = [_abilities(chance, alike=shape.alike) for _ in range(shape.agents)]
    _cover(chance, able)
    workers = []
    for number, (skills, languages) in enumerate(able, start=1):
        pace = {name: 1.0 if shape.alike else float(chance.lognormal(0.0, PACE)) for name in SKILLS}
        taker = Taker(
            number=number,
            name=f"agent-{number}",
            idle_since=OPENS - int(chance.integers(1, 30)) * MINUTE,
            skills=skills,
            languages=languages,
            capacity=shape.capacity,
            records={
                name: _record(chance, level, pace[name], alike=shape.alike)
                for name, level in skills.items()
            },
        )
        workers.append(Worker(taker=taker, hours=[(OPENS, OPENS + OVERTIME)], pace=pace))
    return workers


Abilities = tuple[dict[str, int], dict[str, int]]


def _abilities(chance: Chance, *, alike: bool) -> Abilities:
    if alike:
        return dict.fromkeys(SKILLS, 2), dict.fromkeys(LANGUAGES, 2)
    names = _drawn(chance, SKILLS, int(chance.integers(2, 4)))
    skills = {name: int(chance.integers(1, HIGHEST_LEVEL + 1)) for name in names}
    spoken = {COMMON: HIGHEST_LEVEL}
    if chance.random() < 0.6:
        code = _drawn(chance, {k: v for k, v in LANGUAGES.items() if k != COMMON}, 1)[0]
        spoken[code] = int(chance.integers(2, HIGHEST_LEVEL + 1))
    return skills, spoken


def _cover(chance: Chance, able: list[Abilities]) -> None:
    """See to it that for each skill and language there are a few who have both."""
    for name in SKILLS:
        for code in LANGUAGES:
            having = [each for each in able if name in each[0] and code in each[1]]
            lacking = [each for each in able if name not in each[0] or code not in each[1]]
            for place in chance.permutation(len(lacking))[: max(0, ABLE - len(having))]:
                skills, languages = lacking[int(place)]
                skills.setdefault(name, 1)
                languages.setdefault(code, 2)


def _record(chance: Chance, level: int, pace: float, *, alike: bool) -> Record:
    cases = 0 if alike else int(chance.poisson(CASES))
    sizes = chance.lognormal(-SPREAD * SPREAD / 2, SPREAD, cases)
    scores = chance.integers(3, 6, cases // 3)
    return Record(
        cases=cases,
        minutes=float(USUAL * SLOWER[level] * pace * sizes.sum()),
        rated=len(scores),
        csat=float(scores.sum()),
    )


def _arrival(chance: Chance, number: int, workers: list[Worker]) -> tuple[Arrival, float]:
    """A ticket without its time, and the minutes it takes those who fit it, on average."""
    name, code = _drawn(chance, SKILLS, 1)[0], _drawn(chance, LANGUAGES, 1)[0]
    size = float(chance.lognormal(-SPREAD * SPREAD / 2, SPREAD))
    seeker = Seeker(
        number=number,
        priority=_priority(chance, PRIORITIES),
        waiting_since=OPENS,
        category=name,
        skill=name,
        language=code,
        complexity=int(np.clip(round(2.5 * size * chance.lognormal(0.0, 0.3)), 1, 5)),
        customer=int(chance.integers(1, CUSTOMERS)),
    )
    arrival = Arrival(seeker=seeker, size=size)
    fitting = [
        worker.minutes(arrival)
        for worker in workers
        if name in worker.taker.skills and code in worker.taker.languages
    ]
    return arrival, float(np.mean(fitting)) if fitting else 0.0


def _timed(chance: Chance, arrivals: list[Arrival]) -> list[Arrival]:
    """Spread the tickets over the day by its rate, some of them in bursts of one category."""
    count = len(arrivals)
    share = np.array(HOURLY) / sum(HOURLY)
    hours = chance.choice(HOURS, count, p=share) + chance.random(count)
    starts = np.sort(chance.uniform(0.5, HOURS - 1.5, BURSTS))
    causes = [_drawn(chance, SKILLS, 1)[0] for _ in range(BURSTS)]
    hasty = {rank: share * (HASTE if rank == 4 else 1.0) for rank, share in PRIORITIES.items()}
    timed = []
    for arrival, hour, draw in zip(arrivals, hours, chance.random(count), strict=True):
        priority, at = arrival.seeker.priority, float(hour)
        which = int(chance.integers(BURSTS))
        if draw < 2 * IN_BURSTS and arrival.seeker.skill == causes[which]:
            at = float(starts[which] + chance.random() * (BURST / timedelta(hours=1)))
            priority = _priority(chance, hasty)
        timed.append((at, priority, arrival))
    timed.sort(key=lambda each: (each[0], each[2].seeker.number))
    return [_at(hour, priority, arrival) for hour, priority, arrival in timed]


def _at(hour: float, priority: int, arrival: Arrival) -> Arrival:
    at = OPENS + timedelta(seconds=int(hour * 3_600))
    due = at + TARGETS[priority] * MINUTE
    known = vars(arrival.seeker) | {"priority": priority, "waiting_since": at, "due_at": due}
    return Arrival(seeker=Seeker(**known), size=arrival.size)


def _drawn(chance: Chance, shares: Mapping[str, float], count: int) -> list[str]:
    """So many different names, the likely ones rather."""
    weights = np.array(list(shares.values()))
    names = list(shares)
    drawn = chance.choice(len(names), count, replace=False, p=weights / weights.sum())
    return [names[int(index)] for index in drawn]


def _priority(chance: Chance, shares: Mapping[int, float]) -> int:
    weights = np.array(list(shares.values()))
    return list(shares)[int(chance.choice(len(weights), p=weights / weights.sum()))]
