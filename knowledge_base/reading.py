"""Looking at articles: one, all, and what the knowledge base would say to a question."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rapidfuzz import fuzz, process
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.deflection import Suggestion, Verdict
from core.errors import Conflict, NotFound
from core.model import Role, Ticket
from core.people.actors import actor, staff
from core.speaking import Sentence
from core.storage.text import clean
from core.tickets import find as tickets
from core.work import Work
from knowledge_base.article import WHOLE, Article, Audience, Publication, Revision
from knowledge_base.written import Text, Written, written

A_PAGE = 20
LAST_REVISIONS = 5
ALIKE = 60  # of 100, for a name to be a slip of another


class UnknownArticle(NotFound):
    """There is no such article, or none that this person may read."""

    def __init__(self, meant: str, near: str | None = None) -> None:
        hint = (
            Sentence("Did you mean {name}?", name=near)
            if near
            else Sentence("/kb search finds them.")
        )
        super().__init__(
            Sentence("There is no article {name}. {hint}", name=clean(meant)[:60], hint=hint)
        )


class NotForCustomers(Conflict):
    """An article that customers may not see."""

    def __init__(self, article: Article) -> None:
        super().__init__(f"“{article.title}” is for staff only, or not published. It was not sent.")


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
    article = await _named(session, meant)
    if article is None:
        raise UnknownArticle(meant, _nearest(meant, await session.scalars(select(Article.slug))))
    return article


async def article(work: Work, by: Who, meant: str) -> Shown:
    """One article: for customers, a published and public one. Raises `UnknownArticle`."""
    asking = await actor(work.session, by)
    if asking.role is Role.CUSTOMER:
        return Shown(await _public(work.session, meant), ())
    found = await find(work.session, meant)
    changes = (
        select(Revision)
        .where(Revision.article_id == found.id)
        .order_by(Revision.number.desc())
        .limit(LAST_REVISIONS)
    )
    return Shown(found, (await work.session.scalars(changes)).all())


async def for_customer(work: Work, by: Who, number: int, meant: str) -> Written:
    """An article in the words in which the customer of a ticket reads it: in their language, or as
    it was advised there, or else in its own. Raises `UnknownArticle`, `UnknownTicket`,
    `NotForCustomers`."""
    asking = await staff(work.session, by)
    found = await find(work.session, meant)
    if not _is_public(found):
        raise NotForCustomers(found)
    ticket = await tickets.ticket_for(work.session, asking, number, to_look=True)
    article = written(found)
    text = _in_their_words(article, ticket)
    return replace(article, title=text.title, body=text.body)


async def _named(session: AsyncSession, meant: str) -> Article | None:
    name = _name(meant)
    named = select(Article).where(Article.slug == name)
    if name.isascii() and name.isdigit() and len(name) < 10:
        named = select(Article).where((Article.slug == name) | (Article.id == int(name)))
    slug_first = named.options(*WHOLE).order_by((Article.slug == name).desc()).limit(1)
    return (await session.scalars(slug_first)).one_or_none()


async def _public(session: AsyncSession, meant: str) -> Article:
    """An article that customers may read. What they may not read is not even hinted at."""
    article = await _named(session, meant)
    if article is None or not _is_public(article):
        theirs = select(Article.slug).where(
            Article.publication == Publication.PUBLISHED, Article.audience == Audience.PUBLIC
        )
        raise UnknownArticle(meant, _nearest(meant, await session.scalars(theirs)))
    return article


def _is_public(article: Article) -> bool:
    return article.publication is Publication.PUBLISHED and article.audience is Audience.PUBLIC


def _name(meant: str) -> str:
    return unicodedata.normalize("NFC", clean(meant).strip().removeprefix("#"))


def _nearest(meant: str, slugs: Iterable[str]) -> str | None:
    near = process.extractOne(_name(meant), list(slugs), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return near[0] if near else None


def _in_their_words(article: Written, ticket: Ticket) -> Text | Written:
    language = ticket.customer.language
    for code in filter(None, (language, language.partition("-")[0])):
        if code in article.texts:
            return article.texts[code]
    advised = {each["title"] for each in ticket.advice if each["article"] == article.slug}
    return next((text for text in article.texts.values() if text.title in advised), article)


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
