"""Ranks the articles that may answer a question and measures how good the best one looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from knowledge_base import head
from knowledge_base.head import Head
from knowledge_base.index import Candidates, Index, Question
from knowledge_base.meanings import Meanings
from knowledge_base.vectors import Bits, Floats, Integers, Vector

SHOWN = 3
FROM_HEAD = 8  # articles that the head alone may put forward
MEASURED = 6  # articles whose nearest phrasing rapidfuzz compares
NEAREST = 1.0  # weights of the ranking beside the head's log-odds, chosen on development sets
NEAREST_THREE = 1.0
TOKEN_SET = 0.3
TOKEN_SORT = 0.2
MEANING = 2.0
TYPICAL_MEANING = 0.5  # cosine that tells nothing of whether the article answers the question
MEANINGS = 10  # phrasings of a contender whose meaning is compared though their words are not near
WITHOUT_HEAD = 8.0  # times as much cosine where no head could be trained
NEVER = np.float32(-30.0)


@dataclass(frozen=True)
class Ranked:
    """An article in the order of a question: ``entry`` is that of its nearest phrasing."""

    article: int
    entry: int
    score: float


@dataclass(frozen=True)
class Match:
    """The best articles for a question, and the features by which the gate judges the first."""

    ranked: Sequence[Ranked]
    features: Floats


@dataclass(frozen=True)
class Practice:
    """Asks as if some rows, and whole articles, did not exist, with a head that never saw them."""

    is_hidden: Bits  # of each row
    absent: frozenset[int]  # articles all of whose rows are hidden
    head: Head | None


@dataclass
class _Contender:
    """An article in the running, with its nearest rows."""

    row: int
    nearest: list[float]
    meaning: float = 0.0
    score: float = 0.0
    token_set: float = 0.0
    token_sort: float = 0.0

    @property
    def three(self) -> float:
        return sum(self.nearest[:3]) / 3


FEATURES = (
    "log-odds of the best against all others",
    "margin to the second",
    "evidence: the head's raw score",
    "cosine of the nearest phrasing",
    "mean cosine of the three nearest",
    "cosine of the second article's nearest",
    "token_set_ratio",
    "token_sort_ratio",
    "share of the question that the knowledge base knows",
    "share of the question that the best article knows",
    "length of the question",
    "similarity of meaning",
)


class Matcher:
    """Ranking over one index; holds nothing that changes."""

    def __init__(self, index: Index, trained: Head | None, meanings: Meanings | None) -> None:
        self.index = index
        self.head = trained
        self.meanings = meanings
        self._first_rows = np.searchsorted(index.owners, np.arange(len(index.slugs) + 1))

    @property
    def size(self) -> int:
        """Bytes that answering needs, the encoder not counted."""
        extra = 0 if self.meanings is None else self.meanings.rows.nbytes
        return self.index.size + extra + (0 if self.head is None else self.head.size)

    def match(
        self,
        question: Question,
        practice: Practice | None = None,
        embedding: Floats | None = None,
    ) -> Match | None:
        """Rank the articles for a question; None where nothing is alike."""
        vector = self.index.space.vector(question.words)
        if self.meanings is not None and embedding is None:
            embedding = self.meanings.of(question.sentence)
        near = self.index.near(vector, hidden=practice.is_hidden if practice else None)
        log_odds = self._log_odds(vector, embedding, practice)
        contenders = self._contenders(near, log_odds, practice)
        if not contenders:
            return None
        if embedding is not None and self.meanings is not None:
            self._compare_meaning(contenders, near, embedding, practice)
        self._score(contenders, log_odds)
        self._measure(contenders, " ".join(question.words))
        order = sorted(contenders, key=lambda article: -contenders[article].score)
        ranked = [
            Ranked(
                article, self.index.rows[contenders[article].row].entry, contenders[article].score
            )
            for article in order[:SHOWN]
        ]
        return Match(ranked, self._features(order, contenders, log_odds, vector, practice))

    def _log_odds(
        self, vector: Vector, embedding: Floats | None, practice: Practice | None
    ) -> Floats | None:
        trained = self.head if practice is None else practice.head
        if trained is None:
            return None
        if embedding is not None and self.meanings is not None:
            embedding = self.meanings.weighed(embedding)
        log_odds = trained.scores(vector.ids, vector.weights, embedding)
        if practice is not None:
            log_odds[list(practice.absent)] = NEVER
        return log_odds

    def _contenders(
        self, near: Candidates, log_odds: Floats | None, practice: Practice | None
    ) -> dict[int, _Contender]:
        contenders: dict[int, _Contender] = {}
        owners = self.index.owners[near.rows].tolist()
        for row, cosine, owner in zip(
            near.rows.tolist(), near.cosines.tolist(), owners, strict=True
        ):
            known = contenders.get(owner)
            if known is None:
                contenders[owner] = _Contender(row, [cosine])
            else:
                known.nearest.append(cosine)
        if log_odds is not None and (contenders or self.meanings is not None):
            for article in _highest(log_odds, FROM_HEAD).tolist():
                contenders.setdefault(article, _Contender(int(self._first_rows[article]), []))
        if practice is not None:
            return {a: c for a, c in contenders.items() if a not in practice.absent}
        return contenders

    def _score(self, contenders: Mapping[int, _Contender], log_odds: Floats | None) -> None:
        for article, contender in contenders.items():
            cosines = NEAREST * (contender.nearest[0] if contender.nearest else 0.0)
            cosines += NEAREST_THREE * contender.three + MEANING * contender.meaning
            if log_odds is None:
                contender.score = WITHOUT_HEAD * cosines
            else:
                contender.score = float(log_odds[article]) + cosines

    def _compare_meaning(
        self,
        contenders: Mapping[int, _Contender],
        near: Candidates,
        embedding: Floats,
        practice: Practice | None,
    ) -> None:
        """Find each contender's phrasing of the nearest meaning, among its near or first ones."""
        rows = [near.rows]
        for article in contenders:
            first, last = self._first_rows[article : article + 2]
            rows.append(np.arange(first, min(last, first + MEANINGS), dtype=np.int32))
        chosen = np.concatenate(rows)
        if practice is not None:
            chosen = chosen[~practice.is_hidden[chosen]]
        assert self.meanings is not None  # noqa: S101 - for the type checker
        cosines = (self.meanings.rows[chosen] @ embedding).tolist()
        for row, owner, cosine in zip(
            chosen.tolist(), self.index.owners[chosen].tolist(), cosines, strict=True
        ):
            contender = contenders.get(owner)
            if contender is not None and cosine > contender.meaning:
                contender.meaning = cosine
                if not contender.nearest:
                    contender.row = row

    def _measure(self, contenders: Mapping[int, _Contender], question: str) -> None:
        """Compare the question by rapidfuzz with the nearest phrasing of the best few."""
        for contender in sorted(contenders.values(), key=lambda c: -c.score)[:MEASURED]:
            phrase = self.index.phrases[contender.row]
            contender.token_set = fuzz.token_set_ratio(question, phrase) / 100
            contender.token_sort = fuzz.token_sort_ratio(question, phrase) / 100
            contender.score += TOKEN_SET * contender.token_set + TOKEN_SORT * contender.token_sort

    def _features(
        self,
        order: Sequence[int],
        contenders: Mapping[int, _Contender],
        log_odds: Floats | None,
        vector: Vector,
        practice: Practice | None,
    ) -> Floats:
        best = contenders[order[0]]
        second = contenders[order[1]] if len(order) > 1 else None
        known, shared = self._shares(vector, order[0], practice)
        likely = _likelihood(log_odds, order[0]) if log_odds is not None else 0.0
        return np.array(
            [
                likely,
                min(best.score - second.score, 6.0) if second else 3.0,
                float(log_odds[order[0]]) if log_odds is not None else 0.0,
                best.nearest[0] if best.nearest else 0.0,
                best.three,
                second.nearest[0] if second and second.nearest else 0.0,
                best.token_set,
                best.token_sort,
                known,
                shared,
                np.log1p(vector.stem_mass),
                best.meaning - TYPICAL_MEANING if self.meanings is not None else 0.0,
            ],
            dtype=np.float32,
        )

    def _shares(self, vector: Vector, best: int, practice: Practice | None) -> tuple[float, float]:
        """How much of the question's idf the knowledge base, and the best article, have."""
        known = shared = 0.0
        first, last = self._first_rows[best : best + 2]
        for stem, idf in vector.stems:
            rows = self.index.stem_rows(stem)
            if practice is not None:
                rows = rows[~practice.is_hidden[rows]]
            if len(rows):
                known += idf
                place = np.searchsorted(rows, first)
                shared += idf * bool(place < len(rows) and rows[place] < last)
        mass = max(vector.stem_mass, 1e-9)
        return known / mass, shared / mass


def _highest(scores: Floats, count: int) -> Integers:
    if len(scores) <= count:
        return np.arange(len(scores), dtype=np.int32)
    return np.argpartition(scores, -count)[-count:].astype(np.int32)


def _likelihood(log_odds: Floats, article: int) -> float:
    share = float(head.softmax(log_odds)[article])
    return float(np.log(max(share, 1e-4) / max(1 - share, 1e-4)))
