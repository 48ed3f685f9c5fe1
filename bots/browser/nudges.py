"""A channel that is a page of ours: what is marked as sent is on it, so sending is only a nudge."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from core.channels import OutgoingDeletion, OutgoingMessage, OutgoingReaction


class Nudges:
    """The ledger of deliveries is what the page shows; there is nowhere else to send to.

    Every open page of this process listens, and looks again when it is nudged.
    """

    def __init__(self) -> None:
        self._listening: set[asyncio.Event] = set()
        self.closed = False

    def nudge(self) -> None:
        """Something may be new: let every open page look."""
        for event in self._listening:
            event.set()

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that is set by each nudge, for as long as a page is open."""
        event = asyncio.Event()
        self._listening.add(event)
        try:
            yield event
        finally:
            self._listening.discard(event)

    def close(self) -> None:
        """End every live stream, so that a server that stops need not wait for them."""
        self.closed = True
        self.nudge()

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
