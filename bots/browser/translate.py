"""What the desk says, as a page reads it: posts, cards and forms as JSON."""

from collections.abc import Mapping
from typing import Any

from bots.commands.parse import Call, asks, in_words
from bots.commands.table import Kind, Param, Said
from core import cards
from core.files import PICTURES
from core.speaking import say
from core.vocabulary import Post, PostedFile

Json = dict[str, Any]


def post(post: Post, *, files_at: str) -> Json:
    """One thing said, as it stands now; its files are beneath the address ``files_at``."""
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
        "files": [file(each, files_at) for each in post.files],
    }


def file(file: PostedFile, files_at: str) -> Json:
    """A file of a post; only a kept one has an address."""
    return {
        "name": file.name,
        "state": file.state,
        "reason": file.reason,
        "size": file.size,
        "picture": file.content_type in PICTURES,
        "url": f"{files_at}/{file.public_id}" if file.state == "kept" else None,
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
