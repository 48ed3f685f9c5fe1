"""The table of commands for the staff pages, which may not know it themselves."""

from collections.abc import Mapping, Sequence

from bots.commands import COMMANDS, begun, carry_out
from bots.commands.parse import Call, filled, in_words, lacking, pressed
from bots.commands.table import Command, Kind, Param
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role
from web.desk.commands import Blank, Form, Line, Seen

IRREVERSIBLE = frozenset({"remove", "forget", "end", "reset", "archive", "block"})
LONG = frozenset({"text", "body", "note", "why", "question", "steps", "phrasings", "hours"})
VERBS = frozenset(
    [
        "accept",
        "add",
        "archive",
        "ask",
        "block",
        "edit",
        "end",
        "export",
        "forget",
        "move",
        "pause",
        "publish",
        "refuse",
        "remove",
        "resend",
        "reset",
        "restore",
        "resume",
        "save",
        "set",
        "share",
        "show",
        "test",
        "translate",
        "unblock",
    ]
)  # what is done to something
NOUNS = {"kb": "article", "sla": "policy", "returns": "return", "oncall": "rota", "orders": "order"}


class PageCommands:
    """`web.desk.commands.Commands`, from `bots.commands`."""

    def offered(self, word: str, role: Role) -> Sequence[Line]:
        return [
            Line(each.name, _title(each), each.help)
            for each in COMMANDS.values()
            if each.word == word and each.role <= role and each.listed
        ]

    async def form(self, desk: Desk, by: Who, action: str, value: str) -> Form:
        call = pressed(COMMANDS, action, value, by=by)
        first = lacking(call) if call.command.begin else ()
        begin = {} if first else await begun(desk, by, call)
        asked = first or [each for each in call.command.params if not call.args[each.name]]
        return Form(
            title=_title(call.command),
            help=call.command.help,
            example=call.command.example if asked else "",
            blanks=[_blank(each, begin.get(each.name, "")) for each in asked],
            goes_on=bool(first),
            sure=call.command.verb in IRREVERSIBLE,
        )

    def said(self, by: Who, action: str, value: str, answers: Mapping[str, str]) -> str:
        return in_words(_with(pressed(COMMANDS, action, value, by=by), answers, by))

    async def carry_out(
        self,
        desk: Desk,
        by: Who,
        action: str,
        value: str,
        answers: Mapping[str, str],
        *,
        seen: Seen | None = None,
    ) -> Card:
        call = _with(pressed(COMMANDS, action, value, by=by), answers, by)
        door = desk.expecting(seen.ticket, seen.version) if seen else desk
        return (await carry_out(door, by, call)).card


def _with(call: Call, answers: Mapping[str, str], by: Who) -> Call:
    return filled(call, answers, by=by)


def _title(command: Command) -> str:
    noun = NOUNS.get(command.word, command.word)
    if command.word == "ticket":
        return command.title
    if command.verb in VERBS:
        return f"{command.verb} {noun}".capitalize()
    return f"{noun} {command.verb}".capitalize()


def _label(param: Param) -> str:
    if param.kind is Kind.PERSON:  # whom nobody can mention here
        return f"{param.label}: slack:T0123:U0456, console:local:agent-7"
    return param.label


def _blank(param: Param, text: str) -> Blank:
    return Blank(
        name=param.name,
        label=_label(param),
        required=param.required,
        long=param.kind is Kind.TEXT and param.name in LONG,
        choices=param.choices,
        text=text,
        names_agent=param.kind in {Kind.AGENT, Kind.AGENTS},
        asked=param.required or param.asked,
    )
