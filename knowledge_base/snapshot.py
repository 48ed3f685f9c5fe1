"""All that is learned from one state of the articles: index, ranking and gate, never changed again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.deflection import QUIET, Suggestion, Suggestions, Verdict
from knowledge_base import gate, head
from knowledge_base.gate import Gate
from knowledge_base.index import Entry, Index, Question
from knowledge_base.match import FEATURES, Match, Matcher, Practice, Ranked
from knowledge_base.meanings import Meanings
from knowledge_base.tiers import Encoder
from knowledge_base.vectors import Bits

DEFAULT_TARGET_FAR = 0.05
FOLDS = 4
PRACTICE_QUESTIONS = 1_600  # at most, so that learning takes seconds
PRACTICE_ROWS = 3_000  # at most that the heads thrown away are trained on
LEAST_GUESS = 0.1  # confidence below which "did you mean" leaves an article out
KNOWN_CONFIDENCE = 0.99  # of a question that is a phrasing of one article, word for word


@dataclass(frozen=True)
class Judged:
    """The best articles for a question, the probability that the first is right, and the verdict."""

    ranked: Sequence[Ranked]
    confidence: float
    verdict: Verdict


@dataclass(frozen=True)
class Snapshot:
    """Answers questions from the articles it was learned from."""

    matcher: Matcher
    gate: Gate

    def judge(self, question: str) -> Judged:
        """Rank the articles for a question and say how sure the first is.

        What may only be offered is never sure.
        """
        judged = self._judged(question)
        if judged.verdict is Verdict.SURE:
            best = self.matcher.index.entries[judged.ranked[0].entry]
            if best.offer_only:
                return replace(judged, verdict=Verdict.UNSURE)
        return judged

    def _judged(self, question: str) -> Judged:
        index = self.matcher.index
        asked = index.question(question)
        found = self.matcher.match(asked) if asked.words else None
        if found is None:
            return Judged((), 0.0, Verdict.QUIET)
        confidence = self.gate.confidence(found.features)
        if index.known.get(" ".join(asked.words)) == found.ranked[0].article:
            confidence = max(confidence, KNOWN_CONFIDENCE)
            return Judged(found.ranked, confidence, Verdict.SURE)
        return Judged(found.ranked, confidence, self.gate.verdict(confidence))

    def suggest(self, question: str, language: str | None = None) -> Suggestions:
        """What to say: one article where sure, up to three where not, nothing below."""
        judged = self.judge(question)
        if judged.verdict is Verdict.QUIET:
            return QUIET
        shown = judged.ranked[:1] if judged.verdict is Verdict.SURE else judged.ranked
        suggestions = [self._suggestion(ranked, judged, language) for ranked in shown]
        if judged.verdict is Verdict.UNSURE:
            suggestions = [each for each in suggestions if each.confidence >= LEAST_GUESS]
        if not suggestions:
            return QUIET
        return Suggestions(verdict=judged.verdict, suggestions=tuple(suggestions))

    def nearest(self, question: str, language: str | None = None) -> Sequence[Suggestion]:
        """The best three articles, however unsure: for an agent to judge."""
        judged = self.judge(question)
        return [self._suggestion(ranked, judged, language) for ranked in judged.ranked]

    def slug_of(self, ranked: Ranked) -> str:
        """The slug of a ranked article."""
        return self.matcher.index.slugs[ranked.article]

    def _suggestion(self, ranked: Ranked, judged: Judged, language: str | None) -> Suggestion:
        entry = self.matcher.index.translation(ranked.entry, language)
        behind = float(np.exp(ranked.score - judged.ranked[0].score))
        return Suggestion(
            article=entry.slug,
            title=entry.title,
            answer=entry.body,
            confidence=judged.confidence * behind,
            language=entry.language or "",
            for_staff=entry.for_staff,
        )


def learn(
    entries: Sequence[Entry],
    *,
    encoder: Encoder | None = None,
    target_far: float = DEFAULT_TARGET_FAR,
) -> Snapshot:
    """Index the entries, train the ranking and the gate. Seconds for 15,000 phrasings."""
    index = Index.build(entries, None if encoder is None else encoder.speller)
    meanings = None
    if encoder is not None and index.rows:
        meanings = Meanings.learn(encoder, [row.written for row in index.rows])
    matcher = Matcher(index, None, meanings)
    matcher = Matcher(index, _train_head(matcher), meanings)
    practised = list(_practise(matcher))
    features = [question.match.features for question in practised]
    trained = gate.train(
        np.array(features, dtype=np.float32).reshape(-1, len(FEATURES)),
        np.array([question.is_right for question in practised], dtype=bool),
        np.array([question.is_refusable for question in practised], dtype=bool),
        target_far=target_far,
    )
    return Snapshot(matcher, trained)


def _train_head(matcher: Matcher, rows: NDArray[np.intp] | None = None) -> head.Head | None:
    """A head for all rows, or for some of them in practice."""
    index, meanings = matcher.index, matcher.meanings
    chosen = np.arange(len(index.rows)) if rows is None else rows
    if len(chosen) == 0 or not head.fits(len(index.rows), len(index.slugs)):
        return None
    return head.train(
        index.vectors[chosen],
        None if meanings is None else meanings.weighed(meanings.rows[chosen]),
        index.owners[chosen],
        index.emphasis[chosen],
        classes=len(index.slugs),
    )


@dataclass(frozen=True)
class _Practised:
    """How a phrasing fared that was asked as if it were not known."""

    match: Match
    is_right: bool
    is_refusable: bool


def _practise(matcher: Matcher) -> Iterator[_Practised]:
    """Ask phrasings that were held out: some with their whole article, some with a few siblings."""
    index = matcher.index
    articles = np.arange(len(index.slugs))
    place = np.arange(len(index.rows)) - np.searchsorted(index.owners, articles)[index.owners]
    for fold in range(FOLDS):
        is_absent = articles % FOLDS == fold
        held_out = (place + index.owners // FOLDS) % FOLDS == fold
        is_hidden = is_absent[index.owners] | held_out
        kept = np.flatnonzero(~is_hidden)
        studied = kept[:: -(-len(kept) // PRACTICE_ROWS) or 1]
        practice = Practice(
            is_hidden=is_hidden,
            absent=frozenset(np.flatnonzero(is_absent).tolist()),
            head=_train_head(matcher, studied),
        )
        has_siblings = np.bincount(index.owners[kept], minlength=len(articles)) > 0
        yield from _ask(matcher, practice, is_hidden & is_absent[index.owners])
        yield from _ask(matcher, practice, is_hidden & has_siblings[index.owners])


def _ask(matcher: Matcher, practice: Practice, chosen: Bits) -> Iterator[_Practised]:
    index = matcher.index
    rows = [row for row in np.flatnonzero(chosen).tolist() if not index.rows[row].is_body]
    most = PRACTICE_QUESTIONS // (2 * FOLDS)
    for row in rows[:: -(-len(rows) // most)] if rows else ():
        meaning = None if matcher.meanings is None else matcher.meanings.rows[row]
        found = matcher.match(Question(index.rows[row].words, ""), practice, meaning)
        if found is not None:
            article = index.rows[row].article
            yield _Practised(found, found.ranked[0].article == article, article in practice.absent)
