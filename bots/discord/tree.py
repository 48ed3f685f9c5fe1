"""The slash commands and menus as Discord is told of them, drawn from the command table.

https://discord.com/developers/docs/interactions/application-commands
"""

import hashlib
import json
import logging
from typing import Any

import discord

from bots.commands import COMMANDS
from bots.commands.parse import LARGEST_NUMBER
from bots.commands.table import Command, Kind, Param
from bots.discord.memory import Memory
from bots.discord.rest import Rest

log = logging.getLogger(__name__)

Json = dict[str, Any]

CREATE_TICKET = "Create ticket from message"
SEND_TO_CUSTOMER = "Send to customer"
TICKETS, PANEL = "tickets", "panel"

DESCRIPTION = 100
SLASH, MESSAGE = 1, 3
SUBCOMMAND, GROUP, STRING, INTEGER, USER = 1, 2, 3, 4, 6
VERBS = 25
EVERYWHERE, IN_SERVERS = [0, 1], [0]  # servers, and direct messages with the bot
INSTALLED = [0]
SUGGESTED = {"ticket", "after", "skill", "skills", "languages", "team", "article", "delivery"}
DESCRIPTIONS = {
    "ticket": "Work on tickets; /ticket help explains all of it.",
    "agent": "Who is on the desk, and whether you are.",
    "kb": "The knowledge base, and how it does.",
    "delivery": "What could not be delivered.",
    "customer": "Who customers are on other channels.",
}


def tree() -> list[Json]:
    """Every command that the bot has on Discord."""
    words = dict.fromkeys(each.word for each in COMMANDS.values() if each.listed)
    return [
        *(_slash(word) for word in words),
        _named(TICKETS, "Your tickets, with their status."),
        {
            **_named(PANEL, "Post a Get help button here, for customers (admins)."),
            "contexts": IN_SERVERS,
        },
        _menu(CREATE_TICKET, IN_SERVERS),
        _menu(SEND_TO_CUSTOMER, IN_SERVERS),
    ]


def mark(application: int) -> str:
    """What tells one tree of commands from another."""
    said = json.dumps([application, tree()], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


async def sync(rest: Rest, memory: Memory, application: int) -> None:
    """Tell Discord of the commands, if they are others than it was told of last."""
    wanted = mark(application)
    if memory.recall("commands") == wanted:
        return
    path = "/applications/{application_id}/commands"
    try:
        await rest.call("PUT", path, application_id=application, json=tree())
    except discord.HTTPException as error:
        log.warning("Discord did not take the commands: %s", error)
        return
    memory.keep("commands", wanted)
    log.info("Discord was told of the commands")


def asks_for_suggestions(param: Param) -> bool:
    """Whether Discord asks us, while somebody types, what they may mean."""
    return not param.choices and (param.kind is Kind.AGENT or param.name in SUGGESTED)


def _slash(word: str) -> Json:
    if word in COMMANDS:
        return {**_named(word, COMMANDS[word].help), "options": _options(COMMANDS[word])}
    verbs = [each for each in COMMANDS.values() if each.word == word and each.listed]
    described = DESCRIPTIONS.get(word, f"/{word} commands of the support desk.")
    return {**_named(word, described), "options": _grouped([_verb(each) for each in verbs])}


def _grouped(verbs: list[Json]) -> list[Json]:
    """Discord takes 25 verbs of a command; what is more is a group among them."""
    if len(verbs) <= VERBS:
        return verbs
    first, rest = verbs[: VERBS - 1], verbs[VERBS - 1 :]
    return [*first, {"type": GROUP, "name": "more", "description": "More.", "options": rest}]


def _verb(command: Command) -> Json:
    return {
        "type": SUBCOMMAND,
        "name": command.verb,
        "description": _cut(command.help),
        "options": _options(command),
    }


def _options(command: Command) -> list[Json]:
    """Required ones first, as Discord wants it. What a form asks for may be left out here."""
    shown = [_option(each) for each in command.params]
    return sorted(shown, key=lambda option: not option["required"])


def _option(param: Param) -> Json:
    shown: Json = {
        "type": _type(param),
        "name": param.name.lower(),
        "description": _cut(param.help[:1].upper() + param.help[1:]),
        "required": param.required and not param.asked,
    }
    if param.choices:
        shown["choices"] = [{"name": each, "value": each} for each in param.choices]
    if asks_for_suggestions(param):
        shown["autocomplete"] = True
    if param.kind is Kind.NUMBER:
        shown |= {"min_value": 0, "max_value": LARGEST_NUMBER}
    return shown


def _type(param: Param) -> int:
    """Agents are named in words, since they may be on any channel; people are Discord's users."""
    if param.choices:
        return STRING
    return {Kind.NUMBER: INTEGER, Kind.PERSON: USER}.get(param.kind, STRING)


def _named(name: str, description: str) -> Json:
    return {
        "type": SLASH,
        "name": name,
        "description": _cut(description),
        "contexts": EVERYWHERE,
        "integration_types": INSTALLED,
    }


def _menu(name: str, contexts: list[int]) -> Json:
    return {
        "type": MESSAGE,
        "name": name,
        "contexts": contexts,
        "integration_types": INSTALLED,
    }


def _cut(text: str) -> str:
    return text if len(text) <= DESCRIPTION else text[: DESCRIPTION - 1] + "…"
