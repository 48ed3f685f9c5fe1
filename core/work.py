"""One use case at work: its transaction, its moment, who acts, and what has happened so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Address, Who
from core.deflection import Deflector, NoDeflector
from core.enrichment.judged import Learned, NothingLearned
from core.events import Event
from core.files import FileStore, NoStore
from core.policy import Policy

LanguageOf = Callable[[str], str]
"""Tells the language of a text, as a code; empty where that is not sure. Touches no network."""


class Seal(Protocol):
    """Keeps what is secret in the database from whoever reads only that."""

    def seal(self, text: str) -> str:
        """The text as it is kept."""
        ...

    def open(self, sealed: str) -> str:
        """The text that was sealed."""
        ...


class Unsealed:
    """A desk that has no key to seal with."""

    def seal(self, text: str) -> str:
        return text

    def open(self, sealed: str) -> str:
        return sealed


def no_language(_: str) -> str:
    """A desk that does not tell languages apart."""
    return ""


@dataclass(frozen=True, kw_only=True)
class House:
    """What the desk is set up with: where staff meet, who may answer first, where files are, the times."""

    staff_rooms: tuple[Address, ...] = ()
    admins: tuple[Who, ...] = ()
    deflector: Deflector = field(default_factory=NoDeflector)
    files: FileStore = field(default_factory=NoStore)
    policy: Policy = field(default_factory=Policy)
    language_of: LanguageOf = no_language
    voucher_secret: str = field(default="", repr=False)  # shared with sites that vouch for visitors
    seal: Seal = field(default_factory=Unsealed, repr=False)
    webhook_hosts: frozenset[str] = frozenset()  # of our own network, that webhooks may go to
    sends_mail: bool = False  # whether codes, and the digest, can go out by e-mail
    digest_mails: tuple[str, ...] = ()  # who gets the digest of the week by e-mail, too
    url: str = ""  # where people reach the site, without a slash at the end
    learned: Learned = field(default_factory=NothingLearned)


@dataclass(frozen=True)
class Using:
    """What is done to a ticket by a macro: history says so of each thing."""

    macro: str
    ticket_id: int


@dataclass
class Work:
    """Handed to every use case. ``now`` is the only clock there is; ``owed`` are the rows
    of the deliveries that this use case causes, by key; ``freed`` are the agents, by number, who
    have had room made in it."""

    session: AsyncSession
    now: datetime
    house: House
    actor: str = "desk"
    events: list[Event] = field(default_factory=list)
    owed: dict[str, dict[str, Any]] = field(default_factory=dict)
    freed: set[int] = field(default_factory=set)
    using: Using | None = None
    done: bool = False  # nothing is left but the commit

    def emit(self, event: Event) -> None:
        """Say what happened; what follows from it is in `core.subscribers`."""
        self.events.append(event)
