"""The fetcher: gets the files that came with messages from their platforms, and keeps them.

It works like the courier, in the other direction: leases what is due, fetches outside any
transaction, settles the row, and tries again with growing pauses.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from core.channels import CanFetch, CanLetGo, Channel, TryLater, Uncertain, Undeliverable
from core.delivery import fetching
from core.delivery.courier import Transact, WorkFactory, pause_after
from core.delivery.fetching import Fetched, Wanted
from core.files import NotKept
from core.work import House

log = logging.getLogger(__name__)

POLL = timedelta(seconds=1)
GATHER = 0.1  # seconds between two looks, since what wakes it mostly has no files


class Fetcher:
    """Fetches files from the channels of this process. Any number may run at once.

    ``after`` is called once something was settled: words may have waited for it.
    """

    def __init__(
        self,
        transact: Transact,
        looking: WorkFactory,
        channels: Mapping[str, Channel],
        house: House,
        after: Callable[[], None],
    ) -> None:
        self._transact = transact
        self._looking = looking
        self._channels = channels
        self._house = house
        self._after = after
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something may be due."""
        self._wake.set()

    async def run(self) -> None:
        """Fetch what is due, for ever; woken by `wake`, and by the clock."""
        while True:
            self._wake.clear()
            try:
                await self.fetch_due()
            except Exception:
                log.exception("the fetcher stumbled; it goes on")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL.total_seconds())
                await asyncio.sleep(GATHER)

    async def fetch_due(self) -> int:
        """Fetch until nothing is due; how many files were settled, one way or the other."""
        settled = 0
        while wanted := await self._lease():
            settled += sum(await asyncio.gather(*(self._get(each) for each in wanted)))
            self._after()
        return settled

    async def _lease(self) -> list[Wanted]:
        channels = list(self._channels)
        async with self._looking() as work:
            if not channels or not await fetching.anything_due(work, channels):
                return []
        taken = await self._transact(lambda work: fetching.take(work, channels), even_in_doubt=True)
        return list(taken)

    async def _get(self, wanted: Wanted) -> bool:
        end = await self._attempt(wanted)
        await self._transact(lambda work: fetching.settle(work, wanted, end), even_in_doubt=True)
        is_settled = end.again_after is None
        channel = self._channels[wanted.channel]
        if is_settled and isinstance(channel, CanLetGo):
            with contextlib.suppress(OSError):
                await channel.let_go(wanted.source)
        return is_settled

    async def _attempt(self, wanted: Wanted) -> Fetched:
        channel = self._channels[wanted.channel]
        if not isinstance(channel, CanFetch):
            return Fetched(refused="files cannot be taken from here.")
        again = pause_after(wanted.attempts)
        try:
            async with asyncio.timeout(fetching.LEASE.total_seconds() / 2):
                return await self._keep(wanted, channel)
        except Undeliverable as error:
            log.info("file %s is gone: %s", wanted.id, error)
            return Fetched(refused=fetching.GONE)
        except NotKept:
            return Fetched(refused="files are not kept here.")
        except (TryLater, Uncertain, TimeoutError) as error:
            asked = error.after if isinstance(error, TryLater) else None
            return Fetched(again_after=asked or again)
        except Exception:
            log.exception("file %s was not fetched, in a way nobody foresaw", wanted.id)
            return Fetched(again_after=again)

    async def _keep(self, wanted: Wanted, channel: CanFetch) -> Fetched:
        content, limit = bytearray(), self._house.policy.file_size
        async with contextlib.aclosing(channel.fetch(wanted.source)) as pieces:
            async for piece in pieces:
                content += piece
                if len(content) > limit:
                    return Fetched(refused=fetching.too_large(limit))
        whole = bytes(content)
        await self._house.files.keep(wanted.public_id, whole)
        return Fetched(size=len(whole), sha256=fetching.digest(whole))
