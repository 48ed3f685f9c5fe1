"""An article: a written answer, and the questions it answers in customers' own words."""

import re
import unicodedata
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.storage.base import Base, Moment, named
from knowledge_base.index import Entry

SLUG_LENGTH = 120
TITLE_LENGTH = 200


class Publication(StrEnum):
    """Who can see an article."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Article(Base):
    """A written answer. ``slug`` is its stable name, in files and in links."""

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
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    phrasings: Mapped[list["Phrasing"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Phrasing.id"
    )

    __table_args__ = (Index("ix_articles_published", "publication", "updated_at"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def entry(self) -> Entry:
        """The article as the index wants it; the phrasings have to be loaded."""
        return Entry(
            slug=self.slug,
            title=self.title,
            body=self.body,
            language=self.language,
            phrasings=tuple(each.text for each in self.phrasings),
        )


class Phrasing(Base):
    """One way in which customers ask for an article."""

    __tablename__ = "phrasings"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("article_id", "text"),)


def slug_of(title: str) -> str:
    """A stable name made of a title: lower case, ASCII where there is any, words joined by dashes."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    bare = "".join(part for part in plain if not unicodedata.combining(part))
    return re.sub(r"\W+", "-", bare).strip("-")[:SLUG_LENGTH] or "article"
