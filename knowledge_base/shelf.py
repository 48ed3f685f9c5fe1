"""The shelf: the public articles as a help centre shows them, in memory, found word by word.

Pure, but for the two questions at the end. Words are looked up in a sorted list, so that a search as
somebody types costs the same with ten articles and with thousands.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.storage.fulltext import spoken
from core.storage.text import clean
from core.work import Work
from knowledge_base.article import WHOLE, Article, Audience, Publication, Translation

LONGEST = 200  # characters of a search
MOST_WORDS = 12
MOST_FOUND = 20
MOST_RELATED = 5
_WORD = re.compile(r"\w+")
_TITLE, _TAG, _BODY = 6, 3, 1  # what a word is worth where it stands


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """An article in one language."""

    slug: str
    title: str
    body: str
    language: str
    category: str
    tags: tuple[str, ...]


class Shelf:
    """The articles that everybody may read. They have to be loaded `WHOLE`."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = {article.slug: article for article in articles}
        self._texts: dict[str, dict[str, Leaf]] = {}
        worth: dict[str, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
        for article in self._articles.values():
            self._texts[article.slug] = {leaf.language: leaf for leaf in _leaves(article)}
            for leaf in self._texts[article.slug].values():
                for word, value in _words(article, leaf):
                    at = (leaf.slug, leaf.language)
                    worth[word][at] = max(worth[word][at], value)
        self._worth = worth
        self._sorted = sorted(worth)

    def article(self, slug: str, language: str) -> Leaf | None:
        """An article in a language, or in its own."""
        texts = self._texts.get(slug)
        if not texts:
            return None
        own = self._articles[slug].language
        return texts.get(language) or texts.get(own) or next(iter(texts.values()))

    def categories(self, language: str) -> Sequence[tuple[str, Sequence[Leaf]]]:
        """The articles by category, in the order of their names; those without one last."""
        found: dict[str, list[Leaf]] = defaultdict(list)
        for slug in self._articles:
            leaf = self.article(slug, language)
            if leaf is not None:
                found[leaf.category].append(leaf)
        names = sorted(found, key=lambda name: (not name, name.casefold()))
        by_title = {name: sorted(found[name], key=lambda leaf: leaf.title) for name in names}
        return list(by_title.items())

    def tagged(self, tag: str, language: str) -> Sequence[Leaf]:
        """The articles that have a tag."""
        fitting = [slug for slug, each in self._articles.items() if tag in each.tags]
        return self._in(fitting, language)

    def related(self, slug: str, language: str) -> Sequence[Leaf]:
        """What else to read: the articles that this one names, then others of its category."""
        article = self._articles[slug]
        near = [each.slug for each in self._articles.values() if each.category == article.category]
        wanted = dict.fromkeys([*article.related, *(near if article.category else [])])
        there = [each for each in wanted if each != slug and each in self._articles]
        return self._in(there, language)[:MOST_RELATED]

    def search(self, text: str, language: str) -> Sequence[Leaf]:
        """The articles with most of the words, or with what they begin with; titles count most."""
        words = list(dict.fromkeys(_folded(text[:LONGEST])))[:MOST_WORDS]
        scores: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for word in words:
            for slug, value in self._having(word, language).items():
                hits, worth = scores[slug]
                scores[slug] = (hits + 1, worth + value)
        enough = max((hits for hits, _ in scores.values()), default=0)
        fitting = [slug for slug, (hits, _) in scores.items() if hits * 2 > enough]
        best = sorted(fitting, key=lambda slug: (*(-each for each in scores[slug]), slug))
        return self._in(best[:MOST_FOUND], language)

    def _having(self, word: str, language: str) -> dict[str, int]:
        found: dict[str, int] = {}
        place = bisect_left(self._sorted, word)
        while place < len(self._sorted) and self._sorted[place].startswith(word):
            for (slug, said_in), value in self._worth[self._sorted[place]].items():
                leaf = self.article(slug, language)
                if leaf is not None and leaf.language == said_in:
                    found[slug] = max(found.get(slug, 0), value)
            place += 1
        return found

    def _in(self, slugs: Iterable[str], language: str) -> Sequence[Leaf]:
        return [leaf for leaf in (self.article(slug, language) for slug in slugs) if leaf]


def _leaves(article: Article) -> Iterable[Leaf]:
    texts: list[Article | Translation] = [article, *article.translations]
    for said in texts:
        yield Leaf(
            slug=article.slug,
            title=said.title,
            body=said.body,
            language=said.language,
            category=article.category,
            tags=tuple(article.tags),
        )


def _words(article: Article, leaf: Leaf) -> Iterable[tuple[str, int]]:
    own = "" if leaf.language == article.language else leaf.language
    asked = [each.text for each in article.phrasings if each.language == own]
    for worth, texts in (
        (_TITLE, [leaf.title]),
        (_TAG, [*leaf.tags, *asked]),
        (_BODY, [leaf.body]),
    ):
        for text in texts:
            for word in _folded(text):
                yield word, worth


def _folded(text: str) -> list[str]:
    return _WORD.findall(spoken(clean(text).casefold()))


async def public(work: Work) -> Sequence[Article]:
    """Every article that everybody may read, with all its words."""
    there = select(Article).where(
        Article.publication == Publication.PUBLISHED, Article.audience == Audience.PUBLIC
    )
    return (await work.session.scalars(there.options(*WHOLE).order_by(Article.id))).all()
