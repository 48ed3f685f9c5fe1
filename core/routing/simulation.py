"""What if: a day goes by in no time, and the desk's own matching says who gets which ticket."""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.routing.day import Arrival, Day, Worker
from core.routing.matching import match
from core.routing.policy import DEFAULT, RoutingPolicy
from core.routing.record import NOTHING
from core.routing.signals import MINUTE, Seeker, Supply, Taker

OVERLAP = 0.6  # how much longer a ticket takes for each other one that the agent holds with it
PATIENCE = timedelta(days=3)  # after the last arrival, a ticket nobody can take is left waiting


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What a choice is made from: what waits, longest first, and everybody on duty, full or not."""

    waiting: Sequence[Seeker]
    on_duty: Sequence[Taker]
    now: datetime
    supply: Supply

    @property
    def free(self) -> list[Taker]:
        return [taker for taker in self.on_duty if taker.room]


Choice = tuple[int, int]
"""The number of a ticket, and of the agent who gets it (later, if they have no room now)."""

Chooser = Callable[[Moment], Sequence[Choice]]


def router(policies: Sequence[RoutingPolicy] = DEFAULT) -> Chooser:
    """Chooses as the desk does, with the same function."""

    def choose(at: Moment) -> list[Choice]:
        pairs = match(at.waiting, at.free, now=at.now, policies=policies, supply=at.supply)
        return [(pair.seeker.number, pair.taker.number) for pair in pairs]

    return choose


@dataclass(frozen=True, kw_only=True)
class Served:
    """A ticket that was answered: by whom, from when until when."""

    arrival: Arrival
    worker: int
    started_at: datetime
    ended_at: datetime

    @property
    def wait(self) -> float:
        """Minutes until somebody took it up."""
        return (self.started_at - self.arrival.at) / MINUTE

    @property
    def in_time(self) -> bool:
        due = self.arrival.seeker.due_at
        return due is None or self.started_at <= due


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a day went: what was answered, by the ticket's number, and what never was."""

    day: Day
    served: Sequence[Served]
    left: Sequence[Arrival]


@dataclass
class _Place:
    """An agent in the middle of the day."""

    worker: Worker
    taker: Taker
    holds: dict[int, Served] = field(default_factory=dict)
    line: list[Arrival] = field(default_factory=list)  # given while they were full

    def on_duty(self, now: datetime) -> bool:
        return any(start <= now < end for start, end in self.worker.hours)


def simulate(day: Day, choose: Chooser) -> Course:
    """Let the day go by. A ticket counts as answered when an agent takes it up.

    Whoever holds several works on all of them, each `OVERLAP` slower for every other one. Records
    grow with every resolution, as they do on the desk.
    """
    return _Simulation(day, choose).run()


class _Simulation:
    def __init__(self, day: Day, choose: Chooser) -> None:
        self.day, self.choose = day, choose
        self.places = {
            each.taker.number: _Place(worker=each, taker=each.taker) for each in day.workers
        }
        self.waiting: dict[int, Arrival] = {}
        self.served: list[Served] = []
        self.supply = day.supply()
        self.records = dict(self.supply.records)
        self.agenda: list[tuple[datetime, int, int]] = []  # when, ticket (0: look), agent

    def run(self) -> Course:
        arrivals = sorted(self.day.arrivals, key=lambda each: (each.at, each.seeker.number))
        last = arrivals[-1].at if arrivals else self.day.opens
        for worker in self.day.workers:
            for start, _ in worker.hours:
                heapq.heappush(self.agenda, (max(start, self.day.opens), 0, 0))
        coming = iter([*arrivals, None])
        following = next(coming)
        while self.agenda or following is not None:
            if following is not None and (not self.agenda or following.at <= self.agenda[0][0]):
                now = following.at
                self.waiting[following.seeker.number] = following
                following = next(coming)
            else:
                now, ticket, agent = heapq.heappop(self.agenda)
                if now > last + PATIENCE:
                    break
                self._end(ticket, agent, now)
            self._assign(now)
        served = sorted(self.served, key=lambda each: each.arrival.seeker.number)
        return Course(day=self.day, served=served, left=list(self.waiting.values()))

    def _end(self, ticket: int, agent: int, now: datetime) -> None:
        if not ticket:
            return
        place = self.places[agent]
        done = place.holds.pop(ticket)
        minutes = (now - done.started_at) / MINUTE
        category = done.arrival.seeker.category
        taker = place.taker
        records = {
            **taker.records,
            category: taker.records.get(category, NOTHING).plus(minutes=minutes),
        }
        place.taker = replace(
            taker,
            held=len(place.holds),
            idle_since=now,
            records=records,
            knows=taker.knows | {done.arrival.seeker.customer},
        )
        self.records[category] = self.records.get(category, NOTHING).plus(minutes=minutes)
        self.supply = replace(self.supply, records=self.records)
        if place.line and place.on_duty(now):
            self._start(place.line.pop(0), place, now)

    def _assign(self, now: datetime) -> None:
        on_duty = [place.taker for place in self.places.values() if place.on_duty(now)]
        if not self.waiting or not on_duty:
            return
        at = Moment(
            waiting=[arrival.seeker for arrival in self.waiting.values()],
            on_duty=on_duty,
            now=now,
            supply=self.supply,
        )
        for number, agent in self.choose(at):
            place = self.places[agent]
            arrival = self.waiting.pop(number)
            if place.taker.room:
                self._start(arrival, place, now)
            else:
                place.line.append(arrival)

    def _start(self, arrival: Arrival, place: _Place, now: datetime) -> None:
        number = arrival.seeker.number
        slower = 1.0 + OVERLAP * len(place.holds)
        ends = now + timedelta(minutes=place.worker.minutes(arrival) * slower)
        taken = Served(arrival=arrival, worker=place.taker.number, started_at=now, ended_at=ends)
        self.served.append(taken)
        place.holds[number] = taken
        place.taker = replace(place.taker, held=len(place.holds))
        heapq.heappush(self.agenda, (ends, number, place.taker.number))
