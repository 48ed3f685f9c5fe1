"""The signals that say how well an agent suits a waiting ticket: one pure formula each, 0 to 1.

Each formula takes numbers or numpy arrays alike, so that one pair and a thousand by a thousand of
them are reckoned by the same lines.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from core.routing.record import (
    CSAT_SHARE,
    NOTHING,
    PRIOR_CASES,
    PRIOR_RATINGS,
    Record,
    Records,
    shrunk,
)

HIGHEST_LEVEL = 3
UNSTATED = 1  # the level of who does not say which languages they speak
MINUTE = timedelta(minutes=1)
IDLE = 30.0  # minutes idle after which the signal is 0.63
CALM = 30.0  # minutes before an agent's nearest target from which on they count as calm

Number = Any  # a float, or a numpy array of them
FEW = 5.0  # agents who fit a ticket, for which the horizon is as it is set


@dataclass(frozen=True, kw_only=True)
class Seeker:
    """A waiting ticket as routing sees it.

    What is None or empty is not insisted on: ``skill``, ``language`` (a code), ``team``; a skill that
    is called like the ``category`` is of use all the same (`skill_of_use`). Priority
    is 1 (low) to 4 (urgent), complexity 1 to 5, or 0 while unknown.
    """

    number: int
    priority: int
    waiting_since: datetime
    due_at: datetime | None = None
    category: str = ""
    skill: str | None = None
    language: str = ""
    team: int | None = None
    tier: int = 1
    complexity: int = 0
    customer: int = 0


@dataclass(frozen=True, kw_only=True)
class Taker:
    """An agent with room, as routing sees them.

    Levels go from 1 to 3. ``records`` are theirs by category, ``knows`` the customers they helped
    before, ``risk_at`` the nearest target among the tickets they hold.
    """

    number: int
    name: str
    idle_since: datetime
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    team: int | None = None
    tier: int = 1
    held: int = 0
    capacity: int = 1
    records: Records = field(default_factory=dict)
    knows: frozenset[int] = frozenset()
    risk_at: datetime | None = None

    @property
    def room(self) -> int:
        return max(0, self.capacity - self.held)


@dataclass(frozen=True, kw_only=True)
class Supply:
    """What the desk as a whole has: how many agents are on duty, how many of them have each skill
    and language, how many state no language (``unstated``), what share (0–1) of the tickets ask for each, if known, and everybody's records
    added up by category."""

    agents: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    unstated: int = 0
    wanted_skills: Mapping[str, float] = field(default_factory=dict)
    wanted_languages: Mapping[str, float] = field(default_factory=dict)
    records: Records = field(default_factory=dict)

    def rarity_of_skill(self, name: str) -> float:
        known = self._of_skills.get(name)
        if known is None:
            known = rarity(self.skills.get(name, 0), self.agents, self.wanted_skills.get(name))
            self._of_skills[name] = known
        return known

    def wish(self, category: str) -> str:
        """The skill that is called like a category, where anybody on duty has it; else none."""
        return category if category in self.skills else ""

    def fitting(self, seeker: "Seeker") -> float:
        """About how many agents on duty have both the skill and the language, as if the two had
        nothing to do with each other."""
        skilled = self.skills.get(seeker.skill, 0) if seeker.skill else self.agents
        speaking = self.agents
        if seeker.language:
            speaking = self.languages.get(seeker.language, 0) + self.unstated
        return skilled * speaking / self.agents if self.agents else FEW

    def rarity_of_language(self, code: str) -> float:
        known = self._of_languages.get(code)
        if known is None:
            wanted = self.wanted_languages.get(code)
            known = rarity(self.languages.get(code, 0), self.agents, wanted)
            self._of_languages[code] = known
        return known

    @cached_property
    def _of_skills(self) -> dict[str, float]:
        """Rarities as far as they were asked for: it is for every ability of everybody."""
        return {}

    @cached_property
    def _of_languages(self) -> dict[str, float]:
        return {}


@dataclass(frozen=True, kw_only=True)
class Pace:
    """The times of `time_left`: how long before its target a ticket presses (``horizon``, for a
    ticket that five agents fit; see `reach`), how much it presses just after a target it missed (``late``, 0–1), and how fast that grows (``ageing``)."""

    horizon: timedelta = timedelta(minutes=30)
    late: float = 0.3
    ageing: timedelta = timedelta(minutes=120)


@dataclass(frozen=True, kw_only=True)
class Signals:
    """How a pair looks: each from 0 to 1, and the more the better."""

    skill: float
    language: float
    room: float
    idle: float
    record: float
    knows: float
    time_left: float
    tier: float
    calm: float
    keeps: float


SIGNALS = tuple(each.name for each in fields(Signals))


def within_one(share: Number) -> Number:
    """Cut off at 0 and 1; for single numbers `numpy.clip` takes several times as long."""
    return np.minimum(np.maximum(share, 0.0), 1.0)


def level_match(level: Number) -> Number:
    """Skill and language: ``level / 3``; 0 where the agent lacks it."""
    return level / HIGHEST_LEVEL


def spoken(languages: Mapping[str, int], code: str) -> int:
    """The level in which an agent speaks a language; who states none at all counts as level 1 in
    every one, since nothing is known of them."""
    return languages.get(code, 0) if languages else UNSTATED


def free_capacity(held: Number, capacity: Number) -> Number:
    """The free share of an agent's slots: ``(capacity − held) / capacity``, 0 without capacity."""
    return np.maximum(0.0, capacity - held) / np.maximum(1.0, capacity)


def idle_time(minutes: Number) -> Number:
    """``1 − e^(−minutes / 30)``: the longest idle first, and no difference after some hours."""
    return 1.0 - np.exp(-np.maximum(0.0, minutes) / IDLE)


def track_record(own: Mapping[str, Number], desk: Record) -> Number:
    """Time and CSAT in the category, each shrunk to the desk's mean (`record.shrunk`).

    ``0.8 × m / (m + x) + 0.2 × (c − 1) / 4`` for the desk's mean minutes *m*, the agent's expected
    minutes *x* and expected CSAT *c*. An agent at the mean has 0.5 of the first part; twice as fast
    is 0.67, twice as slow 0.33. ``own`` has the fields of a `Record`.
    """
    mean = max(desk.mean_minutes, 1e-9)
    minutes = shrunk(own["minutes"], own["cases"], mean=mean, prior=PRIOR_CASES)
    csat = shrunk(own["csat"], own["rated"], mean=desk.mean_csat, prior=PRIOR_RATINGS)
    speed = mean / (mean + np.maximum(0.0, minutes))
    content = within_one((csat - 1.0) / 4.0)
    return (1.0 - CSAT_SHARE) * speed + CSAT_SHARE * content


def time_left(slack: Number, *, horizon: Number, late: Number, ageing: Number) -> Number:
    """How much a ticket presses, by its ``slack``: minutes to its target, negative once late.

    ``e^(−slack / horizon)`` before the target, as in the apparent tardiness cost rule (Vepsalainen
    and Morton 1987). After it the promise is broken and nothing is saved by haste, so it falls to
    ``late`` and rises again to 1 by ``1 − (1 − late) × e^(slack / ageing)``: the ageing rule,
    without which late tickets would starve behind those that can be saved.
    """
    before = np.exp(-np.maximum(0.0, slack) / horizon)  # 1 once it is late
    lost = (1.0 - late) * np.exp(np.minimum(0.0, slack) / ageing)
    return before - (slack < 0.0) * lost


def reach(fitting: Number) -> Number:
    """By how much the horizon is longer for a ticket that few agents fit, since the next of them
    to be free comes later: ``√(5 / fitting)``, as if at least half an agent fitted."""
    return np.sqrt(FEW / np.maximum(0.5, fitting))


def tier_match(needed: Number, own: Number) -> Number:
    """``1 / (1 + own − needed)``: the tier that is asked for before the ones above it."""
    return 1.0 / (1.0 + np.maximum(0.0, own - needed))


def calmness(minutes: Number) -> Number:
    """The agent's own breach risk, turned round: their nearest target in ``minutes``, 1 from half
    an hour on, 0 once it is missed."""
    return within_one(minutes / CALM)


def rarity(having: int, agents: int, wanted: float | None) -> float:
    """How rare an ability is: the share of tickets asking for it against the share of agents having it.

    ``w / (w + a)``: 0.5 where supply meets demand, towards 1 the scarcer it is. While demand is
    not known, ``1 − a``.
    """
    share = having / agents if agents else 0.0
    if wanted is None:
        return 1.0 - min(1.0, share)
    return wanted / (wanted + share) if wanted + share > 0 else 0.0


def keeps_scarce(used: Number, owned: Number) -> Number:
    """What share of the agent's rare abilities the ticket makes use of, each counted by its rarity.

    Low where somebody rare would be spent on what many could do. 1 for who has nothing rare.
    """
    spare = np.asarray(owned) <= 0.0
    return np.where(spare, 1.0, used / np.where(spare, 1.0, owned))


def skill_of_use(seeker: Seeker, supply: Supply) -> str:
    """The skill that a ticket asks for; else the one that is called like its category, where anybody
    on duty has it: that is wished for, and not insisted on. Empty where neither is."""
    return seeker.skill or supply.wish(seeker.category)


def signals(
    seeker: Seeker,
    taker: Taker,
    *,
    now: datetime,
    pace: Pace,
    supply: Supply,
) -> Signals:
    """All signals of one pair, the agent holding what they hold now."""
    useful = skill_of_use(seeker, supply)
    skill = taker.skills.get(useful, 0) if useful else HIGHEST_LEVEL
    language = spoken(taker.languages, seeker.language) if seeker.language else HIGHEST_LEVEL
    own = taker.records.get(seeker.category, NOTHING)
    return Signals(
        skill=level_match(skill),
        language=level_match(language),
        room=float(free_capacity(taker.held, taker.capacity)),
        idle=float(idle_time((now - taker.idle_since) / MINUTE)),
        record=float(track_record(vars(own), supply.records.get(seeker.category, NOTHING))),
        knows=float(seeker.customer in taker.knows),
        time_left=float(pressing(seeker, now=now, pace=pace, supply=supply)),
        tier=float(tier_match(seeker.tier, taker.tier)),
        calm=float(calmness(minutes_to_risk(taker, now))),
        keeps=float(keeps_scarce(used_by(seeker, taker, supply), owned_by(taker, supply))),
    )


def pressing(seeker: Seeker, *, now: datetime, pace: Pace, supply: Supply) -> Number:
    """`time_left` of a ticket. Without a target it presses the more the longer it waits."""
    if seeker.due_at is None:
        return idle_time((now - seeker.waiting_since) / pace.ageing * IDLE)
    return time_left(
        (seeker.due_at - now) / MINUTE,
        horizon=pace.horizon / MINUTE * reach(supply.fitting(seeker)),
        late=pace.late,
        ageing=pace.ageing / MINUTE,
    )


def minutes_to_risk(taker: Taker, now: datetime) -> float:
    """Minutes to the nearest target among what an agent holds; never, where there is none."""
    return float("inf") if taker.risk_at is None else (taker.risk_at - now) / MINUTE


def owned_by(taker: Taker, supply: Supply) -> float:
    """The rarity of everything the agent can do, added up."""
    skills = sum(supply.rarity_of_skill(name) for name in taker.skills)
    return skills + sum(supply.rarity_of_language(code) for code in taker.languages)


def used_by(seeker: Seeker, taker: Taker, supply: Supply) -> float:
    """The rarity of what the ticket makes use of."""
    used = 0.0
    useful = skill_of_use(seeker, supply)
    if useful in taker.skills:
        used += supply.rarity_of_skill(useful)
    if seeker.language in taker.languages:
        used += supply.rarity_of_language(seeker.language)
    return used
