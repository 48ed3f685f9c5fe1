"""Reports: what happened between two days, and in as many days before, from figures kept ready."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, func, or_, select

from core.channels import Who
from core.errors import Invalid
from core.model import Agent, Priority, Role, Rollup, Stage, Tally, TargetKind, Team
from core.people.actors import staff
from core.reports import buckets, rollups
from core.reports.counting import Figure
from core.work import Work

LONGEST = 366  # days
MEDIAN, P90 = 0.5, 0.9
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


class BadSpan(Invalid):
    """Days that make no span."""

    def __init__(self) -> None:
        super().__init__(
            f"A report is from a day to the same or a later one, and of {LONGEST} days at most."
        )


class UnknownTeamNumber(Invalid):
    """No team has this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no team {number}. A report without a team is of all of them.")


async def report(
    work: Work,
    by: Who,
    since: date,
    until: date,
    *,
    channel: str | None = None,
    team: int | None = None,
) -> Report:
    """What happened from ``since`` to ``until``, both whole days in UTC; only on a channel, or only a
    team's (by number), where one is given. For leads.

    Enquiries and articles are nobody's before there is a ticket: with a team they are left out.
    Raises `RoleTooLow`, `BadSpan`, `UnknownTeamNumber`.
    """
    await staff(work.session, by, at_least=Role.LEAD)
    return await of_span(work, since, until, channel=channel, team=team)


async def lately(work: Work, by: Who, days: int) -> Report:
    """The last ``days``, today included, as it is so far; for leads. Raises as `report` does."""
    today = work.now.date()
    return await report(work, by, today - timedelta(days=days - 1), today)


async def of_span(
    work: Work, since: date, until: date, *, channel: str | None = None, team: int | None = None
) -> Report:
    """`report`, for the desk itself."""
    if not 0 <= (until - since).days < LONGEST or since.year < 1971 or until.year > 9000:
        raise BadSpan
    teams = await _teams(work)
    if team is not None and team not in teams:
        raise UnknownTeamNumber(team)
    length = until - since + timedelta(days=1)
    chosen = _Chosen(since - length, since, until, channel, team)
    now, before, channels = await _parts(work, chosen)
    return Report(
        now=_summary(since, until, now),
        before=_summary(since - length, since - timedelta(days=1), before),
        days=await _days(work, chosen),
        agents=await _agents(work, now),
        articles=_articles(now),
        channels=channels,
        teams=teams,
    )


@dataclass(frozen=True)
class _Chosen:
    before: date
    since: date
    until: date
    channel: str | None
    team: int | None

    def only(self, table: type[Tally] | type[Rollup]) -> list[ColumnElement[bool]]:
        """What is asked for beside the days."""
        wanted: list[ColumnElement[bool]] = []
        if self.team is not None:
            wanted.append(table.team_id == self.team)
        return [*wanted, table.channel == self.channel] if self.channel is not None else wanted

    @property
    def curves(self) -> tuple[type[Tally] | type[Rollup], Sequence[ColumnElement[bool]]]:
        """Where the days of the span are read from, and which rows."""
        if self.team is None and self.channel is None:
            days = Rollup.day.between(self.since, self.until)
            return Rollup, [Rollup.tier == rollups.ALL, days]
        return Tally, [Tally.day.between(self.since, self.until), *self.only(Tally)]


@dataclass
class _Parts:
    """Counts of a span by figure and part, and opened tickets by channel."""

    of: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_channel: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, figure: Figure) -> Counter[str]:
        return self.of[figure.value]


async def _parts(work: Work, chosen: _Chosen) -> tuple[_Parts, _Parts, Sequence[str]]:
    """All counts of both spans: whole months as such, and the days at the ends."""
    spans = (
        rollups.span(chosen.before, chosen.since - rollups.DAY),
        rollups.span(chosen.since, chosen.until),
    )
    months = [month for each in spans for month in each.months]
    runs = [Tally.day.between(*run) for each in spans for run in each.days]
    found = [await _counts(work, Tally, chosen, or_(*runs))] if runs else []
    if months:
        here = (Rollup.tier == rollups.MONTH) & Rollup.day.in_(months)
        found.append(await _counts(work, Rollup, chosen, here))
    now, before = _Parts(), _Parts()
    channels: set[str] = {chosen.channel} if chosen.channel else set()
    for row in itertools.chain(*found):
        into, count = (now if row.is_now else before), int(row.times)
        channels.add(row.channel)
        into.of[row.figure][row.part] += count
        if row.figure == Figure.OPENED:
            into.by_channel[row.channel] += count
    return now, before, sorted(channels)


async def _counts(
    work: Work, table: type[Tally] | type[Rollup], chosen: _Chosen, here: ColumnElement[bool]
) -> Sequence[Any]:
    is_now = case((table.day >= chosen.since, 1), else_=0)
    wanted = (
        select(is_now.label("is_now"), table.figure, table.channel, table.part)
        .add_columns(func.sum(table.count).label("times"))
        .where(here, *chosen.only(table))
        .group_by(is_now, table.figure, table.channel, table.part)
    )
    return (await work.session.execute(wanted)).all()


async def _days(work: Work, chosen: _Chosen) -> Sequence[DayFigures]:
    """Each day of the span; of all together where nothing is chosen."""
    opened = await _opened(work, chosen)
    medians = await _medians(work, chosen)
    length = (chosen.until - chosen.since).days + 1
    return [
        DayFigures(
            day=day,
            opened=_positive(opened[day]),
            first_response=medians.get((day, Figure.FIRST_RESPONSE)),
            resolution=medians.get((day, Figure.RESOLUTION)),
        )
        for day in (chosen.since + timedelta(days=n) for n in range(length))
    ]


async def _opened(work: Work, chosen: _Chosen) -> Mapping[date, Counter[str]]:
    table, here = chosen.curves
    wanted = (
        select(table.day, table.channel, func.sum(table.count).label("times"))
        .where(*here, table.figure == Figure.OPENED.value)
        .group_by(table.day, table.channel)
    )
    found: dict[date, Counter[str]] = defaultdict(Counter)
    for row in await work.session.execute(wanted):
        found[row.day][row.channel] += int(row.times)
    return found


async def _medians(work: Work, chosen: _Chosen) -> Mapping[tuple[date, Figure], timedelta]:
    """The median times of each day, as `buckets.quantile` finds them: in the first bucket up to
    which there is half of all. The database looks for it, since a year has tens of thousands."""
    table, here = chosen.curves
    bucket = cast(table.part, Integer)
    counts = (
        select(table.day, table.figure, bucket.label("bucket"), func.sum(table.count).label("n"))
        .where(*here, table.figure.in_(sorted(rollups.TIMES)))
        .group_by(table.day, table.figure, bucket)
        .having(func.sum(table.count) > 0)
        .subquery()
    )
    day = (counts.c.day, counts.c.figure)
    seen = func.sum(counts.c.n).over(partition_by=day, order_by=counts.c.bucket)
    total = func.sum(counts.c.n).over(partition_by=day)
    running = select(*day, counts.c.bucket, seen.label("seen"), total.label("total")).subquery()
    wanted = (
        select(running.c.day, running.c.figure, func.min(running.c.bucket).label("bucket"))
        .where(running.c.seen * 2 >= running.c.total)
        .group_by(running.c.day, running.c.figure)
    )
    rows = await work.session.execute(wanted)
    return {(row.day, Figure(row.figure)): buckets.middle(row.bucket) for row in rows}


def _summary(since: date, until: date, parts: _Parts) -> Summary:
    offered = parts[Figure.OFFERED]
    solved = offered[Stage.SOLVED.value]
    ended = solved + offered[Stage.HANDED_OVER.value] + offered[Stage.SILENT.value]
    scores: Counter[int] = Counter()
    for part, count in parts[Figure.SCORE].items():
        scores[int(part.partition(":")[2])] += count
    hours = parts[Figure.HOUR]
    return Summary(
        since=since,
        until=until,
        opened=parts[Figure.OPENED].total(),
        resolved=parts[Figure.RESOLVED].total(),
        reopened=parts[Figure.REOPENED].total(),
        by_channel=_positive(parts.by_channel),
        by_category=_positive(parts[Figure.OPENED]),
        heat=[[hours[f"{day}-{hour:02}"] for hour in range(24)] for day in range(7)],
        first_response=_times(parts[Figure.FIRST_RESPONSE]),
        resolution=_times(parts[Figure.RESOLUTION]),
        kept={kind: _kept(parts, kind) for kind in TargetKind},
        kept_by_priority={kind: _kept_by_priority(parts, kind) for kind in TargetKind},
        deflection=Share(hits=solved, of=ended),
        no_article=parts[Figure.NO_ARTICLE].total(),
        asked=parts[Figure.ASKED].total(),
        scores={score: scores[score] for score in range(1, 6)},
    )


def _kept(parts: _Parts, kind: TargetKind, priority: Priority | None = None) -> Share:
    met, breached = (
        sum(count for part, count in parts[figure].items() if _is_of(part, kind, priority))
        for figure in (Figure.MET, Figure.BREACHED)
    )
    return Share(hits=met, of=met + breached)


def _kept_by_priority(parts: _Parts, kind: TargetKind) -> Mapping[Priority, Share]:
    """Of each priority that had any, the highest first."""
    found = {each: _kept(parts, kind, each) for each in sorted(Priority, reverse=True)}
    return {priority: share for priority, share in found.items() if share.of}


def _is_of(part: str, kind: TargetKind, priority: Priority | None) -> bool:
    """What was counted by an earlier version has no priority."""
    of, _, its = part.partition(":")
    return of == kind.value and (priority is None or its == str(priority.value))


def _times(counts: Counter[str]) -> Times:
    by_bucket = {int(part): count for part, count in counts.items()}
    median, p90 = (buckets.quantile(by_bucket, share) for share in (MEDIAN, P90))
    return Times(count=counts.total(), median=median, p90=p90)


def _positive(counts: Counter[str]) -> Parts:
    """What there is any of, the most first."""
    return {part: count for part, count in counts.most_common() if count > 0}


async def _agents(work: Work, parts: _Parts) -> Sequence[AgentFigures]:
    figures = (Figure.ASSIGNED, Figure.RESOLVED, Figure.REOPENED)
    numbers = {int(part) for each in figures for part, count in parts[each].items() if count}
    scores: dict[int, Counter[int]] = defaultdict(Counter)
    for part, count in parts[Figure.SCORE].items():
        agent, _, score = part.partition(":")
        scores[int(agent)][int(score)] += count
    named = select(Agent.id, Agent.name).where(Agent.id.in_(sorted(numbers | scores.keys())))
    names = {row.id: row.name for row in await work.session.execute(named)}
    found = [_agent(number, name, parts, scores[number]) for number, name in names.items()]
    return sorted(found, key=lambda each: (-each.resolved, -each.assigned, each.name))


def _agent(number: int, name: str, parts: _Parts, scores: Counter[int]) -> AgentFigures:
    rated = scores.total()
    return AgentFigures(
        agent_id=number,
        name=name,
        assigned=parts[Figure.ASSIGNED][str(number)],
        resolved=parts[Figure.RESOLVED][str(number)],
        reopened=parts[Figure.REOPENED][str(number)],
        rated=rated,
        score=sum(score * n for score, n in scores.items()) / rated if rated else None,
    )


def _articles(parts: _Parts) -> Sequence[ArticleFigures]:
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for part, count in parts[Figure.ARTICLE].items():
        fate, _, article = part.partition(":")
        said[article][fate] += count
    found = [
        ArticleFigures(
            article=article,
            offered=fates.total(),
            helpful=fates["helpful"],
            unhelpful=fates["unhelpful"],
        )
        for article, fates in said.items()
        if fates.total()
    ]
    return sorted(found, key=lambda each: (-each.offered, each.article))


async def _teams(work: Work) -> Mapping[int, str]:
    rows = await work.session.execute(select(Team.id, Team.name).order_by(Team.name))
    return {row.id: row.name for row in rows}
