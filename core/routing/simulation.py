"""What if: a day goes by in no time, and the desk's own matching says who gets which ticket."""

import heapq
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.routing.candidates import KNOWN
from core.routing.day import Arrival, Day, Worker
from core.routing.matching import match
from core.routing.needs import FIT, Needs, Step, below, due, insisted_among, is_pressed, meets
from core.routing.policy import DEFAULT, RoutingPolicy
from core.routing.record import NOTHING
from core.routing.signals import MINUTE, Seeker, Supply, Taker
from core.routing.supply import GOOD_FOR

OVERLAP = 0.6  # how much longer a ticket takes for each other one that the agent holds with it
PATIENCE = timedelta(days=3)  # after the last arrival, a ticket nobody can take is left waiting


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What a choice is made from: what waits, longest first, and everybody on duty, full or not.
    ``relaxed`` says what is insisted on for needs, by what somebody on the roster has."""

    waiting: Sequence[Seeker]
    on_duty: Sequence[Taker]
    now: datetime
    supply: Supply
    relaxed: Callable[[Needs], Sequence[Step]]

    @property
    def free(self) -> list[Taker]:
        return [taker for taker in self.on_duty if taker.room]


Choice = tuple[int, int]
"""The number of a ticket, and of the agent who gets it (later, if they have no room now)."""

Chooser = Callable[[Moment], Sequence[Choice]]


def router(policies: Sequence[RoutingPolicy] = DEFAULT, *, strictly: bool = False) -> Chooser:
    """Chooses as the desk does, with the same functions. ``strictly``: nothing is relaxed, so
    that only who has all that a ticket asks for gets it."""

    def choose(at: Moment) -> list[Choice]:
        seekers = at.waiting if strictly else _as_insisted(at)
        pairs = match(seekers, at.free, now=at.now, policies=policies, supply=at.supply)
        return [(pair.seeker.number, pair.taker.number) for pair in pairs]

    return choose


def _as_insisted(at: Moment) -> list[Seeker]:
    """What waits, as the desk looks at it: with what is insisted on now, and when it is due."""
    stands: dict[tuple[Needs, bool], Needs | None] = {}
    seekers = []
    for seeker in at.waiting:
        asked = Needs(
            skill=seeker.skill, team=seeker.team, language=seeker.language, tier=seeker.tier
        )
        key = (asked, is_pressed(seeker, at.now))
        if key not in stands:
            steps = (Step(FIT, asked), *below(asked, at.relaxed(asked), pressed=key[1]))
            stands[key] = next((r.needs for r in steps if _has_any(at.free, r.needs)), None)
        needs = stands[key]
        if needs is not None:
            seekers.append(_asking(seeker, needs))
    return seekers


def _has_any(takers: Sequence[Taker], needs: Needs) -> bool:
    return any(meets(taker, needs) for taker in takers)


def _asking(seeker: Seeker, needs: Needs) -> Seeker:
    return replace(
        seeker,
        skill=needs.skill,
        team=needs.team,
        language=needs.language,
        tier=needs.tier,
        due_at=due(seeker),
    )


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

    Whoever holds several works on all of them, each `OVERLAP` slower for every other one. As on the
    desk, what has come is matched by itself, and what waits whenever somebody has room and every
    minute besides; records grow with every resolution, after what it gives out; and the roster as
    a whole is looked at once a minute.
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
        self.records = day.records()
        self.seen: tuple[datetime, Supply] | None = None  # the roster, and when it was looked at
        self.relaxed: dict[Needs, Sequence[Step]] = {}
        self.had: dict[int, dict[int, int]] = {}  # customer → ticket → who had it
        self.agenda: list[tuple[datetime, int, int]] = []  # when, ticket (0: look), agent
        self.next_look: datetime | None = None

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
                self._assign(now, [following])
                following = next(coming)
            else:
                now, ticket, agent = heapq.heappop(self.agenda)
                if now > last + PATIENCE:
                    break
                self._end(ticket, agent, now)
            self._look_again(now)
        served = sorted(self.served, key=lambda each: each.arrival.seeker.number)
        return Course(day=self.day, served=served, left=list(self.waiting.values()))

    def _look_again(self, now: datetime) -> None:
        """See to it that somebody looks at the next full minute, if anything may come of it."""
        if self.waiting and self.next_look is None and any(self._free(now)):
            minutes = (now - self.day.opens) // MINUTE + 1
            self.next_look = self.day.opens + minutes * MINUTE
            heapq.heappush(self.agenda, (self.next_look, 0, 0))

    def _on_duty(self, now: datetime) -> list[Taker]:
        return [place.taker for place in self.places.values() if place.on_duty(now)]

    def _free(self, now: datetime) -> list[Taker]:
        return [taker for taker in self._on_duty(now) if taker.room]

    def _end(self, ticket: int, agent: int, now: datetime) -> None:
        """The end of a ticket, or of a minute."""
        if not ticket:
            self.next_look = None if now == self.next_look else self.next_look
            self._assign_free(now)
            return
        place = self.places[agent]
        done = place.holds.pop(ticket)
        place.taker = replace(place.taker, held=len(place.holds), idle_since=now)
        if place.line and place.on_duty(now):
            self._start(place.line.pop(0), place, now)
        self._assign_free(now)
        self._learn(place, done, now)

    def _learn(self, place: _Place, done: Served, now: datetime) -> None:
        minutes = (now - done.started_at) / MINUTE
        category = done.arrival.seeker.category
        own = place.taker.records
        more = {category: own.get(category, NOTHING).plus(minutes=minutes)}
        place.taker = replace(place.taker, records={**own, **more})
        self.records[category] = self.records.get(category, NOTHING).plus(minutes=minutes)

    def _supply(self, on_duty: Sequence[Taker], now: datetime) -> Supply:
        if self.seen is None or now >= self.seen[0] + GOOD_FOR:
            self.seen = now, self.day.supply(on_duty, self.records)
        return self.seen[1]

    def _relaxed(self, needs: Needs) -> Sequence[Step]:
        if needs not in self.relaxed:
            roster = [place.taker for place in self.places.values()]
            self.relaxed[needs] = insisted_among(roster, needs)
        return self.relaxed[needs]

    def _assign_free(self, now: datetime) -> None:
        if self._free(now):
            self._assign(now, self.waiting.values())

    def _assign(self, now: datetime, waiting: Collection[Arrival]) -> None:
        on_duty = self._on_duty(now)
        if not waiting or not on_duty:
            return
        at = Moment(
            waiting=[arrival.seeker for arrival in waiting],
            on_duty=on_duty,
            now=now,
            supply=self._supply(on_duty, now),
            relaxed=self._relaxed,
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
        self._meet(arrival.seeker, place.taker.number)
        heapq.heappush(self.agenda, (ends, number, place.taker.number))

    def _meet(self, seeker: Seeker, agent: int) -> None:
        """Whoever had one of the latest tickets of a customer knows them."""
        had = self.had.setdefault(seeker.customer, {})
        had[seeker.number] = agent
        lately = {had[number] for number in sorted(had, reverse=True)[:KNOWN]}
        for number in set(had.values()):
            place = self.places[number]
            knows = place.taker.knows - {seeker.customer}
            if number in lately:
                knows |= {seeker.customer}
            place.taker = replace(place.taker, knows=knows)
