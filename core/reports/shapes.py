"""What a report is made of: values, as they are handed out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.model import Priority, TargetKind
from core.reports import buckets

Parts = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Times:
    """How long something took, of so many: half took no longer than ``median``, nine of ten no longer
    than ``p90``, each at most `buckets.ERROR` off; None without any."""

    count: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many ``of`` so many, and between which shares (0–1) the true one lies (95 %)."""

    hits: int
    of: int

    @property
    def share(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        return buckets.interval(self.hits, self.of)


@dataclass(frozen=True, kw_only=True)
class AgentFigures:
    """What an agent had to do and what came of it; ``score`` is the average CSAT, of ``rated``."""

    agent_id: int
    name: str
    assigned: int
    resolved: int
    reopened: int
    rated: int
    score: float | None


@dataclass(frozen=True, kw_only=True)
class ArticleFigures:
    """How often an article was offered, and what customers said to it."""

    article: str
    offered: int
    helpful: int
    unhelpful: int


@dataclass(frozen=True, kw_only=True)
class DayFigures:
    """One day: tickets opened by channel, and the median times."""

    day: date
    opened: Parts
    first_response: timedelta | None
    resolution: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The figures of a span, without its days. ``heat`` is opened tickets by weekday (Monday first)
    and hour (UTC); ``kept`` is by kind of target, and then by priority; ``scores`` is by score."""

    since: date
    until: date
    opened: int
    resolved: int
    reopened: int
    by_channel: Parts
    by_category: Parts
    heat: Sequence[Sequence[int]]
    first_response: Times
    resolution: Times
    kept: Mapping[TargetKind, Share]
    kept_by_priority: Mapping[TargetKind, Mapping[Priority, Share]]
    deflection: Share
    no_article: int
    asked: int
    scores: Mapping[int, int]

    @property
    def answered(self) -> int:
        return sum(self.scores.values())

    @property
    def score(self) -> float | None:
        """The average CSAT, from 1 to 5; None without an answer."""
        total = sum(score * count for score, count in self.scores.items())
        return total / self.answered if self.answered else None


@dataclass(frozen=True, kw_only=True)
class Report:
    """A span of days, and as many days ``before`` it. ``channels`` and ``teams`` are what can be
    chosen."""

    now: Summary
    before: Summary
    days: Sequence[DayFigures]
    agents: Sequence[AgentFigures]
    articles: Sequence[ArticleFigures]
    channels: Sequence[str]
    teams: Mapping[int, str]
