"""The library: the articles in the database, and what they say to a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.door import Door, question, use_case
from core.work import Work
from knowledge_base.article import WHOLE, Article, Phrasing, Publication
from knowledge_base.files import Written


@dataclass(frozen=True)
class Imported:
    """What an import did: the slugs that are new, changed, and as they were."""

    added: Sequence[str]
    changed: Sequence[str]
    unchanged: Sequence[str]


@dataclass(frozen=True)
class Edition:
    """Tells one state of the published articles from another."""

    published: int
    newest: datetime | None


async def take_in(work: Work, articles: Sequence[Written]) -> Imported:
    """Add and change articles by slug, all or none; others stay as they are."""
    slugs = [each.slug for each in articles]
    known = select(Article).where(Article.slug.in_(slugs)).options(*WHOLE)
    there = {article.slug: article for article in await work.session.scalars(known)}
    added, changed, unchanged = [], [], []
    for each in articles:
        article = there.get(each.slug)
        if article is None:
            work.session.add(_new(each, work.now))
            added.append(each.slug)
        elif _write(article, each):
            article.updated_at = work.now
            changed.append(each.slug)
        else:
            unchanged.append(each.slug)
    return Imported(added, changed, unchanged)


async def published(work: Work) -> Sequence[Article]:
    """Every article that customers may be answered with, with its phrasings."""
    public = (
        select(Article)
        .where(Article.publication == Publication.PUBLISHED)
        .options(*WHOLE)
        .order_by(Article.id)
    )
    return (await work.session.scalars(public)).all()


async def edition(work: Work) -> Edition:
    """What tells whether the published articles have changed; one indexed look."""
    state = select(func.count(Article.id), func.max(Article.updated_at)).where(
        Article.publication == Publication.PUBLISHED
    )
    count, newest = (await work.session.execute(state)).one()
    return Edition(count, newest)


class Library(Door):
    """The door of the knowledge base."""

    take_in = use_case(take_in)
    published = question(published)
    edition = question(edition)


def _new(written: Written, now: datetime) -> Article:
    article = Article(
        slug=written.slug, phrasings=[], translations=[], created_at=now, updated_at=now
    )
    _write(article, written)
    return article


def _write(article: Article, written: Written) -> bool:
    """Write what a file says into the row; whether that changed anything."""
    changed = False
    for name in ("title", "body", "category", "language", "publication"):
        if getattr(article, name) != getattr(written, name):
            setattr(article, name, getattr(written, name))
            changed = True
    if {each.text for each in article.phrasings} != set(written.phrasings):
        kept = {each.text: each for each in article.phrasings}
        article.phrasings = [kept.get(text) or Phrasing(text=text) for text in written.phrasings]
        changed = True
    return changed
