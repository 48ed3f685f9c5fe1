"""What a challenger would have been worth, from what was logged while the rules decided."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit  # of scipy.stats it would be another 30 MB

from core.routing.learning import Case, fit, row, table
from core.routing.policy import Weights

FOLDS = 5
RIDGE = 1.0
ENOUGH_CASES = 300
ENOUGH_TRIED = 20  # cases in which the lot chose as the challenger, and the rules would not have
CONFIDENCE = 0.95  # of the interval that is reported
SURENESS = 0.9998  # of the one that decides: it is looked at often
MARGIN = 0.01  # of reward (0–1) by which a challenger has to win

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """The challenger against the rules, in reward (0–1) for each assignment.

    ``differs`` counts the cases in which they choose differently, ``tried`` those of them in which
    the challenger's choice was made, by lot. ``low`` to ``high`` is the interval of ``CONFIDENCE``
    around ``difference``, ``surely`` the lower and ``at_most`` the upper bound that decide. None of
    these is known where too little was tried.
    """

    cases: int
    differs: int
    tried: int
    rules: float
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    surely: float | None = None
    at_most: float | None = None

    def sentence(self) -> str:
        """The report for people."""
        if not self.cases:
            return "There are no assignments with an outcome yet."
        seen = f"Over {self.cases} assignments the challenger chose differently in {self.differs}"
        if self.difference is None:
            return (
                f"{seen}, and its choice was tried in {self.tried} of them: too few to tell. What "
                "was never tried cannot be judged; a share of assignments by lot makes it known."
            )
        return (
            f"{seen} ({self.tried} tried). It would change the reward by {self.difference:+.4f} an "
            f"assignment ({CONFIDENCE:.0%} interval {self.low:+.4f} to {self.high:+.4f}); the "
            f"rules have {self.rules:.4f}."
        )


def estimate(cases: Sequence[Case], challenger: Weights) -> Estimate:
    """The doubly robust estimate of the difference (Dudík, Langford and Li 2011), cross-fitted.

    A model of the outcome is fitted on the other folds; where the choice made is the challenger's,
    the model's error counts by the inverse of its propensity, and the same for the rules. Where the
    two agree, both terms are equal and nothing is added but certainty. It is without bias whatever
    the model, since the propensities are known: they are drawn by us. Cases without are left out.
    """
    cases = [case for case in cases if case.propensity > 0]
    stack = _Stack.of(cases)
    theirs = stack.preferred(challenger)
    differs = theirs != stack.ours
    tried = int(np.sum(differs & (stack.chosen == theirs)))
    rules = float(np.mean([case.reward for case in cases])) if cases else 0.0
    known = Estimate(cases=len(cases), differs=int(differs.sum()), tried=tried, rules=rules)
    if len(cases) < ENOUGH_CASES or tried < ENOUGH_TRIED:
        return known
    gains = stack.gains(theirs)
    mean, error = float(gains.mean()), float(gains.std(ddof=1) / math.sqrt(len(gains)))
    usual, rare = (
        error * float(stdtrit(tried, (1 + share) / 2)) for share in (CONFIDENCE, SURENESS)
    )
    return Estimate(
        **(
            vars(known)
            | {
                "difference": mean,
                "low": mean - usual,
                "high": mean + usual,
                "surely": mean - rare,
                "at_most": mean + rare,
            }
        )
    )


@dataclass(frozen=True)
class _Stack:
    """All cases as arrays. ``rows`` has the signals of every candidate of every case; ``starts``
    says where a case begins, and ``chosen`` and ``ours`` (what the rules preferred) are rows."""

    rows: Floats
    starts: Places
    chosen: Places
    ours: Places
    propensity: Floats
    reward: Floats

    @classmethod
    def of(cls, cases: Sequence[Case]) -> "_Stack":
        starts = np.cumsum([0, *(len(case.considered) for case in cases)])[:-1]
        return cls(
            rows=table([each for case in cases for each in case.considered]),
            starts=starts,
            chosen=starts + np.array([case.chosen for case in cases], dtype=int),
            ours=starts + np.array([case.preferred for case in cases], dtype=int),
            propensity=np.array([case.propensity for case in cases]),
            reward=np.array([case.reward for case in cases]),
        )

    def preferred(self, weights: Weights) -> Places:
        """The row of the candidate with the most points, for each case."""
        if not len(self.starts):
            return self.starts
        points = self.rows @ row(weights)
        case = np.repeat(np.arange(len(self.starts)), np.diff([*self.starts, len(points)]))
        best = np.lexsort((np.arange(len(points)), -points, case))
        return best[self.starts]

    def gains(self, theirs: Places) -> Floats:
        """For each case, the challenger's term less the rules'."""
        rows = np.hstack([np.ones((len(self.rows), 1)), self.rows])
        folds = np.arange(len(self.starts)) % FOLDS
        gains = np.zeros(len(self.starts))
        for fold in range(FOLDS):
            model = _model(rows[self.chosen[folds != fold]], self.reward[folds != fold])
            here, expected = folds == fold, rows @ model
            error = (self.reward - expected[self.chosen])[here] / self.propensity[here]
            for choice, sign in ((theirs, 1.0), (self.ours, -1.0)):
                made = self.chosen[here] == choice[here]
                gains[here] += sign * (expected[choice[here]] + made * error)
        return gains


def _model(rows: Floats, rewards: Floats) -> Floats:
    """Ridge regression of the outcome on the signals of who got the ticket."""
    ridge = RIDGE * np.eye(rows.shape[1])
    ridge[0, 0] = 1e-6
    solved = np.linalg.solve(rows.T @ rows + ridge, rows.T @ rewards)
    return np.asarray(solved, dtype=np.float64)


class Challenged(StrEnum):
    """How the challenger is set: it decides, it runs in shadow, or the figures say which."""

    ON = "on"
    OFF = "off"
    AUTO = "auto"


def decides(setting: Challenged, *, now: bool, found: Estimate) -> bool:
    """Whether the challenger is to decide, given whether it does ``now``.

    By itself it begins when it surely wins by the margin, and stops when it surely loses anything.
    What is surely so is read from a wide interval, since it is looked at again and again.
    """
    if setting is not Challenged.AUTO:
        return setting is Challenged.ON
    if found.surely is None or found.at_most is None:
        return now
    return found.at_most >= 0.0 if now else found.surely > MARGIN


def challenge(cases: Sequence[Case], rules: Weights) -> tuple[Weights | None, Estimate]:
    """Weights fitted on the older half of the cases, judged on the newer: never on what it saw."""
    half = len(cases) // 2
    weights = fit(cases[:half], rules)
    if weights is None:
        return None, estimate(cases, rules)
    return weights, estimate(cases[half:], weights)
