"""What the contract of channels asks of each: the same few words for what people do there."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.channels import Channel
from core.desk import Desk


class Ability(StrEnum):
    """What a platform may lack, or its harness may not show yet."""

    FILES_IN = "files in"
    FILES_OUT = "files out"
    EDITS = "edits"  # of what people wrote
    DELETES = "deletes"
    REACTIONS = "reactions"
    OUTAGE = "outage"  # can be made to be down
    REFUSAL = "refusal"  # can be made to refuse for good
    LENGTH = "length"  # splits what is too long for one post


@dataclass(frozen=True)
class Shown:
    """A post as the platform shows it now: what a reader reads of it, and the names of its files.

    ``id`` is whatever the harness needs to find it again. ``pings`` is whether it calls somebody,
    ``under`` the post that it stands beneath or answers.
    """

    id: str
    text: str
    files: Sequence[str] = ()
    reactions: Sequence[str] = ()
    pings: bool = False
    under: str | None = None


class Harness(Protocol):
    """A channel with people on it: ana, a customer, and grace, an agent.

    What people do goes in as the platform would tell of it, as far from our code as the tests can
    stand; what they see is read from the platform. ``lacks`` is what this one does not have.
    """

    @property
    def name(self) -> str:
        """What the channel is called."""
        ...

    @property
    def lacks(self) -> frozenset[Ability]: ...

    @property
    def desk(self) -> Desk: ...

    @property
    def channel(self) -> Channel: ...

    async def write(
        self, text: str, *, post: str | None = None, files: Sequence[tuple[str, bytes]] = ()
    ) -> str:
        """Ana writes to the bot; the id of her post. The same id twice is redelivery."""
        ...

    async def answer(self, post: str, text: str) -> None:
        """Ana answers a post of the bot, beneath it, as people do on this platform."""
        ...

    async def edit(self, post: str, text: str) -> None:
        """Ana edits her post."""
        ...

    async def delete(self, post: str) -> None:
        """Ana deletes her post."""
        ...

    async def react(self, post: str, emoji: str, *, added: bool = True) -> None:
        """Ana puts an emoji on a post of the bot, or takes it away."""
        ...

    async def discuss(self, number: int, text: str) -> str:
        """Grace writes beneath a ticket's card in the staff room; the id of her post."""
        ...

    async def claim(self, number: int) -> None:
        """Grace takes a ticket, and the button or command is carried out."""
        ...

    def seen(self) -> Sequence[Shown]:
        """What ana sees of the bot in her conversation, oldest first, as it stands."""
        ...

    def staff_room(self) -> Sequence[Shown]:
        """What stands in the staff room, cards and what is beneath them, oldest first."""
        ...

    def on_hers(self, post: str) -> Sequence[str]:
        """The emoji that the bot put on ana's post."""
        ...

    def fail(self, *, down: bool = False, refuses: bool = False) -> None:
        """The platform is down for everything, or refuses ana's conversation for good; or neither."""
        ...

    async def look(self) -> None:
        """Have `seen` and the others show what is there now."""
        ...
