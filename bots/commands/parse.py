"""Reading a command: text, a pressed button or a filled form becomes a call with typed arguments."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from bots.commands.table import Command, Kind, Param
from core.channels import Who
from core.errors import Invalid
from core.speaking import Heading, Row, Sentence, say

People = Callable[[str], Who | None]
"""Reads a mention in the channel's own spelling; None where it is none."""

HELP = "ticket help"
LARGEST_NUMBER = 2**31 - 1
MOST_DIGITS = 12
QUOTES = ('"', "“", "„", "«")
_QUOTED = re.compile(r'["“„«]((?:[^"”“»\\]|\\.)*)["”“»](?=\s|$)', re.DOTALL)
_LEVELLED = re.compile(r"([a-z0-9][a-z0-9_-]{0,39})(?::([1-3]))?")
_IN_FILTER = re.compile(r"\b((?:assignee|customer):)([^\s,\"]+)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"([a-z]+):([\w.-]+):([\w.@-]+)")


@dataclass(frozen=True)
class Call:
    """A command with its arguments read."""

    command: Command
    args: Mapping[str, Any]


class UnknownCommand(Invalid):
    """No command is called that."""

    def __init__(self, text: str, known: Sequence[str]) -> None:
        near = get_close_matches(text, known, n=1, cutoff=0.5)
        hint = (
            Sentence("Did you mean /{name}?", name=near[0])
            if near
            else Sentence("/ticket help lists them all.")
        )
        super().__init__(Sentence("There is no command /{name}. {hint}", name=text[:60], hint=hint))


class Missing(Invalid):
    """An argument is not there; a channel with forms may ask for it."""

    def __init__(self, call: Call, param: Param) -> None:
        self.call = call
        super().__init__(
            Sentence(
                "{what} is missing. For example: {example}",
                what=Heading(param.help),
                example=call.command.example,
            )
        )


class Misread(Invalid):
    """An argument is there and cannot be read."""

    def __init__(self, command: Command, found: str, wanted: Sentence) -> None:
        super().__init__(
            Sentence(
                "“{found}” is not {wanted}. For example: {example}",
                found=found[:60],
                wanted=wanted,
                example=command.example,
            )
        )


def read(
    commands: Mapping[str, Command], text: str, *, by: Who, people: People | None = None
) -> Call:
    """The call that a line such as ``/ticket claim 42`` means.

    Raises `UnknownCommand`, `Missing` or `Misread`, each a sentence with an example.
    """
    words = text.strip().removeprefix("/").split(maxsplit=2)
    two, one = " ".join(words[:2]).lower(), " ".join(words[:1]).lower()
    if two in commands:
        command, rest = commands[two], words[2] if len(words) > 2 else ""
    elif one in commands:
        command, rest = commands[one], text.strip().partition(" ")[2]
    elif len(words) == 1 and any(each.word == one for each in commands.values()):
        return Call(commands[HELP], {"command": one})  # a word alone: what can follow it
    else:
        raise UnknownCommand(two or "…", [name for name, each in commands.items() if each.listed])
    return _Reader(command, by, people or (lambda _: None)).arguments(rest)


def pressed(commands: Mapping[str, Command], action: str, value: str, *, by: Who) -> Call:
    """The call that a button means: the action's command with its first arguments."""
    if action not in commands:
        raise UnknownCommand(action, list(commands))
    return _Reader(commands[action], by, lambda _: None).as_far_as_said(value)


def filled(
    call: Call, answers: Mapping[str, str], *, by: Who, people: People | None = None
) -> Call:
    """The call with the answers of a form added. Raises `Missing` or `Misread`."""
    reader = _Reader(call.command, by, people or (lambda _: None))
    args = dict(call.args)
    for param in call.command.params:
        answer = (answers.get(param.name) or "").strip()
        if answer:
            args[param.name] = reader.value(param, answer)
    return _complete(Call(call.command, args))


def asks(call: Call) -> Sequence[Param]:
    """What a form can ask for before this call is made: nothing, for most."""
    return [param for param in call.command.params if param.asked and not call.args[param.name]]


def wanted(call: Call, *, was_pressed: bool) -> Sequence[Param]:
    """What a channel with forms should ask for before this call is made.

    A button asks for whatever its command can ask for. After typing, only what the call cannot do
    without is asked for, or all of it where the command `opens_form` and none of it was said.
    """
    can_ask = asks(call)
    lacks = lacking(call)
    if was_pressed or (lacks and all(param.asked for param in lacks)):
        return can_ask
    if not all(param.asked for param in lacks):
        return ()  # no form would help
    said_nothing = len(can_ask) == sum(param.asked for param in call.command.params)
    return can_ask if call.command.opens_form and said_nothing else ()


def lacking(call: Call) -> Sequence[Param]:
    """What has to be there, and is not."""
    return [
        param
        for param in call.command.params
        if param.required and call.args[param.name] in {None, ""}
    ]


def in_words(call: Call) -> str:
    """The arguments that a call has, as they are written: what reads them back is `pressed`."""
    by_place = [param for param in call.command.params if not param.named]
    parts = [_in_words(call.args[param.name]) for param in by_place if call.args[param.name]]
    for param in call.command.params:
        if param.named and call.args[param.name]:
            escaped = _in_words(call.args[param.name]).replace("\\", "\\\\").replace('"', '\\"')
            parts.insert(0 if _takes_rest(by_place) else len(parts), f'{param.name}:"{escaped}"')
    return " ".join(parts)


def _blank(command: Command) -> dict[str, Any]:
    texts = {Kind.TEXT, Kind.FILTER}
    return {param.name: "" if param.kind in texts else None for param in command.params}


def _complete(call: Call) -> Call:
    for param in lacking(call):
        raise Missing(call, param)
    return call


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{name}:{level}" for name, level in value.items())
    if isinstance(value, tuple):
        return ",".join(str(each) for each in value)
    return str(value)


def _takes_rest(params: Sequence[Param]) -> bool:
    return bool(params) and params[-1].kind is Kind.TEXT


class _Reader:
    """Reads the arguments of one command for one person."""

    def __init__(self, command: Command, by: Who, people: People) -> None:
        self._command = command
        self._by = by
        self._people = people

    def arguments(self, rest: str) -> Call:
        """The call that this text makes. Raises `Missing` or `Misread`."""
        return _complete(self.as_far_as_said(rest))

    def as_far_as_said(self, rest: str) -> Call:
        """The same, though arguments may be missing that a form can ask for."""
        args = _blank(self._command)
        named = {param.name: param for param in self._command.params if param.named}
        in_order = [param for param in self._command.params if not param.named]
        rest = rest.strip()
        while rest:
            word = rest.split(maxsplit=1)[0]
            after = rest[len(word) :]
            name, colon, value = word.partition(":")
            if in_order and in_order[0].kind is Kind.FILTER:  # it has names of its own
                args[in_order[0].name], after = self.value(in_order[0], rest), ""
            elif colon and name.lower() in named:
                if value[:1] in QUOTES:
                    value, after = self._quoted(rest[len(name) + 1 :])
                args[name.lower()] = self.value(named[name.lower()], value)
            elif in_order and in_order[0].kind is Kind.TEXT:
                args[in_order[0].name], after = rest.strip(), ""
            elif in_order:
                param = in_order.pop(0)
                args[param.name] = self.value(param, word)
            else:
                raise Misread(self._command, word, Sentence("part of this command"))
            rest = after.lstrip()
        return Call(self._command, args)

    def _quoted(self, rest: str) -> tuple[str, str]:
        """What stands in quotes at the beginning, and what follows. Raises `Misread`."""
        found = _QUOTED.match(rest)
        if found is None:
            raise Misread(self._command, rest, Sentence("in quotes to the end"))
        return re.sub(r"\\(.)", r"\1", found[1]), rest[found.end() :]

    def value(self, param: Param, text: str) -> Any:
        """One argument. Raises `Misread`."""
        if param.choices:
            return self._choice(param, text)
        readers: Mapping[Kind, Callable[[Param, str], Any]] = {
            Kind.NUMBER: self._number,
            Kind.AGENT: self._agent,
            Kind.AGENTS: self._agents,
            Kind.PERSON: self._person,
            Kind.LEVELS: self._levels,
            Kind.FILTER: self._filter,
        }
        return readers[param.kind](param, text) if param.kind in readers else text

    def _filter(self, _param: Param, text: str) -> str:
        return _IN_FILTER.sub(self._spelled_out, text.strip())

    def _spelled_out(self, found: re.Match[str]) -> str:
        """Somebody mentioned in a filter, in words that mean them on every channel."""
        who = self._people(found[2])
        return f'{found[1]}"{who}"' if who else found[0]

    def _choice(self, param: Param, text: str) -> str:
        chosen = text.lower().replace("_", " ")
        said = {say(each).lower(): each for each in param.choices}
        if chosen not in param.choices and chosen not in said:
            there = Row(Sentence(each) for each in param.choices)
            raise Misread(self._command, text, Sentence("one of {choices}", choices=there))
        return said.get(chosen, chosen)

    def _number(self, param: Param, text: str) -> int:
        digits = text.removeprefix("#")
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS
        if not is_number or int(digits) > LARGEST_NUMBER:
            raise Misread(self._command, text, Sentence(param.help))
        return int(digits)

    def _agent(self, _param: Param, text: str) -> Who:
        if text.lower() == "me":
            return self._by
        mentioned = self._people(text) or _elsewhere(text)
        name = text.removeprefix("@")
        return mentioned or Who(self._by.channel, self._by.workspace, name, name)

    def _agents(self, param: Param, text: str) -> tuple[Who, ...]:
        return tuple(self._agent(param, each) for each in text.split(",") if each)

    def _person(self, _param: Param, text: str) -> Who:
        mentioned = self._people(text) or _elsewhere(text)
        if mentioned is None:
            like = Sentence("a mention: write @ and pick the person")
            raise Misread(self._command, text, like)
        return mentioned

    def _levels(self, param: Param, text: str) -> dict[str, int]:
        levels = {}
        for part in filter(None, text.lower().split(",")):
            found = _LEVELLED.fullmatch(part)
            if found is None:
                like = Sentence(
                    "one of {choices}", choices=f"{param.help}, like billing or billing:3"
                )
                raise Misread(self._command, part, like)
            levels[found[1]] = int(found[2] or 1)
        return levels


def _elsewhere(text: str) -> Who | None:
    """A person on another channel, spelled out: ``slack:T012:U345``."""
    found = _ELSEWHERE.fullmatch(text)
    return Who(found[1], found[2], found[3], found[3]) if found else None
