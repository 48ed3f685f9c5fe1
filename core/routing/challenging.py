"""The challenger on the desk: what it would choose is noted, judged, and lets it decide or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, literal, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Conflict, Invalid
from core.events import RoutingChanged
from core.model import Assignment, Challenger, Ending, How, KeptPolicy, Survey, Ticket
from core.model.sla import Target, TargetKind
from core.routing import policies
from core.routing.learning import (
    ENOUGH,
    EXPLORED,
    LEARNT,
    Case,
    Outcome,
    case_of,
    explore,
    lot_of,
    preferred,
)
from core.routing.off_policy import Challenged, Estimate, challenge, decides
from core.routing.policy import DEFAULT, RoutingPolicy, Weights
from core.routing.score import Pair
from core.storage.serial import serialise
from core.work import Work

LOOKED_BACK = timedelta(days=120)
MOST = 5_000  # assignments
CANDIDATES = 5
MOST_LOTS = 0.2  # share of assignments


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the challenger stands: its ``weights`` of what is learnt, whether it ``leads`` (its
    choice is made), and the ``share`` of assignments given by lot."""

    setting: Challenged = Challenged.OFF
    leads: bool = False
    share: float = 0.0
    weights: Mapping[str, float] | None = None

    def ruling(self, rules: Sequence[RoutingPolicy]) -> Sequence[RoutingPolicy]:
        """The policies to match by."""
        if not self.leads or self.weights is None:
            return rules
        return [replace(policy, weights=self.of(policy.weights)) for policy in rules]

    def of(self, rules: Weights) -> Weights:
        """The challenger's weights in place of the rules', where something is learnt."""
        return rules.changed(**self.weights) if self.weights else rules

    def drawn(self, pair: Pair, rivals: Sequence[Pair], *, at: datetime) -> tuple[Pair, float]:
        """The pair to make of a ticket that goes alone, and how likely that was: now and then, by
        lot, that of somebody else who fits."""
        line = [pair, *others(pair, rivals)]
        lot = lot_of(pair.seeker.number, at.isoformat())
        draw = explore(len(line), 0, share=self.share, lot=lot)
        return line[draw.chosen], draw.propensity

    def noted(
        self, pair: Pair, rivals: Sequence[Pair], rules: Weights, propensity: float | None
    ) -> dict[str, Any]:
        """What is kept of it with an assignment: the agent whom the rules prefer and whom the
        challenger does, by number, and how likely the choice was where that is known."""
        if self.setting is Challenged.OFF:
            return {}
        line = [pair, *others(pair, rivals)]
        seen = [each.signals for each in line]
        noted: dict[str, Any] = {"preferred": line[preferred(seen, rules)].taker.number}
        if self.weights is not None:
            noted["challenger"] = line[preferred(seen, self.of(rules))].taker.number
        if propensity is not None:
            noted["propensity"] = propensity
            noted["by_lot"] = propensity < 1.0 - self.share
        return noted


def others(pair: Pair, rivals: Sequence[Pair]) -> list[Pair]:
    """The next best, as many as are kept with an assignment."""
    return [each for each in rivals if each.taker.number != pair.taker.number][: CANDIDATES - 1]


async def standing(session: AsyncSession) -> Standing:
    """How the challenger stands now, whoever set it in whichever process."""
    row = (await session.execute(_ROW)).one_or_none()
    return Standing() if row is None else _standing(row)


async def in_force(session: AsyncSession) -> tuple[Sequence[RoutingPolicy], Standing]:
    """The rules, and how the challenger stands: both in one statement, since every intake asks."""
    rows = (await session.execute(_IN_FORCE)).all()
    kept = {row.name: row.knobs for row in rows if row.name is not None}
    return policies.merged(kept) if kept else DEFAULT, _standing(rows[0])


def _standing(row: Any) -> Standing:
    if row.setting is None or row.setting == Challenged.OFF:
        return Standing()
    return Standing(
        setting=Challenged(row.setting), leads=row.leads, share=row.share, weights=row.weights
    )


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is known of the challenger: how it stands, what it was judged to be worth, and how many
    assignments with an outcome there are to learn from."""

    standing: Standing
    estimate: Estimate
    cases: int
    weights: Weights | None

    def learnt(self) -> Mapping[str, float]:
        """The challenger's weights of the signals it learns, by name."""
        return _learnt(self.weights) or {}


async def report(work: Work) -> Report:
    """Fit and judge a challenger on what is kept; nothing is changed."""
    cases = await _cases(work)
    weights, found = challenge(cases, await _rules(work))
    return Report(
        standing=await standing(work.session), estimate=found, cases=len(cases), weights=weights
    )


async def switch(work: Work, setting: Challenged, *, share: float | None = None) -> Report:
    """Let the challenger decide, only look on, or whichever the figures say.

    Raises `Invalid` for a share of lots that is too large, and `Conflict` where there is nothing to
    learn from yet.
    """
    if share is not None and not 0 <= share <= MOST_LOTS:
        raise Invalid(f"The share of assignments by lot is from 0 to {MOST_LOTS:g}. 0.05 is usual.")
    await serialise(work.session, "routing challenger")
    known = await report(work)
    if setting is Challenged.ON and known.weights is None:
        raise Conflict(
            f"There are {known.cases} assignments with an outcome; it takes {2 * ENOUGH} to learn "
            "from. /routing challenger auto collects them meanwhile."
        )
    row = await work.session.get(Challenger, 1)
    if row is None:
        row = Challenger(id=1, share=EXPLORED)
        work.session.add(row)
    row.setting, row.changed_at, row.by = setting.value, work.now, work.actor
    row.share = row.share if share is None else share
    row.weights = _learnt(known.weights) or row.weights
    row.leads = decides(setting, now=bool(row.leads), found=known.estimate)
    await work.session.flush()
    work.emit(RoutingChanged(policy="challenger", knob="setting", value=setting.value))
    return replace(known, standing=await standing(work.session))


async def study(work: Work) -> bool:
    """Learn again from what is kept, and let the challenger begin or stop to decide where it is to
    see to that by itself; whether that changed."""
    await serialise(work.session, "routing challenger")
    row = await work.session.get(Challenger, 1)
    if row is None or row.setting == Challenged.OFF:
        return False
    known = await report(work)
    if known.weights is None:
        return False
    leads = decides(Challenged(row.setting), now=row.leads, found=known.estimate)
    changed = leads is not row.leads
    row.weights, row.leads = _learnt(known.weights), leads
    if changed:
        work.emit(RoutingChanged(policy="challenger", knob="decides", value=str(leads).lower()))
    return changed


def _learnt(weights: Weights | None) -> dict[str, float] | None:
    if weights is None:
        return None
    return {name: round(getattr(weights, name), 4) for name in LEARNT}


async def _rules(work: Work) -> Weights:
    """The weights of the policy for the lowest priorities: what is learnt leans to them."""
    return (await policies.current(work.session))[0].weights


async def _cases(work: Work) -> list[Case]:
    """The last automatic assignments that have an outcome, the oldest first."""
    rows = await work.session.execute(_PAST, {"since": work.now - LOOKED_BACK})
    cases = [case_of(row.Assignment.why, row.Assignment.agent_id, _outcome(row)) for row in rows]
    return [case for case in reversed(cases) if case is not None]


def _outcome(row: Any) -> Outcome:
    """What became of an assignment, as far as it was the doing of whoever got it."""
    held, answered = row.Assignment, row.first_response_at
    in_time = None
    if row.due_at is not None and answered is not None and answered >= held.started_at:
        is_theirs = held.ended_at is None or answered <= held.ended_at
        in_time = answered <= row.due_at if is_theirs else None
    solved = held.ending is Ending.RESOLVED and held.ended_at is not None
    minutes = (held.ended_at - held.started_at) / timedelta(minutes=1) if solved else None
    csat = row.score if row.agent_id == held.agent_id else None
    return Outcome(in_time=in_time, minutes=minutes, csat=csat)


_STANDS = (Challenger.setting, Challenger.leads, Challenger.share, Challenger.weights)
_ROW = select(*_STANDS).where(Challenger.id == 1)
_ANY = select(literal(1).label("one")).subquery()  # so that there is a row whatever is kept
_IN_FORCE = (
    select(*_STANDS, KeptPolicy.name, KeptPolicy.knobs)
    .select_from(_ANY)
    .outerjoin(Challenger, Challenger.id == _ANY.c.one)
    .outerjoin(KeptPolicy, true())
    .order_by(KeptPolicy.name)
)

_PAST = (
    select(Assignment, Ticket.first_response_at, Target.due_at, Survey.score, Survey.agent_id)
    .join(Ticket, Ticket.id == Assignment.ticket_id)
    .outerjoin(
        Target,
        (Target.ticket_id == Ticket.id)
        & (Target.kind == TargetKind.FIRST_RESPONSE)
        & (Target.ordinal == 1),
    )
    .outerjoin(Survey, Survey.ticket_id == Ticket.id)
    .where(Assignment.how == How.AUTOMATIC, Assignment.started_at > bindparam("since"))
    .order_by(Assignment.id.desc())
    .limit(MOST)
)
