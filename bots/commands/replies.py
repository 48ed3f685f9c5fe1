"""The commands by which an agent mends what they said: ``/ticket edit``, ``/ticket unsend``."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role

Args = Mapping[str, Any]


async def edit(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.correct(by, args["ticket"], args["text"])
    return Said(
        Card(text=f"✏️ Your last reply on #{ticket.id} is changed."), answers.as_json(ticket)
    )


async def unsend(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.unsend(by, args["ticket"])
    text = f"🗑 Your last reply on #{ticket.id} is taken back."
    return Said(Card(text=text), answers.as_json(ticket))


COMMANDS = (
    Command(
        name="ticket edit",
        role=Role.AGENT,
        help="Change the last reply that you sent.",
        example="/ticket edit 42 We sent you two new ones today.",
        run=edit,
        params=(
            TICKET,
            Param(name="text", kind=Kind.TEXT, help="the whole reply as it should be", asked=True),
        ),
    ),
    Command(
        name="ticket unsend",
        role=Role.AGENT,
        help="Take back the last reply that you sent.",
        example="/ticket unsend 42",
        run=unsend,
        params=(TICKET,),
    ),
)
