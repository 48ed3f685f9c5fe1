"""Keeping an article: the row, and the revision that says who made it what it is."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select

from core.events import ArticleWritten
from core.model import Agent
from core.work import Work
from knowledge_base.article import Article, Publication, Revision
from knowledge_base.written import Written, as_json, write, written

LOCK = "library"
"""The name under which all who write articles wait for each other."""


def new_article(work: Work) -> Article:
    """A row for an article, with nothing in it yet."""
    return Article(
        phrasings=[],
        translations=[],
        helpful=0,
        unhelpful=0,
        offered_only=False,
        created_at=work.now,
        updated_at=work.now,
    )


async def keep(
    work: Work, articles: Sequence[tuple[Article, Written]], change: str, by: Agent | None = None
) -> None:
    """Make each row say what it is to say, with a revision of it.

    What customers made of an article is counted anew once its answer is another.
    """
    for article, said in articles:
        if not _answers_alike(article, said):
            article.helpful = article.unhelpful = 0
            article.offered_only = False
        write(article, said)
        article.writer_id = by.id if by else article.writer_id
        article.updated_at = work.now
        work.session.add(article)
    await work.session.flush()
    numbers = await _revisions(work, [article.id for article, _ in articles])
    for article, said in articles:
        number = numbers.get(article.id, 0) + 1
        work.session.add(
            Revision(
                article_id=article.id,
                number=number,
                at=work.now,
                by=work.actor,
                change=change,
                content=as_json(said),
            )
        )
        work.emit(
            ArticleWritten(article_id=article.id, slug=article.slug, change=change, revision=number)
        )


async def publish_as(
    work: Work, articles: Sequence[Article], publication: Publication, by: Agent | None = None
) -> None:
    """Publish articles, or put them away."""
    moved = [(each, replace(written(each), publication=publication)) for each in articles]
    await keep(work, moved, publication.value, by)


def _answers_alike(article: Article, said: Written) -> bool:
    """Whether a row gives the answer already that it is to give."""
    texts = {each.language: (each.title, each.body) for each in article.translations}
    now = {**texts, article.language: (article.title, article.body)}
    return now == {language: (text.title, text.body) for language, text in said.texts.items()}


async def _revisions(work: Work, ids: Sequence[int]) -> dict[int, int]:
    """The number of the last revision of each of these articles."""
    last = (
        select(Revision.article_id, func.max(Revision.number))
        .where(Revision.article_id.in_(ids))
        .group_by(Revision.article_id)
    )
    return {row[0]: row[1] for row in await work.session.execute(last)}
