"""Telling what a ticket is about, as the desk's own tickets were filed: a linear model over n-grams.

Words, pairs of words and character n-grams are hashed, so that the model keeps nothing that anybody
wrote. It is a multinomial logistic regression (`knowledge_base.head`), its probabilities calibrated by
temperature (Guo et al. 2017) on tickets that it did not learn from.
"""

import io
import json
import math
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy import optimize, sparse

from core.enrichment.judged import Guess
from knowledge_base import head
from knowledge_base.text import grams, stem, words
from knowledge_base.vectors import Floats, Integers

BUCKETS = 2**15
WORDS_AT_MOST = 80  # of a text
FEWEST = 200  # tickets from which a model is learned
FEWEST_OF_ONE = 5  # tickets of a category; rarer ones are left out
CATEGORIES_AT_MOST = 200
EXAMPLES_AT_MOST = 4_000
SURE = 0.6  # calibrated probability from which a category is given
SPOKE = 3  # words that are named for it
FOLDS = 4


@dataclass(frozen=True)
class Filed:
    """A ticket's words and the category it had in the end; ``weight`` is what it counts."""

    text: str
    category: str
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Measured:
    """How good a model was on tickets that it had not seen (shares are 0–1): right at all, of how many
    it would speak, and right where it would. ``commonest`` is the share of the commonest category."""

    tickets: int
    categories: int
    accuracy: float
    coverage: float
    precision: float
    commonest: float


@dataclass(frozen=True)
class Classifier:
    """Guesses categories. ``weights`` is buckets x categories, ``idf`` what each bucket says."""

    categories: tuple[str, ...]
    idf: Floats
    weights: Floats
    temperature: float

    def probabilities(self, text: str) -> Floats:
        """A probability for each category."""
        ids, values = _vector(text, self.idf)
        scores: Floats = values @ self.weights[ids].astype(np.float32)
        likely: Floats = head.softmax(scores / self.temperature)
        return likely

    def guess(self, text: str, *, version: int = 0) -> Guess | None:
        """The likeliest category, or None where it is not sure enough, or knows no word of it."""
        likely = self.probabilities(text)
        best = int(likely.argmax())
        if likely[best] < SURE:
            return None
        spoke = self._spoke(text, best)
        if not spoke:
            return None
        return Guess(self.categories[best], float(likely[best]), version, spoke)

    def _spoke(self, text: str, category: int) -> list[str]:
        """The words that speak most for a category."""
        said = {}
        for word in dict.fromkeys(words(text)[:WORDS_AT_MOST]):
            if len(word) > 2:
                row = self.weights[_bucket(f"w {stem(word)}")].astype(np.float32)
                said[word] = float(row[category] - row.mean())
        ranked = sorted(said.items(), key=lambda each: -each[1])
        return [word for word, weight in ranked[:SPOKE] if weight > 0]

    def to_bytes(self) -> bytes:
        """As it is kept: an npz file, without pickles."""
        file = io.BytesIO()
        about = json.dumps({"categories": self.categories, "temperature": self.temperature})
        np.savez_compressed(
            file,
            about=np.frombuffer(about.encode(), dtype=np.uint8),
            idf=self.idf.astype(np.float16),
            weights=self.weights.astype(np.float16),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, kept: bytes) -> "Classifier":
        """What `to_bytes` made."""
        with np.load(io.BytesIO(kept), allow_pickle=False) as file:
            about = json.loads(file["about"].tobytes())
            idf, weights = file["idf"].astype(np.float32), file["weights"]
        return cls(tuple(about["categories"]), idf, weights, about["temperature"])


def learn(filed: Sequence[Filed]) -> tuple[Classifier, Measured] | None:
    """Learn from tickets, the latest first, and measure it; None where there are too few, or it is no
    better than always saying the commonest category. A second for 1,000 tickets."""
    chosen = _worth(filed[:EXAMPLES_AT_MOST])
    categories = tuple(sorted({each.category for each in chosen}))
    if len(chosen) < FEWEST or not head.fits(len(chosen), len(categories)):
        return None
    owners = np.array([categories.index(each.category) for each in chosen], dtype=np.int32)
    held_out = _held_out(chosen, owners, len(categories))
    temperature = _temperature(held_out, owners)
    measured = _measured(head.softmax(held_out / temperature), owners)
    if measured.accuracy <= measured.commonest:
        return None
    whole = _fit(chosen, owners, len(categories))
    return Classifier(categories, whole.idf, whole.weights, temperature), measured


def _worth(filed: Sequence[Filed]) -> list[Filed]:
    """Those of the categories that have enough."""
    there = [each for each in filed if each.category and words(each.text)]
    counts = Counter(each.category for each in there)
    common = {name for name, n in counts.most_common(CATEGORIES_AT_MOST) if n >= FEWEST_OF_ONE}
    return [each for each in there if each.category in common]


@dataclass(frozen=True)
class _Fitted:
    idf: Floats
    weights: Floats


def _fit(filed: Sequence[Filed], owners: Integers, categories: int) -> _Fitted:
    counts = [Counter(_features(each.text)) for each in filed]
    seen = np.zeros(BUCKETS, dtype=np.float32)
    for count in counts:
        seen[list(count)] += 1
    idf: Floats = (np.log((1 + len(filed)) / (1 + seen)) + 1).astype(np.float32)
    rows = [_weighed(count, idf) for count in counts]
    vectors = sparse.csr_array(
        (
            np.concatenate([values for _, values in rows]),
            np.concatenate([ids for ids, _ in rows]),
            np.cumsum([0, *(len(ids) for ids, _ in rows)]),
        ),
        shape=(len(rows), BUCKETS),
    )
    emphasis = np.array([each.weight for each in filed], dtype=np.float32)
    trained = head.train(vectors, None, owners, emphasis, classes=categories)
    return _Fitted(idf, np.asarray(trained.weights, dtype=np.float32))


def _held_out(filed: Sequence[Filed], owners: Integers, categories: int) -> Floats:
    """The scores of each ticket by a model that has not seen it."""
    scores = np.zeros((len(filed), categories), dtype=np.float32)
    fold = np.arange(len(filed)) % FOLDS
    order = np.argsort(owners, kind="stable")  # so that each fold has all categories
    of = np.empty(len(filed), dtype=np.int64)
    of[order] = fold
    for number in range(FOLDS):
        kept = np.flatnonzero(of != number).tolist()
        fitted = _fit([filed[row] for row in kept], owners[kept], categories)
        for row in np.flatnonzero(of == number).tolist():
            ids, values = _vector(filed[row].text, fitted.idf)
            scores[row] = values @ fitted.weights[ids]
    return scores


def _temperature(scores: Floats, owners: Integers) -> float:
    """What to divide scores by, so that what is said to be 60 % sure is right 6 times of 10."""
    rows = np.arange(len(owners))

    def loss(log_temperature: float) -> float:
        likely = head.softmax(scores / math.exp(log_temperature))
        return float(-np.log(np.maximum(likely[rows, owners], 1e-9)).mean())

    found = optimize.minimize_scalar(loss, bounds=(-4, 2), method="bounded")
    return math.exp(float(found.x))


def _measured(likely: Floats, owners: Integers) -> Measured:
    best, sure = likely.argmax(axis=1), likely.max(axis=1) >= SURE
    right = best == owners
    return Measured(
        tickets=len(owners),
        categories=likely.shape[1],
        accuracy=float(right.mean()),
        coverage=float(sure.mean()),
        precision=float(right[sure].mean()) if sure.any() else 0.0,
        commonest=float(np.bincount(owners).max() / len(owners)),
    )


def _vector(text: str, idf: Floats) -> tuple[Integers, Floats]:
    return _weighed(Counter(_features(text)), idf)


def _weighed(counts: Counter[int], idf: Floats) -> tuple[Integers, Floats]:
    """tf-idf of length 1: tf is ``1 + ln(count)``."""
    ids = np.array(sorted(counts), dtype=np.int32)
    values = (1 + np.log(np.array([counts[each] for each in ids], dtype=np.float32))) * idf[ids]
    length = float(np.sqrt(values @ values)) or 1.0
    return ids, (values / length).astype(np.float32)


def _features(text: str) -> Iterator[int]:
    there = [stem(word) for word in words(text)[:WORDS_AT_MOST]]
    for word in there:
        yield _bucket(f"w {word}")
        yield from _of_word(word)
    for one, other in pairwise(there):
        yield _bucket(f"p {one} {other}")


@lru_cache(maxsize=65_536)
def _of_word(word: str) -> tuple[int, ...]:
    return tuple(_bucket(f"g {gram}") for gram in grams(word))


def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode()) % BUCKETS
