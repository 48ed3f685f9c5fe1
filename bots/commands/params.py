"""The arguments that many commands take: the number of a ticket, parts that are said by name."""

from collections.abc import Mapping
from typing import Any

from bots.commands.table import Kind, Param
from core.vocabulary import Priority

TICKET = Param(name="ticket", kind=Kind.NUMBER, help="the number of a ticket")
ARTICLE = Param(name="article", kind=Kind.WORD, help="an article's name or number")
PRIORITIES = tuple(priority.label for priority in Priority)


def parts(known: Mapping[str, str]) -> tuple[Param, ...]:
    """Parts of something that is kept, each with its help: said by name, or asked for in a form."""
    return tuple(
        Param(name=name, kind=Kind.WORD, help=text, required=False, named=True, asked=True)
        for name, text in known.items()
    )


def given(args: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    """Those of the parts that were said."""
    return {name: args[name] for name in known if args[name]}
