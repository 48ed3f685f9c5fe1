"""The words of a macro: ``Hello {customer.first_name|there}``, read when it is written, filled in when
it is used. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from core.errors import Conflict, Invalid

KNOWN = (
    *("customer.name", "customer.first_name", "customer.company", "customer.email"),
    *("ticket.number", "ticket.subject", "ticket.category", "ticket.priority", "ticket.kind"),
    *("agent.name", "agent.first_name", "order.number"),
)
FIELD = "field."
"""``{field.warranty}`` is what is in a field of the desk's own."""

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class BadWords(Invalid):
    """A macro cannot be written like that."""


class NothingToSay(Conflict):
    """What a macro speaks of is not there, and it does not say what else to say."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__(
            f"#{number} has no {name}. Written as {{{name}|something}}, the macro would say "
            "that instead."
        )


def check(text: str, own_fields: Iterable[str] = ()) -> None:
    """Raise `BadWords` where something in braces is none of what there is."""
    there = [*KNOWN, *(f"{FIELD}{name}" for name in own_fields)]
    for part in _PART.finditer(text):
        if part[0] in {"{{", "}}"}:
            continue
        if part[1] is None:
            raise BadWords(
                "A brace is open or closed alone. Fields are written {customer.name}, "
                "a brace itself is written twice: {{ or }}."
            )
        _refuse_unknown(part[1].partition("|")[0].strip(), there)


def fill(text: str, values: Mapping[str, str], number: int) -> str:
    """The text with its fields filled in; where a value is empty, with what follows its ``|``.

    Raises `NothingToSay` where nothing follows.
    """

    def said(part: re.Match[str]) -> str:
        if part[1] is None:
            return part[0][0]
        name, bar, instead = part[1].partition("|")
        value = values.get(name.strip(), "")
        if not value and not bar:
            raise NothingToSay(number, name.strip())
        return value or instead

    return _PART.sub(said, text)


def first_name(name: str) -> str:
    """What somebody is called by: the first word of their name."""
    return name.split()[0] if name.split() else ""


def _refuse_unknown(name: str, there: Collection[str]) -> None:
    if name in there:
        return
    near = get_close_matches(name, there, n=1, cutoff=0.6)
    hint = f" Did you mean {{{near[0]}}}?" if near else ""
    raise BadWords(f"There is no field {{{name[:40]}}}.{hint} There is {', '.join(there)}.")
