"""What the desk says, as the page reads it: posts, cards, forms, people and commands as JSON."""

from collections.abc import Mapping
from typing import Any

from bots.commands.parse import Call, asks
from bots.commands.table import Command, Kind, Param, Said
from bots.console.channel import NAME
from core import cards
from core.vocabulary import Listed, Post

Json = dict[str, Any]


def post(post: Post) -> Json:
    """One thing said, as it stands now."""
    return {
        "id": post.id,
        "at": post.at.isoformat(),
        "author": post.author,
        "name": post.name,
        "card": cards.to_json(post.card),
        "under": post.under,
        "root": post.external_id,
        "sent": post.sent,
    }


def said(said: Said) -> Json:
    """The answer to a command, for whoever asked only."""
    return {"ok": True, "card": cards.to_json(said.card), "ticket": said.ticket}


def form(call: Call) -> Json:
    """What to ask before a call is made. The page hands ``action`` and ``value`` back with it."""
    command = call.command
    first = next(iter(command.params), None)
    value = "" if first is None or not call.args[first.name] else str(call.args[first.name])
    about = f" #{value}" if first is not None and first.kind is Kind.NUMBER and value else ""
    return {
        "ok": True,
        "form": {
            "action": command.name,
            "value": value,
            "title": (command.verb or command.word).capitalize() + about,
            "help": command.help,
            "fields": [_field(param) for param in asks(call)],
        },
    }


def form_helps(call: Call) -> bool:
    """Whether a form would ask for everything that is missing."""
    missing = [each for each in call.command.params if each.required and not call.args[each.name]]
    return bool(missing) and all(each.asked for each in missing)


def _field(param: Param) -> Json:
    return {
        "name": param.name,
        "label": param.help[:1].upper() + param.help[1:],
        "kind": param.kind.value,
        "required": param.required,
        "choices": list(param.choices),
    }


def agent(listed: Listed) -> Json | None:
    """Somebody on the roster whom the console knows, as the page's picker shows them."""
    if listed.who is None or listed.who.channel != NAME:
        return None
    return {
        "handle": listed.who.user,
        "name": listed.agent.name,
        "role": listed.agent.role.label,
        "rank": int(listed.agent.role),
        "availability": listed.agent.availability.value,
        "holds": list(listed.holds),
        "capacity": listed.agent.capacity,
    }


def commands(table: Mapping[str, Command]) -> list[Json]:
    """What can be typed, for completion."""
    return [
        {
            "name": command.name,
            "usage": command.usage,
            "help": command.help,
            "example": command.example,
            "rank": int(command.role),
            "takes": bool(command.params),
        }
        for command in table.values()
        if command.listed
    ]
