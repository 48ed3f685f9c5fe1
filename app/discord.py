"""Discord for this process: connected by the settings, or left off."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.errors import CannotStart
from app.settings import Settings
from bots.discord.connect import Discord, connect, diagnose, speaking
from bots.discord.setup import (
    DiscordSettings,
    DiscordSetupError,
    Unreachable,
    channel_id,
    role_ids,
)

log = logging.getLogger(__name__)


@asynccontextmanager
async def connected_discord(settings: Settings) -> AsyncIterator[Discord | None]:
    """Discord, if a token is set. Raises `CannotStart` with what is wrong with it."""
    if not settings.discord_is_on:
        yield None
        return
    try:
        discord = await connect(read(settings), settings.discord_state_file)
    except DiscordSetupError as error:
        raise CannotStart(str(error)) from error
    try:
        yield discord
    finally:
        await discord.close()


async def on_gateway(discord: Discord, *, alone: bool) -> None:
    """Discord's gateway, for ever. Raises `CannotStart` where the token is refused and the process
    is there for Discord ``alone``; where it is not, the others go on and its health says so."""
    refusal = ""
    try:
        await discord.run_gateway()
    except DiscordSetupError as error:
        if alone:
            raise CannotStart(str(error)) from error
        refusal = str(error)
    log.error("%s Discord is cut off until the next start; all else goes on.", refusal)
    await asyncio.Event().wait()


async def diagnosed(settings: Settings) -> list[tuple[str, str]]:
    """How Discord is set up, for the doctor."""
    if not settings.discord_is_on:
        return [("–", "Discord is off: DISCORD_BOT_TOKEN is not set.")]
    try:
        return await diagnose(read(settings))
    except DiscordSetupError as error:
        return [("✗", str(error))]


async def invitation(settings: Settings) -> str:
    """The link that lets the bot into a server. Raises `CannotStart`."""
    async with _speaking(settings) as discord:
        return await discord.invitation()


async def post_panel(settings: Settings, channel: str) -> None:
    """Post a panel in a channel. Raises `CannotStart`, or the refusal of Discord."""
    async with _speaking(settings) as discord:
        await discord.post_panel(channel_id(channel, "The channel") or 0)


def read(settings: Settings) -> DiscordSettings:
    """What connects the bot. Raises `DiscordSetupError`, naming the setting at fault."""
    return DiscordSettings(
        bot_token=settings.discord_bot_token.get_secret_value(),
        staff_channel=channel_id(settings.discord_staff_channel, "DISCORD_STAFF_CHANNEL"),
        api_url=settings.discord_api_url or None,
        agent_roles=role_ids(settings.discord_agent_roles, "DISCORD_AGENT_ROLES"),
        lead_roles=role_ids(settings.discord_lead_roles, "DISCORD_LEAD_ROLES"),
        admin_roles=role_ids(settings.discord_admin_roles, "DISCORD_ADMIN_ROLES"),
    )


@asynccontextmanager
async def _speaking(settings: Settings) -> AsyncIterator[Discord]:
    if not settings.discord_is_on:
        raise CannotStart("Discord is off: set DISCORD_BOT_TOKEN.")
    try:
        async with speaking(read(settings)) as discord:
            yield discord
    except (DiscordSetupError, Unreachable) as error:
        raise CannotStart(str(error)) from error
