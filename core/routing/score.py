"""The score of a pair, and what it says in words: what won, and what would have to change."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.routing.policy import RoutingPolicy, Weights
from core.routing.signals import HIGHEST_LEVEL, SIGNALS, Seeker, Signals, Taker

TELLING = 0.05  # points; a smaller difference is not worth a sentence
SAID_AS = {
    "skill": "a higher level of the skill",
    "language": "a better command of the language",
    "room": "more free room",
    "idle": "a longer idle time",
    "record": "a better record in this category",
    "knows": "having helped this customer before",
    "time_left": "a ticket that presses more",
    "tier": "a tier nearer to the one asked for",
    "calm": "nothing of theirs due soon",
    "keeps": "fewer rare abilities that this ticket does not use",
}


def score(signals: Signals, weights: Weights) -> float:
    """The points of a pair: the sum of weight × signal. It never falls when a signal rises."""
    return sum(weights.points(signals).values())


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A ticket and the agent it would go to, with the signals, the points and whose weights they are."""

    seeker: Seeker
    taker: Taker
    signals: Signals
    policy: RoutingPolicy
    score: float

    def kept(self) -> dict[str, Any]:
        """What is kept of it with an assignment, for `replayed` and for people."""
        return {
            "agent": self.taker.name,
            "number": self.taker.number,
            "score": self.score,
            "signals": asdict(self.signals),
        }


def replayed(kept: Mapping[str, Any], weights: Weights) -> float:
    """The points that a kept pair would have with these weights."""
    return score(Signals(**kept["signals"]), weights)


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a pair was made: sentences on what spoke for it, and, for each of the others, on what
    would have had to be different for them to win."""

    because: Sequence[str]
    unless: Sequence[str]


def explain(pair: Pair, others: Sequence[Pair]) -> Explanation:
    """Compare the pair that was made with the other candidates for the same ticket, best first.

    A pair can be made although another has more points for this ticket: then the other agent was of
    more use elsewhere at the same moment, and that is said.
    """
    rivals = sorted(
        (other for other in others if other.taker.number != pair.taker.number),
        key=lambda other: (-other.score, other.taker.number),
    )
    if not rivals:
        return Explanation(
            because=[f"{pair.taker.name} was the only one free who fits."],
            unless=["Somebody else who fits would have to be free."],
        )
    return Explanation(
        because=_because(pair, rivals[0]), unless=[_unless(pair, rival) for rival in rivals]
    )


def _because(pair: Pair, rival: Pair) -> list[str]:
    mine, theirs = (pair.policy.weights.points(each.signals) for each in (pair, rival))
    ahead = {name: mine[name] - theirs[name] for name in SIGNALS}
    telling = sorted((name for name in SIGNALS if ahead[name] > TELLING), key=lambda n: -ahead[n])
    gained = ", ".join(f"{name.replace('_', ' ')} +{ahead[name]:.2f}" for name in telling[:3])
    sentence = (
        f"{pair.taker.name} has {pair.score:.2f} points, {rival.taker.name} {rival.score:.2f}"
    )
    if rival.score > pair.score:
        return [f"{sentence}; {rival.taker.name} did more good elsewhere at the same moment."]
    return [f"{sentence}: {gained or 'nearly the same'}."]


def _unless(pair: Pair, rival: Pair) -> str:
    gap = pair.score - rival.score
    if gap < 0:
        return f"{rival.taker.name}: no other ticket needing them more at that moment."
    ways = [
        SAID_AS[name] + _level(name, getattr(rival.signals, name), gap, rival.policy.weights)
        for name in SIGNALS
        if name != "time_left"  # the same for every candidate of a ticket
        and getattr(rival.policy.weights, name) * (1 - getattr(rival.signals, name)) > gap
    ]
    if not ways:
        return f"{rival.taker.name}: {gap:.2f} points are missing; no single change would do."
    return f"{rival.taker.name}: {gap:.2f} points are missing; {' or '.join(ways)} would do."


def _level(name: str, signal: float, gap: float, weights: Weights) -> str:
    if name not in {"skill", "language"}:
        return ""
    needed = next(
        level
        for level in range(1, HIGHEST_LEVEL + 1)
        if getattr(weights, name) * (level / HIGHEST_LEVEL - signal) > gap
    )
    return f" ({needed} of {HIGHEST_LEVEL})"
