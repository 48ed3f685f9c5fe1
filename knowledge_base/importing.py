"""Taking articles in from files, all or none, and handing them all out for an export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.storage.serial import serialise
from core.work import Work
from knowledge_base.article import WHOLE, Article, Publication
from knowledge_base.keeping import LOCK, keep, new_article, publish_as
from knowledge_base.written import Written, same, without_phrasings, written

AT_ONCE = 1_000  # articles looked up by one statement


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do: slugs that are new, changed, as they were, and archived;
    and those published without a phrasing."""

    added: Sequence[str]
    changed: Sequence[str]
    unchanged: Sequence[str]
    archived: Sequence[str]
    without_phrasings: Sequence[str]


async def take_in(
    work: Work, articles: Sequence[Written], *, archive_missing: bool = False
) -> Imported:
    """Add and change articles by slug, all or none. Others stay as they are, unless
    ``archive_missing``: then what an earlier import brought, and is there no more, is archived.
    """
    await serialise(work.session, LOCK)
    work.actor = "import"
    there = await _known(work.session, articles)
    missing = await _missing(work.session, articles) if archive_missing else []
    done = _compared(articles, there, missing)
    said = {each.slug: _beside_what_is_there(each, there) for each in articles}
    brought = [
        (there.get(slug) or new_article(work), said[slug]) for slug in (*done.added, *done.changed)
    ]
    await keep(work, brought, "imported")
    await publish_as(work, missing, Publication.ARCHIVED)
    return done


async def compare(
    work: Work, articles: Sequence[Written], *, archive_missing: bool = False
) -> Imported:
    """What `take_in` would do."""
    missing = await _missing(work.session, articles) if archive_missing else []
    return _compared(articles, await _known(work.session, articles), missing)


async def everything(work: Work) -> Sequence[Written]:
    """Every article, drafts and archived ones too, by slug."""
    articles = await work.session.scalars(select(Article).order_by(Article.slug).options(*WHOLE))
    return [written(article) for article in articles]


async def _known(session: AsyncSession, articles: Sequence[Written]) -> dict[str, Article]:
    slugs = [each.slug for each in articles]
    found: dict[str, Article] = {}
    for start in range(0, len(slugs), AT_ONCE):
        some = select(Article).where(Article.slug.in_(slugs[start : start + AT_ONCE]))
        rows = await session.scalars(some.options(*WHOLE))
        found.update((article.slug, article) for article in rows)
    return found


async def _missing(session: AsyncSession, articles: Sequence[Written]) -> list[Article]:
    """What came from a file, and is in none of these."""
    from_files = select(Article).where(
        Article.path.is_not(None), Article.publication != Publication.ARCHIVED
    )
    here = {each.slug for each in articles}
    rows = await session.scalars(from_files.order_by(Article.id).options(*WHOLE))
    return [article for article in rows if article.slug not in here]


def _compared(
    articles: Sequence[Written], there: Mapping[str, Article], missing: Sequence[Article]
) -> Imported:
    added, changed, unchanged = [], [], []
    for each in articles:
        article = there.get(each.slug)
        said = _beside_what_is_there(each, there)
        if article is None:
            added.append(each.slug)
        elif same(written(article), said) and said.path == (article.path or ""):
            unchanged.append(each.slug)
        else:
            changed.append(each.slug)
    archived = [each.slug for each in missing]
    return Imported(added, changed, unchanged, archived, without_phrasings(articles))


def _beside_what_is_there(said: Written, there: Mapping[str, Article]) -> Written:
    """A row of a table leaves alone what it cannot say: the file, translations, related articles."""
    article = there.get(said.slug)
    if article is None or said.path:
        return said
    kept = written(article)
    translations = {code: text for code, text in kept.translations.items() if code != said.language}
    return replace(
        said, path=kept.path, extra=kept.extra, related=kept.related, translations=translations
    )
