"""Why an agent got a ticket: what is kept with the assignment, and how it is played again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.routing.policy import Weights
from core.routing.score import Pair, explain, replayed

VERSION = 1
KEPT = 5  # candidates
DIGITS = 4
ROUGHLY = 10 ** (1 - DIGITS)

Why = Mapping[str, Any]


def reason(
    pair: Pair, others: Sequence[Pair], *, step: str, elsewhere: Mapping[int, int]
) -> dict[str, Any]:
    """What is kept: whoever got it first, then the next best, each with signals and points; the
    weights; and sentences. ``elsewhere`` says which other ticket an agent got at the same moment."""
    rivals = [other for other in others if other.taker.number != pair.taker.number][: KEPT - 1]
    told = explain(pair, rivals)
    return {
        "version": VERSION,
        "rule": "the most points",
        "rung": step,  # as the rows have called it since the first
        "policy": pair.policy.name,
        "weights": asdict(pair.policy.weights),
        "considered": [_kept(pair, {}), *(_kept(rival, elsewhere) for rival in rivals)],
        "because": list(told.because),
        "unless": list(told.unless),
    }


def _kept(pair: Pair, elsewhere: Mapping[int, int]) -> dict[str, Any]:
    kept = pair.kept()
    kept["signals"] = {name: round(value, DIGITS) for name, value in kept["signals"].items()}
    kept["score"] = round(replayed(kept, pair.policy.weights), DIGITS)
    if pair.taker.number in elsewhere:
        kept["elsewhere"] = elsewhere[pair.taker.number]
    return kept


@dataclass(frozen=True)
class Replay:
    """A choice made again from what was kept: who got it, who would, and everybody's points.

    ``holds`` says that it comes to the same. An assignment by hand has no points to compare.
    """

    got: str
    wins: str
    points: Mapping[str, float]

    @property
    def holds(self) -> bool:
        return self.got == self.wins


def replay(why: Why) -> Replay | None:
    """Score what was considered again, by the kept signals and weights; None where nothing was.

    Who got another ticket at the same moment is not up for this one.
    """
    if why.get("version") != VERSION or not why.get("considered"):
        return None
    weights = Weights(**why["weights"])
    considered = why["considered"]
    got = considered[0]
    points = {each["agent"]: replayed(each, weights) for each in considered}
    up = [got, *(each for each in considered[1:] if "elsewhere" not in each)]
    if why.get("by_lot"):  # not for its points
        return Replay(got["agent"], got["agent"], points)
    best = max(points[each["agent"]] for each in up)
    wins = next(each for each in up if points[each["agent"]] > best - ROUGHLY)
    return Replay(got["agent"], wins["agent"], points)
