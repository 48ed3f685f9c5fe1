"""What one would do without us: rapidfuzz alone, BM25 and plain tf-idf, over all phrasings."""

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from knowledge_base import text
from knowledge_base.evaluate import Asked
from knowledge_base.measures import Outcomes

Baseline = Callable[[str], tuple[int, float]]  # row of the nearest phrasing, and its score


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
