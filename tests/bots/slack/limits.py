"""Slack's limits on what may be posted, told apart from the code that keeps them."""

import json
from typing import Any

Json = dict[str, Any]


def refused(args: Json) -> str | None:
    """Why Slack would refuse these blocks or this view; None where it would not."""
    if len(args.get("text") or "") > 40_000:
        return "text over 40,000"
    blocks = args.get("blocks")
    view = args.get("view")
    return (_blocks(blocks) if blocks else None) or (_view(view) if view else None)


def _blocks(blocks: list[Json]) -> str | None:
    if len(blocks) > 50:
        return f"{len(blocks)} blocks"
    if len(json.dumps(blocks, ensure_ascii=False)) > 13_200:
        return "blocks over 13,200 characters"
    ids = [
        each["action_id"]
        for block in blocks
        for each in block.get("elements", ())
        if "action_id" in each
    ]
    if len(ids) != len(set(ids)):
        return "an action_id twice"
    return next((wrong for block in blocks if (wrong := _block(block))), None)


def _block(block: Json) -> str | None:
    kind = block["type"]
    if kind == "section":
        return _section(block)
    if kind == "header":
        return _text(block["text"], 150)
    if kind == "context":
        return _each(block["elements"], 10, 3_000)
    if kind == "actions":
        return (
            f"{len(block['elements'])} elements" if len(block["elements"]) > 25 else _buttons(block)
        )
    return f"unknown block {kind}"


def _section(block: Json) -> str | None:
    if "fields" in block:
        return _each(block["fields"], 10, 2_000)
    return _text(block["text"], 3_000)


def _buttons(block: Json) -> str | None:
    for button in block["elements"]:
        wrong = _text(button["text"], 75)
        if wrong or not 0 < len(button["action_id"]) <= 255 or len(button.get("value", "")) > 2_000:
            return wrong or "a button's id or value"
    return None


def _each(texts: list[Json], count: int, longest: int) -> str | None:
    if not 0 < len(texts) <= count:
        return f"{len(texts)} texts"
    return next((wrong for text in texts if (wrong := _text(text, longest))), None)


def _text(text: Json, longest: int) -> str | None:
    if not text["text"].strip():
        return "an empty text"
    return f"a text over {longest}" if len(text["text"]) > longest else None


def _view(view: Json) -> str | None:
    if view["type"] == "home":
        return f"{len(view['blocks'])} blocks" if len(view["blocks"]) > 100 else None
    if len(view["title"]["text"]) > 24 or len(view["private_metadata"]) > 3_000:
        return "title or metadata of a view"
    return f"{len(view['blocks'])} blocks" if not 0 < len(view["blocks"]) <= 100 else None
