"""Forms: what a command lacks is asked for in a modal, whose id remembers the command.

https://discord.com/developers/docs/components/reference#label
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bots.commands import COMMANDS
from bots.commands.parse import Call, in_words, pressed
from bots.commands.table import Kind, Param
from bots.discord import markup
from core.channels import Who
from core.errors import Invalid
from core.speaking import Sentence, say

Json = dict[str, Any]

LABEL_BOX, SHORT, LONG, TEXT_INPUT, SELECT, USERS = 18, 1, 2, 4, 3, 5
TITLE = 45
LABEL = 45
CUSTOM_ID = 100
INPUT = 4_000
INPUTS = 5
OPTIONS = 25
OPTION = 100


def modal(call: Call, asked: Sequence[Param], begins: Mapping[str, str]) -> Json:
    """The modal that asks. Raises `Invalid` where the command is too long to travel with it."""
    name = f"{call.command.name}#:{in_words(call)}"
    if len(name) > CUSTOM_ID:
        example = call.command.example
        raise Invalid(
            Sentence("That is too long for a form. For example: {example}", example=example)
        )
    if any(markup.width(begins.get(each.name, "")) > INPUT for each in asked):
        raise Invalid(
            Sentence(
                "There is more text than Discord's forms take ({most} characters).", most=INPUT
            )
        )
    asked = sorted(asked, key=lambda each: not each.required)
    return {
        "custom_id": name,
        "title": markup.cut(_title(call), TITLE),
        "components": [_input(each, begins.get(each.name, "")) for each in asked[:INPUTS]],
    }


def call_of(custom_id: str, by: Who) -> Call:
    """The command that a submitted modal is about."""
    action, _, value = custom_id.partition("#:")
    return pressed(COMMANDS, action, value, by=by)


def answers_in(components: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What was filled in, by the name of the parameter."""
    return {each["custom_id"]: _answer(each) for each in _inputs(components)}


def select(choices: Mapping[str, str], chosen: str = "") -> Json:
    """An input in which one of a few labels is chosen, by their values."""
    options = [
        {"label": label[:OPTION], "value": value[:OPTION]}
        | ({"default": True} if value == chosen else {})
        for value, label in choices.items()
    ]
    return {"type": SELECT, "options": options[:OPTIONS]}


def text(style: int, most: int = INPUT) -> Json:
    """An input in which something is written."""
    return {"type": TEXT_INPUT, "style": style, "max_length": most}


def _inputs(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for each in components:
        inner = [each["component"]] if "component" in each else each.get("components", ())
        yield from inner or [each]


def _answer(filled: Mapping[str, Any]) -> str:
    values = filled.get("values")
    if values is None:
        return str(filled.get("value") or "")
    user = filled.get("type") == USERS
    return " ".join(f"<@{each}>" if user else str(each) for each in values)


def _title(call: Call) -> str:
    name = call.command.title
    first = call.command.params[0]
    known = first.kind is Kind.NUMBER and call.args[first.name]
    return f"{name} #{call.args[first.name]}" if known else name


def _input(param: Param, begins: str) -> Json:
    shown = {"type": LABEL_BOX, "label": markup.cut(param.label, LABEL)}
    return {
        **shown,
        "component": {"custom_id": param.name, "required": param.required}
        | _component(param, begins),
    }


def _component(param: Param, begins: str) -> Json:
    if param.choices and len(param.choices) <= OPTIONS:
        return select({each: say(each) for each in param.choices}, begins)
    if param.kind is Kind.PERSON:
        return {"type": USERS}
    initial = {"value": begins} if begins else {}
    return text(LONG if param.kind is Kind.TEXT else SHORT) | initial
