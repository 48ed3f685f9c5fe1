"""The commands about the fields of tickets: ``/field …``, ``/ticket field``."""

from collections.abc import Mapping, Sequence
from typing import Any

from bots.commands import answers
from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import FieldType, FieldWanted, Role, TicketField

Args = Mapping[str, Any]
NAME = Param(name="name", kind=Kind.WORD, help="the name of a field")
TYPES = tuple(each.value for each in FieldType)


def _named(name: str, about: str, *, asked: bool = True, choices: Sequence[str] = ()) -> Param:
    return Param(
        name=name,
        kind=Kind.WORD,
        help=about,
        required=False,
        named=True,
        asked=asked,
        choices=tuple(choices),
    )


DETAILS = (
    _named("type", "what can be in it", choices=TYPES),
    _named("choices", "what can be chosen, with commas"),
    _named("kind", "the kind of tickets that have it, or all"),
    _named("required", "whether it has to be there before a ticket is resolved", choices=("yes", "no")),
    _named("form", "whether customers are asked for it", choices=("yes", "no")),
    _named("min", "the smallest number, or none", asked=False),
    _named("max", "the largest number, or none", asked=False),
    _named("label", "what stands before it", asked=False),
)  # fmt: skip


def wanted(args: Args) -> FieldWanted:
    """What the arguments say of a field."""
    choices = args["choices"]
    return FieldWanted(
        type=FieldType(args["type"]) if args["type"] else None,
        label=args["label"],
        kind=args["kind"],
        required=_flag(args["required"]),
        asked=_flag(args["form"]),
        choices=choices.split(",") if choices else None,
        smallest=args["min"],
        largest=args["max"],
    )


def _flag(said: str | None) -> bool | None:
    return None if said is None else said == "yes"


async def set_field(desk: Desk, by: Who, args: Args) -> Said:
    name = args["field"].strip().lower()
    ticket = await desk.set_field(by, args["ticket"], name, args["value"])
    whole = await desk.ticket(by, ticket.id)
    there = next((each for each in whole.fields if each.name == name), None)
    text = f"{there.label}: {there.text}" if there else f"nothing in {name} any more"
    return Said(Card(text=f"🏷 #{ticket.id} · {text}"), answers.as_json(ticket))


async def list_fields(desk: Desk, by: Who, _args: Args) -> Said:
    fields = await desk.ticket_fields(by)
    if not fields:
        none = "Tickets have no fields of your own yet. An admin can /field add one."
        return Said(Card(text=none))
    return Said(Card(title="Fields of tickets", text="\n".join(map(_line, fields))))


async def add(desk: Desk, by: Who, args: Args) -> Said:
    return Said(Card(text=f"Added: {_line(await desk.add_field(by, args['name'], wanted(args)))}"))


async def edit(desk: Desk, by: Who, args: Args) -> Said:
    return Said(Card(text=_line(await desk.edit_field(by, args["name"], wanted(args)))))


async def remove(desk: Desk, by: Who, args: Args) -> Said:
    field = await desk.remove_field(by, args["name"])
    text = f"{field.name} is gone from all tickets. Their history keeps what was in it."
    return Said(Card(text=text))


def _line(field: TicketField) -> str:
    about = [field.name, field.label, field.type.value]
    if field.choices:
        about.append(", ".join(field.choices))
    if field.smallest is not None:
        about.append(f"at least {field.smallest.normalize():f}")
    if field.largest is not None:
        about.append(f"at most {field.largest.normalize():f}")
    about.append(f"of every {field.kind}" if field.kind else "of every ticket")
    if field.is_required:
        about.append("required")
    if field.asked:
        about.append("customers are asked")
    return " · ".join(about)


COMMANDS = (
    Command(
        name="ticket field",
        role=Role.AGENT,
        help="Fill in a field of a ticket; none takes its value away.",
        example="/ticket field 42 warranty yes",
        run=set_field,
        params=(
            TICKET,
            Param(name="field", kind=Kind.WORD, help="the name of a field", asked=True),
            Param(name="value", kind=Kind.TEXT, help="what is to be in it, or none", asked=True),
        ),
    ),
    Command(
        name="field list",
        role=Role.AGENT,
        help="The fields that tickets have here.",
        example="/field list",
        run=list_fields,
    ),
    Command(
        name="field add",
        role=Role.ADMIN,
        help="Give tickets a field of your own.",
        example='/field add warranty type:choice choices:"yes,no,not sure" form:yes',
        run=add,
        params=(NAME, *DETAILS),
        opens_form=True,
    ),
    Command(
        name="field edit",
        role=Role.ADMIN,
        help="Change a field. What is in it on tickets stays.",
        example='/field edit warranty choices:"yes,no,not sure" required:yes',
        run=edit,
        params=(NAME, *DETAILS),
        opens_form=True,
    ),
    Command(
        name="field remove",
        role=Role.ADMIN,
        help="Take a field from all tickets; their history keeps what was in it.",
        example="/field remove warranty",
        run=remove,
        params=(NAME,),
    ),
)
