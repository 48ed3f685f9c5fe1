"""Learning: weights fitted on the desk's own outcomes, as a challenger to those it works with."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from operator import attrgetter
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from core.routing.policy import HEAVIEST, Weights
from core.routing.record import USUAL_MINUTES
from core.routing.signals import SIGNALS, Signals

OF_THE_TICKET = frozenset({"time_left"})  # the same for all its candidates, so not learnt from them
Floats: TypeAlias = NDArray[np.float64]
VALUES = attrgetter(*SIGNALS)
LEARNT = tuple(name for name in SIGNALS if name not in OF_THE_TICKET)
IS_LEARNT = np.array([name in LEARNT for name in SIGNALS])
ENOUGH = 200  # assignments with an outcome, before weights are fitted
CAUTION = 10.0  # how many assignments' worth of belief each weight has in being as it is
IN_TIME, BRISK, CONTENT = 0.5, 0.3, 0.2  # what an outcome is made of
EXPLORED = 0.05  # share of assignments given by lot, while a challenger is judged


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of an assignment; None where it is not known, or does not apply."""

    in_time: bool | None = None
    minutes: float | None = None
    csat: int | None = None

    def reward(self) -> float | None:
        """How good it was, from 0 to 1; None where nothing is known.

        ``0.5 × first response in time + 0.3 × u / (u + minutes to resolution) + 0.2 × (CSAT − 1) /
        4``, ``u`` the usual minutes; what is not known is left out, and the rest counts for more.
        """
        parts = [
            (IN_TIME, None if self.in_time is None else float(self.in_time)),
            (
                BRISK,
                None
                if self.minutes is None
                else USUAL_MINUTES / (USUAL_MINUTES + max(0.0, self.minutes)),
            ),
            (CONTENT, None if self.csat is None else (self.csat - 1) / 4),
        ]
        known = [(share, value) for share, value in parts if value is not None]
        total = sum(share for share, _ in known)
        return sum(share * value for share, value in known) / total if total else None


@dataclass(frozen=True, kw_only=True)
class Case:
    """One past assignment: the candidates' signals, which of them got the ticket (an index), how
    likely that was (0–1) given the lot, which one the rules preferred, and how good the outcome was
    (0–1). A propensity of 0 is not known: such a case teaches, but judges nobody."""

    considered: Sequence[Signals]
    chosen: int
    preferred: int
    propensity: float
    reward: float


def case_of(why: Mapping[str, Any], agent: int, outcome: Outcome) -> Case | None:
    """What is kept with an assignment, together with its outcome; None where it cannot be learnt
    from: given by hand, kept in another form, or without an outcome."""
    reward = outcome.reward()
    considered = [each for each in why.get("considered", ()) if "signals" in each]
    numbers = [each.get("number") for each in considered]
    if reward is None or agent not in numbers or why.get("preferred", agent) not in numbers:
        return None
    if any(set(each["signals"]) != set(SIGNALS) for each in considered):
        return None
    return Case(
        considered=[Signals(**each["signals"]) for each in considered],
        chosen=numbers.index(agent),
        preferred=numbers.index(why.get("preferred", agent)),
        propensity=float(why.get("propensity", 0.0)),
        reward=reward,
    )


def table(considered: Sequence[Signals]) -> Floats:
    """Signals as numbers: a row for each candidate, the columns in the order of `SIGNALS`."""
    return np.array([VALUES(each) for each in considered], dtype=float)


def row(weights: Weights) -> Floats:
    """Weights as numbers, in the order of `SIGNALS`: ``table @ row`` is the score."""
    return np.array(VALUES(weights), dtype=float)


def preferred(considered: Sequence[Signals], weights: Weights) -> int:
    """The candidate with the most points, the first of equals: an index."""
    return int(np.argmax(table(considered) @ row(weights)))


@dataclass(frozen=True)
class Draw:
    """Which candidate gets the ticket (an index), and how likely that was."""

    chosen: int
    propensity: float


def explore(count: int, best: int, *, share: float, lot: float) -> Draw:
    """Give a small ``share`` of tickets to any of ``count`` candidates who fit, by ``lot`` (0–1).

    Without that nothing could be known of choices that the rules never make.
    """
    chosen = best if lot >= share else min(count - 1, int(lot / share * count))
    return Draw(chosen, share / count + (1.0 - share) * (chosen == best))


def lot_of(*words: object) -> float:
    """A lot from 0 to 1 that depends on nothing but the words: it can be drawn again."""
    drawn = hashlib.sha256(" ".join(map(str, words)).encode()).digest()[:8]
    return int.from_bytes(drawn, "big") / 2.0**64


def fit(cases: Sequence[Case], rules: Weights) -> Weights | None:
    """A challenger's weights; None while there are too few cases.

    Non-negative ridge regression of the outcome on the signals of who got the ticket, with the
    ticket's own pressure held constant (Lawson and Hanson 1974, for non-negative least squares). It
    leans to the rules: with few cases or no difference it stays what they are. Weights are scaled to
    the sum of the rules' own, so that they stand in the same proportion to ``time_left``, which
    cannot be learnt from who got a ticket, and stays.
    """
    if len(cases) < ENOUGH:
        return None
    chosen = table([case.considered[case.chosen] for case in cases])
    seen, pressed = chosen[:, IS_LEARNT], chosen[:, ~IS_LEARNT]
    rewards = np.array([case.reward for case in cases])
    nuisance = np.hstack([np.ones((len(cases), 1)), pressed])
    seen, rewards = _without(nuisance, seen), _without(nuisance, rewards[:, None])[:, 0]
    total = sum(getattr(rules, name) for name in LEARNT)
    if total <= 0:
        return None
    own = row(rules)[IS_LEARNT]
    alone = seen @ own
    scale = max(0.0, float(alone @ rewards) / max(float(alone @ alone), 1e-12))
    pull = np.sqrt(CAUTION) * np.eye(len(LEARNT)) * max(seen.std(), 1e-6)
    fitted, _ = nnls(np.vstack([seen, pull]), np.concatenate([rewards, pull @ (scale * own)]))
    if fitted.sum() <= 1e-9:
        return None
    scaled = np.minimum(fitted * total / fitted.sum(), HEAVIEST)
    learnt = dict(zip(LEARNT, map(float, scaled), strict=True))
    return Weights(**(asdict(rules) | learnt))


def _without(nuisance: Floats, values: Floats) -> Floats:
    """What is left of the values when the nuisance is regressed out (Frisch and Waugh 1933)."""
    explained, *_ = np.linalg.lstsq(nuisance, values, rcond=None)
    left: Floats = values - nuisance @ explained
    return left
