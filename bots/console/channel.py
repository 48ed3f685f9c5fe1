"""The console as a channel: what its page shows is the ledger of deliveries."""

import secrets
from collections.abc import AsyncGenerator

from bots.browser.nudges import Nudges
from core.channels import Undeliverable

NAME = "console"
WORKSPACE = "local"
HELD_AT_MOST = 200_000_000  # bytes of files that wait to be fetched


class ConsoleChannel(Nudges):
    """Files that were attached are held here until they are fetched, which is a moment later."""

    def __init__(self) -> None:
        super().__init__()
        self._held: dict[str, bytes] = {}

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
