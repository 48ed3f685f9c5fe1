"""Measures the matching on questions whose answer is known: `switchboard kb evaluate`."""

import json
import time
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from core.deflection import Verdict
from core.errors import Invalid
from knowledge_base.index import Entry
from knowledge_base.measures import Outcomes
from knowledge_base.snapshot import DEFAULT_TARGET_FAR, Judged, Snapshot, learn
from knowledge_base.tiers import Reading, Tier, encoder_for

MEGABYTE = 1_000_000


class WrongFile(Invalid):
    """A line of an evaluation file cannot be read."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path}, line {line}: {reason}.")


@dataclass(frozen=True)
class Asked:
    """A question and the article that answers it, None where none does."""

    text: str
    article: str | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The figures; shares are 0–1, and None where the questions cannot tell."""

    t1: float | None
    t3: float | None
    auroc: float | None
    s90: float | None
    far: float | None
    answered_right: float | None
    in_scope: float | None
    oos_recall: float | None
    p50_ms: float
    p99_ms: float
    fit_seconds: float
    index_mb: float
    tier: str
    articles: int
    phrasings: int
    questions: int
    coverage: Sequence[tuple[float, float]] = field(default=(), repr=False)
    sure_at: tuple[float, float] | None = None  # on that curve, where the desk is sure

    def to_dict(self) -> dict[str, float | int | str | None]:
        """The figures by name, for JSON; without the curve."""
        figures = asdict(self)
        del figures["coverage"], figures["sure_at"]
        return figures


def measure(
    entries: Sequence[Entry],
    questions: Sequence[Asked],
    *,
    validation: Sequence[Asked] | None = None,
    tier: Tier = Tier.DEFAULT,
    target_far: float = DEFAULT_TARGET_FAR,
) -> Report:
    """Learn articles, and put questions to them whose answer is known.

    ``far`` and ``answered_right`` hold at the threshold that the articles alone gave; ``in_scope``
    and ``oos_recall`` at the one that is best on ``validation``. Raises
    `knowledge_base.tiers.NotInstalled`.
    """
    encoder = encoder_for(Reading(tier))
    start = time.perf_counter()
    snapshot = learn(entries, encoder=encoder, target_far=target_far)
    fit_seconds = time.perf_counter() - start
    judged, milliseconds = _ask(snapshot, questions)
    outcomes = outcomes_of(snapshot, questions, judged)
    is_sure = np.array([each.verdict is Verdict.SURE for each in judged], dtype=bool)
    in_scope = oos_recall = None
    if validation is not None:
        practised = outcomes_of(snapshot, validation, _ask(snapshot, validation)[0])
        if practised.has_unanswerable:
            is_answered = outcomes.confidences >= practised.best_threshold()
            in_scope = outcomes.answered_right(is_answered)
            wrongly = outcomes.false_answers(is_answered)
            oos_recall = None if wrongly is None else 1 - wrongly
    return Report(
        t1=outcomes.t1(),
        t3=outcomes.t3(),
        auroc=outcomes.auroc(),
        s90=outcomes.s90(),
        far=outcomes.false_answers(is_sure),
        answered_right=outcomes.answered_right(is_sure),
        in_scope=in_scope,
        oos_recall=oos_recall,
        p50_ms=float(np.median(milliseconds)) if milliseconds else 0.0,
        p99_ms=float(np.quantile(milliseconds, 0.99)) if milliseconds else 0.0,
        fit_seconds=fit_seconds,
        index_mb=snapshot.matcher.size / MEGABYTE,
        tier=tier.value,
        articles=len({entry.slug for entry in entries}),
        phrasings=sum(len(entry.phrasings) for entry in entries),
        questions=len(questions),
        coverage=outcomes.coverage(),
        sure_at=outcomes.place_of(is_sure),
    )


def outcomes_of(
    snapshot: Snapshot, questions: Sequence[Asked], judged: Sequence[Judged]
) -> Outcomes:
    """Compare what was found with what would have been right."""
    shown = [[snapshot.slug_of(ranked) for ranked in each.ranked] for each in judged]
    expected = [asked.article for asked in questions]
    return Outcomes(
        is_answerable=np.array([article is not None for article in expected], dtype=bool),
        is_right=np.array(
            [slugs[:1] == [right] for slugs, right in zip(shown, expected, strict=True)], dtype=bool
        ),
        is_among_three=np.array(
            [right in slugs for slugs, right in zip(shown, expected, strict=True)], dtype=bool
        ),
        confidences=np.array([each.confidence for each in judged], dtype=np.float64),
    )


def _ask(snapshot: Snapshot, questions: Sequence[Asked]) -> tuple[list[Judged], list[float]]:
    judged: list[Judged] = []
    milliseconds: list[float] = []
    for asked in questions:
        start = time.perf_counter()
        judged.append(snapshot.judge(asked.text))
        milliseconds.append((time.perf_counter() - start) * 1_000)
    return judged, milliseconds


def read_articles(path: Path) -> list[Entry]:
    """Articles from JSON Lines of ``id``, ``title``, ``phrasings`` and, if given, ``body``, ``language``."""
    entries: list[Entry] = []
    for number, line in _lines(path):
        slug, phrasings = line.get("id"), line.get("phrasings", [])
        if not isinstance(slug, str) or not slug:
            raise WrongFile(path, number, "an article needs an id")
        if not isinstance(phrasings, list) or not all(isinstance(each, str) for each in phrasings):
            raise WrongFile(path, number, "phrasings must be a list of texts")
        for name in ("title", "body", "language"):
            if not isinstance(line.get(name, ""), str | None):
                raise WrongFile(path, number, f"{name} must be a text")
        entries.append(
            Entry(
                slug=slug,
                title=str(line.get("title") or ""),
                body=str(line.get("body") or ""),
                language=str(line["language"]) if line.get("language") else None,
                phrasings=phrasings,
            )
        )
    return entries


def read_questions(path: Path) -> list[Asked]:
    """Questions from JSON Lines of ``text`` and ``article``, null where no article answers."""
    asked: list[Asked] = []
    for number, line in _lines(path):
        text, article = line.get("text"), line.get("article")
        if not isinstance(text, str):
            raise WrongFile(path, number, "a question needs a text")
        if "article" not in line or not isinstance(article, str | None):
            raise WrongFile(path, number, "article must be an id or null")
        asked.append(Asked(text, article))
    return asked


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    for number, line in enumerate(content.removeprefix(BOM_UTF8).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            read = json.loads(line.decode())
        except UnicodeDecodeError as error:
            raise WrongFile(path, number, "this is not UTF-8") from error
        except (ValueError, RecursionError) as error:
            raise WrongFile(path, number, "this is no JSON") from error
        if not isinstance(read, dict):
            raise WrongFile(path, number, "a JSON object is wanted")
        yield number, read
