"""The best that could have been done with hindsight: a clairvoyant search, and a bound above it.

Both know every arrival and every handling time beforehand. What the search returns is a schedule
that can be carried out, so no router can be blamed for staying below the bound only.
"""

import random
import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.routing.day import Day
from core.routing.signals import MINUTE
from core.routing.simulation import Course

FAR = 1e9
WINDOW = 90.0  # minutes around a late ticket in which the search tears down
TORN = (4, 28)  # tickets taken out in one step
MILDNESS = 1.5  # how often a step that keeps as many, and costs a little more work, is taken
STEP = 15.0  # minutes: the grid of windows of the bound


@dataclass(frozen=True)
class Problem:
    """A day as numbers: minutes from its opening; ``takes[ticket][agent]`` or None where they do
    not fit."""

    comes: Sequence[float]
    due: Sequence[float]
    takes: Sequence[Sequence[float | None]]

    @classmethod
    def of(cls, day: Day) -> "Problem":
        """For agents of capacity 1 who are there all day, as generated days have them."""
        seekers = [arrival.seeker for arrival in day.arrivals]
        return cls(
            comes=[(seeker.waiting_since - day.opens) / MINUTE for seeker in seekers],
            due=[
                FAR if seeker.due_at is None else (seeker.due_at - day.opens) / MINUTE
                for seeker in seekers
            ],
            takes=[
                [
                    worker.minutes(arrival)
                    if arrival.seeker.skill in worker.taker.skills
                    and arrival.seeker.language in worker.taker.languages
                    else None
                    for worker in day.workers
                ]
                for arrival in day.arrivals
            ],
        )


class Line:
    """What one agent does in time, in order. ``ends[k]`` is when the k-th is done, ``latest[k]`` the
    latest moment at which it may begin so that it and all after it are in time."""

    def __init__(self, problem: Problem, agent: int) -> None:
        self.problem, self.agent = problem, agent
        self.tickets: list[int] = []
        self.ends: list[float] = []
        self.latest: list[float] = []

    def put(self, tickets: list[int]) -> None:
        problem, agent, now = self.problem, self.agent, 0.0
        self.tickets, self.ends = tickets, []
        for ticket in tickets:
            now = max(now, problem.comes[ticket]) + (problem.takes[ticket][agent] or 0.0)
            self.ends.append(now)
        self.latest, bound = [0.0] * len(tickets), FAR
        for place in range(len(tickets) - 1, -1, -1):
            ticket = tickets[place]
            bound = min(problem.due[ticket], bound - (problem.takes[ticket][agent] or 0.0))
            self.latest[place] = bound

    def room_for(self, ticket: int) -> tuple[float, int] | None:
        """What it costs to put a ticket in, in minutes (with idle time), and where; or None."""
        problem = self.problem
        takes, comes = problem.takes[ticket][self.agent] or 0.0, problem.comes[ticket]
        last = bisect_right(self.ends, problem.due[ticket])
        best: tuple[float, int] | None = None
        for place in range(bisect_left(self.latest, comes + takes), last + 1):
            before = self.ends[place - 1] if place else 0.0
            start = max(comes, before)
            until = self.latest[place] if place < len(self.latest) else FAR
            if start + takes > until or start > problem.due[ticket]:
                continue
            cost = takes + 0.3 * max(0.0, comes - before)
            if best is None or cost < best[0]:
                best = (cost, place)
        return best


class Search:
    """Tear down a part of the schedule around a late ticket and build it anew; keep what is no worse
    (large neighbourhood search, Shaw 1998, with the acceptance of simulated annealing)."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem, self.chance = problem, random.Random(seed)
        self.lines = [Line(problem, agent) for agent in range(len(problem.takes[0]))]
        self.fitting = [
            [agent for agent, takes in enumerate(row) if takes is not None] for row in problem.takes
        ]
        self.late: set[int] = set(range(len(problem.comes)))

    def begin_with_course(self, course: Course) -> None:
        """Take over how a day went, for a start."""
        place = {arrival.seeker.number: index for index, arrival in enumerate(course.day.arrivals)}
        agent = {worker.taker.number: index for index, worker in enumerate(course.day.workers)}
        lines: list[list[int]] = [[] for _ in self.lines]
        for served in sorted(course.served, key=lambda each: each.started_at):
            lines[agent[served.worker]].append(place[served.arrival.seeker.number])
        self.begin_with(lines)

    def begin_with(self, lines: Sequence[Sequence[int]]) -> None:
        """Take over a schedule: whatever is late in it is left out."""
        for line, tickets in zip(self.lines, lines, strict=True):
            kept: list[int] = []
            now = 0.0
            for ticket in tickets:
                start = max(now, self.problem.comes[ticket])
                if start <= self.problem.due[ticket] + 1e-9:
                    now = start + (self.problem.takes[ticket][line.agent] or 0.0)
                    kept.append(ticket)
            line.put(kept)
            self.late -= set(kept)

    def run(self, seconds: float) -> int:
        """The most tickets in time that were found."""
        ends = time.perf_counter() + seconds
        self._insert(sorted(self.late, key=lambda ticket: self.problem.due[ticket]))
        best = len(self.late)
        while self.late and time.perf_counter() < ends:
            self._step()
            best = min(best, len(self.late))
        return len(self.problem.comes) - best

    def _step(self) -> None:
        chance, problem = self.chance, self.problem
        around = chance.choice(tuple(self.late))
        centre = (problem.comes[around] + min(problem.due[around], problem.comes[around] + 120)) / 2
        agents = chance.sample(
            self.fitting[around], min(len(self.fitting[around]), chance.randint(2, 6))
        )
        others = [agent for agent in range(len(self.lines)) if agent not in agents]
        agents += chance.sample(others, min(len(others), chance.randint(0, 3)))
        kept = {agent: self.lines[agent].tickets for agent in agents}
        late, before = set(self.late), self._cost()
        count = chance.randint(*TORN)
        near = [
            ticket
            for agent in agents
            for ticket, end in zip(self.lines[agent].tickets, self.lines[agent].ends, strict=True)
            if abs(end - centre) < WINDOW
        ]
        torn = set(chance.sample(near, min(count, len(near))))
        for agent in agents:
            line = self.lines[agent]
            line.put([ticket for ticket in line.tickets if ticket not in torn])
        touched = dict(kept)
        order = self._order(
            torn | {t for t in self.late if abs(problem.comes[t] - centre) < 4 * WINDOW}, around
        )
        self.late |= torn
        self._insert(order, touched)
        if self._cost() > before + chance.expovariate(1.0) * MILDNESS:
            for agent, tickets in touched.items():
                self.lines[agent].put(tickets)
            self.late = late

    def _order(self, tickets: set[int], around: int) -> list[int]:
        """Soonest due, shortest or hardest to place first, with some noise; the late one sometimes first."""
        chance, problem = self.chance, self.problem
        way, noise = chance.random(), chance.uniform(0, 40)
        first = chance.random() < 0.5

        def key(ticket: int) -> float:
            if first and ticket == around:
                return -FAR
            value = (
                problem.due[ticket]
                if way < 0.5
                else problem.due[ticket] / 8 + 4 * len(self.fitting[ticket])
            )
            if way > 0.8:
                value = 4 * min(t for t in problem.takes[ticket] if t is not None)
            return value + chance.gauss(0, noise)

        return sorted(tickets, key=key)

    def _insert(self, order: Sequence[int], touched: dict[int, list[int]] | None = None) -> None:
        for ticket in order:
            best: tuple[float, int, int] | None = None
            for agent in self.fitting[ticket]:
                found = self.lines[agent].room_for(ticket)
                if found is not None and (best is None or found[0] < best[0]):
                    best = (*found, agent)
            if best is None:
                continue
            line = self.lines[best[2]]
            if touched is not None:
                touched.setdefault(best[2], line.tickets)
            line.put([*line.tickets[: best[1]], ticket, *line.tickets[best[1] :]])
            self.late.discard(ticket)

    def _cost(self) -> float:
        """Late tickets first, then the minutes of work that the rest takes."""
        work = sum(
            self.problem.takes[ticket][line.agent] or 0.0
            for line in self.lines
            for ticket in line.tickets
        )
        return 60.0 * len(self.late) + 0.05 * work


def at_most(problem: Problem) -> int:
    """No schedule whatever has more tickets in time than this.

    In any window, those who fit a set of tickets have only so many minutes, and one ticket each
    that they may still be at when it ends; if the shortest tickets that come and are due within it
    do not fit in there, the rest is late. The set is of all tickets, or those that the same agents
    fit, or fewer; the bound is that of the worst window and set. It ignores everything else.
    """
    kinds: dict[frozenset[int], list[int]] = {}
    for ticket, row in enumerate(problem.takes):
        able = frozenset(agent for agent, takes in enumerate(row) if takes is not None)
        kinds.setdefault(able, []).append(ticket)
    groups = set(kinds) | {one | other for one in kinds for other in kinds}
    worst = 0
    for group in [*groups, frozenset(range(len(problem.takes[0])))]:
        inside = [ticket for able, tickets in kinds.items() if able <= group for ticket in tickets]
        worst = max(worst, _late_at_least(problem, inside, len(group)))
    return len(problem.comes) - worst


def _late_at_least(problem: Problem, tickets: Sequence[int], agents: int) -> int:
    comes = np.array([problem.comes[ticket] for ticket in tickets])
    due = np.array([problem.due[ticket] for ticket in tickets])
    least = np.array(
        [min(takes for takes in problem.takes[ticket] if takes is not None) for ticket in tickets]
    )
    worst = 0
    for start in np.arange(0.0, comes.max() + STEP, STEP):
        for length in (STEP, 2 * STEP, 4 * STEP, 8 * STEP, 16 * STEP, 32 * STEP):
            inside = np.sort(least[(comes >= start) & (due <= start + length)])
            fit = int(np.searchsorted(np.cumsum(inside), agents * length, side="right")) + agents
            worst = max(worst, len(inside) - fit)
    return worst
