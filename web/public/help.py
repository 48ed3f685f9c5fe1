"""The help centre: articles to look through, to search, and to say something of."""

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.desk import Desk
from core.vocabulary import Opinion
from knowledge_base.library import Library
from knowledge_base.reading import Edition
from knowledge_base.shelf import Leaf, Shelf
from web.origin import same_origin
from web.pace import Pace
from web.public.look import Look, reader_of
from web.public.sent import LONGEST_FIELD

LONGEST = 200  # characters of a search
FEWEST = 2


class Shelves:
    """The shelf as it is now: read anew when an article has changed."""

    def __init__(self, desk: Desk) -> None:
        self._library = Library.beside(desk)
        self._edition: Edition | None = None
        self._shelf = Shelf([])

    async def now(self) -> Shelf:
        """The shelf, after one indexed look at whether it has changed."""
        edition = await self._library.edition()
        if edition != self._edition:
            articles = await self._library.public()
            self._shelf = await asyncio.to_thread(Shelf, articles)
            self._edition = edition
        return self._shelf

    async def elsewhere(self, shelf: Shelf, asked: str, language: str) -> Sequence[Leaf]:
        """What has all these words in any language, by the full text of the database."""
        slugs = await self._library.public_with(asked)
        return [leaf for leaf in (shelf.article(slug, language) for slug in slugs) if leaf]


class Help:
    """The pages of articles."""

    def __init__(self, desk: Desk, look: Look, shelves: Shelves, pace: Pace) -> None:
        self._desk = desk
        self._look = look
        self._shelves = shelves
        self._pace = pace

    def routes(self) -> list[Route]:
        return [
            Route("/help", self.front, methods=["GET"]),
            Route("/help/articles/{slug}", self.article, methods=["GET"]),
            Route("/help/articles/{slug}", self.opine, methods=["POST"]),
        ]

    async def front(self, request: Request) -> Response:
        """Everything by category, or what fits a search or has a tag."""
        language = reader_of(request).language
        shelf = await self._shelves.now()
        asked = request.query_params.get("q", "").strip()[:LONGEST]
        tag = request.query_params.get("tag", "").strip()[:LONGEST]
        found: Sequence[Leaf] | None = None
        if tag:
            found = shelf.tagged(tag, language)
        elif len(asked) >= FEWEST:
            found = await self.find(shelf, asked, language)
        return self._look.page(
            request,
            "front.html",
            asked=asked,
            tag=tag,
            found=found,
            categories=shelf.categories(language),
        )

    async def find(self, shelf: Shelf, asked: str, language: str) -> Sequence[Leaf]:
        """What the knowledge base would answer with, then what has the words in it in the reader's
        language, then what has them in another."""
        said = await self._desk.house.deflector.suggest(asked, language=language or None)
        sure = [shelf.article(each.article, language) for each in said.suggestions]
        found = {leaf.slug: leaf for leaf in sure if leaf}
        found |= {leaf.slug: leaf for leaf in shelf.search(asked, language)}
        elsewhere = await self._shelves.elsewhere(shelf, asked, language)
        return list(
            (found | {leaf.slug: leaf for leaf in elsewhere if leaf.slug not in found}).values()
        )

    async def article(self, request: Request) -> Response:
        """One article, whole."""
        language = reader_of(request).language
        shelf = await self._shelves.now()
        leaf = shelf.article(request.path_params["slug"], language)
        if leaf is None:
            return self._look.page(request, "missing.html", status=404)
        return self._look.page(
            request,
            "article.html",
            leaf=leaf,
            related=shelf.related(leaf.slug, language),
            asked=request.query_params.get("q", "")[:LONGEST],
            said=request.query_params.get("said", ""),
        )

    async def opine(self, request: Request) -> Response:
        """Somebody says whether it helped."""
        slug = request.path_params["slug"]
        leaf = (await self._shelves.now()).article(slug, reader_of(request).language)
        if leaf is None:
            return self._look.page(request, "missing.html", status=404)
        if not same_origin(request.headers):
            return self._look.elsewhere(request)
        if await self._pace.allows(request):
            async with request.form(max_fields=5, max_files=0, max_part_size=LONGEST_FIELD) as form:
                question, answer = str(form.get("q", "")), str(form.get("helpful", ""))
            await self.keep(question, leaf, helpful=answer == "yes")
        return RedirectResponse(f"/help/articles/{slug}?said=yes#opinion", status_code=303)

    async def keep(self, question: str, leaf: Leaf, *, helpful: bool) -> None:
        """Count it as the answer to what they looked for."""
        guest, _ = await self._desk.come(page="/help")
        opinion = Opinion(
            article=leaf.slug, title=leaf.title, language=leaf.language, helpful=helpful
        )
        await self._desk.opine(guest.who, question, opinion)
