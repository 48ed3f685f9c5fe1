"""The commands about kinds of tickets: ``/kind …``, ``/ticket kind``."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role, TicketKind

Args = Mapping[str, Any]
NAME = Param(name="name", kind=Kind.WORD, help="the name of a kind")
ABOUT = Param(name="about", kind=Kind.TEXT, help="what tickets are of this kind", asked=True)


async def set_kind(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.set_kind(by, args["ticket"], args["kind"])
    return Said(Card(text=f"🗃 #{ticket.id} is a {ticket.kind}."), answers.as_json(ticket))


async def list_kinds(desk: Desk, by: Who, _args: Args) -> Said:
    lines = [_line(kind) for kind in await desk.ticket_kinds(by)]
    return Said(Card(title="Kinds of tickets", text="\n".join(lines)))


async def add(desk: Desk, by: Who, args: Args) -> Said:
    return Said(Card(text=f"Added: {_line(await desk.add_kind(by, args['name'], args['about']))}"))


async def edit(desk: Desk, by: Who, args: Args) -> Said:
    return Said(Card(text=_line(await desk.edit_kind(by, args["name"], args["about"]))))


async def remove(desk: Desk, by: Who, args: Args) -> Said:
    kind = await desk.remove_kind(by, args["name"])
    return Said(Card(text=f"No ticket becomes a {kind.name} any more; those that are one stay so."))


def _line(kind: TicketKind) -> str:
    return f"{kind.name} · {kind.about}{'' if kind.is_built_in else ' (yours)'}"


COMMANDS = (
    Command(
        name="ticket kind",
        role=Role.AGENT,
        help="Say what sort of matter a ticket is.",
        example="/ticket kind 42 problem",
        run=set_kind,
        params=(TICKET, Param(name="kind", kind=Kind.WORD, help="a kind", asked=True)),
    ),
    Command(
        name="kind list",
        role=Role.AGENT,
        help="The kinds that a ticket can be.",
        example="/kind list",
        run=list_kinds,
    ),
    Command(
        name="kind add",
        role=Role.ADMIN,
        help="Make a kind of tickets of your own.",
        example="/kind add repair Something is to be repaired.",
        run=add,
        params=(NAME, ABOUT),
    ),
    Command(
        name="kind edit",
        role=Role.ADMIN,
        help="Say anew what tickets are of a kind.",
        example="/kind edit repair Something of ours is broken and comes back to us.",
        run=edit,
        params=(NAME, ABOUT),
    ),
    Command(
        name="kind remove",
        role=Role.ADMIN,
        help="Make no more tickets of a kind of your own.",
        example="/kind remove repair",
        run=remove,
        params=(NAME,),
    ),
)
