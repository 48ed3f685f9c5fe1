"""Reports: what happened between two days, and in as many days before, from figures kept ready."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from core.channels import Who
from core.errors import Invalid
from core.model import Agent, Priority, Role, Stage, TargetKind, Team
from core.people.actors import staff
from core.reports import buckets
from core.reports.counting import Figure
from core.reports.counts import Chosen, Counts, by_day, counted, positive
from core.reports.shapes import AgentFigures, ArticleFigures, Report, Share, Summary, Times
from core.work import Work

LONGEST = 366  # days
MEDIAN, P90 = 0.5, 0.9


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
    chosen = Chosen(since - length, since, until, channel, team)
    now, before, channels = await counted(work, chosen)
    return Report(
        now=_summary(since, until, now),
        before=_summary(since - length, since - timedelta(days=1), before),
        days=await by_day(work, chosen),
        agents=await _agents(work, now),
        articles=_articles(now),
        channels=channels,
        teams=teams,
    )


def _summary(since: date, until: date, parts: Counts) -> Summary:
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
        by_channel=positive(parts.by_channel),
        by_category=positive(parts[Figure.OPENED]),
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


def _kept(parts: Counts, kind: TargetKind, priority: Priority | None = None) -> Share:
    met, breached = (
        sum(count for part, count in parts[figure].items() if _is_of(part, kind, priority))
        for figure in (Figure.MET, Figure.BREACHED)
    )
    return Share(hits=met, of=met + breached)


def _kept_by_priority(parts: Counts, kind: TargetKind) -> Mapping[Priority, Share]:
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


async def _agents(work: Work, parts: Counts) -> Sequence[AgentFigures]:
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


def _agent(number: int, name: str, parts: Counts, scores: Counter[int]) -> AgentFigures:
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


def _articles(parts: Counts) -> Sequence[ArticleFigures]:
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
