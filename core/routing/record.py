"""The track record of an agent in a category, trusted only as far as its cases reach."""

from collections.abc import Mapping
from dataclasses import dataclass

PRIOR_CASES = 6.0  # what the desk's mean weighs against an agent's own cases
PRIOR_RATINGS = 10.0
USUAL_MINUTES = 20.0  # of a desk that has resolved nothing yet
USUAL_CSAT = 4.0
CSAT_SHARE = 0.2  # how much of the signal is CSAT; the rest is time


@dataclass(frozen=True, kw_only=True)
class Record:
    """Sums over resolved tickets of one category: how many, minutes from assignment to resolution,
    how many were rated, and their scores (1–5)."""

    cases: float = 0
    minutes: float = 0.0
    rated: float = 0
    csat: float = 0.0

    def plus(self, *, minutes: float, csat: int | None = None) -> "Record":
        """The record after one more resolution."""
        return Record(
            cases=self.cases + 1,
            minutes=self.minutes + minutes,
            rated=self.rated + (csat is not None),
            csat=self.csat + (csat or 0),
        )

    def added(self, other: "Record") -> "Record":
        """Both together."""
        return Record(
            cases=self.cases + other.cases,
            minutes=self.minutes + other.minutes,
            rated=self.rated + other.rated,
            csat=self.csat + other.csat,
        )

    @property
    def mean_minutes(self) -> float:
        return self.minutes / self.cases if self.cases else USUAL_MINUTES

    @property
    def mean_csat(self) -> float:
        return self.csat / self.rated if self.rated else USUAL_CSAT


NOTHING = Record()

Records = Mapping[str, Record]
"""Category → record; the empty name stands for tickets without a category."""


def shrunk(total: float, count: float, *, mean: float, prior: float) -> float:
    """The posterior mean of a rate: ``(prior × mean + total) / (prior + count)``.

    The conjugate normal estimate with known variance (Gelman et al., Bayesian Data Analysis, 2.5):
    with no cases it is the desk's mean, and own cases outweigh that after ``prior`` of them. Takes
    numbers or numpy arrays.
    """
    return (prior * mean + total) / (prior + count)


def expected_minutes(own: Record, desk: Record) -> float:
    """How long the agent is likely to take, in minutes, before the ticket's own size is known."""
    return shrunk(own.minutes, own.cases, mean=desk.mean_minutes, prior=PRIOR_CASES)
