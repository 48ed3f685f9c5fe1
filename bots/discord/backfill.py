"""Reading what was said while nobody listened, before anything newer is stored.

A session that was resumed brings everything itself; a new one, after a restart or a failed resume,
brings nothing of before. Then the history of every open conversation is read, and of the channels
of the servers, where somebody may have mentioned the bot.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import discord

from bots.discord import faults
from bots.discord.lanes import Lanes
from bots.discord.memory import Memory
from bots.discord.rest import Rest
from bots.discord.translate import NAME, place_of, snowflake, within
from core.channels import Address
from core.desk import Desk
from core.vocabulary import Heard

log = logging.getLogger(__name__)

LATE = timedelta(seconds=2)  # how much older than a matter its first message may be
KEPT_EVERY = 60_000 << 22  # a minute, in snowflakes
PAGES = 20  # of a channel of a server, the oldest first
ALIVE = "alive"

TakeIn = Callable[[discord.Message], Awaitable[None]]


class Backfill:
    """Puts readings into the lanes. ``take_in`` takes a message as if it had just come."""

    def __init__(self, desk: Desk, rest: Rest, lanes: Lanes, memory: Memory) -> None:
        self._desk = desk
        self._rest = rest
        self._lanes = lanes
        self._memory = memory
        self._tasks: set[asyncio.Task[None]] = set()
        self._since: dict[int, int] = {}  # by shard: the last message before its session
        self._waiting: set[Address] = set()  # conversations whose reading waits in their lane

    def listened(self, shard: int, message: int) -> None:
        """A shard was there when this message came; kept once a minute."""
        if message - self._alive(shard) > KEPT_EVERY:
            self._memory.keep(f"{ALIVE} {shard}", str(message))

    def of_conversations(self, client: discord.Client, shard: int, take_in: TakeIn) -> None:
        """A new session: nothing is stored until the reading is in its lane."""
        self._since[shard] = self._alive(shard)
        self._lanes.hold()
        task = asyncio.create_task(self._begin(client, take_in))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def of_channels(self, client: discord.Client, guild: discord.Guild, mentioned: TakeIn) -> None:
        """A server is there: its channels in which something was said since are looked through."""
        since = self._since.get(guild.shard_id, 0)
        for channel in guild.text_channels if since else ():
            if (channel.last_message_id or 0) > since:
                read = partial(self._look_through, client, channel, since, mentioned)
                self._lanes.put(within(channel.id).conversation, read)

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _alive(self, shard: int) -> int:
        return int(self._memory.recall(f"{ALIVE} {shard}") or 0)

    async def _begin(self, client: discord.Client, take_in: TakeIn) -> None:
        try:
            for each in await self._heard_last():
                _, _, last = each.external_id.partition(":")
                after = int(last) if last else snowflake(each.at - LATE)
                if each.address not in self._waiting:
                    self._waiting.add(each.address)
                    read = partial(self._read, client, each.address, after, take_in)
                    self._lanes.put(each.address.conversation, read, first=True)
        finally:
            self._lanes.let_go()

    async def _heard_last(self) -> Sequence[Heard]:
        """Ask the desk until it answers."""
        while True:
            try:
                return await self._desk.heard_last(NAME)
            except Exception:
                log.exception("cannot catch up yet; tried again in a second")
                await asyncio.sleep(1)

    async def _read(
        self, client: discord.Client, address: Address, after: int, take_in: TakeIn
    ) -> None:
        self._waiting.discard(address)
        channel, person = place_of(address)
        try:
            if channel is None:
                channel = await self._rest.direct(person)
            there = _place(client, channel, is_direct=channel != person)
            async for page in self._rest.since(channel, after):
                for message in _messages(client, there, page):
                    await take_in(message)
        except discord.HTTPException as error:
            _give_up_or_raise(error, address.conversation)

    async def _look_through(
        self,
        client: discord.Client,
        channel: discord.TextChannel,
        since: int,
        mentioned: TakeIn,
    ) -> None:
        pages = 0
        try:
            async for page in self._rest.since(channel.id, since):
                for message in _messages(client, channel, page):
                    await mentioned(message)
                pages += 1
                if pages == PAGES:
                    log.warning("#%s has too much to be looked through for mentions", channel.name)
                    return
        except discord.HTTPException as error:
            _give_up_or_raise(error, f"#{channel.name}")


def _give_up_or_raise(error: discord.HTTPException, where: str) -> None:
    """A place that is gone or closed to us is left out; all else is tried again."""
    if error.status not in {403, 404}:
        raise error
    log.info("%s cannot be read: %s", where, faults.meaning(error))


def _place(client: discord.Client, channel: int, *, is_direct: bool) -> Any:
    """A channel as discord.py's messages want it; a thread with its parent, if it is known."""
    known = client.get_channel(channel)
    if isinstance(known, discord.Thread):
        return known
    kind = discord.ChannelType.private if is_direct else None
    return client.get_partial_messageable(channel, type=kind)


def _messages(
    client: discord.Client, place: Any, page: Sequence[dict[str, Any]]
) -> list[discord.Message]:
    """The messages of a page; those that discord.py cannot read are left out."""
    read = []
    for raw in page:
        whole: Any = raw
        try:
            read.append(discord.Message(state=client._connection, channel=place, data=whole))
        except (KeyError, TypeError, ValueError):
            log.exception("message %s cannot be read and is left out", raw.get("id"))
    return read
