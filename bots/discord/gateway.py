"""The supervisor: keeps a connection to the gateway, whatever becomes of it.

discord.py reconnects what was connected once, and gives up where its first connection fails
(discord.py #10520). This one goes on, with pauses that it remembers over restarts.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import discord

from bots.discord import faults
from bots.discord.breaker import Breaker
from bots.discord.client import Client
from bots.discord.memory import Memory
from bots.discord.setup import NO_CONTENT, DiscordSetupError, Introduced, Unreachable, token_refused

log = logging.getLogger(__name__)

REFUSED = 4004  # a close code: the token is not taken
LOST = (
    *faults.FAILURES,
    discord.GatewayNotFound,
    discord.ConnectionClosed,
    discord.PrivilegedIntentsRequired,
    RuntimeError,
    Unreachable,
)


class Supervisor:
    """Connects, and connects again. ``make`` makes a client, which may ask for message content."""

    def __init__(
        self,
        make: Callable[[bool], Client],
        token: str,
        *,
        log_in: Callable[[], Awaitable[Introduced]],
        memory: Memory,
        breaker: Breaker,
    ) -> None:
        self._make = make
        self._token = token
        self._log_in = log_in
        self._memory = memory
        self._breaker = breaker
        self._content = True
        self._client: Client | None = None

    @property
    def is_connected(self) -> bool:
        """Whether events can reach this process now."""
        client = self._client
        shards = list(client.shards.values()) if client is not None else []
        return bool(shards) and not any(shard.is_closed() for shard in shards)

    async def run(self) -> None:
        """Stay connected until cancelled. Raises `DiscordSetupError` where the token is refused."""
        refused = asyncio.create_task(self._breaker.refused.wait())
        staying = asyncio.create_task(self._stay())
        try:
            await asyncio.wait([refused, staying], return_when=asyncio.FIRST_COMPLETED)
            if staying.done():
                await staying
            raise DiscordSetupError(token_refused())
        finally:
            for task in (refused, staying):
                task.cancel()
            await asyncio.gather(refused, staying, return_exceptions=True)

    async def _stay(self) -> None:
        while True:
            await self._until_allowed()
            try:
                await self._connect()
                log.warning("the connection to Discord ended")
            except discord.PrivilegedIntentsRequired:
                log.warning("%s", NO_CONTENT)
                self._content = False
            except LOST as error:
                if isinstance(error, discord.LoginFailure) or _is_refusal(error):
                    raise DiscordSetupError(token_refused()) from error
                log.warning("not connected to Discord: %s: %s", type(error).__name__, error)
            except Exception:  # what Discord sent could not be read: that must not be the end
                log.exception("the connection to Discord broke in a way nobody foresaw")
            pause = self._memory.failed()
            log.info("connecting to Discord again in %.1f s", pause)

    async def _until_allowed(self) -> None:
        wait = self._memory.wait
        if wait > 60:
            log.error(
                "%s sessions were begun on Discord within a day; the next one in %.0f minutes",
                self._memory.sessions_begun,
                wait / 60,
            )
        if wait > 0:
            await asyncio.sleep(wait)

    async def _connect(self) -> None:
        us = await self._log_in()
        client = self._client = self._make(us.content and self._content)
        try:
            await client.login(self._token)
            await client.use_gateway()
            await client.connect()
        finally:
            self._client = None
            await asyncio.shield(client.close())


def _is_refusal(error: Exception) -> bool:
    return isinstance(error, discord.ConnectionClosed) and error.code == REFUSED
