"""Routing measured: promises kept on simulated days, against the usual ways and against hindsight.

``make bench-routing`` prints the tables of the README, and how long it takes to choose among ever
more agents. The weights were tuned on other seeds.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks import routing_choice
from benchmarks.hindsight import Problem, Search, at_most
from core.routing.baselines import least_loaded, longest_idle, round_robin
from core.routing.figures import Figures, figures
from core.routing.generated import CUSTOMERS, LANGUAGES, OPENS, SKILLS, Shape, generate
from core.routing.matching import match
from core.routing.record import Record
from core.routing.signals import Seeker, Supply, Taker
from core.routing.simulation import Chooser, Course, router, simulate

SEEDS = range(1, 9)
LOADS = (0.9, 1.05, 1.2)
HIGHEST = LOADS[-1]
EQUAL = Shape(load=0.9, alike=True)
WAYS: dict[str, Callable[[], Chooser]] = {
    "round robin": round_robin,
    "longest idle": longest_idle,
    "longest idle, urgent first": lambda: longest_idle(urgent_first=True),
    "least loaded": least_loaded,
    "score": lambda: router(strictly=True),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10.0, help="of clairvoyant search a day")
    options.add_argument(
        "--databases", nargs="*", default=["sqlite", "postgresql"], help="to choose agents on"
    )
    options.add_argument("--json", type=Path, help="write the figures there, too")
    chosen = options.parse_args()
    found: dict[str, Any] = {"seeds": list(SEEDS), "loads": {}}
    print_row("load, way", "attainment", "urgent", "high", "normal", "low", "median", "p95", "max")
    for load in LOADS:
        found["loads"][str(load)] = of_load(load, chosen.seconds)
    found["unfairness"] = figures(
        [simulate(generate(seed, EQUAL), router(strictly=True)) for seed in SEEDS]
    ).share
    found["thousand_ms"], found["solver_ms"] = a_thousand()
    print_aims(found)
    found["choice"] = {}
    for kind in chosen.databases:
        found["choice"][kind] = asyncio.run(routing_choice.measure(kind))
        print_choice(kind, found["choice"][kind])
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


def of_load(load: float, seconds: float) -> dict[str, Any]:
    """The figures of every way, and the best with hindsight, over all seeds."""
    days = [generate(seed, Shape(load=load)) for seed in SEEDS]
    courses = {name: [simulate(day, make()) for day in days] for name, make in WAYS.items()}
    told = {name: figures(each) for name, each in courses.items()}
    for name, each in told.items():
        print_figures(f"{load:g} {name}", each)
    best = [
        with_hindsight([courses[name][index] for name in WAYS], seed, seconds)
        for index, seed in enumerate(SEEDS)
    ]
    total = sum(len(day.arrivals) for day in days)
    most = sum(at_most(Problem.of(day)) for day in days) / total
    feasible = sum(best) / total
    print_row(f"{load:g} best feasible", f"{feasible:.4f}")
    print_row(f"{load:g} upper bound", f"{most:.4f}")
    return {
        "best": feasible,
        "bound": most,
        "ways": {name: vars(each) for name, each in told.items()},
    }


def with_hindsight(courses: Sequence[Course], seed: int, seconds: float) -> int:
    """The most tickets in time that a search finds which knows all, begun with the best course."""
    course = max(courses, key=lambda each: figures([each]).attainment)
    search = Search(Problem.of(course.day), seed)
    search.begin_with_course(course)
    return search.run(seconds)


def a_thousand() -> tuple[float, float]:
    """CPU milliseconds to match 1,000 waiting tickets with 1,000 free agents, and of the solver alone
    on as many random points: the quickest of twenty each, in turn."""
    chance = np.random.default_rng(0)
    seekers, takers, supply = crowd(chance, 1_000, 1_000)
    points = chance.random((1_000, 1_000))
    ours, alone = [], []
    for _ in range(20):
        ours.append(cpu(lambda: match(seekers, takers, now=OPENS, supply=supply)))
        alone.append(cpu(lambda: linear_sum_assignment(points)))
    return min(ours), min(alone)


def cpu(work: Callable[[], object]) -> float:
    """Milliseconds of CPU, whatever else the machine has to do."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1_000


def crowd(
    chance: np.random.Generator, waiting: int, free: int
) -> tuple[list[Seeker], list[Taker], Supply]:
    """So many tickets and agents of all sorts."""
    names, codes = list(SKILLS), list(LANGUAGES)
    takers = [
        Taker(
            number=number,
            name=f"agent-{number}",
            idle_since=OPENS - timedelta(minutes=int(chance.integers(60))),
            skills={name: int(chance.integers(1, 4)) for name in names if chance.random() < 0.6},
            languages={code: int(chance.integers(1, 4)) for code in codes if chance.random() < 0.6},
            records={
                name: Record(cases=int(chance.integers(1, 60)), minutes=900.0) for name in names
            },
            knows=frozenset(map(int, chance.integers(0, CUSTOMERS, 20))),
        )
        for number in range(free)
    ]
    seekers = [
        Seeker(
            number=number,
            priority=int(chance.integers(1, 5)),
            waiting_since=OPENS - timedelta(minutes=int(chance.integers(60))),
            due_at=OPENS + timedelta(minutes=int(chance.integers(-60, 400))),
            category=(name := names[int(chance.integers(len(names)))]),
            skill=name,
            language=codes[int(chance.integers(len(codes)))],
            customer=int(chance.integers(CUSTOMERS)),
        )
        for number in range(waiting)
    ]
    having = {name: sum(name in taker.skills for taker in takers) for name in names}
    speaking = {code: sum(code in taker.languages for taker in takers) for code in codes}
    return seekers, takers, Supply(agents=free, skills=having, languages=speaking)


def print_aims(found: dict[str, Any]) -> None:
    """The figures that were aimed at, and what came out."""
    loads = found["loads"]
    top = loads[str(HIGHEST)]["ways"]
    print()
    print_row("figure", "aim", "measured")
    for load, aim in zip(LOADS, (0.995, 0.99, 0.96), strict=True):
        of = loads[str(load)]
        share = of["ways"]["score"]["attainment"] / of["best"]
        print_row(f"share of hindsight at {load:g}", f">= {aim:g}", f"{share:.4f}")
    score, idle, robin = top["score"], top["longest idle"], top["round robin"]
    rows = [
        ("p95 wait over longest idle's", "<= 1.5", score["p95"] / idle["p95"]),
        ("over round robin", ">= 2", score["attainment"] / robin["attainment"]),
        ("urgent in time", ">= 0.97", score["by_priority"][4]),
        ("largest over mean share, equal agents", "<= 1.25", found["unfairness"]),
        ("1,000 x 1,000, ms of CPU", "<= 100", found["thousand_ms"]),
        ("the solver alone on random points, ms of CPU", "", found["solver_ms"]),
        ("1,000 x 1,000 over the solver alone", "", found["thousand_ms"] / found["solver_ms"]),
    ]
    for name, aim, value in rows:
        print_row(name, aim, f"{value:.3f}")


def print_choice(kind: str, found: dict[str, Any]) -> None:
    """Milliseconds to choose among so many agents, by what is asked for, and statements."""
    sizes = routing_choice.SIZES
    print()
    print_row(f"{kind}: ms to choose among", *(f"{size:,}" for size in sizes), "growth")
    for name in routing_choice.ASKED:
        took = [f"{found[f'{name}_ms_at_{size}']:.2f}" for size in sizes]
        print_row(f"  {name.replace('_', ' ')}", *took, f"{found[f'{name}_growth']:.2f}")
    told = [str(found[f"statements_at_{size}"]) for size in sizes]
    print_row("  statements, ticket opened and given", *told)


def print_figures(name: str, told: Figures) -> None:
    shares = [told.by_priority.get(rank, 1.0) for rank in (4, 3, 2, 1)]
    waits = [f"{each:.0f}" for each in (told.median, told.p95, told.longest)]
    print_row(name, f"{told.attainment:.4f}", *(f"{each:.3f}" for each in shares), *waits)


def print_row(first: str, *cells: str) -> None:
    print(f"{first:40}" + "".join(f"{cell:>12}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
