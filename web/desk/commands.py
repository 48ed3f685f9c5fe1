"""What pages know of the table of commands: a form for each, and its answer as a card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role


@dataclass(frozen=True, kw_only=True)
class Blank:
    """Something that a form asks for; ``text`` is what is in it to begin with. What is not ``asked``
    may be said, and nobody has to be asked for it."""

    name: str
    label: str
    required: bool = False
    long: bool = False
    choices: Sequence[str] = ()
    text: str = ""
    names_agent: bool = False
    asked: bool = True


@dataclass(frozen=True, kw_only=True)
class Form:
    """What is asked before a command is carried out, with how it might be said in chat. ``goes_on``:
    it is followed by another form, which begins with what is there; ``sure``: it asks even where
    nothing has to be said."""

    title: str
    help: str
    example: str = ""
    blanks: Sequence[Blank] = ()
    goes_on: bool = False
    sure: bool = False


@dataclass(frozen=True)
class Line:
    """A command that may be offered: what it is called and what it does."""

    action: str
    title: str
    help: str


@dataclass(frozen=True)
class Seen:
    """The version of a ticket that somebody looked at when they decided."""

    ticket: int
    version: int


class Commands(Protocol):
    """The table, as whoever starts everything hands it in."""

    def offered(self, word: str, role: Role) -> Sequence[Line]:
        """The commands of a word, such as ``sla``, that somebody of this role may use."""
        ...

    async def form(self, desk: Desk, by: Who, action: str, value: str) -> Form:
        """What to ask for. Raises the desk's refusals."""
        ...

    def said(self, by: Who, action: str, value: str, answers: Mapping[str, str]) -> str:
        """The value of a command with what a form that `goes_on` asked for. Raises `Invalid`."""
        ...

    async def carry_out(
        self,
        desk: Desk,
        by: Who,
        action: str,
        value: str,
        answers: Mapping[str, str],
        *,
        seen: Seen | None = None,
    ) -> Card:
        """Do it. Raises the desk's refusals, `Stale` where the ticket has changed since it was seen."""
        ...
