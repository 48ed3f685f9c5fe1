"""The searchable form of all articles: an inverted index that hands out the nearest phrasings."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import numpy as np
from scipy import sparse

from knowledge_base import text
from knowledge_base.typos import Speller
from knowledge_base.vectors import Bits, Floats, Integers, Space, Vector

POSTING_CAP = 20_000  # phrasings; a feature in more of them says nothing
POSTING_BUDGET = 60_000  # phrasings visited for one question, those of rare features first
CANDIDATES = 64
BODY_PASSAGES = 6
PASSAGE_WORDS = 40
BODY_WEIGHT = 0.5  # of what a phrasing counts


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An article as the index wants it. Entries of one slug are translations of one article."""

    slug: str
    title: str
    body: str = ""
    language: str | None = None
    phrasings: Sequence[str] = ()
    for_staff: bool = False  # no customer may see it
    offer_only: bool = False  # a guess at most, never the answer


@dataclass(frozen=True)
class Row:
    """One text by which an article is found: a phrasing, its title, or a passage of its body."""

    article: int
    entry: int
    words: Sequence[str]
    written: str  # as it stands in the article, for tiers that read sentences
    is_body: bool = False


@dataclass(frozen=True)
class Question:
    """A question as words, and as a sentence: the customer's own, or the words if any was repaired."""

    words: Sequence[str]
    sentence: str


@dataclass(frozen=True)
class Candidates:
    """Rows near a question, best first, with their cosines."""

    rows: Integers
    cosines: Floats


@dataclass(frozen=True)
class Index:
    """Never changes once built, so that a newer one can take its place between two questions."""

    entries: Sequence[Entry]
    slugs: Sequence[str]
    rows: Sequence[Row]
    space: Space
    speller: Speller
    vectors: sparse.csr_array
    owners: Integers  # article of each row
    emphasis: Floats  # what each row counts
    phrases: Sequence[str]  # words of each row, joined
    known: Mapping[str, int]  # joined words of a phrasing → its article, -1 where several have it
    _starts: Integers
    _postings: Integers
    _weights: Floats
    _lengths: Integers = field(repr=False)

    @classmethod
    def build(cls, entries: Sequence[Entry], language: Speller | None = None) -> "Index":
        """Index the entries; none at all is fine. ``language`` knows words beyond theirs."""
        rows = _rows(entries)
        slugs = list(dict.fromkeys(entries[row.entry].slug for row in rows))
        phrases = [" ".join(row.words) for row in rows]
        space = Space()
        owners = np.array([row.article for row in rows], dtype=np.int32)
        vectors = space.learn([row.words for row in rows], owners)
        emphasis = np.array([BODY_WEIGHT if row.is_body else 1.0 for row in rows], dtype=np.float32)
        vectors.data = (vectors.data * np.repeat(emphasis, np.diff(vectors.indptr))).astype("f4")
        columns = vectors.tocsc()
        return cls(
            entries=tuple(entries),
            slugs=slugs,
            rows=rows,
            space=space,
            speller=Speller(Counter(chain.from_iterable(row.words for row in rows)), language),
            vectors=vectors,
            owners=owners,
            emphasis=emphasis,
            phrases=phrases,
            known=_known(rows, phrases),
            _starts=columns.indptr[:-1].astype(np.int32),
            _postings=columns.indices.astype(np.int32),
            _weights=columns.data,
            _lengths=np.diff(columns.indptr).astype(np.int32),
        )

    def question(self, question: str) -> Question:
        """A question's words, mistyped ones repaired."""
        typed = text.words(question)
        words = self.speller.repair(typed)
        is_clean = words == typed
        return Question(words, question[: text.MAX_CHARACTERS] if is_clean else " ".join(words))

    def near(self, vector: Vector, *, hidden: Bits | None = None) -> Candidates:
        """The nearest rows by cosine; ``hidden`` rows play that they are not there."""
        scores = self._scores(vector)
        if hidden is not None:
            scores[hidden] = 0
        highest = scores.max(initial=0)
        if highest <= 0:
            return Candidates(np.empty(0, np.int32), np.empty(0, np.float32))
        promising = np.flatnonzero(scores > 0.3 * highest)
        if len(promising) > CANDIDATES:
            best = np.argpartition(scores[promising], -CANDIDATES)[-CANDIDATES:]
            promising = promising[best]
        promising = promising[np.argsort(-scores[promising], kind="stable")]
        return Candidates(promising.astype(np.int32), scores[promising].astype(np.float32))

    def _scores(self, vector: Vector) -> Floats:
        """Cosine of every row, features visited from the rarest on until the budget is spent."""
        lengths = self._lengths[vector.ids]
        order = np.argsort(lengths, kind="stable")
        lengths = lengths[order]
        affordable = (np.cumsum(lengths) <= POSTING_BUDGET) & (lengths <= POSTING_CAP)
        order, lengths = order[affordable], lengths[affordable]
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        first = self._starts[vector.ids[order]] - (ends - lengths)
        visited = np.repeat(first, lengths) + np.arange(total)
        gains = self._weights[visited] * np.repeat(vector.weights[order], lengths)
        return np.bincount(self._postings[visited], gains, len(self.rows)).astype(np.float32)

    def translation(self, entry: int, language: str | None) -> Entry:
        """The entry itself, or the same article in the language asked for where there is one.

        Where only another country's variant is there, that: ``de-AT`` is answered with ``de``.
        """
        nearest = self.entries[entry]
        if language is None or nearest.language == language:
            return nearest
        same = self._translations[nearest.slug]
        if language in same:
            return same[language]
        spoken = _spoken(language)
        if spoken == _spoken(nearest.language):
            return nearest
        return next((each for key, each in same.items() if _spoken(key) == spoken), nearest)

    @cached_property
    def _translations(self) -> dict[str, dict[str | None, Entry]]:
        known: dict[str, dict[str | None, Entry]] = {}
        for entry in self.entries:
            known.setdefault(entry.slug, {})[entry.language] = entry
        return known

    def stem_rows(self, stem: int) -> Integers:
        """The rows that have a stem, in order."""
        start = self._starts[stem]
        return self._postings[start : start + self._lengths[stem]]

    @property
    def size(self) -> int:
        """Bytes of what is kept for searching."""
        arrays = (self._postings, self._weights, self._starts, self._lengths, self.owners)
        return sum(array.nbytes for array in arrays) + sum(map(len, self.phrases))


def _spoken(language: str | None) -> str:
    """A language without its country: ``pt`` for ``pt-BR``."""
    return (language or "").replace("_", "-").split("-")[0].casefold()


def _rows(entries: Sequence[Entry]) -> list[Row]:
    """Rows of an article stand together, so that its place among all is a range."""
    said = [(place, each) for place, entry in enumerate(entries) for each in _said(entry)]
    slugs = dict.fromkeys(entries[place].slug for place, _ in said)
    numbers = {slug: number for number, slug in enumerate(slugs)}
    rows = [Row(numbers[entries[place].slug], place, *each) for place, each in said]
    return sorted(rows, key=lambda row: row.article)


def _said(entry: Entry) -> Iterator[tuple[Sequence[str], str, bool]]:
    """What an entry says: words, as written, and whether it is the body; a phrasing once."""
    asked = {tuple(text.words(each)): each for each in (entry.title, *entry.phrasings)}
    for words, written in asked.items():
        if words:
            yield words, written[: text.MAX_CHARACTERS], False
    told = text.words(entry.body)
    for i in range(0, min(len(told), BODY_PASSAGES * PASSAGE_WORDS), PASSAGE_WORDS):
        passage = told[i : i + PASSAGE_WORDS]
        yield passage, " ".join(passage), True


def _known(rows: Sequence[Row], phrases: Sequence[str]) -> dict[str, int]:
    known: dict[str, int] = {}
    for row, phrase in zip(rows, phrases, strict=True):
        if not row.is_body and known.setdefault(phrase, row.article) != row.article:
            known[phrase] = -1
    return known
