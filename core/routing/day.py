"""A day to simulate: who is on duty when, what arrives, and how long it really takes whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.routing.record import NOTHING, Record
from core.routing.signals import Seeker, Supply, Taker, spoken

USUAL = 24.0  # minutes that a ticket of the usual size takes an agent of level 2
SLOWER = {0: 1.6, 1: 1.25, 2: 1.0, 3: 0.85}  # level → share of the usual time
FOREIGN = 1.3  # the same for who does not speak the language

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
        level = self.taker.skills.get(seeker.skill, 0) if seeker.skill else 2
        speaks = not seeker.language or spoken(self.taker.languages, seeker.language) > 0
        pace = self.pace.get(seeker.category, 1.0) * (1.0 if speaks else FOREIGN)
        return USUAL * arrival.size * SLOWER[level] * pace


@dataclass(frozen=True, kw_only=True)
class Day:
    """Everything that is simulated: arrivals by time, workers, and until when new ones come."""

    arrivals: Sequence[Arrival]
    workers: Sequence[Worker]
    opens: datetime
    closes: datetime
    wanted_skills: Mapping[str, float] = field(default_factory=dict)
    wanted_languages: Mapping[str, float] = field(default_factory=dict)

    def records(self) -> dict[str, Record]:
        """Everybody's records at the start, added up by category."""
        records: dict[str, Record] = {}
        for worker in self.workers:
            for category, record in worker.taker.records.items():
                records[category] = records.get(category, NOTHING).added(record)
        return records

    def supply(self, takers: Sequence[Taker], records: Mapping[str, Record]) -> Supply:
        """What the desk has while these are on duty, and what share of tickets usually asks for it."""
        return Supply(
            agents=len(takers),
            skills=Counter(name for taker in takers for name in taker.skills),
            languages=Counter(code for taker in takers for code in taker.languages),
            unstated=sum(not taker.languages for taker in takers),
            wanted_skills=self.wanted_skills,
            wanted_languages=self.wanted_languages,
            records=dict(records),
        )
