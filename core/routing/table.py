"""The points of all pairs at once, and the signals that they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.routing.policy import RoutingPolicy, policy_of
from core.routing.record import NOTHING, Record
from core.routing.signals import (
    HIGHEST_LEVEL,
    MINUTE,
    UNSTATED,
    Seeker,
    Signals,
    Supply,
    Taker,
    calmness,
    free_capacity,
    idle_time,
    keeps_scarce,
    level_match,
    minutes_to_risk,
    owned_by,
    pressing,
    reach,
    skill_of_use,
    tier_match,
    time_left,
    track_record,
)

Floats: TypeAlias = NDArray[np.float64]
Slot: TypeAlias = tuple[Taker, int]
NEVER = -1e6  # points of a pair that must not be
RECORD = tuple(each.name for each in fields(Record))


@dataclass(frozen=True)
class Table:
    """The ``points`` of every ticket (rows) in every slot (columns), `NEVER` where it must not go.

    Tickets that ask for the same (a kind) differ only in how they press and whom they know, so the
    rest is reckoned once for each kind: ``alike`` has those signals, kinds × slots or just slots.
    """

    seekers: Sequence[Seeker]
    slots: Sequence[Slot]
    ruling: Sequence[RoutingPolicy]
    kinds: Sequence[int]
    points: Floats
    alike: Mapping[str, Floats]
    pressed: Floats

    def signals(self, row: int, column: int) -> Signals:
        """How one pair of the table looks."""
        kind, taker = self.kinds[row], self.slots[column][0]
        alike = {name: float(seen[kind, column]) for name, seen in self.alike.items()}
        return Signals(
            **alike,
            time_left=float(self.pressed[row]),
            knows=float(self.seekers[row].customer in taker.knows),
        )


def table(
    seekers: Sequence[Seeker],
    slots: Sequence[Slot],
    *,
    now: datetime,
    policies: Sequence[RoutingPolicy],
    supply: Supply,
) -> Table:
    """All pairs of tickets and slots."""
    ruling = [policy_of(seeker.priority, policies) for seeker in seekers]
    numbers: dict[Any, int] = {}
    kinds = []
    for seeker, policy in zip(seekers, ruling, strict=True):
        needs = (seeker.skill, seeker.language, seeker.category, seeker.team, seeker.tier)
        kinds.append(numbers.setdefault((*needs, policy.name), len(numbers)))
    first = {kind: row for row, kind in reversed(list(enumerate(kinds)))}
    of_kind = [(seekers[first[kind]], ruling[first[kind]]) for kind in range(len(numbers))]
    alike, of_kinds = _of_kinds(of_kind, slots, now=now, supply=supply)
    points = of_kinds[kinds]
    pressed = _pressing(seekers, ruling, now=now, supply=supply)
    points += (pressed * [policy.weights.time_left for policy in ruling])[:, None]
    _add_known(points, seekers, slots, ruling)
    least = np.array([policy.least for policy in ruling])
    if least.any():
        points[points < least[:, None]] = NEVER
    return Table(seekers, slots, ruling, kinds, points, alike, pressed)


def _pressing(
    seekers: Sequence[Seeker],
    ruling: Sequence[RoutingPolicy],
    *,
    now: datetime,
    supply: Supply,
) -> Floats:
    paces = [policy.pace for policy in ruling]
    fitting: dict[tuple[str | None, str], float] = {}
    for seeker in {(each.skill, each.language): each for each in seekers}.values():
        fitting[seeker.skill, seeker.language] = supply.fitting(seeker)
    few = np.array([fitting[seeker.skill, seeker.language] for seeker in seekers])
    slack = np.array([((seeker.due_at or now) - now) / MINUTE for seeker in seekers])
    pressed: Floats = time_left(
        slack,
        horizon=np.array([pace.horizon / MINUTE for pace in paces]) * reach(few),
        late=np.array([pace.late for pace in paces]),
        ageing=np.array([pace.ageing / MINUTE for pace in paces]),
    )
    for index, seeker in enumerate(seekers):
        if seeker.due_at is None:
            pressed[index] = pressing(seeker, now=now, pace=paces[index], supply=supply)
    return pressed


def _add_known(
    points: Floats,
    seekers: Sequence[Seeker],
    slots: Sequence[Slot],
    ruling: Sequence[RoutingPolicy],
) -> None:
    asking: dict[int, list[int]] = {}
    for row, seeker in enumerate(seekers):
        asking.setdefault(seeker.customer, []).append(row)
    for column, (taker, _) in enumerate(slots):
        for customer in taker.knows & asking.keys():
            for row in asking[customer]:
                points[row, column] += ruling[row].weights.knows


def _of_kinds(
    kinds: Sequence[tuple[Seeker, RoutingPolicy]],
    slots: Sequence[Slot],
    *,
    now: datetime,
    supply: Supply,
) -> tuple[Mapping[str, Floats], Floats]:
    """All signals but ``time_left`` and ``knows``, and the points that they make, kinds × slots."""
    asked = [seeker for seeker, _ in kinds]
    takers = [taker for taker, _ in slots]
    useful = [skill_of_use(seeker, supply) for seeker in asked]
    skill = _levels(useful, [taker.skills for taker in takers])
    lacking = (skill == 0) & np.array([[bool(seeker.skill)] for seeker in asked])
    codes = [seeker.language for seeker in asked]
    stated = _levels(codes, [taker.languages for taker in takers])
    unstated = dict.fromkeys(codes, UNSTATED)
    language = _levels(codes, [taker.languages or unstated for taker in takers])
    held = np.array([held for _, held in slots], dtype=float)
    capacity = np.array([taker.capacity for taker in takers], dtype=float)
    idle = np.array([(now - taker.idle_since) / MINUTE for taker in takers])
    risk = np.array([minutes_to_risk(taker, now) for taker in takers])
    tiers = np.array([taker.tier for taker in takers], dtype=float)
    wanted = np.array([[float(seeker.tier)] for seeker in asked])
    seen = {
        "skill": level_match(skill),
        "language": level_match(language),
        "room": free_capacity(held, capacity),
        "idle": idle_time(idle),
        "record": _records(asked, takers, supply),
        "tier": tier_match(wanted, tiers),
        "calm": calmness(risk),
        "keeps": _keeping((useful, codes), takers, (skill, stated), supply),
    }
    points: Floats = np.zeros_like(skill)
    for name, each in seen.items():
        points += np.array([getattr(p.weights, name) for _, p in kinds])[:, None] * each
    points[lacking | (language == 0) | (tiers < wanted)] = NEVER
    points[_elsewhere(asked, takers)] = NEVER
    spare = np.array([-np.inf if p.spare is None else p.spare / MINUTE for _, p in kinds])
    points[risk[None, :] <= spare[:, None]] = NEVER
    alike = {name: np.broadcast_to(each, points.shape) for name, each in seen.items()}
    return alike, points


def _levels(asked: Sequence[str], had: Sequence[Mapping[str, int]]) -> Floats:
    """The level of each slot's agent in what each kind asks for; the highest where it asks nothing."""
    by_name = {
        name: [levels.get(name, 0) if name else HIGHEST_LEVEL for levels in had]
        for name in set(asked)
    }
    return np.array([by_name[name] for name in asked], dtype=float)


def _elsewhere(asked: Sequence[Seeker], takers: Sequence[Taker]) -> NDArray[np.bool_]:
    """Where a ticket is for another team."""
    teams = np.array([-1 if taker.team is None else taker.team for taker in takers])
    wanted = np.array([[-2 if seeker.team is None else seeker.team] for seeker in asked])
    away: NDArray[np.bool_] = (wanted != -2) & (wanted != teams)
    return away


def _records(asked: Sequence[Seeker], takers: Sequence[Taker], supply: Supply) -> Floats:
    by_category = {}
    for category in {seeker.category for seeker in asked}:
        own = [taker.records.get(category, NOTHING) for taker in takers]
        columns = {name: np.array([getattr(each, name) for each in own]) for name in RECORD}
        by_category[category] = track_record(columns, supply.records.get(category, NOTHING))
    return np.array([by_category[seeker.category] for seeker in asked])


def _keeping(
    asked: tuple[Sequence[str], Sequence[str]],
    takers: Sequence[Taker],
    levels: tuple[Floats, Floats],
    supply: Supply,
) -> Floats:
    skills = [[supply.rarity_of_skill(each) if each else 0.0] for each in asked[0]]
    languages = [[supply.rarity_of_language(each) if each else 0.0] for each in asked[1]]
    skill, language = levels
    used = (skill > 0) * np.array(skills) + (language > 0) * np.array(languages)
    kept: Floats = keeps_scarce(used, np.array([owned_by(taker, supply) for taker in takers]))
    return kept
