"""Live: which conversations moved, looked up once a process for every widget that listens."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bots.webchat.channel import WebChannel
from core.desk import Desk
from core.vocabulary import SITE, WEB

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0  # seconds; another process may have written
GATHER = 0.04  # seconds for what belongs together to arrive, and for the courier to settle it
BREATHE_EVERY = 15.0  # seconds without news


class Live:
    """One look a second as long as anybody listens, however many do."""

    def __init__(self, desk: Desk, channel: WebChannel) -> None:
        self._desk = desk
        self._channel = channel
        self._waiting: dict[asyncio.Event, str] = {}
        self._looking: asyncio.Task[None] | None = None

    async def moved(self, conversation: str) -> AsyncIterator[str]:
        """An event named ``moved`` whenever something changed in a conversation."""
        async with self._listening(conversation) as news:
            yield "retry: 2000\nevent: moved\ndata: \n\n"  # what came before is to be fetched
            while not self._channel.closed:
                try:
                    async with asyncio.timeout(BREATHE_EVERY):
                        await news.wait()
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                news.clear()
                yield "event: moved\ndata: \n\n"

    @asynccontextmanager
    async def _listening(self, conversation: str) -> AsyncIterator[asyncio.Event]:
        news = asyncio.Event()
        self._waiting[news] = conversation
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield news
        finally:
            del self._waiting[news]

    async def _look(self) -> None:
        with self._channel.listening() as nudged:
            before = await self._desk.pulse(WEB, SITE)
            self._tell(None)  # what happened until now may have been missed
            while self._waiting:
                with suppress(TimeoutError):
                    await asyncio.wait_for(nudged.wait(), LOOK_EVERY)
                    await asyncio.sleep(GATHER)
                nudged.clear()
                try:
                    now = await self._desk.pulse(WEB, SITE)
                except Exception:
                    log.exception("the widget's live view stumbled; it goes on")
                    continue
                self._tell(now.moved_since(before))
                before = now
                if self._channel.closed:
                    self._tell(None)
                    return

    def _tell(self, conversations: frozenset[str] | None) -> None:
        for news, conversation in self._waiting.items():
            if conversations is None or conversation in conversations:
                news.set()
