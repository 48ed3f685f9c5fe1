"""Prints how well and how fast the matching is, beside rapidfuzz alone, BM25 and plain tf-idf.

    python -m benchmarks.knowledge_base [folder of sets] [--tier static …] [--no-speed]

A folder of sets holds one folder a benchmark with ``articles.jsonl`` and ``questions.jsonl``, and
optionally ``validation.jsonl``; by default ../shared/data/knowledge_base. Without a validation file
a random half of the questions chooses the threshold of the other half.
"""

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz

from benchmarks.kb_baselines import ask, baselines, extract_one
from core.deflection import Verdict
from knowledge_base import text
from knowledge_base.evaluate import outcomes_of, read_articles, read_questions
from knowledge_base.index import Entry
from knowledge_base.measures import Outcomes
from knowledge_base.snapshot import Snapshot, learn
from knowledge_base.tiers import NotInstalled, Reading, Tier, encoder_for

SETS = Path(__file__).resolve().parents[2] / "shared" / "data" / "knowledge_base"
TARGET_FAR = 0.1
BASELINE_QUESTIONS = 400  # of a set that the slow baselines are asked
TYPO_QUESTIONS = 800  # of a set that are asked again, mistyped
SIZES = (1_000, 10_000, 100_000)  # phrasings
LARGEST_TO_READ = 10_000  # phrasings that the sentence model is given here; 100,000 take minutes
TYPOS = 2
FEW = 5  # phrasings an article, from which on the realised false-answer rate is judged

# What the sets are for: the figure, sets whose name begins so, and the aims by tier.
AIMS = (
    ("t1", "hint3", (75, 77, 79)),
    ("auroc", "hint3", (85.5, 87, 89)),
    ("s90", "hint3", (51, 55, 60)),
    ("in_scope", "clinc150 ", (92, 92.5, 95)),
    ("oos_recall", "clinc150 ", (68, 72, 78)),
    ("t1", "clinc150-10 ", (83, 86, 92)),
    ("t1", "banking77-10 ", (77.5, 83.5, 87.5)),
    ("t1", "clinc150-1 ", (44, 54, 66)),
    ("far, the most", "", (15, 13, 11)),
    ("typos, points", "", (5, 5, 5)),
    ("fit_seconds", "clinc150 ", (20, 20, 90)),
)
COLUMNS = (
    "t1", "t3", "auroc", "s90", "far", "answered_right", "in_scope", "oos_recall", "t1 typos"
)  # fmt: skip


def main() -> None:
    """Read the arguments and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="?", default=SETS)
    parser.add_argument("--tier", type=Tier, choices=list(Tier), action="append")
    parser.add_argument("--no-speed", action="store_true", help="leave out the timing by size")
    given = parser.parse_args()
    folders = sorted(path.parent for path in given.sets.glob("*/articles.jsonl"))
    if not folders:
        parser.error(f"There is no */articles.jsonl in {given.sets}.")
    tiers = given.tier or list(Tier)
    print(f"target false-answer rate {TARGET_FAR:.0%}; shares in %\n")
    measured = {tier: figures for tier in tiers if (figures := print_quality(folders, tier))}
    print_aims(measured)
    print_baselines(folders)
    if not given.no_speed:
        for tier in measured:
            print_speed(folders, tier)


@dataclass(frozen=True)
class Figures:
    """What a set gave, by the names of `COLUMNS` in percent, and what it cost."""

    name: str
    phrasings: float  # an article
    shares: dict[str, float | None]
    fit_seconds: float


def print_quality(folders: Sequence[Path], tier: Tier) -> list[Figures]:
    """One line a set; nothing where the tier is not installed."""
    try:
        encoder_for(Reading(tier))
    except NotInstalled as missing:
        print(f"{missing}\n")
        return []
    print_row(tier, *COLUMNS, "p50_ms", "p99_ms", "fit s", "MB")
    return [print_set(folder, tier) for folder in folders]


def print_set(folder: Path, tier: Tier) -> Figures:
    """Learn a set once, ask everything, print the line."""
    entries = read_articles(folder / "articles.jsonl")
    asked = read_questions(folder / "questions.jsonl")
    start = time.perf_counter()
    snapshot = learn(entries, encoder=encoder_for(Reading(tier)), target_far=TARGET_FAR)
    fit_seconds = time.perf_counter() - start
    costs: list[float] = []
    judged = []
    for question in asked:
        start = time.perf_counter()
        judged.append(snapshot.judge(question.text))
        costs.append((time.perf_counter() - start) * 1_000)
    outcomes = outcomes_of(snapshot, asked, judged)
    is_sure = np.array([each.verdict is Verdict.SURE for each in judged], dtype=bool)
    in_scope, oos_recall = at_a_chosen_threshold(folder, snapshot, outcomes)
    values = (
        *(outcomes.t1(), outcomes.t3(), outcomes.auroc(), outcomes.s90()),
        *(outcomes.false_answers(is_sure), outcomes.answered_right(is_sure)),
        *(in_scope, oos_recall, t1_with_typos(snapshot, folder)),
    )
    shares = {
        name: None if value is None else 100 * value
        for name, value in zip(COLUMNS, values, strict=True)
    }
    p50, p99 = np.quantile(costs, (0.5, 0.99))
    print_row(
        folder.name,
        *map(shown, shares.values()),
        *(f"{cost:.2f}" for cost in (p50, p99, fit_seconds, snapshot.matcher.size / 1e6)),
    )
    each = sum(len(entry.phrasings) for entry in entries) / max(1, len(entries))
    return Figures(folder.name, each, shares, fit_seconds)


def at_a_chosen_threshold(
    folder: Path, snapshot: Snapshot, outcomes: Outcomes
) -> tuple[float | None, float | None]:
    """In-scope accuracy and out-of-scope recall, the threshold chosen on other questions."""
    if not outcomes.has_unanswerable:
        return None, None
    file = folder / "validation.jsonl"
    if file.exists():
        asked = read_questions(file)
        practised = outcomes_of(snapshot, asked, [snapshot.judge(each.text) for each in asked])
    else:
        chosen = np.random.default_rng(5).random(len(outcomes.confidences)) < 0.5
        practised, outcomes = part(outcomes, chosen), part(outcomes, ~chosen)
    is_answered = outcomes.confidences >= practised.best_threshold()
    wrongly = outcomes.false_answers(is_answered)
    return outcomes.answered_right(is_answered), None if wrongly is None else 1 - wrongly


def part(outcomes: Outcomes, chosen: np.ndarray) -> Outcomes:
    """Some of the questions."""
    return Outcomes(
        outcomes.is_answerable[chosen],
        outcomes.is_right[chosen],
        outcomes.is_among_three[chosen],
        outcomes.confidences[chosen],
    )


def t1_with_typos(snapshot: Snapshot, folder: Path) -> float | None:
    """T1 when two letters of every question went wrong."""
    chance = random.Random(1)
    asked = [each for each in read_questions(folder / "questions.jsonl") if each.article]
    asked = chance.sample(asked, min(TYPO_QUESTIONS, len(asked)))
    right = 0
    for question in asked:
        judged = snapshot.judge(mistyped(question.text, chance))
        right += bool(judged.ranked) and snapshot.slug_of(judged.ranked[0]) == question.article
    return right / len(asked) if asked else None


def mistyped(typed: str, chance: random.Random) -> str:
    """The text with letters left out, doubled, swapped or replaced."""
    for _ in range(TYPOS):
        places = [i for i in range(len(typed) - 1) if typed[i : i + 2].isalpha()]
        if not places:
            return typed
        i = chance.choice(places)
        first, second = typed[i], typed[i + 1]
        wrong = chance.choice("abcdefghijklmnopqrstuvwxyz")
        slip = chance.choice((second, first + first + second, second + first, wrong + second))
        typed = typed[:i] + slip + typed[i + 2 :]
    return typed


def print_aims(measured: dict[Tier, list[Figures]]) -> None:
    """The figures that were aimed at, and what came out: the mean of the sets that tell."""
    print()
    print_row("figure", "sets", *(f"{tier} (aim)" for tier in measured))
    order = list(Tier)
    for figure, prefix, aims in AIMS:
        cells = []
        for tier, all_figures in measured.items():
            chosen = [each for each in all_figures if f"{each.name} ".startswith(prefix)]
            reached = aimed_at(figure, chosen)
            cells.append("–" if reached is None else f"{reached:.1f} ({aims[order.index(tier)]})")
        print_row(figure, prefix.strip() or "all", *cells)
    print()


def aimed_at(figure: str, chosen: Sequence[Figures]) -> float | None:
    """One figure over some sets."""
    by_name: dict[str, list[float]] = defaultdict(list)
    for each in chosen:
        shares = each.shares
        for name, share in shares.items():
            if share is not None:
                by_name[name].append(share)
        if shares["far"] is not None and each.phrasings >= FEW:
            by_name["far, the most"].append(shares["far"])
        if shares["t1"] is not None and shares["t1 typos"] is not None:
            by_name["typos, points"].append(shares["t1"] - shares["t1 typos"])
        by_name["fit_seconds"].append(each.fit_seconds)
    values = by_name[figure]
    if not values:
        return None
    return max(values) if "the most" in figure else float(np.mean(values))


def print_baselines(folders: Sequence[Path]) -> None:
    """T1, AUROC, S90, T1 with typos and median time of what one would do without us."""
    print_row("set", "baseline", "t1", "auroc", "s90", "t1 typos", "p50_ms")
    for folder in folders:
        entries = read_articles(folder / "articles.jsonl")
        asked = read_questions(folder / "questions.jsonl")
        chance = random.Random(0)
        asked = chance.sample(asked, min(BASELINE_QUESTIONS, len(asked)))
        wrong = [type(each)(mistyped(each.text, chance), each.article) for each in asked]
        phrases = [phrase for entry in entries for phrase in entry.phrasings]
        slugs = [entry.slug for entry in entries for _ in entry.phrasings]
        for name, baseline in baselines(phrases).items():
            outcomes, median = ask(baseline, slugs, asked)
            with_typos, _ = ask(baseline, slugs, wrong)
            measures = (outcomes.t1(), outcomes.auroc(), outcomes.s90(), with_typos.t1())
            cells = [shown(None if each is None else 100 * each) for each in measures]
            print_row(folder.name, name, *cells, f"{median:.2f}")
    print()


def print_speed(folders: Sequence[Path], tier: Tier) -> None:
    """Median milliseconds and time to learn as the knowledge base grows, beside extractOne."""
    source = [entry for folder in folders for entry in read_articles(folder / "articles.jsonl")]
    pool = [text.words(phrase) for entry in source for phrase in entry.phrasings]
    questions = [
        each.text for folder in folders for each in read_questions(folder / "questions.jsonl")
    ]
    asked = random.Random(2).sample(questions, min(300, len(questions)))
    print_row(f"{tier}: phrasings", "p50_ms", "p99_ms", "learn s", "MB", "WRatio ms", "times")
    for size in SIZES:
        if tier is Tier.SEMANTIC and size > LARGEST_TO_READ:
            continue
        entries = invented(pool, size)
        start = time.perf_counter()
        snapshot = learn(entries, encoder=encoder_for(Reading(tier)))
        learnt = time.perf_counter() - start
        ours = [milliseconds(snapshot.judge, question) for question in asked]
        phrases = [phrase for entry in entries for phrase in entry.phrasings]
        alone = extract_one(phrases, fuzz.WRatio)
        theirs = float(np.median([milliseconds(alone, question) for question in asked[:40]]))
        p50, p99 = np.quantile(ours, (0.5, 0.99))
        costs = (f"{p50:.2f}", f"{p99:.2f}", f"{learnt:.1f}", f"{snapshot.matcher.size / 1e6:.0f}")
        print_row(f"{size}", *costs, f"{theirs:.1f}", f"{theirs / p50:.0f}")
    print()


def invented(pool: Sequence[Sequence[str]], size: int) -> list[Entry]:
    """Articles of ten phrasings, each two halves of real ones put together."""
    chance = random.Random(size)
    entries: list[Entry] = []
    for number in range(size // 10):
        start = chance.choice(pool)
        half = list(start[: len(start) // 2 + 1])
        others = (chance.choice(pool) for _ in range(10))
        phrasings = [" ".join(half + list(other[len(other) // 2 :])) for other in others]
        entries.append(Entry(slug=f"a{number}", title="", phrasings=phrasings))
    return entries


def milliseconds(act: Callable[[str], object], question: str) -> float:
    start = time.perf_counter()
    act(question)
    return (time.perf_counter() - start) * 1_000


def shown(percent: float | None) -> str:
    return "–" if percent is None else f"{percent:.1f}"


def print_row(first: str, *cells: str) -> None:
    print(f"{first:20}" + "".join(f"{cell:>15}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
