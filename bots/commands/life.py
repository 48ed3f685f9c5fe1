"""The commands of a ticket's way: put aside and taken up again."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role, Ticket

Args = Mapping[str, Any]
NUMBER = Param(name="ticket", kind=Kind.NUMBER, help="the number of a ticket")


def _about(ticket: Ticket, text: str) -> Said:
    return Said(Card(text=text), answers.as_json(ticket))


def _where(ticket: Ticket) -> str:
    return f"with {ticket.assignee.name}" if ticket.assignee else "in the queue"


async def hold(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.hold(by, args["ticket"], args["reason"])
    return _about(ticket, f"⏸ #{ticket.id} is on hold, and takes none of your slots.")


async def unhold(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.unhold(by, args["ticket"])
    return _about(ticket, f"▶️ #{ticket.id} goes on, {_where(ticket)}.")


COMMANDS = (
    Command(
        name="ticket hold",
        role=Role.AGENT,
        help="Put a ticket on hold while somebody else has to do something.",
        example="/ticket hold 42 waiting for the carrier",
        run=hold,
        params=(
            NUMBER,
            Param(name="reason", kind=Kind.TEXT, help="what it waits for", asked=True),
        ),
    ),
    Command(
        name="ticket unhold",
        role=Role.AGENT,
        help="Take up a ticket that is on hold.",
        example="/ticket unhold 42",
        run=unhold,
        params=(NUMBER,),
    ),
)
