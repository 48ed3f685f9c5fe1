"""Moments in a filter: a day, days from one to another, an age."""

import re
from datetime import UTC, datetime, timedelta

from core.speaking import Sentence
from core.tickets.filters.terms import NONE, BadFilter, Span

_AGE = re.compile(r"([0-9]{1,4})(m|h|d|w)")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


def span(word: str, text: str, now: datetime) -> Span:
    """A day, a day with < or >, two days with .., or an age: ``2d`` is the last two days."""
    sign = next((each for each in (">=", "<=", ">", "<") if text.startswith(each)), "")
    said = text.removeprefix(sign).strip().lower()
    age = _AGE.fullmatch(said)
    if age is not None:
        then = now - int(age[1]) * _UNITS[age[2]]
        return Span(end=then) if sign.startswith(">") else Span(begin=then)
    first, dots, last = said.partition("..")
    if dots and not sign:
        return Span(_day(word, first, now), _day(word, last, now) + timedelta(days=1))
    day = _day(word, said, now)
    after = day + timedelta(days=1)
    return {
        "": Span(day, after),
        ">": Span(begin=after),
        ">=": Span(begin=day),
        "<": Span(end=day),
        "<=": Span(end=after),
    }[sign]


def due(word: str, text: str, now: datetime) -> Span | None:
    """``<2h``: within two hours from now, or late already; ``>1d``: later; a day as elsewhere; none."""
    sign, said = (text[:1], text[1:]) if text[:1] in {"<", ">"} else ("", text)
    age = _AGE.fullmatch(said.strip().lower())
    if text.lower() in NONE:
        return None
    if age is not None:
        then = now + int(age[1]) * _UNITS[age[2]]
        return Span(begin=then) if sign == ">" else Span(end=then)
    return span(word, text, now)


def _day(word: str, text: str, now: datetime) -> datetime:
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if text in {"today", "yesterday"}:
        return today - timedelta(days=text == "yesterday")
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        day = None
    if day is None or not 1970 <= day.year < 9999 or len(text) != len("2026-11-01"):
        raise BadFilter(
            word,
            Sentence(
                "that is no day. Write 2026-11-01, >2026-11-01, 2026-11-01..2026-11-30 or <2d."
            ),
        )
    return day
