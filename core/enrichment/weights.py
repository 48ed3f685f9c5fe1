"""How far words still count: what agents correct away loses weight, what they leave keeps it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.enrichment.lexicon import POINTS

PRIOR = 8  # tickets on which a word is taken at its word, before there are any


def weights(judged: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """The weight (0–1) of each word that was wrong, by `key`, from what intake kept with tickets.

    ``(8 + right) / (8 + right + wrong)``: a mean, shrunk to 1 as if 8 tickets had said so before.
    """
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for each in judged:
        for word, was_right in _opinions(each):
            (right if was_right else wrong)[word] += 1
    return {
        word: round((PRIOR + right[word]) / (PRIOR + right[word] + count), 4)
        for word, count in wrong.items()
    }


def key(what: str, word: str) -> str:
    """What a weight is kept under."""
    return f"{what}|{word}"


def _opinions(judged: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    category = judged.get("category", {})
    for word in category.get("words", ()):
        yield key(f"category {category['value']}", word), "corrected" not in category
    priority = judged.get("priority", {})
    made = priority.get("corrected", {}).get("value", priority.get("value"))
    for word in priority.get("words", ()):
        raises = POINTS.get(word, 1) > 0
        gone_down, gone_up = made < priority["value"], made > priority["value"]
        yield key("priority", word), not (gone_down if raises else gone_up)
