"""Decides how far a match may be trusted, having practised on the articles themselves."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from core.deflection import Verdict
from knowledge_base.vectors import Bits, Floats

# Of match.FEATURES; the others ranked, but did not judge, on new articles.
USED = (0, 2, 3, 4, 9, 11)
CENTRE = np.array([1.0, 3.0, 0.4, 0.2, 0.5, 0.0], dtype=np.float32)
SCALE = np.array([2.0, 2.0, 0.2, 0.15, 0.2, 0.15], dtype=np.float32)
# Weights of USED, then the constant: set by hand near what the development sets gave.
PRIOR = np.array([0.8, 0.5, 0.45, 0.1, 0.15, 0.6, 0.3], dtype=np.float32)
# Strong, since practice questions are nearer to the articles than strangers' are: left alone, they
# teach that meaning tells nothing.
PRIOR_STRENGTH = 100.0
FREE = 3.0  # the same for the constant, which practice may set
PRACTICE_WEIGHT = 600.0  # practice questions at most, by weight
PRIOR_REFUSED = NormalDist(mu=-1.9, sigma=1.5)  # assumed log-odds of the unanswerable
PRIOR_QUESTIONS = 40  # how many observed ones that assumption is worth
FARTHEST = 6.0  # standard units; beyond it a feature says no more
GREY = 4.0  # times the false-answer rate at which three may still be offered


@dataclass(frozen=True)
class Gate:
    """A logistic judgement and the two confidences at which its verdict changes."""

    weights: Floats
    sure: float
    unsure: float

    def confidence(self, features: Floats) -> float:
        """The calibrated probability that the best article is the right one."""
        return _probability(float(_design(features[None, :])[0] @ self.weights))

    def verdict(self, confidence: float) -> Verdict:
        """What may be said at this confidence."""
        if confidence >= self.sure:
            return Verdict.SURE
        return Verdict.UNSURE if confidence >= self.unsure else Verdict.QUIET


def train(features: Floats, is_right: Bits, is_refusable: Bits, *, target_far: float) -> Gate:
    """Fit the gate to practice questions.

    ``is_refusable`` marks those whose article was left out. Their confidences choose the
    thresholds: above ``sure`` lies the share ``target_far`` of them.
    """
    design = _design(features)
    weights = _logistic(design, is_right.astype(np.float32)) if is_right.any() else PRIOR
    refused = design[is_refusable] @ weights
    return Gate(
        weights=weights,
        sure=_probability(_threshold(refused, target_far)),
        unsure=_probability(_threshold(refused, min(GREY * target_far, 0.5))),
    )


def _threshold(refused: Floats, share: float) -> float:
    """The log-odds above which a share of the refusable lie, held near to the prior while few."""
    assumed = PRIOR_REFUSED.inv_cdf(1 - min(max(share, 0.001), 0.999))
    seen = float(np.quantile(refused, 1 - share)) if len(refused) else 0.0
    return (len(refused) * seen + PRIOR_QUESTIONS * assumed) / (len(refused) + PRIOR_QUESTIONS)


def _design(features: Floats) -> Floats:
    standard = np.clip((features[:, USED] - CENTRE) / SCALE, -FARTHEST, FARTHEST)
    return np.hstack([standard, np.ones((len(features), 1), dtype=np.float32)])


def _logistic(design: Floats, right: Floats) -> Floats:
    """Logistic regression pulled towards PRIOR rather than towards nothing; no weight is negative."""
    each = min(1.0, PRACTICE_WEIGHT / len(design))
    pull = np.full(len(PRIOR), PRIOR_STRENGTH)
    pull[-1] = FREE

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        log_odds = design @ weights
        away = weights - PRIOR
        missed = np.logaddexp(0, log_odds) - right * log_odds
        slope = each * (design.T @ (expit(log_odds) - right)) + pull * away
        return float(each * missed.sum() + 0.5 * (pull * away**2).sum()), slope

    bounds = [(0.0, None)] * (len(PRIOR) - 1) + [(None, None)]
    best = minimize(loss, PRIOR.astype(np.float64), jac=True, method="L-BFGS-B", bounds=bounds)
    weights: Floats = best.x.astype(np.float32)
    return weights


def _probability(log_odds: float) -> float:
    return float(expit(log_odds))
