"""discord.py's client: it hears what Discord sends, and asks before it begins a session."""

import asyncio
import logging
import secrets
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bots.discord.breaker import Breaker
from bots.discord.memory import Memory

log = logging.getLogger(__name__)

API = "https://discord.com/api/v10"
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak aloud
BETWEEN_SESSIONS = 5.0  # seconds, https://discord.com/developers/docs/events/gateway#rate-limiting


class Ears(Protocol):
    """Whoever listens. Each is called in the order of arrival, and returns at once."""

    def connected(self, client: discord.Client, shard: int) -> None:
        """A new session began: what was said before it did not come."""
        ...

    def available(self, client: discord.Client, guild: discord.Guild) -> None:
        """A server of ours is there, as it was before."""
        ...

    def said(self, message: discord.Message) -> None: ...
    def edited(self, edit: discord.RawMessageUpdateEvent) -> None: ...
    def deleted(self, channel: int, message: int, guild: int | None) -> None: ...
    def reacted(self, reaction: discord.RawReactionActionEvent, *, added: bool) -> None: ...
    def asked(self, interaction: discord.Interaction) -> None: ...


class TooManySessions(RuntimeError):
    """Another one today would bring the bot near to losing its token."""


def intents(*, content: bool) -> discord.Intents:
    """What we ask to be told of: as little as does. ``content`` is the privileged Message Content."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = wanted.dm_messages = True
    wanted.guild_reactions = wanted.dm_reactions = True
    wanted.message_content = content
    return wanted


def use_api(url: str | None) -> None:
    """Where the API is, for the whole process: discord.py knows one."""
    Route.BASE = (url or API).rstrip("/")


class Client(discord.AutoShardedClient):
    """One connection to the gateway, over as many shards as Discord advises."""

    def __init__(  # noqa: PLR0913 - what a connection is made of
        self,
        ears: Ears,
        memory: Memory,
        *,
        content: bool,
        breaker: Breaker,
        between_sessions: float = BETWEEN_SESSIONS,
        shard_count: int | None = None,
        on_setup: Callable[["Client"], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(
            intents=intents(content=content),
            shard_count=shard_count,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=breaker.trace,
        )
        self._ears = ears
        self._memory = memory
        self._between_sessions = between_sessions
        self._on_setup = on_setup

    async def setup_hook(self) -> None:
        if self._on_setup is not None:
            await self._on_setup(self)

    async def use_gateway(self) -> None:
        """Ask the API where the gateway is: discord.py goes elsewhere when it begins anew."""
        found = await self.http.request(Route("GET", "/gateway/bot"))
        DiscordWebSocket.DEFAULT_GATEWAY = URL(found["url"])

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        if self._memory.wait > 0:
            log.error("shard %s may not begin another session today", shard_id)
            raise TooManySessions(f"{self._memory.sessions_begun} sessions were begun today")
        self._memory.begins()
        if not initial:
            await asyncio.sleep(self._between_sessions)

    async def on_shard_connect(self, shard: int) -> None:
        self._memory.succeeded()
        self._ears.connected(self, shard)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self._ears.available(self, guild)

    async def on_message(self, message: discord.Message) -> None:
        self._ears.said(message)

    async def on_raw_message_edit(self, edit: discord.RawMessageUpdateEvent) -> None:
        self._ears.edited(edit)

    async def on_raw_message_delete(self, deletion: discord.RawMessageDeleteEvent) -> None:
        self._ears.deleted(deletion.channel_id, deletion.message_id, deletion.guild_id)

    async def on_raw_bulk_message_delete(self, many: discord.RawBulkMessageDeleteEvent) -> None:
        for message in sorted(many.message_ids):
            self._ears.deleted(many.channel_id, message, many.guild_id)

    async def on_raw_reaction_add(self, reaction: discord.RawReactionActionEvent) -> None:
        self._ears.reacted(reaction, added=True)

    async def on_raw_reaction_remove(self, reaction: discord.RawReactionActionEvent) -> None:
        self._ears.reacted(reaction, added=False)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self._ears.asked(interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        error = sys.exc_info()[1]
        number = secrets.token_hex(4)
        log.error("error %s: %s was not read: %r", number, event_method, error)
