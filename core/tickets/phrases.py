"""Words that need no ticket, and words that need a person: read off the text alone."""

import re
import unicodedata
from enum import StrEnum


class Tone(StrEnum):
    """What kind of small talk."""

    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"


GREETINGS = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "hiya",
        "howdy",
        "yo",
        "greetings",
        "morning",
        "afternoon",
        "evening",
        "day",
        "hallo",
        "moin",
        "servus",
        "guten",
        "tag",
        "morgen",
        "abend",
        "salut",
        "bonjour",
        "bonsoir",
        "coucou",
        "hola",
        "buenas",
        "buenos",
        "dias",
        "tardes",
        "noches",
        "oi",
        "ola",
        "bom",
        "dia",
        "boa",
        "tarde",
        "noite",
    ]
)
THANKS = frozenset(
    [
        "thanks",
        "thank",
        "thx",
        "ty",
        "cheers",
        "thankyou",
        "appreciated",
        "danke",
        "vielen",
        "dank",
        "merci",
        "beaucoup",
        "gracias",
        "muchas",
        "obrigado",
        "obrigada",
    ]
)
FAREWELLS = frozenset(
    [
        "bye",
        "goodbye",
        "ciao",
        "cya",
        "later",
        "tschuss",
        "tschuess",
        "revoir",
        "adios",
        "adeus",
        "tchau",
        "tchuss",
    ]
)
FILLERS = frozenset(
    [
        "there",
        "all",
        "team",
        "everyone",
        "everybody",
        "you",
        "so",
        "very",
        "much",
        "a",
        "lot",
        "again",
        "good",
        "great",
        "nice",
        "perfect",
        "awesome",
        "cool",
        "ok",
        "okay",
        "k",
        "yes",
        "yep",
        "for",
        "your",
        "the",
        "help",
        "super",
        "and",
        "to",
        "have",
        "it",
        "works",
        "worked",
        "that",
        "is",
        "now",
        "au",
        "that's",
        "guys",
        "folks",
        "schon",
        "sehr",
        "fur",
        "die",
        "hilfe",
        "pour",
        "votre",
        "aide",
        "mil",
        "mille",
        "muito",
        "por",
        "la",
        "ayuda",
        "ajuda",
        "e",
        "et",
        "und",
        "y",
    ]
)
AT_MOST_WORDS = 8
PLEA_WORDS = 14
_WORD = re.compile(r"[\w']+")

_PERSON = re.compile(
    r"\b(human|real person|live agent|representative|operator"
    r"|(talk|speak|chat|connect me|get me|transfer me)\b.{0,20}\b(person|agent|someone|somebody|human|support)"
    r"|(a |an )?(person|agent|human)( please|!|$)"
    r"|(echten? )?(mensch|mitarbeiter|mitarbeiterin)|une? (personne|humain|conseiller)"
    r"|una? (persona|humano|agente)|uma? (pessoa|humano|atendente))\b",
    re.IGNORECASE,
)

_NO = re.compile(
    r"^\W*(no|nope|nah|not really|nein|non|não|nao)\b"
    r"|\b(did|does|do|is|was|has|have)( not|n't|nt) (help|work|solve|what|it|that|the|useful)"
    r"|\b(not helpful|no help|still not|wrong (answer|article)|not what i)\b"
    r"|\b(hilft|half|geht|funktioniert) (mir )?nicht\b|\bno (me )?(ayuda|sirve)\b",
    re.IGNORECASE,
)


def small_talk(text: str) -> Tone | None:
    """The tone of a text that is nothing but greeting, thanks or farewell; None for all others."""
    words = [_bare(word) for word in _WORD.findall(text[:200])]
    if len(text) > 200 or len(words) > AT_MOST_WORDS:
        return None
    if not words:
        return _of_emoji(text)
    said = set(words)
    if said - GREETINGS - THANKS - FAREWELLS - FILLERS:
        return None
    for tone, vocabulary in (
        (Tone.THANKS, THANKS),
        (Tone.GREETING, GREETINGS),
        (Tone.FAREWELL, FAREWELLS),
    ):
        if said & vocabulary:
            return tone
    agreeing = said <= {"ok", "okay", "k", "great", "perfect", "cool", "super", "nice", "awesome"}
    return Tone.THANKS if agreeing else None


def asks_for_person(text: str) -> bool:
    """Whether a short text says no more than that a person should answer."""
    return len(_WORD.findall(text[:400])) <= PLEA_WORDS and bool(_PERSON.search(text[:200]))


def wants_to_return(text: str) -> bool:
    """Whether somebody writes that they want to send something back."""
    return _RETURN.search(text.casefold()) is not None


def says_no(text: str) -> bool:
    """Whether a short text says that what was offered does not do."""
    return len(_WORD.findall(text[:400])) <= PLEA_WORDS and bool(_NO.search(text[:200]))


def _of_emoji(text: str) -> Tone | None:
    bare = text.strip()
    if bare in {"👋", "🙋"}:
        return Tone.GREETING
    return Tone.THANKS if bare and set(bare) <= set("🙏👍❤️😊🎉👌🏻🏼🏽🏾🏿 \ufe0f") else None


def _bare(word: str) -> str:
    """The word in lower case without accents, as people type it in a hurry."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


_RETURN = re.compile(
    r"\b(?:return|returning|send\w* (?:it |them |this )?back|exchange|refund|retoure\w*|umtausch\w*|"
    r"zurück(?:geben|schicken|senden|gebe|schicke|sende)|retourn\w+|renvoyer|échanger|rembours\w+|"
    r"devol\w+|reembols\w+|cambiar|trocar)\b"
)
