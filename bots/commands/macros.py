"""The commands about macros: ``/macro …``."""

from collections.abc import Mapping, Sequence
from typing import Any

from bots.commands import answers
from bots.commands.params import PRIORITIES, TICKET
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Button, Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Doing, Macro, Role, macro_in_words

Args = Mapping[str, Any]
BUTTONS = 10
NAME = Param(name="name", kind=Kind.WORD, help="the name of a macro")
TEXT = Param(
    name="text",
    kind=Kind.TEXT,
    help="what it says, with fields such as {customer.first_name|there}",
    required=False,
    asked=True,
)


def _named(
    name: str,
    about: str,
    *,
    kind: Kind = Kind.WORD,
    asked: bool = True,
    choices: Sequence[str] = (),
) -> Param:
    return Param(
        name=name,
        kind=kind,
        help=about,
        required=False,
        named=True,
        asked=asked,
        choices=tuple(choices),
    )


ACTIONS = (
    _named("status", "the status after it", choices=("pending", "on hold", "resolved", "none")),
    _named("tags", "tags with + or -"),
    _named("priority", "a priority", choices=(*PRIORITIES, "none")),
    _named("assign", "whose it becomes", choices=("me", "release", "none")),
    _named("waits", "what it waits for, on hold", asked=False),
    _named("category", "a category", asked=False),
    _named("kind", "a kind of tickets", asked=False),
    _named("to", "an agent it is passed on to", kind=Kind.AGENT, asked=False),
    _named("team", "a team it is passed on to", asked=False),
)


def doing(args: Args) -> Doing:
    """What the arguments say that a macro does."""
    return Doing(
        status=args["status"],
        waits_for=args["waits"],
        tags=args["tags"],
        priority=args["priority"],
        category=args["category"],
        kind=args["kind"],
        assign=args["assign"],
        agent=args["to"],
        team=args["team"],
    )


async def list_macros(desk: Desk, by: Who, args: Args) -> Said:
    """All of them; with a ticket, with a button each that uses it there."""
    macros = await desk.known_macros(by)
    if not macros:
        example = "/macro add thanks status:resolved Thank you, {customer.first_name|there}!"
        return Said(Card(text=f"No macros yet. {example}"))
    names = await _agents(desk, by)
    lines = [_line(macro, names) for macro in macros]
    if not args["ticket"]:
        return Said(Card(title="Macros", text="\n".join(lines)))
    number = args["ticket"]
    buttons = tuple(
        Button(macro.name, "macro use", f"{macro.name} {number}") for macro in macros[:BUTTONS]
    )
    rest = len(macros) - BUTTONS
    return Said(
        Card(
            title=f"Macros for #{number}",
            text="\n".join(lines[:BUTTONS]),
            buttons=buttons,
            footnote=f"And {rest} more: /macro use NAME {number}" if rest > 0 else "",
        )
    )


async def show(desk: Desk, by: Who, args: Args) -> Said:
    shown = await desk.macro(by, args["name"])
    said = [shown.macro.text, *(f"{code}: {text}" for code, text in shown.translations.items())]
    return Said(
        Card(
            title=f"📋 {shown.macro.name} · {_whose(shown.macro)}",
            text="\n\n".join(text for text in said if text),
            footnote=macro_in_words(shown.macro, await _agents(desk, by)),
        )
    )


async def add(desk: Desk, by: Who, args: Args) -> Said:
    shared = args["shared"] == "yes"
    macro = await desk.add_macro(by, args["name"], args["text"], doing(args), shared=shared)
    text = f"📋 {macro.name} is there, for {_whose(macro)}: /macro use {macro.name} 42"
    return Said(Card(text=text))


async def edit(desk: Desk, by: Who, args: Args) -> Said:
    macro = await desk.edit_macro(by, args["name"], args["text"], doing(args))
    return Said(Card(text=_line(macro, await _agents(desk, by))))


async def as_written(desk: Desk, by: Who, args: Args) -> Mapping[str, str]:
    """What a macro says and does, to begin a form with."""
    macro = (await desk.macro(by, args["name"])).macro
    does = {name: str(value) for name, value in macro.does.items()}
    return {"text": macro.text, **does}


async def translate(desk: Desk, by: Who, args: Args) -> Said:
    await desk.translate_macro(by, args["name"], args["language"], args["text"])
    return await show(desk, by, args)


async def remove(desk: Desk, by: Who, args: Args) -> Said:
    macro = await desk.remove_macro(by, args["name"])
    return Said(Card(text=f"The macro {macro.name} is forgotten."))


async def use(desk: Desk, by: Who, args: Args) -> Said:
    used = await desk.use_macro(by, args["name"], args["ticket"], args["text"])
    text = f"📋 {used.macro.name} on #{used.ticket.id}: {used.did}."
    return Said(Card(text=text), answers.as_json(used.ticket))


async def words(desk: Desk, by: Who, args: Args) -> Mapping[str, str]:
    """What a macro would say on a ticket, to begin a form with."""
    return {"text": await desk.macro_words(by, args["name"], args["ticket"])}


async def _agents(desk: Desk, by: Who) -> Mapping[int, str]:
    return {each.agent.id: each.agent.name for each in await desk.agents(by)}


def _whose(macro: Macro) -> str:
    return "you" if macro.agent_id else "everybody"


def _line(macro: Macro, agents: Mapping[int, str]) -> str:
    said = " ".join(macro.text.split())
    said = said if len(said) <= 80 else said[:79] + "…"
    parts = [macro.name, _whose(macro), macro_in_words(macro, agents), said]
    return " · ".join(part for part in parts if part)


COMMANDS = (
    Command(
        name="macro list",
        role=Role.AGENT,
        help="Your macros and everybody's; with a ticket, a button each to use it there.",
        example="/macro list 42",
        run=list_macros,
        params=(
            Param(
                name="ticket",
                kind=Kind.NUMBER,
                help="the number of a ticket",
                required=False,
            ),
        ),
    ),
    Command(
        name="macro show",
        role=Role.AGENT,
        help="What a macro says, in which languages, and what it does.",
        example="/macro show refund-sent",
        run=show,
        params=(NAME,),
    ),
    Command(
        name="macro use",
        role=Role.AGENT,
        help="Say what a macro says on a ticket, and do what it does.",
        example="/macro use refund-sent 42",
        run=use,
        params=(
            NAME,
            TICKET,
            Param(
                name="text",
                kind=Kind.TEXT,
                help="the words to the customer; left empty, the macro's own",
                required=False,
                asked=True,
            ),
        ),
        opens_form=True,
        begin=words,
    ),
    Command(
        name="macro add",
        role=Role.AGENT,
        help="Write a macro, for yourself or, for leads, for everybody.",
        example="/macro add refund-sent status:resolved tags:+refund Your refund is on its way, {customer.first_name|there}.",
        run=add,
        params=(
            NAME,
            *ACTIONS,
            _named("shared", "whether it is everybody's", asked=False, choices=("yes",)),
            TEXT,
        ),
        opens_form=True,
    ),
    Command(
        name="macro edit",
        role=Role.AGENT,
        help="Change what a macro says, or does; none takes something away.",
        example="/macro edit refund-sent status:none priority:low",
        run=edit,
        params=(NAME, *ACTIONS, TEXT),
        opens_form=True,
        begin=as_written,
    ),
    Command(
        name="macro translate",
        role=Role.AGENT,
        help="Say what a macro says to customers of a language; none takes it away.",
        example="/macro translate refund-sent de Ihre Erstattung ist unterwegs.",
        run=translate,
        params=(
            NAME,
            Param(name="language", kind=Kind.WORD, help="the code of a language"),
            Param(name="text", kind=Kind.TEXT, help="its words in that language", asked=True),
        ),
    ),
    Command(
        name="macro remove",
        role=Role.AGENT,
        help="Forget a macro.",
        example="/macro remove refund-sent",
        run=remove,
        params=(NAME,),
    ),
)
