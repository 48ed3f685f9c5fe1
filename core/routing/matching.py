"""Matching: all waiting tickets and all free slots at once, for the most points together."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

import numpy as np
from scipy.optimize import linear_sum_assignment

from core.routing.policy import DEFAULT, RoutingPolicy, policy_of
from core.routing.score import Pair, score
from core.routing.signals import (
    MINUTE,
    Seeker,
    Supply,
    Taker,
    minutes_to_risk,
    signals,
    spoken,
)
from core.routing.table import NEVER, Floats, Slot, Table, table

Barred: TypeAlias = Collection[tuple[int, int]]  # (ticket, agent)
SOONER = 1e-7  # points that the longer wait is worth where all else is equal


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
    looked = table(lined, slots, now=now, policies=policies, supply=supply)
    points = looked.points - SOONER * np.arange(len(lined))[:, None]
    _bar(points, lined, slots, barred)
    pairs = [_made(looked, row, column) for row, column in _best(points)]
    return sorted(pairs, key=lambda each: each.seeker.number)


def _made(looked: Table, row: int, column: int) -> Pair:
    seen, policy = looked.signals(row, column), looked.ruling[row]
    return Pair(
        seeker=looked.seekers[row],
        taker=looked.slots[column][0],
        signals=seen,
        policy=policy,
        score=score(seen, policy.weights),
    )


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
) -> Pair:
    """One pair with its signals and points, whether or not it may be made."""
    policy = policy_of(seeker.priority, policies)
    seen = signals(seeker, taker, now=now, pace=policy.pace, supply=supply)
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
    [points] = table([seeker], slots, now=now, policies=policies, supply=supply).points
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
