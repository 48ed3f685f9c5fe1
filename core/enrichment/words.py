"""The words of a text as they are compared: folded, and never more than a bounded piece of it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

LONGEST = 2_000  # characters that are read of a text; what is wanted stands at its beginning
_MARKS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['’ʼ`´]")
_WORD = re.compile(r"[^\W_]+")

Phrases = Mapping[str, Sequence[tuple[str, ...]]]
"""Phrases of words by their first word, the longest first."""


def words(text: str) -> list[str]:
    """The words of the first 2,000 characters: small letters, no accents, no apostrophes."""
    # Some characters unfold into eighteen, so the text is cut before and after.
    unfolded = unicodedata.normalize("NFKD", text[:LONGEST])[:LONGEST]
    bare = _APOSTROPHES.sub("", _MARKS.sub("", unfolded)).casefold()
    return _WORD.findall(bare)


def phrases(texts: Sequence[str]) -> Phrases:
    """Phrases prepared for `found`."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for text in texts:
        phrase = tuple(words(text))
        by_first.setdefault(phrase[0], []).append(phrase)
    return {first: sorted(those, key=len, reverse=True) for first, those in by_first.items()}


def found(there: Sequence[str], wanted: Phrases) -> Iterator[str]:
    """The phrases that stand in the words, in their order; a longer one hides those within it, so
    that “not urgent” is not “urgent”."""
    place = 0
    while place < len(there):
        for phrase in wanted.get(there[place], ()):
            if tuple(there[place : place + len(phrase)]) == phrase:
                yield " ".join(phrase)
                place += len(phrase)
                break
        else:
            place += 1
