"""A day to simulate: who is on duty when, what arrives, and how long it really takes whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.routing.record import NOTHING, Record
from core.routing.signals import Seeker, Supply, Taker

USUAL = 24.0  # minutes that a ticket of the usual size takes an agent of level 2
SLOWER = {1: 1.25, 2: 1.0, 3: 0.85}  # level → share of the usual time

Hours = Sequence[tuple[datetime, datetime]]
"""When somebody is on duty: from, until (exclusive), in order."""


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A ticket that comes in, and how big it really is (1: the usual size)."""

    seeker: Seeker
    size: float = 1.0

    @property
    def at(self) -> datetime:
        return self.seeker.waiting_since


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Somebody on duty: as routing sees them at the start, when they work, and their real pace by
    category (1: as anybody of their level)."""

    taker: Taker
    hours: Hours
    pace: Mapping[str, float] = field(default_factory=dict)

    def minutes(self, arrival: Arrival) -> float:
        """How long the ticket takes them, if they do nothing else meanwhile."""
        seeker = arrival.seeker
        level = self.taker.skills.get(seeker.skill, 2) if seeker.skill else 2
        return USUAL * arrival.size * SLOWER[level] * self.pace.get(seeker.category, 1.0)


@dataclass(frozen=True, kw_only=True)
class Day:
    """Everything that is simulated: arrivals by time, workers, and until when new ones come."""

    arrivals: Sequence[Arrival]
    workers: Sequence[Worker]
    opens: datetime
    closes: datetime
    wanted_skills: Mapping[str, float] = field(default_factory=dict)
    wanted_languages: Mapping[str, float] = field(default_factory=dict)

    def supply(self) -> Supply:
        """What the desk has, and what share of tickets usually asks for it."""
        takers = [worker.taker for worker in self.workers]
        records: dict[str, Record] = {}
        for taker in takers:
            for category, record in taker.records.items():
                records[category] = records.get(category, NOTHING).added(record)
        return Supply(
            agents=len(takers),
            skills=Counter(name for taker in takers for name in taker.skills),
            languages=Counter(code for taker in takers for code in taker.languages),
            wanted_skills=self.wanted_skills,
            wanted_languages=self.wanted_languages,
            records=records,
        )
