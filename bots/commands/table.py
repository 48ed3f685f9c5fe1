"""The one table of commands: what can be said to the desk, by whom, with what, and how it answers.

Slack's and the console's slash commands, their buttons and forms, ``switchboard do``, the Slack
manifest and the documentation are all drawn from it, so they cannot drift apart.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.speaking import heading, say
from core.vocabulary import Role


class Kind(StrEnum):
    """How the text of an argument is read."""

    NUMBER = "number"  # 42 or #42
    TEXT = "text"  # all that follows
    WORD = "word"
    AGENT = "agent"  # somebody on the roster: a mention, or a name
    AGENTS = "agents"  # several, with commas
    PERSON = "person"  # somebody on the channel: a mention
    FILTER = "filter"  # all that follows, in the language of `core.tickets.filters`
    LEVELS = "levels"  # billing,returns:3 (a level from 1 to 3 after a colon)


@dataclass(frozen=True, kw_only=True)
class Param:
    """One argument. Required ones come by position, optional ones as ``name:value``.

    A parameter that is ``asked`` and missing is asked for in a form where the channel has forms.
    One that is ``for_staff`` is not offered to customers.
    """

    name: str
    kind: Kind
    help: str
    required: bool = True
    named: bool = False
    asked: bool = False
    for_staff: bool = False
    choices: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What a form writes above it, in the reader's language."""
        return heading(say(self.help))


@dataclass(frozen=True)
class Said:
    """The answer to a command: a card for whoever asked, and the ticket it was about."""

    card: Card
    ticket: Mapping[str, Any] | None = None


Run = Callable[[Desk, Who, Mapping[str, Any]], Awaitable[Said]]


Begin = Callable[[Desk, Who, Mapping[str, Any]], Awaitable[Mapping[str, str]]]
"""Of a call that a form will complete: the texts that its fields begin with, by name."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A line of the table. ``name`` is the whole of it, such as ``ticket claim``."""

    name: str
    role: Role
    help: str
    example: str
    run: Run
    params: Sequence[Param] = field(default=())
    listed: bool = True  # whether help and channels offer it beside its button
    opens_form: bool = False  # typed with nothing that it asks for, it opens its form
    begin: Begin | None = None  # what its form has in it to begin with

    @property
    def word(self) -> str:
        """The slash command it belongs to."""
        return self.name.partition(" ")[0]

    @property
    def verb(self) -> str:
        """What follows the slash command's word."""
        return self.name.partition(" ")[2]

    @property
    def title(self) -> str:
        """What its form is called, in the reader's language."""
        return say((self.verb or self.word).capitalize())

    @property
    def usage(self) -> str:
        """How it is written, with its arguments."""
        return self.usage_for(Role.ADMIN)

    def usage_for(self, role: Role) -> str:
        """The same, with the arguments that somebody of this role may give."""
        shown = [
            _shown(param) for param in self.params if role >= Role.AGENT or not param.for_staff
        ]
        return " ".join([f"/{self.name}", *shown])


def _shown(param: Param) -> str:
    value = "|".join(say(each) for each in param.choices) or ("…" if param.named else param.name)
    text = f"{param.name}:{value}" if param.named else f"<{value}>"
    return text if param.required else f"[{text}]"
