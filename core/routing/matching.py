"""Matching: all waiting tickets and all free slots at once, for the most points together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from core.routing.policy import DEFAULT, RoutingPolicy, policy_of
from core.routing.record import NOTHING, Record
from core.routing.score import Pair, score
from core.routing.signals import (
    HIGHEST_LEVEL,
    MINUTE,
    SIGNALS,
    UNSTATED,
    Seeker,
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
    signals,
    spoken,
    tier_match,
    time_left,
    track_record,
)

Floats: TypeAlias = NDArray[np.float64]
Slot: TypeAlias = tuple[Taker, int]
Barred: TypeAlias = Collection[tuple[int, int]]  # (ticket, agent)
NEVER = -1e6  # points of a pair that must not be
SOONER = 1e-7  # points that the longer wait is worth where all else is equal
RECORD = tuple(each.name for each in fields(Record))


def match(
    seekers: Sequence[Seeker],
    takers: Sequence[Taker],
    *,
    now: datetime,
    policies: Sequence[RoutingPolicy] = DEFAULT,
    supply: Supply,
    barred: Barred = (),
) -> list[Pair]:
    """The pairs to make now, by the ticket's number; but none that are ``barred``.

    As many pairs as can be, and of those ways the one with the most points in all (the linear
    assignment problem, Crouse 2016, as scipy solves it). A hard need that is not met excludes a
    pair: skill, language, team, a tier below the one asked for, an agent about to breach; so does
    having fewer points than the policy's ``least``. The same for the same input, in any order.
    """
    lined = sorted(seekers, key=lambda seeker: (seeker.waiting_since, seeker.number))
    slots = _slots(takers, at_most=len(lined))
    if not lined or not slots:
        return []
    points = table(lined, slots, now=now, policies=policies, supply=supply)
    points -= SOONER * np.arange(len(lined))[:, None]
    _bar(points, lined, slots, barred)
    made = [(lined[row], *slots[column]) for row, column in _best(points)]
    pairs = [
        pair(seeker, taker, now=now, policies=policies, supply=supply, held=held)
        for seeker, taker, held in made
    ]
    return sorted(pairs, key=lambda each: each.seeker.number)


def _best(points: Floats) -> list[tuple[int, int]]:
    """Row and column of each pair of the best assignment that may be made.

    Where there are as many rows as columns, each is used, so what is taken from a whole row or
    column changes nothing but the time: with their least cost at 0 it takes a third of it. It
    takes a quarter less once more where the tickets that fewest could take come first.
    """
    if points.shape[0] == points.shape[1]:
        order = np.argsort((points > NEVER / 2).sum(axis=1), kind="stable")
        costs = np.negative(points[order])
        costs -= costs.min(axis=1, keepdims=True)
        costs -= costs.min(axis=0, keepdims=True)
    else:
        order, costs = np.arange(len(points)), np.negative(points)
    rows, columns = linear_sum_assignment(costs)
    rows = order[rows]
    may_be = points[rows, columns] > NEVER / 2
    return list(zip(rows[may_be].tolist(), columns[may_be].tolist(), strict=True))


def _bar(points: Floats, lined: Sequence[Seeker], slots: Sequence[Slot], barred: Barred) -> None:
    for row, seeker in enumerate(lined) if barred else ():
        off = {agent for ticket, agent in barred if ticket == seeker.number}
        points[row, [taker.number in off for taker, _ in slots]] = NEVER


def pair(
    seeker: Seeker,
    taker: Taker,
    *,
    now: datetime,
    policies: Sequence[RoutingPolicy] = DEFAULT,
    supply: Supply,
    held: int | None = None,
) -> Pair:
    """One pair with its signals and points, whether or not it may be made."""
    policy = policy_of(seeker.priority, policies)
    seen = signals(seeker, taker, now=now, pace=policy.pace, supply=supply, held=held)
    return Pair(
        seeker=seeker,
        taker=taker,
        signals=seen,
        policy=policy,
        score=score(seen, policy.weights),
    )


def candidates(
    seeker: Seeker,
    takers: Iterable[Taker],
    *,
    now: datetime,
    policies: Sequence[RoutingPolicy] = DEFAULT,
    supply: Supply,
    at_most: int = 5,
) -> list[Pair]:
    """Who could take one ticket, the most points first: what `score.explain` compares with."""
    slots = [(t, t.held) for t in sorted(takers, key=lambda taker: taker.number) if t.room]
    if not slots:
        return []
    [points] = table([seeker], slots, now=now, policies=policies, supply=supply)
    best = [column for column in np.argsort(-points, kind="stable") if points[column] > NEVER / 2]
    return [
        pair(seeker, slots[column][0], now=now, policies=policies, supply=supply)
        for column in best[:at_most]
    ]


def fits(seeker: Seeker, taker: Taker, *, now: datetime, policy: RoutingPolicy) -> bool:
    """Whether every hard need of the ticket is met."""
    return (
        (not seeker.skill or taker.skills.get(seeker.skill, 0) > 0)
        and (not seeker.language or spoken(taker.languages, seeker.language) > 0)
        and (seeker.team is None or seeker.team == taker.team)
        and taker.tier >= seeker.tier
        and (policy.spare is None or minutes_to_risk(taker, now) > policy.spare / MINUTE)
    )


def _slots(takers: Sequence[Taker], *, at_most: int) -> list[Slot]:
    """Each free slot, with how many tickets its agent would hold before it is filled."""
    return [
        (taker, taker.held + taken)
        for taker in sorted(takers, key=lambda taker: taker.number)
        for taken in range(min(taker.room, at_most))
    ]


def table(
    seekers: Sequence[Seeker],
    slots: Sequence[Slot],
    *,
    now: datetime,
    policies: Sequence[RoutingPolicy],
    supply: Supply,
) -> Floats:
    """The points of every ticket (rows) in every slot (columns); `NEVER` where it must not go.

    Tickets that ask for the same (a kind) differ only in how they press and whom they know, so the
    rest is reckoned once for each kind.
    """
    ruling = [policy_of(seeker.priority, policies) for seeker in seekers]
    kinds: dict[Any, int] = {}
    rows = []
    for seeker, policy in zip(seekers, ruling, strict=True):
        needs = (seeker.skill, seeker.language, seeker.category, seeker.team, seeker.tier)
        rows.append(kinds.setdefault((*needs, policy.name), len(kinds)))
    first = {row: index for index, row in reversed(list(enumerate(rows)))}
    of_kind = [(seekers[first[row]], ruling[first[row]]) for row in range(len(kinds))]
    points = _of_kinds(of_kind, slots, now=now, supply=supply)[rows]
    pressed = _pressing(seekers, ruling, now=now, supply=supply)
    points += (pressed * [policy.weights.time_left for policy in ruling])[:, None]
    _add_known(points, seekers, slots, ruling)
    least = np.array([policy.least for policy in ruling])
    if least.any():
        points[points < least[:, None]] = NEVER
    return points


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
) -> Floats:
    """Points without ``time_left`` and ``knows``, kinds × slots."""
    asked = [seeker for seeker, _ in kinds]
    takers = [taker for taker, _ in slots]
    weights = {
        name: np.array([getattr(policy.weights, name) for _, policy in kinds])[:, None]
        for name in SIGNALS
    }
    skill = _levels([seeker.skill or "" for seeker in asked], [t.skills for t in takers])
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
    points: Floats = (
        weights["skill"] * level_match(skill)
        + weights["language"] * level_match(language)
        + weights["room"] * free_capacity(held, capacity)
        + weights["idle"] * idle_time(idle)
        + weights["record"] * _records(asked, takers, supply)
        + weights["tier"] * tier_match(wanted, tiers)
        + weights["calm"] * calmness(risk)
        + weights["keeps"] * _keeping(asked, takers, (skill, stated), supply)
    )
    points[(skill == 0) | (language == 0) | (tiers < wanted)] = NEVER
    points[_elsewhere(asked, takers)] = NEVER
    spare = np.array([-np.inf if p.spare is None else p.spare / MINUTE for _, p in kinds])
    points[risk[None, :] <= spare[:, None]] = NEVER
    return points


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
    asked: Sequence[Seeker],
    takers: Sequence[Taker],
    levels: tuple[Floats, Floats],
    supply: Supply,
) -> Floats:
    skill, language = levels
    skills = [[supply.rarity_of_skill(s.skill) if s.skill else 0.0] for s in asked]
    languages = [[supply.rarity_of_language(s.language) if s.language else 0.0] for s in asked]
    used = (skill > 0) * np.array(skills) + (language > 0) * np.array(languages)
    kept: Floats = keeps_scarce(used, np.array([owned_by(taker, supply) for taker in takers]))
    return kept
