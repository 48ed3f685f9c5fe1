"""What an interaction asks for, read: values in, values out, no network."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import discord

from bots.commands import COMMANDS
from bots.commands.parse import Call, Missing, filled, pressed, wanted
from bots.commands.table import Command, Kind, Param
from bots.discord import modals, render, request_form
from bots.discord.reading import kept
from bots.discord.translate import NAME, WORKSPACE, people, readable, who
from core.channels import Who

SUBCOMMAND, GROUP = 1, 2
USER = 6

Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One interaction: who, and which command of the table or of Discord's own with what."""

    by: Who
    name: str
    options: Sequence[Json] = field(default=())
    resolved: Json = field(default_factory=dict)

    @property
    def names(self) -> dict[str, Who]:
        """The people that the options name."""
        users = self.resolved.get("users", {})
        return {number: _person(number, user) for number, user in users.items()}

    def focused(self) -> tuple[Command, Param, str] | None:
        """The option that is being typed."""
        typed = next((each for each in self.options if each.get("focused")), None)
        command = COMMANDS.get(self.name)
        if typed is None or command is None:
            return None
        params = [each for each in command.params if each.name.lower() == typed["name"]]
        return (command, params[0], str(typed.get("value") or "")) if params else None

    def call(self) -> Call:
        """The call of the table, perhaps without what a form can ask for.

        Raises the refusals of `bots.commands.parse.filled`.
        """
        call = pressed(COMMANDS, self.name, "", by=self.by)
        by_option = {each.name.lower(): each for each in call.command.params}
        texts = {
            by_option[each["name"]].name: _in_words(each)
            for each in self.options
            if each["name"] in by_option
        }
        try:
            return in_markdown(
                filled(call, texts, by=self.by, people=people(self.names)), self.names
            )
        except Missing as missing:
            if wanted(missing.call, was_pressed=False):
                return in_markdown(missing.call, self.names)
            raise


def typed(interaction: discord.Interaction) -> Ask:
    """A slash command, or an option of one that is being typed."""
    data: Any = interaction.data or {}
    name, options = data["name"], data.get("options", ())
    if options and options[0]["type"] == GROUP:
        options = options[0]["options"]
    if options and options[0]["type"] == SUBCOMMAND:
        name, options = f"{name} {options[0]['name']}", options[0].get("options", ())
    return Ask(
        by=who(interaction.user), name=name, options=options, resolved=data.get("resolved", {})
    )


def button(interaction: discord.Interaction) -> tuple[str, str]:
    """The command of a pressed button or a chosen line, and its first argument."""
    data: Any = interaction.data or {}
    chosen = data.get("values")
    return render.action_of(chosen[0] if chosen else data["custom_id"])


def form(interaction: discord.Interaction) -> tuple[Call, str]:
    """The call that a submitted form completes, and what was written into it.

    Raises the refusals of `bots.commands.parse.filled`.
    """
    data: Any = interaction.data or {}
    by = who(interaction.user)
    answers = modals.answers_in(data["components"])
    users = data.get("resolved", {}).get("users", {})
    names = {number: _person(number, user) for number, user in users.items()}
    call = filled(modals.call_of(data["custom_id"], by), answers, by=by, people=people(names))
    call = in_markdown(call, names, only=answers.keys())
    if call.command.name == "support":
        call = replace(call, args={**call.args, "form": request_form.form_in(answers)})
    return call, "\n".join(answers.values())


def in_markdown(
    call: Call, names: Mapping[str, Who], *, only: Collection[str] | None = None
) -> Call:
    """The call with its free texts as the desk keeps them. Articles are Markdown as they are."""
    spelled = {number: each.name for number, each in names.items()}
    is_markdown = call.command.word == "kb"
    texts = {each.name for each in call.command.params if each.kind is Kind.TEXT}
    if only is not None:
        texts &= set(only)
    args = dict(call.args)
    for name in texts:
        if args[name]:
            said = readable(args[name], spelled)
            args[name] = said if is_markdown else kept(said)
    return replace(call, args=args)


def _in_words(option: Json) -> str:
    return f"<@{option['value']}>" if option["type"] == USER else str(option["value"])


def _person(number: str, user: Json) -> Who:
    name = user.get("global_name") or user.get("username") or ""
    return Who(NAME, WORKSPACE, number, name)
