"""The app's manifest, drawn from the command table: what Slack must know to make the app.

https://docs.slack.dev/reference/app-manifest
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bots.commands import COMMANDS
from bots.slack.actions import ASK_SUPPORT, CREATE_TICKET, SEND_TO_CUSTOMER
from bots.slack.edge import BACK, PATH

NEEDED: Mapping[str, str] = {
    "app_mentions:read": "hear when somebody mentions the app",
    "chat:write": "write messages",
    "commands": "slash commands and shortcuts",
    "im:history": "read what people write to the app",
    "im:write": "write to people directly",
}
"""Scopes that the desk cannot work without, and what for."""

HELPFUL: Mapping[str, str] = {
    "channels:history": "hear answers in threads of public channels",
    "chat:write.customize": "show a customer's words under their name and picture",
    "channels:read": "check that the app is in the staff channel",
    "files:read": "take over the files that people send",
    "files:write": "pass files on",
    "groups:history": "hear answers in threads of private channels",
    "groups:read": "check that the app is in a private staff channel",
    "links:read": "see links to our tickets in the staff channel",
    "links:write": "show what they are about",
    "metadata.message:read": "never send twice what may have arrived",
    "reactions:read": "understand emojis as commands, and pass others on",
    "reactions:write": "pass emojis on",
    "users:read": "show names instead of ids",
}
"""Scopes that it does with less well without."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "link_shared",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
)
HINT = 1_000
DESCRIPTION = 2_000


def manifest(request_url: str | None = None, *, name: str = "Switchboard") -> dict[str, Any]:
    """The manifest for Socket Mode, or for signed HTTP where ``request_url`` says where to
    (the address of the server; the path is added). With an address, other workspaces can install
    the app, and links to it are shown in the staff channel."""
    host = urlsplit(request_url).hostname if request_url else None
    url = f"{request_url.rstrip('/')}{PATH}" if request_url else None
    sent_to = {"request_url": url} if url else {}
    return {
        "display_information": {
            "name": name,
            "description": "The support desk: ask here, and work on tickets here.",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name, "always_online": True},
            "shortcuts": _shortcuts(),
            **({"unfurl_domains": [host]} if host else {}),
            "slash_commands": [{**command, **_url(url)} for command in _slash_commands()],
        },
        "oauth_config": {
            **({"redirect_urls": [f"{request_url.rstrip('/')}{BACK}"]} if request_url else {}),
            "scopes": {"bot": sorted({*NEEDED, *HELPFUL})},
        },
        "settings": {
            "event_subscriptions": {**sent_to, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **sent_to},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def _url(url: str | None) -> dict[str, str]:
    return {"url": url} if url else {}


def _slash_commands() -> list[dict[str, Any]]:
    """One for each first word of the table; ``should_escape`` makes mentions carry ids."""
    words = dict.fromkeys(each.word for each in COMMANDS.values() if each.listed)
    return [
        {
            "command": f"/{word}",
            "description": _description(word)[:DESCRIPTION],
            "usage_hint": _hint(word)[:HINT],
            "should_escape": True,
        }
        for word in words
    ]


def _description(word: str) -> str:
    if word in COMMANDS:
        return COMMANDS[word].help
    return {
        "ticket": "Work on tickets; /ticket help explains all of it.",
        "agent": "Who is on the desk, and whether you are.",
        "kb": "How the knowledge base does.",
        "delivery": "What could not be delivered.",
    }.get(word, f"/{word} commands of the support desk.")


def _hint(word: str) -> str:
    if word in COMMANDS:
        return COMMANDS[word].usage.partition(" ")[2]
    verbs = [each.verb for each in COMMANDS.values() if each.word == word]
    return f"[{' | '.join(verbs)}]"


def _shortcuts() -> list[dict[str, str]]:
    return [
        {
            "name": "Create ticket",
            "type": "message",
            "callback_id": CREATE_TICKET,
            "description": "Open a support ticket from this message.",
        },
        {
            "name": "Send to customer",
            "type": "message",
            "callback_id": SEND_TO_CUSTOMER,
            "description": "Send what a colleague wrote beneath a ticket to its customer.",
        },
        {
            "name": "New request",
            "type": "global",
            "callback_id": ASK_SUPPORT,
            "description": "Ask the support team something.",
        },
    ]
