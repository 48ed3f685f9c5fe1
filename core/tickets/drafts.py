"""A rule as leads write it: ``name: condition => what it gives``. Reading it is pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from core.errors import Invalid
from core.model import Priority, Rule
from core.model.rule import NAME_LENGTH
from core.people.roster import HIGHEST_TIER
from core.storage.text import clean
from core.tickets import cases, filters
from core.tickets.tagging import TAGS_AT_MOST, as_category, as_tag

EXAMPLE = "vip first: vip:yes kind:return => priority:high team:returns tag:vip stop"
STOP = "stop"
_NAME = re.compile(rf"\w[\w ./-]{{0,{NAME_LENGTH - 1}}}")
_ARROW = re.compile(r"(?:^|\s)(?:=>|->|→)(?=\s|$)")
_GIVEN = re.compile(r"([a-z]+):(?:[\"“„«]([^\"”“»]*)[\"”“»]|([^\"“„«”»]+))")


class BadRule(Invalid):
    """A rule cannot be read; the sentence says which part, and how it is written."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} For example: {EXAMPLE}")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A rule that was read. Names of teams, skills and kinds are not looked up yet; what is None is
    not given."""

    name: str
    condition: str
    team: str | None = None
    category: str | None = None
    priority: Priority | None = None
    kind: str | None = None
    skill: str | None = None
    tier: int | None = None
    tags: tuple[str, ...] = ()
    stops: bool = False


def read(text: str) -> Draft:
    """A rule with its name. Raises `BadRule`, `BadFilter`."""
    name, colon, rest = clean(text).partition(":")
    if not colon or not name.strip() or _ARROW.search(name):
        raise BadRule("Say a name, a colon, a condition, => and what it gives.")
    return read_unnamed(rest, name=_as_name(name))


def read_unnamed(text: str, *, name: str = "") -> Draft:
    """A condition and what it gives, without a name. Raises `BadRule`, `BadFilter`."""
    parts = _ARROW.split(clean(text))
    if len(parts) != 2:
        raise BadRule("There is one => between the condition and what it gives.")
    condition = " ".join(filters.words(parts[0]))
    cases.condition(condition)
    given = _given(parts[1])
    return Draft(name=name, condition=condition, **given)


def read_either(text: str) -> Draft:
    """A rule with its name or without. Raises `BadRule`, `BadFilter`."""
    name, _, rest = clean(text).partition(":")
    named = " " in name.strip() or (
        rest[:1].isspace() and name.strip().lower() not in filters.NAMES
    )
    return read(text) if named and _NAME.fullmatch(name.strip()) else read_unnamed(text)


def in_words(rule: Rule | Draft) -> str:
    """A rule as it can be written again, without its name."""
    priority = None if rule.priority is None else rule.priority.label
    said = {
        "team": rule.team,
        "category": rule.category if rule.category != "" else "none",
        "priority": priority,
        "kind": rule.kind,
        "skill": rule.skill,
        "tier": rule.tier,
        "tag": ",".join(rule.tags) or None,
    }
    gives = [f"{name}:{_quoted(str(value))}" for name, value in said.items() if value is not None]
    return " ".join([rule.condition, "=>", *gives, *([STOP] if rule.stops else [])])


def _as_name(text: str) -> str:
    name = " ".join(text.lower().split())
    if not _NAME.fullmatch(name):
        raise BadRule(
            f"“{name[:60]}” cannot be the name of a rule: letters, digits, spaces and - _ . /, "
            f"{NAME_LENGTH} at most."
        )
    return name


def _given(text: str) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for word in filters.words(text):
        if word.lower() == STOP:
            given["stops"] = True
            continue
        found = _GIVEN.fullmatch(word)
        if found is None:
            raise BadRule(f"“{word[:60]}” is nothing that a rule gives. There is {_THERE}.")
        name = found[1]
        if name not in _READERS:
            near = get_close_matches(name, _READERS, n=1, cutoff=0.6)
            hint = f" Did you mean {near[0]}:?" if near else ""
            raise BadRule(f"A rule gives no {name[:40]}.{hint} There is {_THERE}.")
        column = "tags" if name == "tag" else name
        if column in given:
            raise BadRule(f"{name}: is there twice. A ticket has one; tags have commas.")
        value = found[2] if found[2] is not None else found[3]
        given[column] = _READERS[name](value.strip())
    if not given:
        raise BadRule("It gives nothing.")
    return given


def _priority(text: str) -> Priority:
    known = {each.label: each for each in Priority}
    if text.lower() not in known:
        raise BadRule(f"“{text[:40]}” is no priority. There is {', '.join(known)}.")
    return known[text.lower()]


def _tier(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= HIGHEST_TIER):
        raise BadRule(f"“{text[:40]}” is no tier: a number from 1 to {HIGHEST_TIER}.")
    return int(text)


def _tags(text: str) -> tuple[str, ...]:
    tags = tuple(sorted({as_tag(each) for each in text.split(",")}))
    if len(tags) > TAGS_AT_MOST:
        raise BadRule(f"A ticket has {TAGS_AT_MOST} tags at most.")
    return tags


def _named(what: str, longest: int) -> Callable[[str], str]:
    def name(text: str) -> str:
        if not 0 < len(text) <= longest:
            raise BadRule(f"“{text[:40]}” is no name of a {what}.")
        return text

    return name


_READERS: Mapping[str, Callable[[str], Any]] = {
    "team": _named("team", 60),
    "category": as_category,
    "priority": _priority,
    "kind": _named("kind", 20),
    "skill": _named("skill", 40),
    "tier": _tier,
    "tag": _tags,
}
_THERE = f"{', '.join(f'{name}:' for name in _READERS)} and {STOP}"


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
