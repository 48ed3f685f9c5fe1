"""An article: a written answer, and the questions it answers in customers' own words."""

import re
import unicodedata
from collections.abc import Container, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Double, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from core.storage.base import Base, Json, Moment, named
from knowledge_base.index import Entry

SLUG_LENGTH = 120
NUMBERED_LENGTH = 110  # of a slug that a number follows
TITLE_LENGTH = 200
PATH_LENGTH = 250


class Publication(StrEnum):
    """Who can see an article."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Audience(StrEnum):
    """Whom an article is for."""

    PUBLIC = "public"
    STAFF = "staff"  # only agents find it


class Article(Base):
    """A written answer. ``slug`` is its stable name, in files and in links.

    ``path`` is the file it was imported from, below the folder, and ``extra`` what its front matter
    says beside what we know, so that an export writes both back. ``offered_only`` says that too few
    customers found it helpful: it is no longer given as the answer, only as a guess. ``helpful``
    and ``unhelpful`` count what customers said since it was written last.
    """

    __tablename__ = "articles"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(String(60), default="")
    language: Mapped[str] = mapped_column(String(12), default="en")
    publication: Mapped[Publication] = mapped_column(
        named(Publication), default=Publication.PUBLISHED
    )
    audience: Mapped[Audience] = mapped_column(named(Audience), default=Audience.PUBLIC)
    tags: Mapped[list[str]] = mapped_column(Json, default=list)
    related: Mapped[list[str]] = mapped_column(Json, default=list)  # slugs
    path: Mapped[str | None] = mapped_column(String(PATH_LENGTH))
    extra: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    writer_id: Mapped[int | None]  # the agent who wrote last; SQLite cannot add a foreign key
    helpful: Mapped[int] = mapped_column(default=0)
    unhelpful: Mapped[int] = mapped_column(default=0)
    offered_only: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    phrasings: Mapped[list["Phrasing"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Phrasing.id"
    )
    translations: Mapped[list["Translation"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Translation.language"
    )

    __table_args__ = (Index("ix_articles_published", "publication", "updated_at"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def entries(self) -> Iterator[Entry]:
        """The article as the index wants it, an entry a language; it has to be loaded `WHOLE`."""
        texts: list[tuple[str, Article | Translation]] = [("", self)]
        texts += [(each.language, each) for each in self.translations]
        for language, said in texts:
            yield Entry(
                slug=self.slug,
                title=said.title,
                body=said.body,
                language=said.language,
                phrasings=tuple(each.text for each in self.phrasings if each.language == language),
                for_staff=self.audience is Audience.STAFF,
                offer_only=self.offered_only,
            )


class Phrasing(Base):
    """One way in which customers ask for an article; ``language`` is empty for the article's own."""

    __tablename__ = "phrasings"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(12), default="")
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("article_id", "text"),)


class Translation(Base):
    """An article in one more language."""

    __tablename__ = "translations"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    body: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("article_id", "language"),)


class Revision(Base):
    """An article as it stood after a change: who made it, when, and all it said."""

    __tablename__ = "revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(160))
    change: Mapped[str] = mapped_column(String(20))
    content: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (UniqueConstraint("article_id", "number"),)


class Decision(StrEnum):
    """What became of a proposed phrasing."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Proposal(Base):
    """A customer's question that an article solved, and that may become one of its phrasings."""

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(12), default="")
    text: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float] = mapped_column(Double)
    decision: Mapped[Decision] = mapped_column(named(Decision), default=Decision.WAITING)
    created_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(160))

    article: Mapped[Article] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("article_id", "text"),
        Index("ix_proposals_decision", "decision", "id"),
    )


WHOLE = (selectinload(Article.phrasings), selectinload(Article.translations))
"""Loads an article with all its words."""


def slug_of(title: str) -> str:
    """A stable name made of a title: lower case, Latin letters bare, words joined by dashes."""
    apart = unicodedata.normalize("NFKD", title.casefold())
    bare = unicodedata.normalize("NFC", re.sub(r"([a-z])[\u0300-\u036f]+", r"\1", apart))
    return _cut("-".join(re.findall(r"\w+", bare)), SLUG_LENGTH) or "article"


def free_slug(slug: str, taken: Container[str]) -> str:
    """The slug, or where it is taken one like it, with a number."""
    number, free = 2, slug
    while free in taken:
        free, number = f"{_cut(slug, NUMBERED_LENGTH)}-{number}", number + 1
    return free


def _cut(slug: str, longest: int) -> str:
    return slug[:longest].strip("-.")
