"""Articles for programs: listed, searched, written, published and put away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath
from pydantic import Field

from core.vocabulary import Scope
from knowledge_base.article import Article as StoredArticle
from knowledge_base.article import Audience, Publication
from knowledge_base.library import Library
from knowledge_base.writing import Fields
from web.api.caller import Caller, allowed
from web.api.once import Once
from web.api.shapes import Shape
from web.api.versions import IfMatch, versions_of

router = APIRouter(prefix="/articles", tags=["articles"], route_class=Once)

PAGE = 20

Reader = Annotated[Caller, Depends(allowed(Scope.ARTICLES_READ))]
Writer = Annotated[Caller, Depends(allowed(Scope.ARTICLES_WRITE))]
Slug = Annotated[
    str,
    InPath(max_length=120, description="its slug, or its number", examples=["cancel-an-order"]),
]
PublicationName = Literal["draft", "published", "archived"]
AudienceName = Literal["public", "staff"]
Word = Annotated[str, Field(max_length=120)]


class Article(Shape):
    """A written answer, in Markdown, with ``phrasings``: how customers ask for it."""

    number: int = Field(examples=[5])
    slug: str = Field(examples=["cancel-an-order"])
    title: str = Field(examples=["Cancel an order"])
    body: str = Field(examples=["Within an hour, write **cancel** and its number."])
    category: str = Field(examples=["orders"])
    language: str = Field(examples=["en"])
    publication: PublicationName
    audience: AudienceName
    tags: Sequence[str]
    related: Sequence[str]
    phrasings: Sequence[str] = Field(examples=[["how do I cancel"]])
    languages: Sequence[str] = Field(description="those it is translated into", examples=[["de"]])
    helpful: int
    unhelpful: int
    updated_at: datetime
    version: int = Field(examples=[3])

    @classmethod
    def of(cls, article: StoredArticle) -> "Article":
        """A stored article, whole."""
        return cls(
            number=article.id,
            slug=article.slug,
            title=article.title,
            body=article.body,
            category=article.category,
            language=article.language,
            publication=article.publication.value,
            audience=article.audience.value,
            tags=article.tags,
            related=article.related,
            phrasings=[each.text for each in article.phrasings if not each.language],
            languages=[each.language for each in article.translations],
            helpful=article.helpful,
            unhelpful=article.unhelpful,
            updated_at=article.updated_at,
            version=article.version,
        )


class Articles(Shape):
    """A page of articles; ``next`` is the number to go on after."""

    articles: Sequence[Article]
    next: int | None


class Parts(Shape):
    """What an article says; what is left out stays."""

    title: str | None = Field(None, min_length=1, max_length=200, examples=["Cancel an order"])
    body: str | None = Field(None, min_length=1, max_length=100_000)
    phrasings: list[Annotated[str, Field(max_length=500)]] | None = Field(None, max_length=200)
    category: str | None = Field(None, max_length=60)
    language: str | None = Field(None, max_length=12)
    tags: list[Word] | None = Field(None, max_length=50)
    related: list[Word] | None = Field(None, max_length=50)
    audience: AudienceName | None = None

    def fields(self) -> Fields:
        """They as the library takes them."""
        said: dict[str, Any] = self.model_dump(exclude_none=True)
        for name in ("phrasings", "tags", "related"):
            if name in said:
                said[name] = tuple(said[name])
        if self.audience:
            said["audience"] = Audience(self.audience)
        return Fields(**said)


class Near(Shape):
    """An article that may answer a question; ``confidence`` is how probably, 0 to 1."""

    slug: str = Field(examples=["cancel-an-order"])
    title: str
    answer: str
    confidence: float = Field(examples=[0.92])
    for_staff: bool


class Found(Shape):
    """What the knowledge base would say to a question: ``sure`` offers the first as the answer."""

    verdict: Literal["sure", "unsure", "quiet"]
    articles: Sequence[Near]


@router.get("")
async def list_articles(
    caller: Reader,
    publication: PublicationName | None = None,
    category: Annotated[str | None, Query(max_length=60)] = None,
    after: Annotated[int, Query(ge=0, lt=2**31)] = 0,
) -> Articles:
    """A page of articles, oldest first."""
    found = await _library(caller).articles(
        caller.who,
        publication=Publication(publication) if publication else None,
        category=category,
        after=after,
    )
    page = found[:PAGE]
    more = len(found) > PAGE
    return Articles(
        articles=[Article.of(each) for each in page], next=page[-1].id if more else None
    )


@router.get("/search")
async def search_articles(
    caller: Reader,
    question: Annotated[
        str, Query(min_length=1, max_length=2_000, examples=["how do I cancel my order"])
    ],
) -> Found:
    """What the knowledge base would say to a question, and the articles nearest to it."""
    found = await _library(caller).search(caller.who, question)
    return Found(
        verdict=found.verdict.value,
        articles=[
            Near(
                slug=each.article,
                title=each.title,
                answer=each.answer,
                confidence=each.confidence,
                for_staff=each.for_staff,
            )
            for each in found.nearest
        ],
    )


@router.post("", status_code=201)
async def add_article(caller: Writer, parts: Parts, response: Response) -> Article:
    """Write a new one, as a draft."""
    return _answer(await _library(caller).add(caller.who, parts.fields()), response)


@router.get("/{slug}")
async def show_article(caller: Reader, slug: Slug, response: Response) -> Article:
    """One article; its ETag is its version."""
    return _answer((await _library(caller).article(caller.who, slug)).article, response)


@router.patch("/{slug}")
async def edit_article(
    caller: Writer, slug: Slug, parts: Parts, response: Response, if_match: IfMatch = None
) -> Article:
    """Change parts of it; of a published one, for keys of leads. Refused where nothing changes."""
    seen = versions_of(if_match)
    article = await _library(caller).edit(caller.who, slug, parts.fields(), seen)
    return _answer(article, response)


@router.post("/{slug}/publish")
async def publish_article(caller: Writer, slug: Slug, response: Response) -> Article:
    """Let customers be answered with it. For keys of leads."""
    article, _ = await _library(caller).publish(caller.who, slug)
    return _answer(article, response)


@router.post("/{slug}/archive")
async def archive_article(caller: Writer, slug: Slug, response: Response) -> Article:
    """Answer nobody with it any more. For keys of leads."""
    return _answer(await _library(caller).archive(caller.who, slug), response)


def _library(caller: Caller) -> Library:
    return Library.beside(caller.desk)


def _answer(article: StoredArticle, response: Response) -> Article:
    response.headers["etag"] = f'"{article.version}"'
    return Article.of(article)
