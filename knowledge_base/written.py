"""An article as plain values: what files, forms and revisions say, and rows are compared with."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from core.errors import Invalid
from core.storage.text import clean
from knowledge_base.article import (
    SLUG_LENGTH,
    TITLE_LENGTH,
    Article,
    Audience,
    Phrasing,
    Publication,
    Translation,
)

CATEGORY_LENGTH = 60
BODY_LENGTH = 100_000
PHRASING_LENGTH = 500

_SLUG = re.compile(r"\w+(?:[-.]\w+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?")


class Faulty(Invalid):
    """A part of an article cannot be kept; ``part`` names it as files and forms do."""

    def __init__(self, part: str, fault: str) -> None:
        self.part = part
        super().__init__(f"The {part} {fault}.")


@dataclass(frozen=True, kw_only=True)
class Text:
    """An article in one language."""

    title: str
    body: str
    phrasings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Written:
    """An article, whole. ``path`` is the file it stands in, below its folder; ``extra`` is what the
    file's front matter says beside what we know. Raises `Faulty` where a part cannot be kept."""

    slug: str
    title: str
    body: str
    phrasings: tuple[str, ...] = ()
    language: str = "en"
    category: str = ""
    tags: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    audience: Audience = Audience.PUBLIC
    publication: Publication = Publication.PUBLISHED
    translations: Mapping[str, Text] = field(default_factory=dict)
    path: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.slug) or len(self.slug) > SLUG_LENGTH:
            fault = f"has to be 1 to {SLUG_LENGTH} letters, digits and dashes, like cancel-order"
            raise Faulty("id", fault)
        if len(self.category) > CATEGORY_LENGTH:
            raise Faulty("category", f"is longer than {CATEGORY_LENGTH} characters")
        if self.language in self.translations:
            raise Faulty("language", f"{self.language} is that of one of its translations")
        for language in (self.language, *self.translations):
            if not _LANGUAGE.fullmatch(language):
                raise Faulty("language", f"“{language[:20]}” is no code such as en or pt-BR")
        for text in self.texts.values():
            _check(text)

    @property
    def texts(self) -> Mapping[str, "Text | Written"]:
        """Each text by its language, the article's own first."""
        return {self.language: self, **self.translations}


def written(article: Article) -> Written:
    """What a row says; it has to be loaded `WHOLE`."""
    return Written(
        slug=article.slug,
        title=article.title,
        body=article.body,
        phrasings=_phrasings(article, ""),
        language=article.language,
        category=article.category,
        tags=tuple(article.tags),
        related=tuple(article.related),
        audience=article.audience,
        publication=article.publication,
        translations={
            each.language: Text(
                title=each.title, body=each.body, phrasings=_phrasings(article, each.language)
            )
            for each in article.translations
        },
        path=article.path or "",
        extra=article.extra,
    )


def write(article: Article, said: Written) -> None:
    """Make a row say this; it has to be new, or loaded `WHOLE`."""
    for name in ("slug", "title", "body", "language", "category", "audience", "publication"):
        setattr(article, name, getattr(said, name))
    article.tags, article.related = list(said.tags), list(said.related)
    article.path, article.extra = said.path or None, dict(said.extra)
    kept = {each.language: each for each in article.translations}
    article.translations = [
        _translated(kept.get(language) or Translation(language=language), text)
        for language, text in said.translations.items()
    ]
    known = {each.text: each for each in article.phrasings}
    article.phrasings = [
        _in_language(known.get(text) or Phrasing(text=text), language)
        for text, language in _phrasings_of(said).items()
    ]


def as_json(said: Written) -> dict[str, Any]:
    """All of it as plain values, for a revision."""
    return asdict(said)


def from_json(kept: Mapping[str, Any]) -> Written:
    """What `as_json` made."""
    translations = {
        language: Text(**{**text, "phrasings": tuple(text["phrasings"])})
        for language, text in kept["translations"].items()
    }
    return Written(
        **{
            **kept,
            **{name: tuple(kept[name]) for name in ("phrasings", "tags", "related")},
            "audience": Audience(kept["audience"]),
            "publication": Publication(kept["publication"]),
            "translations": translations,
        }
    )


def same(one: Written, other: Written) -> bool:
    """Whether two say the same; where they stand and in what order does not matter."""
    return _unordered(one) == _unordered(other)


def tidy(text: str) -> str:
    """A text as every database and file keeps it: lines end alike, nothing empty is around it."""
    return re.sub(r"\r\n?", "\n", clean(text)).rstrip().lstrip("\n")


def listed(lines: str) -> tuple[str, ...]:
    """What a form has one a line, without repetitions and empty lines."""
    return tuple(dict.fromkeys(line.strip() for line in lines.splitlines() if line.strip()))


def _check(text: "Text | Written") -> None:
    if not text.title.strip():
        raise Faulty("title", "is missing")
    if len(text.title) > TITLE_LENGTH:
        raise Faulty("title", f"is longer than {TITLE_LENGTH} characters")
    if len(text.body) > BODY_LENGTH:
        raise Faulty("body", f"is longer than {BODY_LENGTH:,} characters")
    for phrasing in text.phrasings:
        if len(phrasing) > PHRASING_LENGTH:
            fault = f"“{phrasing[:40]}…” is longer than {PHRASING_LENGTH} characters"
            raise Faulty("phrasing", fault)


def _phrasings(article: Article, language: str) -> tuple[str, ...]:
    return tuple(each.text for each in article.phrasings if each.language == language)


def _phrasings_of(said: Written) -> Mapping[str, str]:
    """Each phrasing with its language; one that is in several is the article's own, or else
    that of the first by its code, in whatever order they stand."""
    own = dict.fromkeys(said.phrasings, "")
    others = {
        phrasing: language
        for language in sorted(said.translations, reverse=True)
        for phrasing in said.translations[language].phrasings
        if phrasing not in own
    }
    return {**own, **others}


def _translated(translation: Translation, text: Text) -> Translation:
    translation.title, translation.body = text.title, text.body
    return translation


def _in_language(phrasing: Phrasing, language: str) -> Phrasing:
    phrasing.language = language
    return phrasing


def _unordered(said: Written) -> tuple[object, ...]:
    texts = {language: (text.title, text.body) for language, text in said.texts.items()}
    asked = frozenset(_phrasings_of(said).items())
    rest = replace(said, title="-", body="", phrasings=(), translations={}, path="")
    return texts, asked, rest


def without_phrasings(articles: Sequence[Written]) -> list[str]:
    """The slugs of what is published though nobody's words lead to it but its title's."""
    return [
        each.slug
        for each in articles
        if each.publication is Publication.PUBLISHED and not _phrasings_of(each)
    ]
