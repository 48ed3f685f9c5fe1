"""Telling in which language somebody writes: py3langid, narrowed to the languages we speak."""

import re
from functools import cache
from threading import Lock

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from core import speaking

SURE = 0.75  # below that a text is in any language; tried on short questions in all five
LETTERS = 6  # of a text that is worth a guess
LONGEST = 1_000  # characters that are looked at

_reading = Lock()


def language_of(text: str) -> str:
    """The code of the language that a text is surely in, of those we speak; else empty."""
    if len(re.findall(r"[^\W\d_]", text[:LONGEST])) < LETTERS:
        return ""
    with _reading:
        identifier = _identifier()
    language, confidence = identifier.classify(text[:LONGEST])
    return str(language) if confidence >= SURE else ""


def prepare() -> None:
    """Read the model, which takes two seconds: for a thread, while the desk starts."""
    with _reading:
        _identifier()


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([speaking.ENGLISH, *speaking.languages()])
    return identifier
