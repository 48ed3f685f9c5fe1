"""Forms: what a command lacks is asked for in a modal, and the modal remembers the command."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bots.commands import COMMANDS
from bots.commands.parse import Call, Missing, People, pressed, read, wanted
from bots.commands.table import Kind, Param
from bots.slack.attached import TAKING
from core.channels import Who
from core.errors import Invalid
from core.speaking import Sentence, say

CALLBACK = "command"
TITLE = 24
LABEL = 2_000
OPTION = 75
METADATA = 3_000
INPUT = 3_000
SAID = 3_000
ANSWER = "answer"
FILES = "files"
MOST_FILES = 10

PEOPLE = {Kind.AGENT, Kind.PERSON}


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A command as far as it was said: a typed ``line``, or a button's ``action`` and ``value``.

    ``channel`` and ``response_url`` are where its answer goes. All of it travels in the modal.
    """

    line: str = ""
    action: str = ""
    value: str = ""
    channel: str | None = None
    response_url: str | None = None

    def call(self, by: Who, people: People) -> Call:
        """The call, perhaps without what a form can ask for. Raises the refusals of `read`."""
        if self.action:
            return pressed(COMMANDS, self.action, self.value, by=by)
        try:
            return read(COMMANDS, self.line, by=by, people=people)
        except Missing as missing:
            if self.wants(missing.call):
                return missing.call
            raise

    def wants(self, call: Call) -> Sequence[Param]:
        """What to ask for before the call is made."""
        return wanted(call, was_pressed=bool(self.action))


def view(
    begun: Begun, call: Call, asked: Sequence[Param], begins: Mapping[str, str]
) -> dict[str, Any]:
    """The modal that asks, its fields as they begin. Raises `Invalid` where the command was too
    long to travel with it."""
    kept = json.dumps({name: value for name, value in asdict(begun).items() if value})
    if len(kept) > METADATA:
        example = call.command.example
        raise Invalid(
            Sentence("That is too long for a form. For example: {example}", example=example)
        )
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": kept,
        "title": _plain(_title(call)),
        "submit": _plain(say("Send")),
        "close": _plain(say("Cancel")),
        "blocks": [
            *(_block(param, begins.get(param.name, "")) for param in asked),
            *([_files()] if call.command.name in TAKING else []),
        ],
    }


def loading(call: Call) -> dict[str, Any]:
    """The modal while its fields are looked up."""
    return _told(call, say("One moment …"))


def refusal(call: Call, text: str) -> dict[str, Any]:
    """The modal where there is nothing to fill in: why."""
    return _told(call, text)


def _told(call: Call, text: str) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": "",
        "title": _plain(_title(call)),
        "close": _plain(say("Cancel")),
        "blocks": [{"type": "section", "text": _plain(text[:SAID])}],
    }


def files_in(view: Mapping[str, Any]) -> Mapping[str, Any]:
    """The files that were added, as they hang on a post."""
    return view.get("state", {}).get("values", {}).get(FILES, {}).get(ANSWER) or {}


def begun_in(view: Mapping[str, Any]) -> Begun:
    """The command that a submitted modal is about."""
    return Begun(**json.loads(view["private_metadata"]))


def answers_in(view: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by the name of the parameter."""
    values = view.get("state", {}).get("values", {})
    return {name: _answer(filled.get(ANSWER) or {}) for name, filled in values.items()}


def _title(call: Call) -> str:
    first = call.command.params[0]
    number = f" #{call.args[first.name]}" if first.kind is Kind.NUMBER else ""
    return (call.command.title + number)[:TITLE]


def _block(param: Param, begins: str) -> dict[str, Any]:
    """An input; of what is too long for one and would be cut, a word instead: it stays as it is."""
    if len(begins) <= INPUT:
        return _input(param, begins)
    said = say("That is too long for a form: {what}. It stays as it is.", what=say(param.help))
    return {"type": "context", "elements": [_plain(said)]}


def _files() -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": FILES,
        "label": _plain(say("Files")),
        "optional": True,
        "element": {"action_id": ANSWER, "type": "file_input", "max_files": MOST_FILES},
    }


def _input(param: Param, begins: str) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": param.name,
        "label": _plain(param.label[:LABEL]),
        "optional": not param.required,
        "element": {"action_id": ANSWER, **_element(param, begins)},
    }


def _element(param: Param, begins: str) -> dict[str, Any]:
    if param.choices:
        options = [{"text": _plain(say(each)[:OPTION]), "value": each} for each in param.choices]
        chosen = [option for option in options if option["value"] == begins]
        return {"type": "static_select", "options": options} | (
            {"initial_option": chosen[0]} if chosen else {}
        )
    if param.kind in PEOPLE:
        return {"type": "users_select"}
    initial = {"initial_value": begins} if begins else {}
    return {"type": "plain_text_input", "multiline": param.kind is Kind.TEXT} | initial


def _answer(filled: Mapping[str, Any]) -> str:
    if filled.get("selected_user"):
        return f"<@{filled['selected_user']}>"
    chosen = filled.get("selected_option") or {}
    return str(chosen.get("value") or filled.get("value") or "")


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}
