"""Who is matched with whom: the score, the matching, and what it says of itself."""

import random
from collections import Counter
from datetime import timedelta
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.routing.matching import candidates, fits, match, pair
from core.routing.policy import DEFAULT, RoutingPolicy, Weights, policy_of
from core.routing.record import Record
from core.routing.score import Pair, explain, replayed, score
from core.routing.signals import SIGNALS, Pace, Seeker, Signals, Supply, Taker
from core.routing.table import table
from tests.clock import MONDAY_MORNING as NOW

MINUTE = timedelta(minutes=1)
SKILLS = ("billing", "delivery", "returns")
CODES = ("en", "de")
SUPPLY = Supply(
    agents=6,
    skills={"billing": 2, "delivery": 4, "returns": 3},
    languages={"en": 6, "de": 2},
    wanted_skills={"billing": 0.5},
    records={"billing": Record(cases=40, minutes=900, rated=10, csat=40)},
)

moments = st.integers(-600, 600).map(lambda minutes: NOW + minutes * MINUTE)
past = st.integers(-600, 0).map(lambda minutes: NOW + minutes * MINUTE)
levels = st.integers(1, 3)
records = st.builds(
    Record,
    cases=st.integers(1, 50),
    minutes=st.integers(1, 900),
    rated=st.integers(1, 9),
    csat=st.integers(9, 45),
)
seekers = st.lists(
    st.builds(
        Seeker,
        number=st.integers(1, 10_000),
        priority=st.integers(1, 4),
        waiting_since=past,
        due_at=st.none() | moments,
        category=st.sampled_from(("", *SKILLS)),
        skill=st.none() | st.sampled_from(SKILLS),
        language=st.sampled_from(("", *CODES)),
        team=st.none() | st.integers(1, 2),
        tier=st.integers(1, 2),
        customer=st.integers(1, 4),
    ),
    max_size=8,
    unique_by=lambda seeker: seeker.number,
)
takers = st.lists(
    st.builds(
        Taker,
        number=st.integers(1, 10_000),
        name=st.just("Grace"),
        idle_since=past,
        skills=st.dictionaries(st.sampled_from(SKILLS), levels),
        languages=st.dictionaries(st.sampled_from(CODES), levels),
        team=st.none() | st.integers(1, 2),
        tier=st.integers(1, 3),
        held=st.integers(0, 3),
        capacity=st.integers(0, 4),
        records=st.dictionaries(st.sampled_from(SKILLS), records),
        knows=st.frozensets(st.integers(1, 4)),
        risk_at=st.none() | moments,
    ),
    max_size=8,
    unique_by=lambda taker: taker.number,
)
shares = st.floats(0, 1)


def seeker(number: int = 1, **known: object) -> Seeker:
    return Seeker(number=number, **{"priority": 2, "waiting_since": NOW, **known})  # type: ignore[arg-type]


def taker(number: int = 1, name: str = "Grace", **known: object) -> Taker:
    return Taker(number=number, name=name, **{"idle_since": NOW, **known})  # type: ignore[arg-type]


def matched(pairs: list[Pair]) -> list[tuple[int, int]]:
    return [(each.seeker.number, each.taker.number) for each in pairs]


@given(st.sampled_from(SIGNALS), st.lists(shares, min_size=11, max_size=11))
def test_the_score_never_falls_when_a_signal_rises(name: str, drawn: list[float]) -> None:
    before = dict(zip(SIGNALS, drawn, strict=False))
    after = before | {name: max(before[name], drawn[-1])}

    for policy in DEFAULT:
        assert score(Signals(**after), policy.weights) >= score(Signals(**before), policy.weights)


@given(seekers, takers, st.randoms())
def test_the_order_in_which_they_are_told_changes_nothing(
    waiting: list[Seeker], free: list[Taker], chance: random.Random
) -> None:
    first = match(waiting, free, now=NOW, supply=SUPPLY)
    again = match(
        chance.sample(waiting, len(waiting)),
        chance.sample(free, len(free)),
        now=NOW,
        supply=SUPPLY,
    )

    assert again == first


@given(seekers, takers)
def test_nobody_gets_more_than_they_have_room_for_nor_what_they_cannot_do(
    waiting: list[Seeker], free: list[Taker]
) -> None:
    pairs = match(waiting, free, now=NOW, supply=SUPPLY)

    assert max(Counter(each.seeker.number for each in pairs).values(), default=0) <= 1
    given_to = Counter(each.taker.number for each in pairs)
    for each in free:
        assert given_to[each.number] <= each.room
    for made in pairs:
        assert fits(made.seeker, made.taker, now=NOW, policy=made.policy)


@given(seekers, takers)
def test_nobody_waits_for_whom_somebody_free_fits(waiting: list[Seeker], free: list[Taker]) -> None:
    pairs = match(waiting, free, now=NOW, supply=SUPPLY)
    given_to = Counter(each.taker.number for each in pairs)
    served = {each.seeker.number for each in pairs}

    for left in (each for each in waiting if each.number not in served):
        policy = policy_of(left.priority, DEFAULT)
        for other in (each for each in free if given_to[each.number] < each.room):
            assert not fits(left, other, now=NOW, policy=policy)


@settings(max_examples=200)
@given(seekers, takers)
def test_many_at_once_are_reckoned_as_one_by_one(waiting: list[Seeker], free: list[Taker]) -> None:
    slots = [(each, each.held) for each in free if each.room]
    if not waiting or not slots:
        return
    looked = table(waiting, slots, now=NOW, policies=DEFAULT, supply=SUPPLY)

    for row, wants in enumerate(waiting):
        for column, (has, _) in enumerate(slots):
            policy = policy_of(wants.priority, DEFAULT)
            if fits(wants, has, now=NOW, policy=policy):
                alone = pair(wants, has, now=NOW, supply=SUPPLY)
                exactly = partial(pytest.approx, rel=1e-12, abs=1e-12)
                assert looked.points[row, column] == exactly(alone.score)
                assert vars(looked.signals(row, column)) == exactly(vars(alone.signals))
            else:
                assert looked.points[row, column] < 0


def test_all_at_once_is_better_than_one_by_one() -> None:
    both = taker(1, "Grace", skills={"billing": 3, "delivery": 3})
    one = taker(2, "Linus", skills={"delivery": 1})
    waiting = [seeker(1, skill="delivery"), seeker(2, skill="billing")]

    assert matched(match(waiting, [both, one], now=NOW, supply=SUPPLY)) == [(1, 2), (2, 1)]


def test_an_agent_gets_several_where_there_is_room() -> None:
    pairs = match(
        [seeker(number) for number in range(1, 6)],
        [taker(1, capacity=3, held=1), taker(2, capacity=1)],
        now=NOW,
        supply=SUPPLY,
    )

    assert sorted(each.taker.number for each in pairs) == [1, 1, 2]


def test_of_equals_the_longest_waiting_goes_first() -> None:
    waiting = [seeker(2), seeker(1), seeker(3, waiting_since=NOW - MINUTE)]

    assert matched(match(waiting, [taker()], now=NOW, supply=SUPPLY)) == [(3, 1)]


def test_who_is_about_to_breach_gets_nothing_more_unless_the_policy_says_so() -> None:
    pressed = taker(held=1, capacity=2, risk_at=NOW + MINUTE)

    assert match([seeker()], [pressed], now=NOW, supply=SUPPLY) == []
    lenient = [RoutingPolicy(spare=None)]
    assert len(match([seeker()], [pressed], now=NOW, policies=lenient, supply=SUPPLY)) == 1


def test_a_pair_below_the_least_is_not_made() -> None:
    strict = [RoutingPolicy(weights=Weights(skill=10), least=9)]
    good, poor = (taker(1, skills={"billing": level}) for level in (3, 1))
    asked = [seeker(skill="billing")]

    assert match(asked, [poor], now=NOW, policies=strict, supply=SUPPLY) == []
    assert len(match(asked, [good], now=NOW, policies=strict, supply=SUPPLY)) == 1


def test_a_ticket_that_can_be_saved_goes_before_one_that_is_late_until_that_has_aged() -> None:
    policies = [RoutingPolicy(pace=Pace(late=0.2, ageing=60 * MINUTE))]
    savable = seeker(1, due_at=NOW + 10 * MINUTE)
    for late, first in ((1, 1), (600, 2)):
        missed = seeker(2, due_at=NOW - late * MINUTE)
        pairs = match([savable, missed], [taker()], now=NOW, policies=policies, supply=SUPPLY)
        assert matched(pairs) == [(first, 1)]


def test_what_won_and_what_would_have_to_change_is_said() -> None:
    policies = [RoutingPolicy(weights=Weights(skill=3, record=0, keeps=0))]
    free = [
        taker(1, "Grace", skills={"billing": 3}),
        taker(2, "Linus", skills={"billing": 1}),
        taker(3, "Ken"),
    ]
    asked = seeker(skill="billing")
    seen = candidates(asked, free, now=NOW, policies=policies, supply=SUPPLY)
    made = match([asked], free, now=NOW, policies=policies, supply=SUPPLY)[0]
    told = explain(made, seen)

    assert [each.taker.name for each in seen] == ["Grace", "Linus"]
    assert told.because[0].startswith("Grace has ")
    assert told.because[0].endswith(": skill +2.00.")
    assert told.unless[0].startswith("Linus: 2.00 points are missing; no single change")


def test_the_only_one_who_fits_is_said_to_be_that() -> None:
    made = match([seeker()], [taker()], now=NOW, supply=SUPPLY)[0]

    assert "only one free who fits" in explain(made, [made]).because[0]


def test_who_was_of_more_use_elsewhere_is_said_to_be() -> None:
    both = taker(1, "Grace", skills={"billing": 3, "delivery": 3})
    one = taker(2, "Linus", skills={"delivery": 1})
    waiting = [seeker(1, skill="delivery"), seeker(2, skill="billing")]
    policies = [RoutingPolicy(weights=Weights(skill=5, keeps=0))]
    made = match(waiting, [both, one], now=NOW, policies=policies, supply=SUPPLY)[0]
    told = explain(
        made, candidates(waiting[0], [both, one], now=NOW, policies=policies, supply=SUPPLY)
    )

    assert "Grace did more good elsewhere" in told.because[0]


def test_a_kept_pair_can_be_replayed_with_other_weights() -> None:
    made = match([seeker()], [taker()], now=NOW, supply=SUPPLY)[0]
    kept = made.kept()

    assert replayed(kept, made.policy.weights) == made.score
    assert replayed(kept, Weights(skill=50)) > made.score


def test_a_thousand_tickets_and_a_thousand_agents_are_one_assignment() -> None:
    chance = np.random.default_rng(3)
    waiting = [
        seeker(
            number,
            skill=SKILLS[chance.integers(3)],
            category=SKILLS[chance.integers(3)],
            due_at=NOW + int(chance.integers(-60, 400)) * MINUTE,
        )
        for number in range(1_000)
    ]
    free = [taker(number, skills={SKILLS[number % 3]: 2}) for number in range(1_000)]

    pairs = match(waiting, free, now=NOW, supply=SUPPLY)

    asked, had = (Counter(each.skill for each in waiting), Counter(n % 3 for n in range(1_000)))
    assert len(pairs) == sum(min(asked[name], had[n]) for n, name in enumerate(SKILLS))
