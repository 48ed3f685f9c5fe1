"""Writing articles from chat: agents draft, leads publish."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import select

from core.channels import Who
from core.errors import Conflict, Invalid, NotFound, Stale
from core.model import Role
from core.people.actors import Actor, acting
from core.storage.serial import serialise
from core.work import Work
from knowledge_base.article import (
    NUMBERED_LENGTH,
    Article,
    Audience,
    Publication,
    Revision,
    free_slug,
    slug_of,
)
from knowledge_base.keeping import LOCK, keep, new_article, publish_as
from knowledge_base.reading import find
from knowledge_base.written import Text, Written, from_json, without_phrasings, written


class Outdated(Stale):
    """Somebody else changed the article since the form was opened."""

    def __init__(self, article: Article) -> None:
        super().__init__(
            f"Somebody changed “{article.title}” while you wrote. "
            f"Look at /kb show {article.slug}, and edit that.",
            version=article.version,
        )


class NothingSaid(Invalid):
    """An edit that changes nothing."""

    def __init__(self, article: Article) -> None:
        super().__init__(
            f"That leaves “{article.title}” as it is. "
            f'For example: /kb edit {article.slug} title:"A better title"'
        )


class UnknownRevision(NotFound):
    """The article has no revision of that number."""

    def __init__(self, article: Article, number: int) -> None:
        super().__init__(f"“{article.title}” has no revision {number}.")


@dataclass(frozen=True, kw_only=True)
class Fields:
    """What somebody says of an article; None leaves a part as it is."""

    title: str | None = None
    body: str | None = None
    phrasings: tuple[str, ...] | None = None
    category: str | None = None
    language: str | None = None
    tags: tuple[str, ...] | None = None
    related: tuple[str, ...] | None = None
    audience: Audience | None = None

    @property
    def said(self) -> Mapping[str, Any]:
        """The parts that are there."""
        parts = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in parts if value is not None}


async def add(work: Work, by: Who, said: Fields) -> Article:
    """Write a new article, as a draft. Raises `Invalid` for what cannot be kept."""
    writer = await acting(work, by)
    if not (said.title or "").strip() or not (said.body or "").strip():
        raise Invalid("An article needs a title and a body.")
    await serialise(work.session, LOCK)
    slug = await new_slug(work, said.title or "")
    draft = Written(**{**said.said, "slug": slug, "publication": Publication.DRAFT})
    return await _kept(work, writer, new_article(work), draft, "added")


async def edit(
    work: Work, by: Who, meant: str, said: Fields, versions: Collection[int] | None = None
) -> Article:
    """Change parts of an article; of a published one, leads only.

    ``versions`` are those in which the writer may have looked at it. Raises `UnknownArticle`, `Outdated`,
    `NothingSaid`, `Invalid`.
    """
    writer, article = await _to_write(work, by, meant)
    if versions is not None and article.version not in versions:
        raise Outdated(article)
    before = written(article)
    after = replace(before, **said.said)
    if after == before:
        raise NothingSaid(article)
    return await _kept(work, writer, article, after, "edited")


async def translate(work: Work, by: Who, meant: str, said: Fields) -> Article:
    """Give an article one more language, or change what it says in one.

    Raises `UnknownArticle`, `Invalid`.
    """
    writer, article = await _to_write(work, by, meant)
    before = written(article)
    language = said.language or ""
    if language == before.language:
        raise Invalid(f"“{article.title}” is in {language} itself. Edit it: /kb edit {meant}")
    if not language or not (said.title or "").strip() or not (said.body or "").strip():
        raise Invalid("A translation needs a language, a title and a body.")
    kept = before.translations.get(language)
    asked = said.phrasings if said.phrasings is not None else kept.phrasings if kept else ()
    text = Text(title=said.title or "", body=said.body or "", phrasings=asked)
    after = replace(before, translations={**before.translations, language: text})
    return await _kept(work, writer, article, after, "translated")


async def publish(work: Work, by: Who, meant: str) -> tuple[Article, str]:
    """Let customers be answered with an article; and a warning, if there is reason for one."""
    writer, article = await _to_write(work, by, meant, at_least=Role.LEAD)
    if article.publication is Publication.PUBLISHED:
        raise Conflict(f"“{article.title}” is published already.")
    await publish_as(work, [article], Publication.PUBLISHED, writer.agent)
    lacks = without_phrasings([written(article)])
    return article, NO_PHRASING if lacks else ""


async def archive(work: Work, by: Who, meant: str) -> Article:
    """Put an article away: nobody is answered with it, and it can be published again."""
    writer, article = await _to_write(work, by, meant, at_least=Role.LEAD)
    if article.publication is Publication.ARCHIVED:
        raise Conflict(f"“{article.title}” is archived already.")
    await publish_as(work, [article], Publication.ARCHIVED, writer.agent)
    return article


async def restore(work: Work, by: Who, meant: str, number: int) -> Article:
    """Make an article say again what an earlier revision said. Raises `UnknownRevision`."""
    writer, article = await _to_write(work, by, meant)
    kept = select(Revision).where(Revision.article_id == article.id, Revision.number == number)
    revision = (await work.session.scalars(kept)).one_or_none()
    if revision is None:
        raise UnknownRevision(article, number)
    now = written(article)
    then = replace(
        from_json(revision.content), slug=now.slug, publication=now.publication, path=now.path
    )
    return await _kept(work, writer, article, then, "restored")


async def new_slug(work: Work, title: str) -> str:
    """A slug made of a title, that no article has yet."""
    slug = slug_of(title)
    alike = select(Article.slug).where(Article.slug.startswith(slug[:NUMBERED_LENGTH].strip("-.")))
    return free_slug(slug, set(await work.session.scalars(alike)))


async def _to_write(
    work: Work, by: Who, meant: str, *, at_least: Role = Role.AGENT
) -> tuple[Actor, Article]:
    """Whoever writes, and the article; a published one is for leads."""
    await serialise(work.session, LOCK)
    writer = await acting(work, by, at_least=at_least)
    article = await find(work.session, meant)
    if article.publication is Publication.PUBLISHED:
        await acting(work, by, at_least=Role.LEAD)
    return writer, article


async def _kept(work: Work, writer: Actor, article: Article, said: Written, change: str) -> Article:
    await keep(work, [(article, said)], change, writer.agent)
    return article


NO_PHRASING = (
    "It has no phrasings yet: customers find it by its title and body only. Add how they ask, "
    "in their own words."
)
