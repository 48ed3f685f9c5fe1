"""The console as a channel: what is marked as sent is on the page, so sending is only a nudge."""

import secrets
from collections.abc import AsyncGenerator

from bots.browser.nudges import Nudges
from core.channels import OutgoingDeletion, OutgoingMessage, OutgoingReaction, Undeliverable

NAME = "console"
WORKSPACE = "local"
HELD_AT_MOST = 200_000_000  # bytes of files that wait to be fetched


class ConsoleChannel(Nudges):
    """The ledger of deliveries is what the page shows; there is nowhere else to send to.

    Every open page of this process listens, and looks again when it is nudged. Files that were
    attached are held here until they are fetched, which is a moment later.
    """

    def __init__(self) -> None:
        super().__init__()
        self._held: dict[str, bytes] = {}

    async def send(self, message: OutgoingMessage) -> str:
        """The post is there as soon as it is settled; its id is the delivery's own key."""
        self.nudge()
        return message.replaces or message.key

    async def find_sent(self, message: OutgoingMessage) -> str | None:
        """An earlier attempt is this one: nothing is ever sent twice here."""
        return await self.send(message)

    async def delete(self, _: OutgoingDeletion) -> None:
        """It is gone with its delivery."""
        self.nudge()

    async def react(self, _: OutgoingReaction) -> None:
        """It stands on the post by its delivery."""
        self.nudge()

    async def fetch(self, source: str) -> AsyncGenerator[bytes, None]:
        """What was attached; gone where the process ended in between."""
        if source not in self._held:
            raise Undeliverable("the file was held by a process that ended")
        yield self._held[source]
        del self._held[source]

    def hold(self, content: bytes) -> str:
        """Keep an attached file until it is fetched; the name by which it is."""
        source = secrets.token_hex(16)
        self._held[source] = content
        while sum(map(len, self._held.values())) > HELD_AT_MOST:
            del self._held[next(iter(self._held))]
        return source
