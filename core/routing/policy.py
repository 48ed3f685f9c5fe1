"""What routing is told to care for: weights of the signals, and the times that go with them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import timedelta
from typing import Any

from core.errors import Invalid
from core.routing.signals import SIGNALS, Pace, Signals

HEAVIEST = 100.0
USUAL = "default"
LONGEST = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Weights:
    """How many points each signal is worth when it is 1. Raises `Invalid` where one is absurd."""

    skill: float = 1.0
    language: float = 0.5
    room: float = 0.5
    idle: float = 0.5
    record: float = 1.0
    knows: float = 0.5
    time_left: float = 4.0
    tier: float = 0.5
    calm: float = 0.5
    keeps: float = 1.0

    def __post_init__(self) -> None:
        for name, weight in asdict(self).items():
            if not math.isfinite(weight) or not 0 <= weight <= HEAVIEST:
                raise Invalid(
                    f"The weight of {name} is {weight:g}; it has to be from 0 to {HEAVIEST:g}."
                )
        if not any(asdict(self).values()):
            raise Invalid("All weights are 0, so every agent would be as good as any. Raise one.")

    def points(self, signals: Signals) -> Mapping[str, float]:
        """What each signal contributes."""
        return {name: getattr(self, name) * getattr(signals, name) for name in SIGNALS}

    def changed(self, **weights: float) -> "Weights":
        """The same but for some of them. Raises `Invalid`."""
        unknown = sorted(set(weights) - set(SIGNALS))
        if unknown:
            raise Invalid(f"There is no signal {unknown[0]}. There are: {', '.join(SIGNALS)}.")
        return replace(self, **weights)


@dataclass(frozen=True, kw_only=True)
class RoutingPolicy:
    """How tickets from priority ``lowest`` up are routed, until a policy with a higher one begins.

    ``least``: a pair with fewer points is not made, and the ticket waits. ``spare``: an agent with
    a ticket due within so long gets nothing more; None where they may. Raises `Invalid`.
    """

    name: str = USUAL
    lowest: int = 1
    weights: Weights = field(default_factory=Weights)
    pace: Pace = field(default_factory=Pace)
    least: float = 0.0
    spare: timedelta | None = timedelta(minutes=5)

    def __post_init__(self) -> None:
        if not 1 <= self.lowest <= 4:
            raise Invalid(f"Policy {self.name}: priorities go from 1 (low) to 4 (urgent).")
        if not math.isfinite(self.least) or self.least < 0:
            raise Invalid(f"Policy {self.name}: the least number of points is 0 or more.")
        if self.least >= sum(asdict(self.weights).values()):
            raise Invalid(f"Policy {self.name}: nobody could ever reach {self.least:g} points.")
        if self.spare is not None and not timedelta() <= self.spare <= LONGEST:
            raise Invalid(f"Policy {self.name}: spare is from 0 minutes to 30 days, or none.")
        for each in fields(self.pace):
            value = getattr(self.pace, each.name)
            if isinstance(value, timedelta) and not timedelta() < value <= LONGEST:
                raise Invalid(
                    f"Policy {self.name}: {each.name} is more than 0 and at most 30 days."
                )
        if not 0 <= self.pace.late <= 1:
            raise Invalid(f"Policy {self.name}: late is from 0 to 1.")


def policy_of(priority: int, policies: Sequence[RoutingPolicy]) -> RoutingPolicy:
    """The policy for a ticket's priority: the one that begins nearest below it."""
    fitting = [policy for policy in policies if policy.lowest <= priority]
    return max(fitting, key=lambda policy: policy.lowest)


def checked(policies: Sequence[RoutingPolicy]) -> tuple[RoutingPolicy, ...]:
    """The policies, if together they say what to do with every ticket. Raises `Invalid`."""
    if len({policy.name for policy in policies}) < len(policies):
        raise Invalid("Two routing policies have the same name. Give each its own.")
    if len({policy.lowest for policy in policies}) < len(policies):
        raise Invalid("Two routing policies begin at the same priority. Change one of them.")
    if not any(policy.lowest == 1 for policy in policies):
        raise Invalid("No routing policy begins at low priority, so some tickets have none.")
    return tuple(sorted(policies, key=lambda policy: policy.lowest))


def read(rows: Sequence[Mapping[str, Any]]) -> tuple[RoutingPolicy, ...]:
    """Policies from rows as they are kept or written in a file; what is left out is the default.

    A row is ``{"name", "lowest", "weights": {…}, "horizon", "ageing", "late", "least", "spare"}``,
    times in minutes. Raises `Invalid`.
    """
    return checked([_read(row) for row in rows])


def _read(row: Mapping[str, Any]) -> RoutingPolicy:
    known = {"name", "lowest", "weights", "least", "spare", *(each.name for each in fields(Pace))}
    unknown = sorted(set(row) - known)
    if unknown:
        raise Invalid(f"A routing policy has no {unknown[0]}. It has: {', '.join(sorted(known))}.")
    try:
        values: dict[str, Any] = {name: row[name] for name in ("name", "lowest") if name in row}
        if "weights" in row:
            given = {str(name): float(weight) for name, weight in dict(row["weights"]).items()}
            values["weights"] = Weights().changed(**given)
        if "least" in row:
            values["least"] = float(row["least"])
        if "spare" in row:
            values["spare"] = None if row["spare"] is None else _minutes(row["spare"])
        pace: dict[str, Any] = {
            each.name: float(row[each.name]) if each.name == "late" else _minutes(row[each.name])
            for each in fields(Pace)
            if each.name in row
        }
        values["pace"] = Pace(**pace)
        return RoutingPolicy(**values)
    except (TypeError, ValueError, OverflowError) as wrong:
        raise Invalid(f"A routing policy cannot be read: {wrong}.") from None


def _minutes(value: object) -> timedelta:
    return timedelta(minutes=float(str(value)))


def written(policy: RoutingPolicy) -> dict[str, Any]:
    """A policy as a row that `read` takes."""
    pace = {
        each.name: value / timedelta(minutes=1) if isinstance(value, timedelta) else value
        for each in fields(Pace)
        for value in [getattr(policy.pace, each.name)]
    }
    return {
        "name": policy.name,
        "lowest": policy.lowest,
        "weights": asdict(policy.weights),
        "least": policy.least,
        "spare": None if policy.spare is None else policy.spare / timedelta(minutes=1),
        **pace,
    }


_USUALLY = Weights(
    skill=2.3,
    language=0.2,
    room=0.3,
    idle=0.3,
    record=3.75,
    knows=0.2,
    time_left=11.0,
    tier=0.5,
    calm=0.3,
    keeps=0.65,
)


def _paced(horizon: int, late: float, ageing: int) -> Pace:
    return Pace(horizon=timedelta(minutes=horizon), late=late, ageing=timedelta(minutes=ageing))


DEFAULT = (
    RoutingPolicy(weights=_USUALLY, pace=_paced(32, 0.13, 205)),
    RoutingPolicy(
        name="high priority",
        lowest=3,
        weights=_USUALLY.changed(record=2.85, time_left=7.4, keeps=1.2),
        pace=_paced(38, 0.06, 150),
    ),
    RoutingPolicy(
        name="urgent",
        lowest=4,
        weights=_USUALLY.changed(skill=1.85, record=5.1, time_left=18.0, keeps=0.4),
        pace=_paced(14, 0.07, 65),
    ),
)
"""What a desk begins with; tuned on simulated days (docs/routing.md)."""
