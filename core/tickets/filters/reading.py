"""Reading a filter: a word after another, and what it asks for."""

import re
from datetime import datetime
from difflib import get_close_matches

from core.speaking import Sentence
from core.storage.fulltext import Phrase, phrase
from core.tickets.filters.moments import due, span
from core.tickets.filters.terms import (
    ANY,
    FIELD,
    NONE,
    BadFilter,
    Cursor,
    Filter,
    Sort,
    Term,
    Value,
)
from core.tickets.filters.values import NAMES, cursor, example, sort

LONGEST = 500  # characters
TERMS_AT_MOST = 20
VALUES_AT_MOST = 20
NUMBERS_AT_MOST = 60  # as many tickets as somebody marks by hand

_OPENING, _CLOSING = '"“„«', '"”“»'
_NAMED = re.compile(r"((?:field\.)?[A-Za-z_][\w-]*):(.*)", re.DOTALL | re.IGNORECASE)
_VALUE = re.compile(r"\s*(?:[\"“„«]([^\"”“»]*)[\"”“»]|([^,\"“„«]+))\s*(?:,|$)", re.DOTALL)


def read(text: str, now: datetime) -> Filter:
    """What a filter asks for; ``now`` is what its ages count from. Raises `BadFilter`."""
    _refuse_long(text)
    there = words(text.replace("\x00", " "))
    if len(there) > TERMS_AT_MOST:
        raise BadFilter(
            there[TERMS_AT_MOST], Sentence("a filter has {most} words at most.", most=TERMS_AT_MOST)
        )
    reading = _Reading(now)
    for word in there:
        reading.take(word)
    return reading.read


def words(text: str) -> list[str]:
    """The text at its spaces, but for those in quotes; quotes begin a word or a value."""
    found, word, quoted = [], "", False
    for character in text:
        if character.isspace() and not quoted:
            found.append(word)
            word = ""
            continue
        if quoted:
            quoted = character not in _CLOSING
        else:
            quoted = character in _OPENING and (not word or word[-1] in "-:,")
        word += character
    return [each for each in (*found, word) if each]


def named(wanted: Filter, name: str) -> set[str]:
    """The values that a filter has of a name, in small letters."""
    values = [value for term in wanted.terms if term.name == name for value in term.values]
    return {str(value).lower() for value in values if value is not None}


def with_value(text: str, name: str, old: str, new: str) -> str:
    """A filter that can be read, with another value of a name, since what was called so is called
    otherwise now. Raises `BadFilter` where it becomes too long."""
    said = " ".join(_with_value(word, name, old, new) for word in words(text))
    _refuse_long(said)
    return said


def _with_value(word: str, name: str, old: str, new: str) -> str:
    sign = "-" if word.startswith("-") else ""
    found = _NAMED.fullmatch(word.removeprefix("-"))
    if found is None or found[1].lower() != name:
        return word
    values = [
        new if each.lower() == old.lower() else each for each in _values(word, name, found[2])
    ]
    return f"{sign}{name}:{','.join(map(_quoted, values))}"


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _refuse_long(text: str) -> None:
    if len(text) > LONGEST:
        raise BadFilter(text, Sentence("a filter has {most} characters at most.", most=LONGEST))


class _Reading:
    """Takes one word after another."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._seen: set[tuple[str, bool]] = set()
        self._terms: list[Term] = []
        self._phrases: list[Phrase] = []
        self._sort: Sort | None = None
        self._after: Cursor | None = None

    @property
    def read(self) -> Filter:
        status = [term for term in self._terms if term.name == "status"]
        return Filter(
            terms=tuple(term for term in self._terms if ANY not in term.values),
            phrases=tuple(self._phrases),
            sort=self._sort,
            after=self._after,
            any_status=any(ANY in term.values for term in status),
            names=frozenset(name for name, _ in self._seen),
        )

    def take(self, word: str) -> None:
        """One word of the filter. Raises `BadFilter`."""
        negated = word.startswith("-") and len(word) > 1
        bare = word[1:] if negated else word
        named = _NAMED.fullmatch(bare)
        if named is None:
            self._look_for(word, bare, negated=negated)
            return
        name = named[1].lower()
        if name not in NAMES and not name.startswith(FIELD):
            near = get_close_matches(name, NAMES, n=1, cutoff=0.6)
            hint = (
                Sentence("did you mean {name}:?", name=near[0])
                if near
                else Sentence('put it in quotes to look for it: "{word}".', word=bare[:40])
            )
            raise BadFilter(
                word,
                Sentence(
                    "{hint} There is {names}.", hint=hint, names=", ".join([*NAMES, f"{FIELD}…"])
                ),
            )
        if (name, negated) in self._seen and name != "tag":
            raise BadFilter(
                word,
                Sentence(
                    "{name}: is there twice. A comma means or: {example}",
                    name=name,
                    example=example(name),
                ),
            )
        self._seen.add((name, negated))
        self._take_named(word, name, named[2], negated=negated)

    def _take_named(self, word: str, name: str, rest: str, *, negated: bool) -> None:
        if name in {"sort", "after"}:
            if negated:
                raise BadFilter(
                    word,
                    Sentence(
                        "{name}: cannot be turned round with -. {example}",
                        name=name,
                        example=example(name),
                    ),
                )
            if name == "sort":
                self._sort = sort(word, rest)
            else:
                self._after = cursor(word, rest)
            return
        values = tuple(
            value for each in _values(word, name, rest) for value in self._value(word, name, each)
        )
        if negated and ANY in values:
            raise BadFilter(word, Sentence("no ticket has no status at all. Leave the word out."))
        self._terms.append(Term(name, values, negated))

    def _value(self, word: str, name: str, text: str) -> tuple[Value, ...]:
        if name in {"created", "updated"}:
            return (span(word, text, self._now),)
        if name.startswith(FIELD):
            return (None if text.lower() in NONE else text,)
        if name == "due":
            return (due(word, text, self._now),)
        return NAMES[name](word, text)

    def _look_for(self, word: str, bare: str, *, negated: bool) -> None:
        text = bare.strip('"“”„«»')
        if bare[:1] in '"“„«' and not re.fullmatch(r"[\"“„«][^\"”“»]*[\"”“»]", bare):
            raise BadFilter(word, Sentence('its quotes do not end. Write it like "charged twice".'))
        found = phrase(text, negated=negated)
        if found is None:
            raise BadFilter(word, Sentence("there is no letter or digit in it to look for."))
        self._phrases.append(found)


def _values(word: str, name: str, rest: str) -> list[str]:
    found, place = [], 0
    while place < len(rest):
        value = _VALUE.match(rest, place)
        if value is None and rest[place] == ",":
            break
        if value is None:
            raise BadFilter(
                word,
                Sentence("its quotes do not end. For example: {example}", example=example(name)),
            )
        found.append((value[1] if value[1] is not None else value[2]).strip())
        place = value.end()
    if not found or not all(found) or place < len(rest) or rest.endswith(","):
        raise BadFilter(
            word, Sentence("a value is missing. For example: {example}", example=example(name))
        )
    most = NUMBERS_AT_MOST if name == "number" else VALUES_AT_MOST
    if len(found) > most:
        raise BadFilter(word, Sentence("more than {most} values are too many.", most=most))
    return found
