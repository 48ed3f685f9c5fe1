"""A ticket as values, and whether a filter fits it: the filter language without a database.

Rules look at tickets that are not written yet. What fits here is what `core.tickets.search` finds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from core.model import BuiltIn, Priority
from core.storage.fulltext import spoken
from core.tickets import filters
from core.tickets.filters import BadFilter, Filter, Term, Value

READ = 20_000  # characters of what was said, in which words are looked for
NOT_NEW: Mapping[str, str] = {
    "status": "a new ticket is always new.",
    "assignee": "a new ticket is nobody's yet. customer: says whose it is.",
    "created": "a rule is for tickets as they come, at any time.",
    "updated": "a rule is for tickets as they come, at any time.",
    "breached": "a new ticket has kept all its promises so far.",
    "sort": "a rule looks at one ticket, so there is nothing to sort.",
    "after": "a rule looks at one ticket, so there are no pages.",
    "escalated": "a new ticket is not escalated yet.",
    "parent": "a new ticket is linked with none.",
    "linked": "a new ticket is linked with none.",
}
"""What a rule cannot ask of a new ticket, and why."""
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A ticket with its customer. ``words`` is what was said, as `spoken` has it; empty texts are
    none. ``tags`` and ``customer_tags`` are in small letters, and so is ``company``."""

    words: str = ""
    kind: str = BuiltIn.QUESTION.value
    priority: Priority = Priority.NORMAL
    category: str = ""
    language: str = ""
    complexity: int = 0
    tier: int = 1
    team: str = ""
    skill: str = ""
    channel: str = ""
    tags: frozenset[str] = field(default=frozenset())
    customer_id: int = 0
    customer: str = ""
    is_vip: bool = False
    company: str = ""
    customer_tags: frozenset[str] = field(default=frozenset())


def condition(text: str) -> Filter:
    """The condition of a rule, read. Raises `BadFilter`, also for what no new ticket has."""
    return _condition(text)


def words_of(texts: Iterable[str]) -> str:
    """What was said, to look for words in; the first 20,000 characters of it."""
    left, kept = READ, []
    for text in texts:
        if left <= 0:
            break
        kept.append(spoken(text[:left]))
        left -= len(text)
    return " \n ".join(kept)


def fits(wanted: Filter, case: Case) -> bool:
    """Whether all that a filter asks for is so."""
    return all(_is_so(term, case) for term in wanted.terms) and all(
        phrase.is_in(case.words) is not phrase.negated for phrase in wanted.phrases
    )


def _is_so(term: Term, case: Case) -> bool:
    there = _ACTUAL[term.name](case)
    return any(_plain(value) in there for value in term.values) is not term.negated


def _plain(value: Value) -> object:
    return value.lower() if isinstance(value, str) else value


def _or_none(text: str) -> set[object]:
    return {text.lower() or None}


_ACTUAL: Mapping[str, Callable[[Case], set[object] | frozenset[str]]] = {
    "kind": lambda case: {case.kind},
    "priority": lambda case: {case.priority},
    "category": lambda case: {case.category},
    "language": lambda case: {case.language},
    "complexity": lambda case: {case.complexity},
    "tier": lambda case: {case.tier},
    "team": lambda case: _or_none(case.team),
    "skill": lambda case: _or_none(case.skill),
    "channel": lambda case: {case.channel},
    "tag": lambda case: case.tags or {None},
    "customer": lambda case: {f"c-{case.customer_id}", case.customer.lower()},
    "vip": lambda case: {"yes" if case.is_vip else "no"},
    "company": lambda case: _or_none(case.company),
    "customer-tag": lambda case: case.customer_tags or {None},
}


@lru_cache(maxsize=1_000)
def _condition(text: str) -> Filter:
    read = filters.read(text, _ANY_TIME)
    for name in NOT_NEW:
        if name in read.names:
            raise BadFilter(f"{name}:", NOT_NEW[name])
    for term in read.terms:
        if term.name not in _ACTUAL:
            raise BadFilter(f"{term.name}:", f"a rule can look at {', '.join(_ACTUAL)} and words.")
    if not (read.terms or read.phrases):
        raise BadFilter(text or "…", "a rule needs a condition. For example: vip:yes kind:return")
    return read
