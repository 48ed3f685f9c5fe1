"""What is known of a new ticket, and what a judgement of it is: a value with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.model import BuiltIn


@dataclass(frozen=True, kw_only=True)
class OrderMeant:
    """An order of the customer's that they named: its number, and what it is worth in hundredths."""

    number: str
    cents: int
    currency: str

    @property
    def worth(self) -> str:
        return f"{self.cents / 100:,.2f} {self.currency}".strip()


@dataclass(frozen=True, kw_only=True)
class Before:
    """What a customer had with us before: counts stop at 100; ``score`` is their last (1–5)."""

    live: int = 0
    solved: int = 0
    reopened: int = 0
    orders: int = 0
    score: int | None = None
    order: OrderMeant | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A new matter: its words (subject and messages), how much came with it, and whose it is."""

    text: str
    length: int  # characters, however much of them ``text`` has
    files: int = 0
    kind: str = BuiltIn.QUESTION.value
    is_vip: bool = False
    before: Before = field(default_factory=Before)


@dataclass(frozen=True)
class Judged:
    """A value that intake gives a ticket, with the reasons in words; ``words`` are those of the
    customer that spoke for it, and ``share`` (0–1) how sure it is, where that is known."""

    value: Any
    why: Sequence[str]
    words: Sequence[str] = ()
    share: float | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the ticket."""
        kept: dict[str, Any] = {"value": self.value, "why": list(self.why)}
        if self.words:
            kept["words"] = list(self.words)
        if self.share is not None:
            kept["share"] = round(self.share, 3)
        return kept


@dataclass(frozen=True)
class Guess:
    """A category that a trained model finds likely, with its calibrated probability (0–1), the
    version of the model, and the words that speak for it."""

    category: str
    probability: float
    version: int
    words: Sequence[str] = ()


class Learned(Protocol):
    """What the desk has learned from its own tickets. Asked inside intake: it touches neither network
    nor database, and answers in about a millisecond whatever the text."""

    @property
    def categories(self) -> frozenset[str]:
        """Those that it can tell apart; empty before there are enough tickets to learn from."""
        ...

    def guess(self, text: str) -> Guess | None:
        """The category of a text, or None where it is not sure enough."""
        ...

    def weight(self, what: str, word: str) -> float:
        """How far (0–1) a word still counts for ``what``: 1 until agents correct it away."""
        ...


class NothingLearned:
    """A desk that has not learned anything yet."""

    categories: frozenset[str] = frozenset()

    def guess(self, text: str) -> Guess | None:  # noqa: ARG002
        return None

    def weight(self, what: str, word: str) -> float:  # noqa: ARG002
        return 1.0
