"""Web chat as a channel: what is marked as sent stands in the conversation, so sending is a nudge."""

from collections.abc import AsyncGenerator

from bots.browser.nudges import Nudges
from core.channels import OutgoingDeletion, OutgoingMessage, OutgoingReaction, Undeliverable
from core.files import FileStore, NotKept


class WebChannel(Nudges):
    """The ledger of deliveries is what visitors are shown; there is nowhere else to send to.

    Files that visitors attach lie in the file store from before their message is taken in until
    they are fetched, so that no process that ends loses one.
    """

    def __init__(self, files: FileStore) -> None:
        super().__init__()
        self._files = files

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
        """What was attached. Raises `Undeliverable` where it is not there."""
        try:
            yield await self._files.read(source)
        except NotKept:
            raise Undeliverable("the upload is not in the file store") from None

    async def let_go(self, source: str) -> None:
        """It has its own place by now."""
        await self._files.forget(source)
