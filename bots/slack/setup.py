"""Whether Slack is set up right, in sentences that say what to do: for the start, and the doctor."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bots.slack import faults
from bots.slack.edge import PATH
from bots.slack.manifest import HELPFUL, NEEDED
from bots.slack.translate import Home

AGAIN = "Update the app from `switchboard slack manifest` and install it again in the workspace."
SLACK = "https://slack.com/api/"


class SlackSetupError(Exception):
    """Slack cannot be used as it is set up; the sentence says why, and what to do."""


@dataclass(frozen=True)
class SlackSettings:
    """What connects a workspace, and with ``client_id`` and ``client_secret`` any that installs the
    app. ``site`` is the address of our own pages."""

    bot_token: str = field(default="", repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    staff_channel: str | None = None
    api_url: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    site: str = ""

    @property
    def installs(self) -> bool:
        """Whether other workspaces can install the app."""
        return bool(self.client_id and self.client_secret)

    @property
    def base_url(self) -> str:
        """Where the Web API's methods are, with a slash at the end."""
        url = (self.api_url or SLACK).rstrip("/")
        return f"{url}/" if urlsplit(url).path else f"{url}/api/"


@dataclass(frozen=True)
class Introduced:
    """Who the token says we are. ``scopes`` is None where Slack does not list them."""

    home: Home
    bot_id: str
    scopes: Set[str] | None


def refuse_unusable(settings: SlackSettings) -> None:
    """Raise `SlackSetupError` where the settings cannot work, whatever Slack says."""
    if not settings.bot_token and settings.installs:
        if settings.staff_channel and ":" not in settings.staff_channel:
            raise SlackSetupError(
                "SLACK_STAFF_CHANNEL needs its workspace where SLACK_BOT_TOKEN is not set: "
                "T0123456789:C0123456789."
            )
    elif not settings.bot_token.startswith("xoxb-"):
        raise SlackSetupError(
            "SLACK_BOT_TOKEN is not a bot's token: it begins with xoxb- and is found under "
            "OAuth & Permissions in the app's settings."
        )
    if not settings.app_token and not settings.signing_secret:
        raise SlackSetupError(
            "Slack has no way to reach the desk: set SLACK_APP_TOKEN for Socket Mode, "
            "or SLACK_SIGNING_SECRET to receive events over HTTP."
        )


async def introduce(client: AsyncWebClient, settings: SlackSettings) -> Introduced:
    """Ask Slack who we are. Raises `SlackSetupError`."""
    try:
        answer = await client.auth_test()
    except faults.FAILURES as error:
        raise SlackSetupError(_refused(error, "SLACK_BOT_TOKEN", settings)) from error
    home = Home(
        team=answer["team_id"],
        bot_user=answer["user_id"],
        enterprise=answer.get("enterprise_id"),
        name=answer.get("team") or "",
    )
    return Introduced(home, answer.get("bot_id") or "", _scopes(answer.headers))


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


async def examine(
    client: AsyncWebClient, settings: SlackSettings, introduced: Introduced
) -> list[Finding]:
    """The set-up beyond the bot token itself, which is good."""
    home = introduced.home
    return [
        Finding("✓", f"Slack knows the app as {home.bot_user} in {home.name or home.team}."),
        *_scopes_lacking(introduced, NEEDED, "✗"),
        *_scopes_lacking(introduced, HELPFUL, "–"),
        await _staff_channel(client, settings.staff_channel),
        *(await _app_token(client, settings)),
    ]


def app_token_refused(error: Exception, settings: SlackSettings) -> str:
    """Why Socket Mode could not be opened, in a sentence."""
    code = faults.code_of(error) if isinstance(error, SlackApiError) else None
    if code in {"missing_scope", "not_allowed_token_type"}:
        return (
            "SLACK_APP_TOKEN may not open connections: make an app-level token (xapp-…) with the "
            "scope connections:write under Basic Information."
        )
    return _refused(error, "SLACK_APP_TOKEN", settings)


def _scopes_lacking(introduced: Introduced, wanted: Mapping[str, str], mark: str) -> list[Finding]:
    granted = introduced.scopes
    lacking = [] if granted is None else [scope for scope in sorted(wanted) if scope not in granted]
    if not lacking:
        return []
    named = ", ".join(f"{scope} ({wanted[scope]})" for scope in lacking)
    the_scope = "the scope" if len(lacking) == 1 else "the scopes"
    return [Finding(mark, f"SLACK_BOT_TOKEN lacks {the_scope} {named}. {AGAIN}")]


async def _staff_channel(client: AsyncWebClient, channel: str | None) -> Finding:
    if channel is None:
        return Finding("–", "SLACK_STAFF_CHANNEL is not set: agents get direct messages only.")
    channel = channel.rpartition(":")[2]
    if channel[:1] not in {"C", "G"} or not channel.isalnum():
        return Finding(
            "✗",
            f"SLACK_STAFF_CHANNEL is {channel!r}; it has to be a channel's id, such as C0123456789: "
            "open the channel's details in Slack, it stands at the bottom.",
        )
    try:
        found = (await client.conversations_info(channel=channel)).get("channel") or {}
    except faults.FAILURES as error:
        code = faults.code_of(error) if isinstance(error, SlackApiError) else None
        if code in {"channel_not_found", "not_in_channel"}:
            return Finding(
                "✗", f"The app cannot see SLACK_STAFF_CHANNEL {channel}: /invite it there."
            )
        return Finding("–", f"SLACK_STAFF_CHANNEL could not be looked at: {faults.meaning(error)}.")
    return _staff_channel_found(found, found.get("name") or channel)


def _staff_channel_found(found: Mapping[str, Any], name: str) -> Finding:
    if found.get("is_archived"):
        return Finding("✗", f"SLACK_STAFF_CHANNEL #{name} is archived. Choose another one.")
    if found.get("is_member") is False:
        return Finding("✗", f"The app is not in SLACK_STAFF_CHANNEL #{name}: /invite it there.")
    return Finding("✓", f"Staff meet in #{name}.")


async def _app_token(client: AsyncWebClient, settings: SlackSettings) -> list[Finding]:
    if settings.app_token is None:
        return [Finding("✓", f"Slack sends to {PATH}, signed.")]
    try:
        await client.apps_connections_open(app_token=settings.app_token)
    except faults.FAILURES as error:
        return [Finding("✗", app_token_refused(error, settings))]
    return [Finding("✓", "Socket Mode can be opened.")]


TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)


def client_for(settings: SlackSettings, http: aiohttp.ClientSession) -> AsyncWebClient:
    """A client that repeats nothing by itself: what is uncertain is looked for first."""
    client = AsyncWebClient(
        token=settings.bot_token,
        base_url=settings.base_url,
        session=http,
        retry_handlers=[],
        logger=faults.quiet("bots.slack.sdk"),
    )
    client.proxy = None  # the session reads the environment, and heeds NO_PROXY as well
    return client


def _refused(error: Exception, token: str, settings: SlackSettings) -> str:
    if isinstance(error, SlackApiError) and faults.is_refusal(error):
        return (
            f"Slack does not accept {token} ({faults.code_of(error)}). Copy it anew from the app's settings, and "
            "see that the app is installed in the workspace."
        )
    return f"Slack cannot be reached at {settings.base_url}: {faults.meaning(error)}."


def _scopes(headers: Mapping[str, Any]) -> Set[str] | None:
    listed = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes")
    return None if listed is None else {scope.strip() for scope in str(listed).split(",")}
