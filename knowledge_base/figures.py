"""How the knowledge base does: what was asked, offered, solved and handed over, by week and article."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import sqrt

from sqlalchemy import ColumnElement, case, func, select

from core.channels import Who
from core.model import Enquiry, Fate, OfferedArticle, Stage
from core.people.actors import staff
from core.work import Work
from knowledge_base.article import Article

MOST_ARTICLES = 20
Z = 1.96  # of a 95 % interval


@dataclass(frozen=True)
class Rate:
    """A share (0–1) of ``of`` cases, with its 95 % interval; all None of no cases."""

    cases: int
    of: int

    @property
    def share(self) -> float | None:
        return self.cases / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's score interval (E. B. Wilson, 1927): right for few cases and extreme shares."""
        if not self.of:
            return None
        share, n = self.cases / self.of, self.of
        middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, kw_only=True)
class Week:
    """The enquiries begun in a week, by how they ended; ``offered`` had an article to look at."""

    begins: date
    asked: int
    offered: int
    solved: int
    handed_over: int
    silent: int


@dataclass(frozen=True, kw_only=True)
class ArticleFigures:
    """What became of one article: how often offered, given as the answer, and found helpful."""

    slug: str
    title: str
    offered: int
    helpful: int
    unhelpful: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Enquiries and articles of some weeks, the last one not over yet."""

    weeks: Sequence[Week]
    articles: Sequence[ArticleFigures]
    deflection: Rate


async def figures(work: Work, by: Who, *, weeks: int = 8) -> Figures:
    """How the knowledge base did in the last weeks, Monday to Sunday in UTC; for staff."""
    await staff(work.session, by)
    monday = work.now.date() - timedelta(days=work.now.weekday())
    begins = [monday - timedelta(weeks=back) for back in range(max(1, weeks) - 1, -1, -1)]
    by_week = await _weeks(work, begins)
    solved = sum(week.solved for week in by_week)
    ended = solved + sum(week.handed_over + week.silent for week in by_week)
    return Figures(
        weeks=by_week,
        articles=await _articles(work, _midnight(work, begins[0])),
        deflection=Rate(solved, ended),
    )


async def _weeks(work: Work, begins: Sequence[date]) -> Sequence[Week]:
    starts = [_midnight(work, day) for day in begins]
    begun = (
        select(
            _place_among(starts).label("week"),
            Enquiry.stage,
            (Enquiry.offers > 0).label("had_offer"),
        )
        .where(Enquiry.created_at >= starts[0])
        .subquery()
    )
    kinds = (begun.c.week, begun.c.stage, begun.c.had_offer)
    counted = select(*kinds, func.count()).group_by(*kinds)
    found: dict[tuple[int, Stage, bool], int] = {
        (row[0], row[1], bool(row[2])): row[3] for row in await work.session.execute(counted)
    }
    return [_week(day, place, found) for place, day in enumerate(begins)]


def _week(begins: date, place: int, found: Mapping[tuple[int, Stage, bool], int]) -> Week:
    def count(*stages: Stage, offered: bool | None = None) -> int:
        return sum(
            n
            for (week, stage, had_offer), n in found.items()
            if week == place and stage in stages and offered in {None, had_offer}
        )

    return Week(
        begins=begins,
        asked=count(*Stage),
        offered=count(*Stage, offered=True),
        solved=count(Stage.SOLVED),
        handed_over=count(Stage.HANDED_OVER),
        silent=count(Stage.SILENT),
    )


async def _articles(work: Work, since: datetime) -> Sequence[ArticleFigures]:
    offered = func.count().label("offered")
    counted = (
        select(
            OfferedArticle.article,
            func.coalesce(Article.title, OfferedArticle.article),
            offered,
            _how_many(OfferedArticle.fate == Fate.HELPFUL),
            _how_many(OfferedArticle.fate == Fate.UNHELPFUL),
        )
        .outerjoin(Article, Article.slug == OfferedArticle.article)
        .where(OfferedArticle.offered_at >= since)
        .group_by(OfferedArticle.article, Article.title)
        .order_by(offered.desc(), OfferedArticle.article)
        .limit(MOST_ARTICLES)
    )
    return [
        ArticleFigures(slug=row[0], title=row[1], offered=row[2], helpful=row[3], unhelpful=row[4])
        for row in await work.session.execute(counted)
    ]


def _place_among(starts: Sequence[datetime]) -> ColumnElement[int]:
    """The week an enquiry began in, as its place among these, in words that every database has."""
    latest_first = reversed(list(enumerate(starts)))
    return case(*((Enquiry.created_at >= start, place) for place, start in latest_first), else_=-1)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _midnight(work: Work, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=work.now.tzinfo)
