"""Whether Discord is set up right, in sentences that say what to do: for the start, and the doctor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import discord

from bots.discord import faults
from bots.discord.rest import Rest
from bots.discord.staff import FORUMS

Json = dict[str, Any]

TEXT = {0, 5}
SERVERS = 20  # looked at, one by one

PERMISSIONS: Mapping[str, str] = {
    "view_channel": "see the channels it works in",
    "send_messages": "write messages",
    "send_messages_in_threads": "write in the threads of tickets",
    "create_public_threads": "begin a thread beneath a ticket's card",
    "create_private_threads": "give every customer a thread of their own",
    "manage_threads": "open archived and locked threads again",
    "read_message_history": "catch up with what was said while it was away",
    "embed_links": "show cards",
    "attach_files": "pass on files",
    "add_reactions": "pass on reactions",
}
"""What the bot needs in a server, and what for. The invitation asks for exactly these."""

NO_CONTENT = (
    "The bot may not read what is written in servers, only direct messages and mentions: turn on "
    "Message Content Intent under Bot in the Developer Portal, and start again."
)


class DiscordSetupError(Exception):
    """Discord cannot be used as it is set up; the sentence says why, and what to do."""


class Unreachable(Exception):
    """Discord does not answer at the moment; it is tried again."""


@dataclass(frozen=True)
class DiscordSettings:
    """What connects a bot. The roles are ids of Discord roles, whose members are on the desk."""

    bot_token: str
    staff_channel: int | None = None
    api_url: str | None = None
    agent_roles: frozenset[int] = frozenset()
    lead_roles: frozenset[int] = frozenset()
    admin_roles: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Introduced:
    """Who the token says we are. ``content`` is whether we may read messages in servers."""

    bot: int
    application: int
    name: str
    content: bool
    endpoint: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing about the set-up: well (✓), left out (–) or at fault (✗)."""

    mark: str
    text: str

    @property
    def is_well(self) -> bool:
        return self.mark == "✓"

    @property
    def is_fault(self) -> bool:
        return self.mark == "✗"


def channel_id(text: str, setting: str) -> int | None:
    """An id from the settings; None for nothing. Raises `DiscordSetupError`."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 15 <= len(text) <= 20):
        raise DiscordSetupError(
            f"{setting} is {text!r}; it has to be an id, such as 1122334455667788990: turn on "
            "Developer Mode in Discord's settings under Advanced, then right-click, Copy ID."
        )
    return int(text)


def role_ids(text: str, setting: str) -> frozenset[int]:
    """Ids of roles from the settings. Raises `DiscordSetupError`."""
    ids = (channel_id(each.strip(), setting) for each in text.split(","))
    return frozenset(each for each in ids if each is not None)


async def introduce(client: discord.Client, settings: DiscordSettings) -> Introduced:
    """Ask Discord who we are. Raises `DiscordSetupError`, or `Unreachable` where nobody answers."""
    if not settings.bot_token or " " in settings.bot_token.strip():
        raise DiscordSetupError(
            "DISCORD_BOT_TOKEN is not a bot's token: copy it under Bot in the Developer Portal, "
            "without the word Bot in front."
        )
    try:
        await client.login(settings.bot_token)
    except discord.LoginFailure as error:
        raise DiscordSetupError(token_refused()) from error
    except faults.FAILURES as error:
        where = settings.api_url or "discord.com"
        raise Unreachable(f"Discord cannot be reached at {where}: {error}.") from error
    return _introduced(client)


def token_refused() -> str:
    """What is said where Discord does not take the token."""
    return (
        "Discord does not accept DISCORD_BOT_TOKEN. Copy it anew under Bot in the Developer Portal "
        "(Reset Token shows it once)."
    )


def invitation(application: int) -> str:
    """The link by which an admin of a server lets the bot in, with what it needs and no more."""
    asked = {
        "client_id": application,
        "scope": "bot applications.commands",
        "permissions": discord.Permissions(**dict.fromkeys(PERMISSIONS, True)).value,
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"


async def examine(rest: Rest, settings: DiscordSettings, introduced: Introduced) -> list[Finding]:
    """The set-up beyond the token itself, which is good."""
    findings = [Finding("✓", f"Discord knows the bot as {introduced.name} ({introduced.bot}).")]
    if introduced.endpoint:
        findings.append(
            Finding(
                "✗",
                "The application has an Interactions Endpoint URL, so buttons and commands go "
                "there: clear it under General Information in the Developer Portal.",
            )
        )
    content = Finding("✓", "Message Content Intent is on.") if introduced.content else None
    findings.append(content or Finding("–", NO_CONTENT))
    try:
        findings += await _servers(rest)
        findings.append(await _staff_channel(rest, settings, introduced))
    except faults.FAILURES as error:
        findings.append(Finding("–", f"Discord could not be asked: {faults.meaning(error)}."))
    return findings


def _introduced(client: discord.Client) -> Introduced:
    application, user = client.application, client.user
    if application is None or user is None:
        raise Unreachable("Discord did not say who we are.")
    flags = application.flags
    return Introduced(
        bot=user.id,
        application=application.id,
        name=user.name,
        content=flags.gateway_message_content or flags.gateway_message_content_limited,
        endpoint=application.interactions_endpoint_url or "",
    )


async def _servers(rest: Rest) -> list[Finding]:
    """Which permission is missing in which server, before the channels' own rules."""
    servers = await rest.call("GET", "/users/@me/guilds")
    if not servers:
        return [Finding("–", "The bot is in no server yet: switchboard discord invite")]
    findings = []
    for each in servers[:SERVERS]:
        granted = discord.Permissions(int(each.get("permissions", 0)))
        missing = _missing(granted)
        if missing:
            findings.append(
                Finding("–", f"In {each['name']} the bot lacks {missing}: invite it again.")
            )
    return findings or [Finding("✓", f"The bot is in {_counted(len(servers))}, with all it needs.")]


async def _staff_channel(rest: Rest, settings: DiscordSettings, us: Introduced) -> Finding:
    if settings.staff_channel is None:
        return Finding("–", "DISCORD_STAFF_CHANNEL is not set: agents get direct messages only.")
    try:
        channel = await rest.channel(settings.staff_channel)
    except discord.HTTPException as error:
        if error.status not in {403, 404}:
            raise
        return Finding(
            "✗",
            f"The bot cannot see DISCORD_STAFF_CHANNEL {settings.staff_channel}: give it View "
            "Channel there.",
        )
    name = f"#{channel.get('name')}"
    if channel["type"] not in TEXT | FORUMS:
        return Finding("✗", f"DISCORD_STAFF_CHANNEL {name} is neither a text channel nor a forum.")
    missing = _missing(await _granted(rest, channel, us))
    if missing:
        return Finding("✗", f"In DISCORD_STAFF_CHANNEL {name} the bot lacks {missing}.")
    kind = "forum" if channel["type"] in FORUMS else "channel"
    return Finding("✓", f"Staff meet in the {kind} {name}.")


async def _granted(rest: Rest, channel: Json, us: Introduced) -> discord.Permissions:
    """What the bot may do in a channel.

    https://discord.com/developers/docs/topics/permissions#permission-overwrites
    """
    guild = int(channel["guild_id"])
    server = await rest.call("GET", "/guilds/{guild_id}", guild_id=guild)
    member = await rest.call(
        "GET", "/guilds/{guild_id}/members/{member_id}", guild_id=guild, member_id=us.bot
    )
    ours = {str(guild), *member["roles"]}
    allowed = 0
    for role in server["roles"]:
        if role["id"] in ours:
            allowed |= int(role["permissions"])
    if discord.Permissions(allowed).administrator:
        return discord.Permissions.all()
    rules = channel.get("permission_overwrites", ())
    for whose in ([str(guild)], member["roles"], [str(us.bot)]):
        deny, allow = _overwritten(each for each in rules if each["id"] in whose)
        allowed = (allowed & ~deny) | allow
    return discord.Permissions(allowed)


def _overwritten(rules: Iterable[Json]) -> tuple[int, int]:
    deny = allow = 0
    for each in rules:
        deny |= int(each["deny"])
        allow |= int(each["allow"])
    return deny, allow


def _missing(granted: discord.Permissions) -> str:
    """The permissions that are not granted, as Discord's own settings call them."""
    if granted.administrator:
        return ""
    named = (name.replace("_", " ").title() for name in PERMISSIONS if not getattr(granted, name))
    return ", ".join(f"the permission {name}" for name in named)


def _counted(servers: int) -> str:
    return f"{servers} server{'s' * (servers != 1)}"
