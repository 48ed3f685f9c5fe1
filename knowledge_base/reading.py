"""Looking at articles: one, all, and what the knowledge base would say to a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.deflection import Suggestion, Verdict
from core.errors import NotFound
from core.model import Role
from core.people.actors import actor, staff
from core.storage.text import clean
from core.work import Work
from knowledge_base.article import WHOLE, Article, Audience, Publication, Revision

A_PAGE = 20
LAST_REVISIONS = 5


class UnknownArticle(NotFound):
    """There is no such article, or none that this person may read."""

    def __init__(self, meant: str, near: Sequence[str] = ()) -> None:
        hint = f"Did you mean {near[0]}?" if near else "/kb list shows them all."
        super().__init__(f"There is no article {clean(meant)[:60]}. {hint}")


@dataclass(frozen=True)
class Edition:
    """Tells one state of the published articles from another."""

    published: int
    versions: int
    newest: datetime | None


@dataclass(frozen=True)
class Shown:
    """An article with the last changes to it, newest first; customers see none of them."""

    article: Article
    revisions: Sequence[Revision]


@dataclass(frozen=True)
class Found:
    """What the knowledge base would say to a question, and the articles nearest to it."""

    verdict: Verdict
    nearest: Sequence[Suggestion]


async def find(session: AsyncSession, meant: str) -> Article:
    """An article by its slug or number, whole. Raises `UnknownArticle`."""
    name = clean(meant).strip().removeprefix("#")
    named = select(Article).where(Article.slug == name)
    if name.isascii() and name.isdigit() and len(name) < 10:
        named = select(Article).where((Article.slug == name) | (Article.id == int(name)))
    slug_first = named.options(*WHOLE).order_by((Article.slug == name).desc()).limit(1)
    article = (await session.scalars(slug_first)).one_or_none()
    if article is None:
        slugs = list(await session.scalars(select(Article.slug)))
        raise UnknownArticle(meant, get_close_matches(name, slugs, n=1))
    return article


async def article(work: Work, by: Who, meant: str) -> Shown:
    """One article: for customers, a published and public one. Raises `UnknownArticle`."""
    asking = await actor(work.session, by)
    found = await find(work.session, meant)
    if asking.role is Role.CUSTOMER:
        public = found.publication is Publication.PUBLISHED and found.audience is Audience.PUBLIC
        if not public:
            raise UnknownArticle(meant)
        return Shown(found, ())
    changes = (
        select(Revision)
        .where(Revision.article_id == found.id)
        .order_by(Revision.number.desc())
        .limit(LAST_REVISIONS)
    )
    return Shown(found, (await work.session.scalars(changes)).all())


async def articles(
    work: Work,
    by: Who,
    *,
    publication: Publication | None = None,
    category: str | None = None,
    after: int | None = None,
) -> Sequence[Article]:
    """A page of articles for staff, oldest first; ``after`` is the number of the last one seen."""
    await staff(work.session, by)
    chosen = select(Article).where(Article.id > (after or 0)).order_by(Article.id).limit(A_PAGE + 1)
    if publication is not None:
        chosen = chosen.where(Article.publication == publication)
    if category:
        chosen = chosen.where(func.lower(Article.category) == category.lower())
    return (await work.session.scalars(chosen.options(*WHOLE))).all()


async def search(work: Work, by: Who, text: str) -> Found:
    """What the knowledge base would say to a question; for staff also what is near to it."""
    asking = await actor(work.session, by)
    said = await work.house.deflector.suggest(text)
    if asking.role is Role.CUSTOMER:
        return Found(said.verdict, said.suggestions)
    return Found(said.verdict, await work.house.deflector.advise(text))


async def published(work: Work) -> Sequence[Article]:
    """Every published article, those for staff too, with all its words."""
    there = select(Article).where(Article.publication == Publication.PUBLISHED)
    return (await work.session.scalars(there.options(*WHOLE).order_by(Article.id))).all()


async def edition(work: Work) -> Edition:
    """What tells whether the published articles have changed; one indexed look."""
    state = select(
        func.count(Article.id),
        func.coalesce(func.sum(Article.version), 0),
        func.max(Article.updated_at),
    ).where(Article.publication == Publication.PUBLISHED)
    count, versions, newest = (await work.session.execute(state)).one()
    return Edition(count, int(versions), newest)
