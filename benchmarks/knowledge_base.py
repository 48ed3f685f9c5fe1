"""Prints how well and how fast the matching is, beside rapidfuzz alone, BM25 and plain tf-idf.

    python -m benchmarks.knowledge_base [folder of sets] [--tier static] [--large]

A folder of sets holds one folder a benchmark with ``articles.jsonl`` and ``questions.jsonl``, and
optionally ``validation.jsonl``; by default ../shared/data/knowledge_base.
"""

import argparse
import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from knowledge_base import text
from knowledge_base.evaluate import Asked, evaluate, read_articles, read_questions
from knowledge_base.index import Entry
from knowledge_base.measures import Outcomes
from knowledge_base.snapshot import learn
from knowledge_base.tiers import Tier, best_installed, encoder_for

SETS = Path(__file__).resolve().parents[2] / "shared" / "data" / "knowledge_base"
TARGET_FAR = 0.1
BASELINE_QUESTIONS = 400  # of a set that the slow baselines are asked
SIZES = (1_000, 10_000, 100_000)  # phrasings
TYPOS = 2

Baseline = Callable[[str], tuple[int, float]]  # row of the nearest phrasing, and its score


def main() -> None:
    """Read the arguments and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="?", default=SETS)
    parser.add_argument("--tier", type=Tier, choices=list(Tier), default=best_installed())
    parser.add_argument("--large", action="store_true", help="time 1,000 to 100,000 phrasings too")
    asked = parser.parse_args()
    folders = sorted(path.parent for path in asked.sets.glob("*/articles.jsonl"))
    print(f"tier {asked.tier}, target false-answer rate {TARGET_FAR:.0%}; shares in %\n")
    print_quality(folders, asked.tier)
    print_baselines(folders)
    if asked.large:
        print_speed(folders, asked.tier)


def print_quality(folders: Sequence[Path], tier: Tier) -> None:
    """One line a set: every figure of `kb evaluate`, and T1 with two typos a question."""
    shares = ("t1", "t3", "auroc", "s90", "far", "answered_right", "in_scope", "oos_recall")
    costs = ("p50_ms", "p99_ms", "fit_seconds", "index_mb")
    print_row("set", *shares, "t1 typos", *costs)
    for folder in folders:
        validation = folder / "validation.jsonl"
        figures = evaluate(
            folder / "articles.jsonl",
            folder / "questions.jsonl",
            validation=validation if validation.exists() else None,
            tier=tier,
            target_far=TARGET_FAR,
        ).to_dict()
        numbers = [percent(figures[key]) for key in shares]
        typos = percent(t1_with_typos(folder, tier))
        print_row(folder.name, *numbers, typos, *(f"{figures[key]:.2f}" for key in costs))
    print()


def t1_with_typos(folder: Path, tier: Tier) -> float | None:
    """T1 when two letters of every question went wrong."""
    chance = random.Random(1)
    snapshot = learn(read_articles(folder / "articles.jsonl"), encoder=encoder_for(tier))
    asked = [each for each in read_questions(folder / "questions.jsonl") if each.article]
    right = 0
    for question in asked:
        judged = snapshot.judge(mistyped(question.text, chance))
        right += bool(judged.ranked) and snapshot.slug_of(judged.ranked[0]) == question.article
    return right / len(asked) if asked else None


def mistyped(typed: str, chance: random.Random) -> str:
    """The text with letters left out, doubled, swapped or replaced."""
    for _ in range(TYPOS):
        places = [i for i in range(len(typed) - 1) if typed[i].isalpha() and typed[i + 1].isalpha()]
        if not places:
            return typed
        i = chance.choice(places)
        wrong = chance.choice("abcdefghijklmnopqrstuvwxyz")
        slip = chance.choice(("", typed[i] * 2, typed[i + 1] + typed[i], wrong))
        typed = (
            typed[:i] + slip + typed[i + 2 if len(slip) == 2 and slip[0] != slip[1] else i + 1 :]
        )
    return typed


def print_baselines(folders: Sequence[Path]) -> None:
    """T1, AUROC, S90 and median time of what one would do without us."""
    print_row("set", "baseline", "t1", "auroc", "s90", "p50_ms")
    for folder in folders:
        entries = read_articles(folder / "articles.jsonl")
        asked = read_questions(folder / "questions.jsonl")
        asked = random.Random(0).sample(asked, min(BASELINE_QUESTIONS, len(asked)))
        phrases = [phrase for entry in entries for phrase in entry.phrasings]
        slugs = [entry.slug for entry in entries for _ in entry.phrasings]
        for name, baseline in baselines(phrases).items():
            outcomes, median = ask(baseline, slugs, asked)
            measures = map(percent, (outcomes.t1(), outcomes.auroc(), outcomes.s90()))
            print_row(folder.name, name, *measures, f"{median:.2f}")
    print()


def baselines(phrases: Sequence[str]) -> dict[str, Baseline]:
    """Each finds the nearest phrasing of a question."""
    return {
        "WRatio": extract_one(phrases, fuzz.WRatio),
        "token_set": extract_one(phrases, fuzz.token_set_ratio),
        "BM25": sparse_baseline(phrases, text.words, bm25),
        "tf-idf": sparse_baseline(phrases, character_grams, tfidf),
    }


def extract_one(phrases: Sequence[str], scorer: Callable[..., float]) -> Baseline:
    """rapidfuzz's own search, on lower-cased phrasings."""
    folded = [" ".join(text.words(phrase)) for phrase in phrases]

    def nearest(question: str) -> tuple[int, float]:
        found = process.extractOne(" ".join(text.words(question)), folded, scorer=scorer)
        return (found[2], found[1]) if found else (0, 0.0)

    return nearest


def character_grams(phrase: str) -> list[str]:
    return [gram for word in text.words(phrase) for gram in text.grams(word)]


def bm25(count: int, df: int, documents: int, length: float) -> float:
    """Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75; ``length`` relative to the average."""
    idf = math.log(1 + (documents - df + 0.5) / (df + 0.5))
    return idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length))


def tfidf(count: int, df: int, documents: int, length: float) -> float:
    """Salton and Buckley 1988, its length roughly normalised."""
    return (1 + math.log(count)) * math.log(1 + documents / df) ** 2 / math.sqrt(max(length, 0.1))


def sparse_baseline(
    phrases: Sequence[str],
    split: Callable[[str], list[str]],
    weigh: Callable[[int, int, int, float], float],
) -> Baseline:
    """A plain inverted index; the score is a sum over the features shared."""
    counted = [Counter(split(phrase)) for phrase in phrases]
    average = sum(counts.total() for counts in counted) / max(1, len(counted))
    df = Counter(feature for counts in counted for feature in counts)
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for row, counts in enumerate(counted):
        for feature, count in counts.items():
            weight = weigh(count, df[feature], len(phrases), counts.total() / average)
            postings[feature].append((row, weight))

    def nearest(question: str) -> tuple[int, float]:
        scores: dict[int, float] = defaultdict(float)
        for feature in set(split(question)):
            for row, weight in postings.get(feature, ()):
                scores[row] += weight
        return max(scores.items(), key=lambda scored: scored[1], default=(0, 0.0))

    return nearest


def ask(baseline: Baseline, slugs: Sequence[str], asked: Sequence[Asked]) -> tuple[Outcomes, float]:
    """Outcomes of a baseline and its median milliseconds."""
    found: list[tuple[str, float]] = []
    milliseconds: list[float] = []
    for question in asked:
        start = time.perf_counter()
        row, score = baseline(question.text)
        milliseconds.append((time.perf_counter() - start) * 1_000)
        found.append((slugs[row], score))
    is_right = [slug == each.article for (slug, _), each in zip(found, asked, strict=True)]
    outcomes = Outcomes(
        is_answerable=np.array([each.article is not None for each in asked], dtype=bool),
        is_right=np.array(is_right, dtype=bool),
        is_among_three=np.array(is_right, dtype=bool),
        confidences=np.array([score for _, score in found]),
    )
    return outcomes, float(np.median(milliseconds))


def print_speed(folders: Sequence[Path], tier: Tier) -> None:
    """Median milliseconds and time to learn as the knowledge base grows, beside extractOne."""
    source = [entry for folder in folders for entry in read_articles(folder / "articles.jsonl")]
    pool = [text.words(phrase) for entry in source for phrase in entry.phrasings]
    questions = [
        each.text for folder in folders for each in read_questions(folder / "questions.jsonl")
    ]
    asked = random.Random(2).sample(questions, min(300, len(questions)))
    print_row("phrasings", "p50_ms", "p99_ms", "learn s", "MB", "WRatio ms", "times")
    for size in SIZES:
        entries = invented(pool, size)
        start = time.perf_counter()
        snapshot = learn(entries, encoder=encoder_for(tier))
        learnt = time.perf_counter() - start
        ours = [milliseconds(snapshot.judge, question) for question in asked]
        phrases = [phrase for entry in entries for phrase in entry.phrasings]
        alone = extract_one(phrases, fuzz.WRatio)
        theirs = float(np.median([milliseconds(alone, question) for question in asked[:40]]))
        p50, p99 = np.quantile(ours, (0.5, 0.99))
        print_row(
            f"{size}",
            f"{p50:.2f}",
            f"{p99:.2f}",
            f"{learnt:.1f}",
            f"{snapshot.matcher.size / 1e6:.0f}",
            f"{theirs:.1f}",
            f"{theirs / p50:.0f}",
        )


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


def percent(share: float | int | str | None) -> str:
    return f"{100 * share:.1f}" if isinstance(share, float) else "–"


def print_row(first: str, *cells: str) -> None:
    print(f"{first:20}" + "".join(f"{cell:>15}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
