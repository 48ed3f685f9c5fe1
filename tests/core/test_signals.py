"""Each signal of routing, as a table: what goes in, and what it is worth."""

import math
from datetime import timedelta

import pytest

from core.errors import Invalid
from core.routing import policy, signals
from core.routing.policy import DEFAULT, RoutingPolicy, Weights, policy_of
from core.routing.record import Record, expected_minutes
from core.routing.signals import Pace, Seeker, Signals, Supply, Taker
from tests.clock import MONDAY_MORNING as NOW

MINUTE = timedelta(minutes=1)
DESK = Record(cases=100, minutes=2_000, rated=100, csat=400)
SUPPLY = Supply(
    agents=10,
    skills={"billing": 2, "delivery": 10},
    languages={"en": 10, "de": 1},
    records={"refund": DESK},
)


def seen(seeker: Seeker | None = None, taker: Taker | None = None) -> Signals:
    return signals.signals(
        seeker or Seeker(number=1, priority=2, waiting_since=NOW),
        taker or Taker(number=1, name="Grace", idle_since=NOW),
        now=NOW,
        pace=Pace(),
        supply=SUPPLY,
    )


def asks(**needs: object) -> Seeker:
    return Seeker(number=1, priority=2, waiting_since=NOW, **needs)  # type: ignore[arg-type]


def has(**known: object) -> Taker:
    return Taker(number=1, name="Grace", **{"idle_since": NOW, **known})  # type: ignore[arg-type]


@pytest.mark.parametrize(("level", "worth"), [(0, 0.0), (1, 1 / 3), (2, 2 / 3), (3, 1.0)])
def test_a_level_is_worth_a_third_each(level: int, worth: float) -> None:
    levels = {"billing": level} if level else {"other": 3}

    assert seen(asks(skill="billing"), has(skills=levels)).skill == pytest.approx(worth)
    assert seen(asks(language="billing"), has(languages=levels)).language == pytest.approx(worth)


def test_who_states_no_language_counts_as_level_1_in_any() -> None:
    assert seen(asks(language="de"), has()).language == pytest.approx(1 / 3)


def test_what_a_ticket_does_not_ask_for_tells_nobody_apart() -> None:
    assert seen(asks(), has(skills={"billing": 1})).skill == 1.0
    assert seen(asks(), has()).language == 1.0


@pytest.mark.parametrize(
    ("held", "capacity", "worth"),
    [(0, 1, 1.0), (0, 4, 1.0), (1, 4, 0.75), (4, 4, 0.0), (5, 4, 0.0), (0, 0, 0.0)],
)
def test_free_capacity_is_the_free_share(held: int, capacity: int, worth: float) -> None:
    assert seen(None, has(held=held, capacity=capacity)).room == worth


@pytest.mark.parametrize(("minutes", "worth"), [(-5, 0.0), (0, 0.0), (30, 0.632), (300, 1.0)])
def test_idle_time_counts_less_and_less(minutes: int, worth: float) -> None:
    idle = seen(None, has(idle_since=NOW - minutes * MINUTE)).idle

    assert idle == pytest.approx(worth, abs=0.001)


@pytest.mark.parametrize(
    ("own", "worth"),
    [
        (Record(), 0.8 * 0.5 + 0.2 * 0.75),  # nothing known: as the desk
        (Record(cases=1, minutes=1), 0.8 * 20 / (20 + 121 / 7) + 0.2 * 0.75),  # one decides little
        (Record(cases=994, minutes=9_940), 0.8 * 20 / (20 + 10.06) + 0.2 * 0.75),  # many, much
        (Record(rated=90, csat=450), 0.8 * 0.5 + 0.2 * 3.9 / 4),
        (Record(rated=90, csat=90), 0.8 * 0.5 + 0.2 * 0.3 / 4),
    ],
)
def test_the_track_record_is_shrunk_to_the_mean_of_the_desk(own: Record, worth: float) -> None:
    record = seen(asks(category="refund"), has(records={"refund": own})).record

    assert record == pytest.approx(worth, abs=0.0001)


def test_what_is_expected_lies_between_the_own_mean_and_the_mean_of_the_desk() -> None:
    own = Record(cases=6, minutes=60, rated=10, csat=50)

    assert expected_minutes(own, DESK) == 15.0
    assert Record().plus(minutes=10).plus(minutes=20, csat=5) == Record(
        cases=2, minutes=30, rated=1, csat=5
    )


@pytest.mark.parametrize(("knows", "worth"), [(frozenset({7}), 1.0), (frozenset({8}), 0.0)])
def test_continuity_is_having_helped_this_customer(knows: frozenset[int], worth: float) -> None:
    assert seen(asks(customer=7), has(knows=knows)).knows == worth


@pytest.mark.parametrize(
    ("slack", "worth"),
    [
        (300, 0.0),
        (30, math.exp(-1)),
        (0, 1.0),
        (-0.001, 0.2),
        (-120, 1 - 0.8 * math.exp(-1)),
        (-2_000, 1.0),
    ],
)
def test_a_ticket_presses_until_its_target_then_ages(slack: float, worth: float) -> None:
    pace = Pace(horizon=30 * MINUTE, late=0.2, ageing=120 * MINUTE)
    pressing = signals.pressing(
        asks(due_at=NOW + slack * MINUTE), now=NOW, pace=pace, supply=Supply()
    )

    assert float(pressing) == pytest.approx(worth, abs=0.001)


@pytest.mark.parametrize(
    ("needs", "fitting", "reach"),
    [
        ({}, 10, math.sqrt(0.5)),
        ({"skill": "billing"}, 2, math.sqrt(2.5)),
        ({"skill": "billing", "language": "de"}, 0.2, math.sqrt(10)),
        ({"skill": "magic"}, 0, math.sqrt(10)),
    ],
)
def test_a_ticket_that_few_fit_presses_earlier(
    needs: dict[str, str], fitting: float, reach: float
) -> None:
    seeker = asks(due_at=NOW + 30 * MINUTE, **needs)
    pace = Pace(horizon=30 * MINUTE)
    pressing = signals.pressing(seeker, now=NOW, pace=pace, supply=SUPPLY)

    assert SUPPLY.fitting(seeker) == pytest.approx(fitting)
    assert float(pressing) == pytest.approx(math.exp(-1 / reach))


@pytest.mark.parametrize(("waited", "worth"), [(0, 0.0), (120, 1 - math.exp(-1))])
def test_a_ticket_without_a_target_presses_by_its_wait(waited: int, worth: float) -> None:
    seeker = Seeker(number=1, priority=2, waiting_since=NOW - waited * MINUTE)
    pressing = signals.pressing(seeker, now=NOW, pace=Pace(ageing=120 * MINUTE), supply=Supply())

    assert float(pressing) == pytest.approx(worth)


@pytest.mark.parametrize(("asked", "own", "worth"), [(1, 1, 1.0), (1, 2, 0.5), (2, 4, 1 / 3)])
def test_the_tier_asked_for_goes_before_those_above(asked: int, own: int, worth: float) -> None:
    assert seen(asks(tier=asked), has(tier=own)).tier == pytest.approx(worth)


@pytest.mark.parametrize(("minutes", "worth"), [(60, 1.0), (15, 0.5), (0, 0.0), (-10, 0.0)])
def test_who_has_a_target_near_is_not_calm(minutes: int, worth: float) -> None:
    assert seen(None, has(risk_at=NOW + minutes * MINUTE)).calm == worth
    assert seen(None, has()).calm == 1.0


@pytest.mark.parametrize(
    ("having", "wanted", "worth"),
    [(2, None, 0.8), (10, None, 0.0), (0, None, 1.0), (2, 0.2, 0.5), (1, 0.3, 0.75), (0, 0.0, 0.0)],
)
def test_rare_is_what_more_ask_for_than_have(
    having: int, wanted: float | None, worth: float
) -> None:
    assert signals.rarity(having, 10, wanted) == pytest.approx(worth)


def test_the_rare_are_kept_for_who_needs_them() -> None:
    accountant = has(skills={"billing": 3, "delivery": 3}, languages={"en": 3, "de": 3})
    clerk = has(skills={"delivery": 1}, languages={"en": 3})
    plain = asks(skill="delivery", language="en")

    assert seen(plain, accountant).keeps == 0.0
    assert seen(plain, clerk).keeps == 1.0
    assert seen(asks(skill="billing", language="en"), accountant).keeps == pytest.approx(0.8 / 1.7)
    assert seen(asks(skill="billing", language="de"), accountant).keeps == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"weights": {"skill": -1}}, "weight of skill is -1; it has to be from 0 to 100"),
        ({"weights": {"skill": 101}}, "from 0 to 100"),
        ({"weights": {"skill": "nan"}}, "weight of skill is nan"),
        ({"weights": {"charm": 1}}, "no signal charm. There are: skill, language"),
        ({"weights": dict.fromkeys(signals.SIGNALS, 0)}, "All weights are 0"),
        ({"weights": {"skill": "much"}}, "cannot be read: could not convert"),
        ({"lowest": 5}, "priorities go from 1"),
        ({"lowest": 2}, "No routing policy begins at low priority"),
        ({"least": 1_000}, "nobody could ever reach 1000 points"),
        ({"least": -1}, "0 or more"),
        ({"spare": -1}, "spare is from 0 minutes to 30 days"),
        ({"horizon": 0}, "horizon is more than 0"),
        ({"ageing": 1e300}, "cannot be read"),
        ({"late": 2}, "late is from 0 to 1"),
        ({"speed": 2}, "has no speed. It has: ageing"),
    ],
)
def test_absurd_knobs_are_refused_with_a_sentence(row: dict[str, object], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        policy.read([row])


def test_two_policies_must_differ_in_name_and_in_where_they_begin() -> None:
    with pytest.raises(Invalid, match="same name"):
        policy.read([{}, {"lowest": 3}])
    with pytest.raises(Invalid, match="same priority"):
        policy.read([{"name": "a"}, {"name": "b"}])


def test_a_policy_is_read_as_it_was_written() -> None:
    other = RoutingPolicy(
        name="calm",
        weights=Weights(skill=3),
        pace=Pace(horizon=7 * MINUTE, late=0.1),
        least=2,
        spare=None,
    )

    assert policy.read([policy.written(other)]) == (other,)
    assert policy.read([policy.written(each) for each in DEFAULT]) == DEFAULT


@pytest.mark.parametrize(("priority", "name"), [(1, "all"), (2, "all"), (3, "top"), (4, "top")])
def test_the_policy_is_the_one_that_begins_nearest_below(priority: int, name: str) -> None:
    policies = [RoutingPolicy(name="top", lowest=3), RoutingPolicy(name="all")]

    assert policy_of(priority, policies).name == name
