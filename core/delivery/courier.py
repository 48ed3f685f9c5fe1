"""The courier: leases what is due, sends it outside any transaction, and settles the row.

At least once: a delivery is leased with a fencing token, in the order of its conversation, tried
with growing pauses until a time limit, and then kept as dead for staff to see and send again.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Protocol, TypeVar

from core.channels import (
    CanDelete,
    CanReact,
    Channel,
    OutgoingDeletion,
    OutgoingMessage,
    OutgoingReaction,
    Posted,
    TryLater,
    Uncertain,
    Undeliverable,
)
from core.delivery import lease
from core.delivery.lease import Leased, Settlement
from core.storage.database import out_of_reach
from core.storage.text import clean
from core.work import Work

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)
POLL = timedelta(seconds=1)
GATHER = 0.02  # seconds in which what is owed at the same time comes together
SETTLE_AGAIN = (0.5, 1, 2, 4, 8)  # seconds; in all well within a lease

R = TypeVar("R")
WorkFactory = Callable[[], AbstractAsyncContextManager[Work]]


class Transact(Protocol):
    """Runs an action as one transaction, over again when it loses a race: `Door.transact`."""

    async def __call__(
        self, action: Callable[[Work], Awaitable[R]], *, even_in_doubt: bool = False
    ) -> R: ...


class Courier:
    """Carries deliveries to the channels of this process. Any number may run at once."""

    def __init__(
        self,
        transact: Transact,
        looking: WorkFactory,
        channels: Mapping[str, Channel],
    ) -> None:
        self._transact = transact
        self._looking = looking
        self.channels = dict(channels)
        self._wake = asyncio.Event()
        self._ended: list[tuple[Leased, Settlement]] = []
        self._settling = asyncio.Lock()

    @property
    def serves(self) -> Collection[str]:
        """The channels that this process can send on."""
        return self.channels.keys()

    def add(self, name: str, channel: Channel) -> None:
        """Serve one more channel."""
        self.channels[name] = channel
        self.wake()

    def wake(self) -> None:
        """Something may be due."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver what is due, for ever; woken by `wake`, and by the clock."""
        while True:
            self._wake.clear()
            try:
                await self.deliver_due()
            except Exception:
                log.exception("the courier stumbled; it goes on")
                await asyncio.sleep(POLL.total_seconds())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL.total_seconds())
                await asyncio.sleep(GATHER)

    async def deliver_due(self) -> int:
        """Deliver until nothing is due; how many were sent.

        What takes long holds up its own conversation only: after a second more is taken.
        """
        ended: set[asyncio.Task[bool]] = set()
        running: set[asyncio.Task[bool]] = set()
        try:
            while True:
                if not any(_failed(each) for each in ended):
                    leased = await self._lease(lease.BATCH - len(running))
                    running |= {asyncio.create_task(self._deliver(each)) for each in leased}
                if not running:
                    return sum(each.result() for each in ended)
                done, running = await asyncio.wait(running, timeout=POLL.total_seconds())
                ended |= done
        finally:
            for each in running:
                each.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _lease(self, at_most: int) -> Sequence[Leased]:
        """Take what is due, if anything is.

        Repeated even in doubt: what was leased without our knowing waits for its lease to end.
        """
        channels = list(self.channels)
        async with self._looking() as work:
            if not at_most or not channels or not await lease.anything_due(work, channels):
                return []

        async def taken(work: Work) -> Sequence[Leased]:
            return await lease.take(work, channels, at_most=at_most)

        return await self._transact(taken, even_in_doubt=True)

    async def _deliver(self, leased: Leased) -> bool:
        """Attempt it, and settle it at once, together with what else has ended; whether it was sent.

        While one group is being settled, the next one gathers: that is one commit for a busy
        courier, and no waiting for the slowest of a batch.
        """
        end = await self._attempt(leased)
        self._ended.append((leased, end))
        async with self._settling:
            ended, self._ended = self._ended, []
            if ended:
                await self._settle(ended)
        return end.done

    async def _settle(self, ended: Sequence[tuple[Leased, Settlement]]) -> None:
        """Write down how attempts ended. The lease fences it, so it may be repeated in doubt, and
        a database that is away for some seconds does not make us send again."""
        for pause in (*SETTLE_AGAIN, None):
            try:
                await self._transact(lambda work: lease.settle(work, ended), even_in_doubt=True)
                return
            except Exception as error:
                if pause is None or not out_of_reach(error):
                    raise
                log.warning("what was sent cannot be settled yet: %s", type(error).__name__)
                await asyncio.sleep(pause)

    async def _attempt(self, leased: Leased) -> Settlement:
        channel = self.channels[leased.channel]
        try:
            async with asyncio.timeout(lease.LEASE.total_seconds() / 2):
                return Settlement(done=True, posted=await _do(channel, leased))
        except Undeliverable as error:
            return Settlement(error=clean(str(error)), uncertain=leased.uncertain)
        except TryLater as error:
            pause = error.after or pause_after(leased.attempts)
            # Looking for an earlier attempt may be what was put off: that one is as unknown as before.
            return Settlement(
                error=clean(str(error)), again_after=pause, uncertain=leased.uncertain
            )
        except (Uncertain, TimeoutError) as error:
            return Settlement(
                error=clean(str(error)) or "no answer in time",
                again_after=pause_after(leased.attempts),
                uncertain=True,
            )
        except Exception as error:
            log.exception("delivery %s failed in a way nobody foresaw", leased.id)
            return Settlement(
                error=clean(f"{type(error).__name__}: {error}"),
                again_after=pause_after(leased.attempts),
                uncertain=True,
            )


def _failed(task: asyncio.Task[bool]) -> bool:
    return task.cancelled() or task.exception() is not None


async def _do(channel: Channel, leased: Leased) -> Posted | None:
    """Carry it out; what was posted or edited. Deleting and reacting may be done twice, and what a
    channel cannot do is left out."""
    match leased.does:
        case OutgoingMessage() as message:
            return await _say(channel, message, look_first=leased.uncertain)
        case OutgoingDeletion() as deletion:
            if isinstance(channel, CanDelete):
                await channel.delete(deletion)
            elif leased.instead is not None:
                return await _say(channel, leased.instead, look_first=leased.uncertain)
        case OutgoingReaction() as reaction:
            if isinstance(channel, CanReact):
                with contextlib.suppress(Undeliverable):  # the platform does not have this one
                    await channel.react(reaction)
        case None:
            pass  # there was never a post
    return None


async def _say(channel: Channel, message: OutgoingMessage, *, look_first: bool) -> Posted:
    found = await channel.find_sent(message) if look_first else None
    posted = found if found is not None else await channel.send(message)
    return posted if isinstance(posted, Posted) else Posted(posted)


def pause_after(attempts: int) -> timedelta:
    """Doubling from a second to five minutes, spread by a fifth so that retries do not march."""
    longest: timedelta = min(FIRST_PAUSE * 2 ** min(attempts, 16), LONGEST_PAUSE)
    return longest * random.uniform(0.8, 1.2)  # noqa: S311
