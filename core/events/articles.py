"""What can happen to the articles of the knowledge base."""

from dataclasses import dataclass

from core.events.event import Event


@dataclass(frozen=True, kw_only=True)
class ArticleWritten(Event):
    """An article was added, edited, translated, published, archived, restored or imported."""

    article_id: int
    slug: str
    change: str
    revision: int


@dataclass(frozen=True, kw_only=True)
class ArticleDemoted(Event):
    """Too few customers found an article helpful: it is only offered from now on, no longer given
    as the answer. ``writer_id`` is the agent who wrote it last."""

    article_id: int
    title: str
    writer_id: int | None
    helpful: int
    unhelpful: int


@dataclass(frozen=True, kw_only=True)
class ArticlePromoted(Event):
    """A demoted article was found helpful often enough to be given as the answer again."""

    article_id: int


@dataclass(frozen=True, kw_only=True)
class PhrasingDecided(Event):
    """A customer's question became a phrasing of the article that solved it, or did not."""

    article_id: int
    proposal_id: int
    accepted: bool
