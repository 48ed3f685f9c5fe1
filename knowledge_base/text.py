"""Turns what a customer typed into words and character n-grams, at a bounded price."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

MAX_CHARACTERS = 2_000
MAX_WORDS = 160
MAX_WORD_CHARACTERS = 32
PAIR_REACH = 4  # words; how far apart two words may stand and still make a pair
GRAM_SIZES = (3, 4)

# Scripts written without spaces: Thai, Lao, Burmese, Khmer, kana and Han.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
# Vowel signs and points that belong to a word although they are no letters (Hebrew, Arabic, Indic).
_MARKS = "\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0980-\u0dff"
_RUN = re.compile(rf"[{_UNSPACED}]+|(?:[^\W{_UNSPACED}]|[{_MARKS}])+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['’ʼ`´]")
_ENDING = re.compile("(?:ing|ed|es|s|ly)$")


def words(text: str) -> list[str]:
    """The words of a text, folded: compatibility forms, case, accents and apostrophes are gone.

    Runs of a script without spaces become overlapping pairs of characters. Whatever the text, no
    more than 2,000 characters are read and 160 words of 32 characters returned.
    """
    found: list[str] = []
    for run in _RUN.findall(_folded(text)):
        if _IS_UNSPACED.match(run):
            found.extend(run[i : i + 2] for i in range(max(1, len(run) - 1)))
        else:
            found.append(run[:MAX_WORD_CHARACTERS])
        if len(found) >= MAX_WORDS:
            break
    return found[:MAX_WORDS]


def _folded(text: str) -> str:
    # Some characters unfold into eighteen, so the text is cut before and after.
    unfolded = unicodedata.normalize("NFKD", text[:MAX_CHARACTERS])
    bare = _ACCENTS.sub("", unfolded[:MAX_CHARACTERS])
    return _APOSTROPHES.sub("", unicodedata.normalize("NFC", bare).casefold())[:MAX_CHARACTERS]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A word without its commonest English ending; n-grams do this for other languages."""
    return _ENDING.sub("", word) if len(word) > 4 else word


@lru_cache(maxsize=65_536)
def grams(word: str) -> tuple[str, ...]:
    """The character 3- and 4-grams of a word, its edges marked by a space."""
    edged = f" {word} "
    return tuple(edged[i : i + n] for n in GRAM_SIZES for i in range(max(1, len(edged) - n + 1)))


def pairs(stems: list[str]) -> Iterator[str]:
    """Two stems that stand near each other, in alphabetical order: "my card was lost" ~ "lost card"."""
    for i, first in enumerate(stems):
        for second in stems[i + 1 : i + 1 + PAIR_REACH]:
            yield f"{first} {second}" if first <= second else f"{second} {first}"
