"""What the desk says, as the page reads it: posts, cards, forms, people and commands as JSON."""

from collections.abc import Mapping
from typing import Any

from bots.commands.parse import Call, asks, in_words
from bots.commands.table import Command, Kind, Param, Said
from bots.console.channel import NAME
from bots.console.files import SHOWN
from core import cards
from core.speaking import say
from core.vocabulary import Listed, Post, PostedFile

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
        "edited": post.edited,
        "branch": post.branch,
        "reactions": list(post.reactions),
        "files": [file(each) for each in post.files],
    }


def file(file: PostedFile) -> Json:
    """A file of a post; only a kept one has an address."""
    return {
        "name": file.name,
        "state": file.state,
        "reason": file.reason,
        "size": file.size,
        "picture": file.content_type in SHOWN,
        "url": f"/console/files/{file.public_id}" if file.state == "kept" else None,
    }


def said(said: Said) -> Json:
    """The answer to a command, for whoever asked only."""
    return {"ok": True, "card": cards.to_json(said.card), "ticket": said.ticket}


def form(call: Call, begun: Mapping[str, str]) -> Json:
    """What to ask before a call is made, and what is there to begin with. The page hands ``action``
    and ``value`` back with it."""
    command = call.command
    first = next(iter(command.params), None)
    numbered = first is not None and first.kind is Kind.NUMBER and call.args[first.name]
    about = f" #{call.args[first.name]}" if first is not None and numbered else ""
    return {
        "ok": True,
        "form": {
            "action": command.name,
            "value": in_words(call),
            "title": command.title + about,
            "help": say(command.help),
            "fields": [_field(param, begun.get(param.name, "")) for param in asks(call)],
        },
    }


def _field(param: Param, begun: str) -> Json:
    return {
        "name": param.name,
        "value": begun,
        "label": param.label,
        "kind": param.kind.value,
        "required": param.required,
        "choices": list(param.choices),
        "labels": [say(each) for each in param.choices],
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
