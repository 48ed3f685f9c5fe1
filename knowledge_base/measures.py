"""What is measured when the matching is judged against questions whose answer is known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.vectors import Bits

Confidences = NDArray[np.float64]

REFUSED = 0.9  # of the unanswerable, where S90 looks
COST = 0.01  # of the right answers, for refusing more


@dataclass(frozen=True)
class Outcomes:
    """How a set of questions fared, one place a question."""

    is_answerable: Bits
    is_right: Bits  # the first article is the right one
    is_among_three: Bits
    confidences: Confidences

    @property
    def has_unanswerable(self) -> bool:
        """Whether measures of refusal mean anything."""
        return bool(self.is_answerable.any() and not self.is_answerable.all())

    def t1(self) -> float | None:
        """Share of the answerable whose right article is first."""
        return _share(self.is_right[self.is_answerable])

    def t3(self) -> float | None:
        """Share of the answerable whose right article is among three."""
        return _share(self.is_among_three[self.is_answerable])

    def auroc(self) -> float | None:
        """Probability that an answerable question is trusted more than an unanswerable one.

        The Mann-Whitney statistic; ties count half.
        """
        if not self.has_unanswerable:
            return None
        from scipy.stats import rankdata  # 30 MB, which a running desk does without

        ranks = rankdata(self.confidences)[self.is_answerable]
        good, bad = len(ranks), int((~self.is_answerable).sum())
        return float((ranks.sum() - good * (good + 1) / 2) / (good * bad))

    def s90(self) -> float | None:
        """Share of the answerable answered right where 90 % of the unanswerable are refused."""
        if not self.has_unanswerable:
            return None
        threshold = float(np.quantile(self.confidences[~self.is_answerable], REFUSED))
        return _share((self.is_right & (self.confidences > threshold))[self.is_answerable])

    def false_answers(self, is_answered: Bits) -> float | None:
        """Share of the unanswerable that got an answer (FAR)."""
        return _share(is_answered[~self.is_answerable])

    def answered_right(self, is_answered: Bits) -> float | None:
        """Share of the answerable that got the right answer."""
        return _share((self.is_right & is_answered)[self.is_answerable])

    def best_threshold(self) -> float:
        """The confidence at which most questions get what they should: the right answer, or none.

        It is raised as long as that costs no more than `COST` of the right answers: sets of
        questions mostly have fewer unanswerable ones than a desk.
        """
        thresholds = np.unique(self.confidences)
        if not len(thresholds):
            return 1.0
        good = np.sort(self.confidences[self.is_answerable & self.is_right])
        bad = np.sort(self.confidences[~self.is_answerable])
        answered = len(good) - np.searchsorted(good, thresholds)
        refused = np.searchsorted(bad, thresholds)
        best = float(thresholds[np.argmax(answered + refused)])
        return max(best, float(good[int(COST * len(good))])) if len(good) else best

    def coverage(self) -> Sequence[tuple[float, float]]:
        """Precision against coverage: (share of all answered, share of those that are right)."""
        order = np.argsort(-self.confidences, kind="stable")
        right = np.cumsum(self.is_right[order])
        answered = np.arange(1, len(order) + 1)
        return list(zip((answered / len(order)).tolist(), (right / answered).tolist(), strict=True))

    def place_of(self, is_answered: Bits) -> tuple[float, float] | None:
        """Where answering these lies on that curve; None where none is answered."""
        right = _share(self.is_right[is_answered])
        return None if right is None else (float(is_answered.mean()), right)


def _share(which: Bits) -> float | None:
    return float(which.mean()) if len(which) else None
