"""Web chat as a channel: what visitors are shown is the ledger of deliveries."""

from collections.abc import AsyncGenerator

from bots.browser.nudges import Nudges
from core.channels import Undeliverable
from core.files import FileStore, NotKept


class WebChannel(Nudges):
    """Files that visitors attach lie in the file store from before their message is taken in until
    they are fetched, so that no process that ends loses one."""

    def __init__(self, files: FileStore) -> None:
        super().__init__()
        self._files = files

    async def fetch(self, source: str) -> AsyncGenerator[bytes, None]:
        """What was attached. Raises `Undeliverable` where it is not there."""
        try:
            yield await self._files.read(source)
        except NotKept:
            raise Undeliverable("the upload is not in the file store") from None

    async def let_go(self, source: str) -> None:
        """It has its own place by now."""
        await self._files.forget(source)
