"""The commands of a ticket's way: put aside and taken up again, merged."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bots.commands import answers
from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Button, Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role, Ticket

Args = Mapping[str, Any]


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


async def snooze(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.snooze(by, args["ticket"], args["until"])
    agent = (await desk.whoever(by)).agent
    zone = (agent.time_zone if agent else "") or "UTC"
    until = "the customer writes"
    if ticket.snoozed_until is not None:
        until = f"{ticket.snoozed_until.astimezone(ZoneInfo(zone)):%a %d %b %H:%M} ({zone})"
    return _about(ticket, f"💤 #{ticket.id} is put away until {until}.")


async def wake(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.wake(by, args["ticket"])
    return _about(ticket, f"▶️ #{ticket.id} goes on, {_where(ticket)}.")


async def merge(desk: Desk, by: Who, args: Args) -> Said:
    number, into = args["ticket"], args["into"]
    ticket = await desk.merge(by, number, into, force=args["force"] == "yes")
    undo = round(desk.house.policy.undo.total_seconds() / 60)
    return Said(
        Card(
            text=f"🔀 #{number} is part of #{ticket.id} now. "
            f"For {undo} minutes that can be taken back.",
            buttons=(Button("Take it back", "ticket unmerge", str(number)),),
        ),
        answers.as_json(ticket),
    )


async def unmerge(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.unmerge(by, args["ticket"])
    return _about(ticket, f"🔀 #{ticket.id} is its own again, {_where(ticket)}.")


async def split(desk: Desk, by: Who, args: Args) -> Said:
    number = args["ticket"]
    ticket = await desk.split(by, number, message=args["message"], subject=args["subject"] or "")
    undo = round(desk.house.policy.undo.total_seconds() / 60)
    return Said(
        Card(
            text=f"✂️ #{ticket.id} {ticket.subject} was split off #{number}, {_where(ticket)}. "
            f"For {undo} minutes that can be taken back.",
            buttons=(Button("Take it back", "ticket unsplit", str(ticket.id)),),
        ),
        answers.as_json(ticket),
    )


async def unsplit(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.unsplit(by, args["ticket"])
    return _about(ticket, f"✂️ #{args['ticket']} is part of #{ticket.id} again.")


COMMANDS = (
    Command(
        name="ticket snooze",
        role=Role.AGENT,
        help="Put a ticket away until a time, or until its customer writes.",
        example="/ticket snooze 42 tomorrow 9",
        run=snooze,
        params=(
            TICKET,
            Param(name="until", kind=Kind.TEXT, help="until when", asked=True),
        ),
    ),
    Command(
        name="ticket wake",
        role=Role.AGENT,
        help="Take up a snoozed ticket before its time.",
        example="/ticket wake 42",
        run=wake,
        params=(TICKET,),
    ),
    Command(
        name="ticket merge",
        role=Role.AGENT,
        help="Make one ticket of two about the same.",
        example="/ticket merge 42 into:41",
        run=merge,
        params=(
            TICKET,
            Param(
                name="into",
                kind=Kind.NUMBER,
                help="the number of the ticket that stays",
                named=True,
                asked=True,
            ),
            Param(
                name="force",
                kind=Kind.WORD,
                help="yes, though they are two customers'",
                required=False,
                named=True,
                choices=("yes",),
            ),
        ),
    ),
    Command(
        name="ticket unmerge",
        role=Role.AGENT,
        help="Take a merge back.",
        example="/ticket unmerge 42",
        run=unmerge,
        params=(TICKET,),
    ),
    Command(
        name="ticket split",
        role=Role.AGENT,
        help="Make a ticket of a message that is about something else; the last one, or by its number in /ticket show.",
        example='/ticket split 42 message:3 subject:"The invoice of May"',
        run=split,
        params=(
            TICKET,
            Param(
                name="message",
                kind=Kind.NUMBER,
                help="the number of a message of the ticket",
                required=False,
                named=True,
            ),
            Param(
                name="subject",
                kind=Kind.TEXT,
                help="what the new ticket is about, in quotes",
                required=False,
                named=True,
            ),
        ),
    ),
    Command(
        name="ticket unsplit",
        role=Role.AGENT,
        help="Take a split back.",
        example="/ticket unsplit 43",
        run=unsplit,
        params=(TICKET,),
    ),
    Command(
        name="ticket hold",
        role=Role.AGENT,
        help="Put a ticket on hold while somebody else has to do something.",
        example="/ticket hold 42 waiting for the carrier",
        run=hold,
        params=(
            TICKET,
            Param(name="reason", kind=Kind.TEXT, help="what it waits for", asked=True),
        ),
    ),
    Command(
        name="ticket unhold",
        role=Role.AGENT,
        help="Take up a ticket that is on hold.",
        example="/ticket unhold 42",
        run=unhold,
        params=(TICKET,),
    ),
)
