"""Learning from outcomes, on logs whose truth is known."""

from dataclasses import asdict

import numpy as np
import pytest

from core.routing.learning import (
    LEARNT,
    Case,
    Outcome,
    case_of,
    explore,
    fit,
    lot_of,
    preferred,
)
from core.routing.off_policy import Challenged, Estimate, challenge, decides, estimate
from core.routing.policy import Weights
from core.routing.signals import SIGNALS, Signals

RUNS = 200

FLAT = dict.fromkeys(SIGNALS, 0.0)
RULES = Weights(**(FLAT | {"skill": 1.0, "room": 1.0, "record": 0.5, "time_left": 2.0}))
BETTER = Weights(**(FLAT | {"skill": 0.5, "record": 2.0, "time_left": 2.0}))
WORSE = Weights(**(FLAT | {"idle": 2.5, "time_left": 2.0}))


def truth(signals: Signals) -> float:
    """How good an outcome is on average: mostly by the record, and not linear."""
    return 0.15 + 0.5 * signals.record**2 + 0.2 * signals.skill * signals.time_left


def tickets(seed: int, count: int) -> list[list[Signals]]:
    """The candidates of so many tickets."""
    chance = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        drawn = chance.random((int(chance.integers(2, 6)), len(SIGNALS)))
        drawn[:, SIGNALS.index("time_left")] = drawn[0, 0]
        made.append([Signals(**dict(zip(SIGNALS, row, strict=True))) for row in drawn.tolist()])
    return made


TICKETS = tickets(1, 2_000)
MORE = tickets(2, 12_000)


class Past:
    """Tickets that a desk with these rules has given out, with some lots; outcomes by the truth."""

    def __init__(self, asked: list[list[Signals]], rules: Weights, *, share: float = 0.2) -> None:
        self.asked, self.share = asked, share
        self.best = [preferred(considered, rules) for considered in asked]
        self.likely = [[truth(each) for each in considered] for considered in asked]

    def log(self, seed: int) -> list[Case]:
        """What would have been kept."""
        lots = np.random.default_rng(seed).random((len(self.asked), 2)).tolist()
        cases = []
        for index, (lot, luck) in enumerate(lots):
            considered, best = self.asked[index], self.best[index]
            draw = explore(len(considered), best, share=self.share, lot=lot)
            cases.append(
                Case(
                    considered=considered,
                    chosen=draw.chosen,
                    preferred=best,
                    propensity=draw.propensity,
                    reward=float(luck < self.likely[index][draw.chosen]),
                )
            )
        return cases

    def real_gain(self, weights: Weights) -> float:
        """What other weights would have been worth on these very tickets."""
        gains = [
            likely[preferred(considered, weights)] - likely[best]
            for considered, likely, best in zip(self.asked, self.likely, self.best, strict=True)
        ]
        return float(np.mean(gains))


def test_the_interval_covers_the_truth_in_nine_of_ten_runs_and_more() -> None:
    past = Past(TICKETS, RULES)
    gain, covered = past.real_gain(BETTER), 0
    for run in range(RUNS):
        found = estimate(past.log(run), BETTER)
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= gain <= found.high

    assert covered >= 0.9 * RUNS


@pytest.mark.parametrize("worse", [WORSE, RULES])
def test_a_challenger_that_is_not_better_is_never_switched_on(worse: Weights) -> None:
    past = Past(TICKETS, BETTER)
    for run in range(RUNS):
        found = estimate(past.log(run), worse)
        assert found.surely is not None
        assert not decides(Challenged.AUTO, now=False, found=found)


def test_a_challenger_that_is_better_is_found_and_switched_on() -> None:
    past = Past(MORE, WORSE)
    weights, found = challenge(past.log(1), WORSE)

    assert weights is not None
    assert weights.record == max(getattr(weights, name) for name in LEARNT)
    assert weights.time_left == WORSE.time_left
    assert past.real_gain(weights) > 0.1
    assert decides(Challenged.AUTO, now=False, found=found)


def test_one_that_decides_and_loses_is_switched_back() -> None:
    found = estimate(Past(MORE, BETTER).log(1), WORSE)

    assert not decides(Challenged.AUTO, now=True, found=found)


def test_without_any_lot_nothing_is_claimed() -> None:
    found = estimate(Past(TICKETS, RULES, share=0.0).log(1), BETTER)

    assert (found.difference, found.tried) == (None, 0)
    assert "too few to tell" in found.sentence()
    assert not decides(Challenged.AUTO, now=False, found=found)
    assert decides(Challenged.AUTO, now=True, found=found)


def test_too_few_assignments_teach_nothing() -> None:
    assert fit(Past(TICKETS[:100], RULES).log(1), RULES) is None
    assert challenge([], RULES)[1].sentence() == "There are no assignments with an outcome yet."


def test_where_outcomes_do_not_depend_on_who_nothing_is_learnt() -> None:
    cases = [Case(**(vars(case) | {"reward": 0.5})) for case in Past(TICKETS, RULES).log(1)]

    assert fit(cases, RULES) is None


@pytest.mark.parametrize("setting", [Challenged.ON, Challenged.OFF])
@pytest.mark.parametrize("now", [True, False])
def test_an_admin_has_the_last_word(setting: Challenged, now: bool) -> None:
    won = Estimate(
        cases=9_000, differs=99, tried=99, rules=0.5, difference=0.2, surely=0.1, at_most=0.3
    )

    assert decides(setting, now=now, found=won) is (setting is Challenged.ON)


def test_the_report_gives_the_figures_and_the_interval() -> None:
    found = estimate(Past(TICKETS, RULES).log(4), BETTER)

    assert found.sentence() == (
        f"Over 2000 assignments the challenger chose differently in {found.differs} "
        f"({found.tried} tried). It would change the reward by {found.difference:+.4f} an assignment "
        f"(95% interval {found.low:+.4f} to {found.high:+.4f}); the rules have {found.rules:.4f}."
    )


@pytest.mark.parametrize(
    ("lot", "chosen", "propensity"),
    [(0.5, 2, 0.925), (0.0, 0, 0.025), (0.06, 2, 0.925), (0.0999, 3, 0.025), (0.1, 2, 0.925)],
)
def test_a_small_share_is_given_by_lot_and_its_chance_is_kept(
    lot: float, chosen: int, propensity: float
) -> None:
    draw = explore(4, 2, share=0.1, lot=lot)

    assert draw.chosen == chosen
    assert draw.propensity == pytest.approx(propensity)


def test_the_lots_are_fair_and_can_be_drawn_again() -> None:
    lots = [lot_of("ticket", number, 1) for number in range(4_000)]

    assert lots == [lot_of("ticket", number, 1) for number in range(4_000)]
    assert np.mean(lots) == pytest.approx(0.5, abs=0.02)
    assert np.mean([lot < 0.1 for lot in lots]) == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize(
    ("outcome", "reward"),
    [
        (Outcome(), None),
        (Outcome(in_time=True), 1.0),
        (Outcome(in_time=True, minutes=20), (0.5 + 0.15) / 0.8),
        (Outcome(in_time=False, minutes=20, csat=5), 0.15 + 0.2),
        (Outcome(csat=1), 0.0),
    ],
)
def test_what_is_not_known_of_an_outcome_is_left_out(
    outcome: Outcome, reward: float | None
) -> None:
    assert outcome.reward() == pytest.approx(reward)


def test_what_is_kept_with_an_assignment_is_a_case() -> None:
    signals = asdict(Signals(**FLAT))
    why = {
        "considered": [{"number": 7, "signals": signals}, {"number": 9, "signals": signals}],
        "preferred": 7,
        "propensity": 0.05,
    }
    case = case_of(why, 9, Outcome(in_time=True))

    assert case is not None
    assert (case.chosen, case.preferred, case.propensity, case.reward) == (1, 0, 0.05, 1.0)


@pytest.mark.parametrize(
    ("why", "outcome"),
    [
        ({"rule": "by claim"}, Outcome(in_time=True)),
        ({"considered": [{"number": 9, "signals": {"skill": 1}}]}, Outcome(in_time=True)),
        ({"considered": [{"number": 9, "signals": FLAT}]}, Outcome()),
        ({"considered": [{"number": 7, "signals": FLAT}]}, Outcome(in_time=True)),
    ],
)
def test_what_cannot_be_learnt_from_is_no_case(why: dict[str, object], outcome: Outcome) -> None:
    assert case_of(why, 9, outcome) is None
