"""Discord, connected: made from settings at the start, and given the desk once there is one."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import discord

from bots.discord import client as client_of
from bots.discord import setup, tree
from bots.discord.answers import Answers
from bots.discord.backfill import Backfill
from bots.discord.breaker import Breaker
from bots.discord.channel import STORES, DiscordChannel
from bots.discord.client import BETWEEN_SESSIONS, Client
from bots.discord.events import Events
from bots.discord.gateway import Supervisor
from bots.discord.interactions import Interactions
from bots.discord.lanes import Lanes
from bots.discord.memory import FIRST_PAUSE, Memory
from bots.discord.menus import Menus
from bots.discord.panel import Panel, post_panel
from bots.discord.places import Places
from bots.discord.rest import Rest
from bots.discord.roles import Roles
from bots.discord.setup import (
    DiscordSettings,
    DiscordSetupError,
    Introduced,
    Unreachable,
)
from bots.discord.translate import within
from core.channels import Address
from core.desk import Desk

__all__ = ["Discord", "DiscordSettings", "DiscordSetupError", "connect", "diagnose", "speaking"]

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=8)
CONNECTIONS = 64  # at once; discord.py would open one for each call of a burst


@dataclass(frozen=True)
class Pace:
    """How long is waited between sessions and between failures, in seconds."""

    between_sessions: float = BETWEEN_SESSIONS
    first_pause: float = FIRST_PAUSE


class Parts:
    """All that listens, for one desk: what a client tells goes to one of these."""

    def __init__(
        self,
        desk: Desk,
        rest: Rest,
        channel: DiscordChannel,
        settings: DiscordSettings,
        memory: Memory,
    ) -> None:
        lanes = Lanes()
        backfill = Backfill(desk, rest, lanes, memory)
        roles, places = Roles(desk, settings), Places(rest, desk)
        room = settings.staff_channel
        self.events = Events(desk, rest, channel, places, roles, lanes, backfill, room)
        menus = Menus(desk, places, room)
        self.interactions = Interactions(desk, Answers(rest), roles, menus, Panel(rest, desk))
        self.connected = self.events.connected
        self.available = self.events.available
        self.said = self.events.said
        self.edited = self.events.edited
        self.deleted = self.events.deleted
        self.reacted = self.events.reacted
        self.asked = self.interactions.asked

    async def settle(self, within: timedelta = GRACE) -> None:
        """Until everything that was heard is done."""
        await self.interactions.settle(within)
        await self.events.settle(within)


class Discord:
    """A bot on Discord: `channel` to send by, and, once it is attached to a desk, ears.

    ``staff_room`` is the address for `core.vocabulary.House.staff_rooms`, where one is set.
    """

    def __init__(
        self, settings: DiscordSettings, memory: Memory, *, pace: Pace | None = None
    ) -> None:
        self._settings = settings
        self._memory = memory
        self._pace = pace or Pace()
        self._breaker = Breaker()
        self._speaking = _speaking(self._breaker)
        self._introduced: Introduced | None = None
        self.rest = Rest(lambda: self._speaking.http, self._breaker)
        stores = STORES | {urlsplit(settings.api_url or "").hostname or "cdn.discordapp.com"}
        self.channel = DiscordChannel(self.rest, settings.staff_channel, stores=stores)
        self._parts: Parts | None = None
        self._supervisor: Supervisor | None = None
        room = settings.staff_channel
        self.staff_room: Address | None = within(room) if room is not None else None

    @property
    def description(self) -> str:
        """Where this is, in a line."""
        return f"bot {self._introduced.name}" if self._introduced else "not reached yet"

    @property
    def is_connected(self) -> bool:
        """Whether events can reach this process, as far as it is asked to take them."""
        return self._supervisor is None or self._supervisor.is_connected

    async def log_in(self) -> Introduced:
        """Say who we are. Raises `DiscordSetupError`, or `Unreachable`."""
        if self._introduced is None:
            await self._speaking.close()  # one that failed before cannot be used again
            self._speaking = _speaking(self._breaker)
            self._introduced = await setup.introduce(self._speaking, self._settings)
        return self._introduced

    async def examine(self) -> list[setup.Finding]:
        """The set-up as it is. Raises as `log_in` does."""
        return await setup.examine(self.rest, self._settings, await self.log_in())

    async def invitation(self) -> str:
        """The link that lets the bot into a server."""
        return setup.invitation((await self.log_in()).application)

    async def post_panel(self, channel: int) -> None:
        """Post a panel. Raises `NotPosted`, and as `log_in` does."""
        await self.log_in()
        await post_panel(self.rest, channel)

    def attach(self, desk: Desk) -> None:
        """Give the desk what Discord sends from here on. Once, before `run_gateway`."""
        self._parts = Parts(desk, self.rest, self.channel, self._settings, self._memory)

    async def run_gateway(self) -> None:
        """Stay connected until cancelled. Raises `DiscordSetupError` where the token is refused."""
        self._supervisor = Supervisor(
            self._client,
            self._settings.bot_token,
            log_in=self.log_in,
            memory=self._memory,
            breaker=self._breaker,
        )
        await self._supervisor.run()

    async def settle(self, within: timedelta = GRACE) -> None:
        """Until everything that was heard is done."""
        if self._parts is not None:
            await self._parts.settle(within)

    async def close(self) -> None:
        """Finish what was heard and is still being done, then hang up."""
        await self.settle()
        await self._speaking.close()

    def _client(self, content: bool) -> Client:
        if self._parts is None:
            raise RuntimeError("attach comes before run_gateway")

        async def told(client: Client) -> None:
            await tree.sync(self.rest, self._memory, client.application_id or 0)

        return Client(
            self._parts,
            self._memory,
            content=content,
            breaker=self._breaker,
            between_sessions=self._pace.between_sessions,
            on_setup=told,
        )


async def connect(
    settings: DiscordSettings, state: Path | None, *, pace: Pace | None = None
) -> Discord:
    """Connect a bot. Raises `DiscordSetupError`, one sentence, where that cannot work.

    ``state`` is the file for what is remembered over restarts. Where Discord does not answer, it is
    tried again later: the rest of the desk works meanwhile.
    """
    client_of.use_api(settings.api_url)
    logging.getLogger("discord").setLevel(logging.WARNING)  # below, it writes all that is said
    memory = Memory(state, first_pause=(pace or Pace()).first_pause)
    connected = Discord(settings, memory, pace=pace)
    try:
        for finding in await connected.examine():
            if finding.is_fault:
                raise DiscordSetupError(finding.text)
            log.log(logging.INFO if finding.is_well else logging.WARNING, "%s", finding.text)
    except Unreachable as error:
        log.warning("%s It is tried again.", error)
    except BaseException:
        await connected.close()
        raise
    return connected


@asynccontextmanager
async def speaking(settings: DiscordSettings) -> AsyncIterator[Discord]:
    """A bot that only says something, or looks, and goes again."""
    client_of.use_api(settings.api_url)
    speaker = Discord(settings, Memory(None))
    try:
        yield speaker
    finally:
        await speaker.close()


async def diagnose(settings: DiscordSettings) -> list[tuple[str, str]]:
    """What is well (✓), left out (–) and at fault (✗) in the set-up, a sentence each."""
    async with speaking(settings) as speaker:
        try:
            return [(finding.mark, finding.text) for finding in await speaker.examine()]
        except (DiscordSetupError, Unreachable) as error:
            return [("✗", str(error))]


def _speaking(breaker: Breaker) -> discord.Client:
    """A client that is logged in to speak, and never listens."""
    return discord.Client(
        intents=client_of.intents(content=False),
        connector=aiohttp.TCPConnector(limit=CONNECTIONS),
        http_trace=breaker.trace,
        allowed_mentions=discord.AllowedMentions.none(),
        max_ratelimit_timeout=None,
    )
