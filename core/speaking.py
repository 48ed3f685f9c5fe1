"""Speaking: sentences in the language of whoever reads them, from gettext files.

Whoever composes for a customer says for whom, once (`to`); what is composed within it is in their
language, with dates in their time zone. What a language lacks is said in English.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

FILES = Path(__file__).parent / "locale"
ENGLISH = "en"


@dataclass(frozen=True)
class Reader:
    """Whoever reads: a language as a code (empty: English) and a time zone (empty: UTC)."""

    language: str = ""
    time_zone: str = ""


_NOBODY = Reader()
_reader: ContextVar[Reader] = ContextVar("reader", default=_NOBODY)


@contextmanager
def to(reader: Reader) -> Iterator[None]:
    """Speak to somebody."""
    before = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(before)


class Sentence:
    """A sentence with its values, which becomes words (``str``) only where it is shown: a refusal is
    raised before anybody knows who will read it. Values may be sentences themselves."""

    def __init__(self, text: str, /, **values: object) -> None:
        self._text = text
        self._values = values

    def __str__(self) -> str:
        return say(self._text, **self._values)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class Day(Sentence):
    """A moment that becomes a day as the reader writes it."""

    def __init__(self, moment: datetime) -> None:
        super().__init__("{day}")
        self._moment = moment

    def __str__(self) -> str:
        return day(self._moment)


class Heading(Sentence):
    """A sentence that begins with a capital letter."""

    def __str__(self) -> str:
        return heading(super().__str__())


class Row(Sentence):
    """Several, with commas between."""

    def __init__(self, parts: Iterable[object]) -> None:
        super().__init__("{parts}")
        self._parts = list(parts)

    def __str__(self) -> str:
        return ", ".join(str(each) for each in self._parts)


def say(sentence: str, **values: object) -> str:
    """The sentence in the reader's language, with its ``{fields}`` filled in; as it stands where no
    values are given."""
    message = _catalogue().get(sentence)
    translated = message.string if message is not None else ""
    chosen = translated if isinstance(translated, str) and translated else sentence
    return chosen.format_map(values) if values else chosen


def heading(text: str) -> str:
    """The text with a capital letter in front."""
    return text[:1].upper() + text[1:]


def count(one: str, many: str, n: int, **values: object) -> str:
    """One sentence for one, another for several, by the rules of the reader's language; ``{n}``."""
    catalogue = _catalogue()
    message = catalogue.get(one)
    strings = message.string if message is not None else ()
    if isinstance(strings, tuple | list) and all(strings) and strings:
        return strings[_plural(catalogue, n, len(strings))].format_map({"n": n, **values})
    return (one if n == 1 else many).format_map({"n": n, **values})


def day(moment: datetime) -> str:
    """A moment as a day, as it is written in the reader's language, where they are."""
    reader = _reader.get()
    there = moment.astimezone(ZoneInfo(reader.time_zone)) if reader.time_zone else moment
    return _written(there.date(), _locale(reader.language))


def moment(at: datetime) -> str:
    """A moment as day and time, as they are written in the reader's language, where they are."""
    reader = _reader.get()
    zone = ZoneInfo(reader.time_zone or "UTC")
    return format_datetime(at, "medium", tzinfo=zone, locale=_locale(reader.language))


def zone_name() -> str:
    """The reader's time zone, by its name."""
    return _reader.get().time_zone or "UTC"


def span(time: timedelta) -> str:
    """A length of time in the largest unit that fits."""
    hours = round(time.total_seconds() / 3600)
    if hours >= 48 and hours % 24 == 0:
        return count("{n} day", "{n} days", hours // 24)
    return count("{n} hour", "{n} hours", max(hours, 1))


def languages() -> Mapping[str, Path]:
    """The languages there are, beside English, with their files."""
    return {path.stem: path for path in sorted(FILES.glob("*.po"))}


def _written(value: date, locale: Locale) -> str:
    return format_date(value, format="long", locale=locale)


def _catalogue() -> Catalog:
    return _read(_reader.get().language)


@cache
def _read(language: str) -> Catalog:
    """The file of a language, of its parent (``pt`` for ``pt-BR``), or nothing."""
    known = languages()
    path = known.get(language) or known.get(language.partition("-")[0])
    if path is None:
        return Catalog()
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, ignore_obsolete=True)


def _plural(catalogue: Catalog, n: int, forms: int) -> int:
    """Which plural: the first for one; in French and Portuguese for none, too."""
    if str(catalogue.locale or "") in {"fr", "pt"}:
        return min(int(n > 1), forms - 1)
    return min(int(n != 1), forms - 1)


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language or ENGLISH, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(ENGLISH)
