"""What the core asks of a knowledge base: may an article answer this before a person must?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Verdict(StrEnum):
    """How far the knowledge base trusts its own suggestions."""

    SURE = "sure"  # offer the best article as the answer
    UNSURE = "unsure"  # ask "did you mean …" with up to three
    QUIET = "quiet"  # say nothing; a person answers


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One article that may answer a question.

    ``article`` is its stable slug, ``answer`` its body in Markdown, in ``language`` (a code, empty
    where it is not known); ``confidence`` is the calibrated probability (0–1) that it is the right
    answer. ``for_staff`` says that no customer may see it.
    """

    article: str
    title: str
    answer: str
    confidence: float
    language: str = ""
    for_staff: bool = False


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """What the knowledge base has to say to one question, best first; empty when it keeps quiet."""

    verdict: Verdict
    suggestions: Sequence[Suggestion] = field(default=())


QUIET = Suggestions(verdict=Verdict.QUIET)


class Deflector(Protocol):
    """May know the answer. Asked inside intake, so it touches neither network nor database."""

    async def suggest(self, question: str, *, language: str | None = None) -> Suggestions:
        """Suggest at most three published, public articles for a question of any length."""
        ...

    async def advise(self, question: str, *, language: str | None = None) -> Sequence[Suggestion]:
        """The published articles nearest to a question, for an agent to judge: at most three, those
        for staff among them, however unsure."""
        ...


class NoDeflector:
    """A desk without a knowledge base: every question goes to a person."""

    async def suggest(self, question: str, *, language: str | None = None) -> Suggestions:  # noqa: ARG002
        return QUIET

    async def advise(self, question: str, *, language: str | None = None) -> Sequence[Suggestion]:  # noqa: ARG002
        return ()
