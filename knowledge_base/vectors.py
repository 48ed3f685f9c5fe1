"""The space of words, word pairs and character n-grams in which questions and phrasings are compared."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from knowledge_base import text

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]
Bits = NDArray[np.bool_]

FEW = 10  # phrasings an article, up to which only articles are counted


@dataclass(frozen=True)
class Vector:
    """A question as tf-idf: features that the knowledge base knows, and what the unknown ones weigh.

    The length of the whole vector, unknown features included, is at most 1, so that a strange
    question is far from everything. ``stems`` are its known stems with their idf; ``stem_mass`` is
    the idf of all its stems, known or not.
    """

    ids: Integers
    weights: Floats
    stems: Sequence[tuple[int, float]]
    stem_mass: float


class Family:
    """One kind of feature, its vocabulary and how much each feature says.

    idf is ``ln((1 + n) / (1 + df)) + 1`` and tf ``1 + ln(count)`` (Salton and Buckley 1988). While
    phrasings are few, n and df count articles instead of phrasings: a word that all phrasings of
    one article share is what that article is about. With many, phrasings are the better evidence;
    between, the two weights are mixed (see `FEW`).
    """

    def __init__(self, split: Callable[[Sequence[str]], Iterable[str]], share: float) -> None:
        self._split = split
        self._scale = math.sqrt(share)
        self._ids: dict[str, int] = {}
        self._idf: list[float] = []
        self._unknown_idf = 1.0

    def learn(self, texts: Sequence[Sequence[str]], owners: Integers) -> sparse.csr_array:
        """Take the vocabulary from the phrasings and return their vectors, one a row.

        ``owners`` is the number of the article that each belongs to.
        """
        indices: list[int] = []
        counts: list[int] = []
        starts = [0]
        ids = self._ids
        for known in texts:
            for feature, count in Counter(self._split(known)).items():
                indices.append(ids.setdefault(feature, len(ids)))
                counts.append(count)
            starts.append(len(indices))
        columns = np.array(indices, dtype=np.int32)
        idf = self._learn_idf(columns, np.repeat(owners, np.diff(starts)), owners)
        weights = (1 + np.log(np.array(counts, dtype=np.float32))) * idf[columns]
        shape = (len(texts), len(ids))
        rows = sparse.csr_array((weights, columns, np.array(starts)), shape=shape)
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        rows.data *= np.repeat(self._scale / np.maximum(lengths, 1e-9), np.diff(rows.indptr))
        return rows

    def _learn_idf(
        self, columns: Integers, owner_of_each: Integers, owners: Integers
    ) -> NDArray[np.float64]:
        """Weigh the features, given the feature and the article of each occurrence."""
        size, phrasings = len(self._ids), len(owners)
        articles = int(owners.max(initial=-1)) + 1
        used = np.sort(columns * np.int64(max(articles, 1)) + owner_of_each)
        used = used[np.diff(used, prepend=-1) > 0]
        by_article = np.bincount(used // max(articles, 1), minlength=size)
        by_phrasing = np.bincount(columns, minlength=size)
        share = min(1.0, FEW * articles / max(phrasings, 1))
        mixed = share * np.log((1 + articles) / (1 + by_article))
        mixed += (1 - share) * np.log((1 + phrasings) / (1 + by_phrasing))
        self._idf = (mixed + 1).tolist()
        self._unknown_idf = (
            share * math.log(1 + articles) + (1 - share) * math.log(1 + phrasings) + 1
        )
        return mixed + 1

    def vector(self, known: Sequence[str]) -> tuple[list[int], list[float]]:
        """Ids and weights of the features of a text that the vocabulary has."""
        ids: list[int] = []
        weights: list[float] = []
        square = 0.0
        for feature, count in Counter(self._split(known)).items():
            number = self._ids.get(feature)
            idf = self._unknown_idf if number is None else self._idf[number]
            weight = idf if count == 1 else idf * (1 + math.log(count))
            square += weight * weight
            if number is not None:
                ids.append(number)
                weights.append(weight)
        scale = self._scale / math.sqrt(square) if square else 0.0
        return ids, [weight * scale for weight in weights]

    def idf(self, feature: str) -> tuple[int | None, float]:
        """The id of a feature, None where it is unknown, and its idf."""
        number = self._ids.get(feature)
        return number, self._unknown_idf if number is None else self._idf[number]

    def __len__(self) -> int:
        return len(self._ids)


class Space:
    """Stems, pairs of stems and character n-grams, each with its share of the squared length."""

    def __init__(self) -> None:
        self._stems = Family(lambda known: map(text.stem, known), share=0.22)
        self._pairs = Family(lambda known: text.pairs([text.stem(w) for w in known]), share=0.25)
        self._grams = Family(
            lambda known: (gram for word in known for gram in text.grams(word)), share=0.53
        )

    def learn(
        self, texts: Sequence[Sequence[str]], owners: Integers | None = None
    ) -> sparse.csr_array:
        """Take the vocabulary from phrasings (each a list of words); their vectors, one a row.

        ``owners`` is the number of the article that each belongs to; each has its own without it.
        """
        if owners is None:
            owners = np.arange(len(texts), dtype=np.int32)
        families = (self._stems, self._pairs, self._grams)
        blocks = [family.learn(texts, owners) for family in families]
        return sparse.csr_array(sparse.hstack(blocks, format="csr"))

    def vector(self, known: Sequence[str]) -> Vector:
        """A question's vector."""
        ids: list[int] = []
        weights: list[float] = []
        offset = 0
        for family in (self._stems, self._pairs, self._grams):
            its_ids, its_weights = family.vector(known)
            ids.extend(number + offset for number in its_ids)
            weights.extend(its_weights)
            offset += len(family)
        frequencies = [self._stems.idf(feature) for feature in {text.stem(w) for w in known}]
        return Vector(
            ids=np.array(ids, dtype=np.int32),
            weights=np.array(weights, dtype=np.float32),
            stems=[(number, idf) for number, idf in frequencies if number is not None],
            stem_mass=sum(idf for _, idf in frequencies),
        )
