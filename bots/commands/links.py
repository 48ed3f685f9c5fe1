"""The commands of what belongs to a ticket, and of whoever follows it."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core import catalogue
from core.cards import Button, Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Form, Role

Args = Mapping[str, Any]
OTHER = Param(name="other", kind=Kind.NUMBER, help="the number of another ticket", asked=True)


async def link(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.link_tickets(by, args["ticket"], args["other"])
    text = f"🔗 #{ticket.id} and #{args['other']} have to do with each other."
    return Said(Card(text=text), answers.as_json(ticket))


async def child(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.make_child(by, args["ticket"], args["of"])
    text = f"🔗 #{ticket.id} is a part of #{args['of']}."
    return Said(Card(text=text), answers.as_json(ticket))


async def unlink(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.unlink_tickets(by, args["ticket"], args["other"])
    text = f"🔗 #{ticket.id} and #{args['other']} are no longer linked."
    return Said(Card(text=text), answers.as_json(ticket))


async def watch(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.watch(by, args["ticket"])
    return Said(
        Card(
            text=f"👀 You watch #{ticket.id} until it is closed. What others do to it comes here.",
            buttons=(Button("Stop watching", "ticket unwatch", str(ticket.id)),),
        ),
        answers.as_json(ticket),
    )


async def unwatch(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.unwatch(by, args["ticket"])
    return Said(Card(text=f"You watch #{ticket.id} no more."), answers.as_json(ticket))


async def watchers(desk: Desk, by: Who, args: Args) -> Said:
    names = await desk.watchers(by, args["ticket"])
    said = ", ".join(names) or "nobody"
    return Said(Card(text=f"👀 #{args['ticket']} is watched by {said}."))


async def transcript(desk: Desk, by: Who, args: Args) -> Said:
    notes = {"yes": True, "no": False}.get(args["notes"] or "")
    form = Form(args["format"] or Form.HTML)
    ticket = await desk.ask_transcript(by, args["ticket"], form=form, with_notes=notes)
    return Said(catalogue.transcript_comes(ticket.id))


COMMANDS = (
    Command(
        name="ticket link",
        role=Role.AGENT,
        help="Say that two tickets have to do with each other.",
        example="/ticket link 42 41",
        run=link,
        params=(TICKET, OTHER),
    ),
    Command(
        name="ticket child",
        role=Role.AGENT,
        help="Say that a ticket is a part of another one.",
        example="/ticket child 42 of:41",
        run=child,
        params=(
            TICKET,
            Param(
                name="of",
                kind=Kind.NUMBER,
                help="the number of the parent",
                named=True,
                asked=True,
            ),
        ),
    ),
    Command(
        name="ticket unlink",
        role=Role.AGENT,
        help="Take the link between two tickets away, of either kind.",
        example="/ticket unlink 42 41",
        run=unlink,
        params=(TICKET, OTHER),
    ),
    Command(
        name="ticket watch",
        role=Role.AGENT,
        help="Follow a ticket: what others do to it comes by direct message.",
        example="/ticket watch 42",
        run=watch,
        params=(TICKET,),
    ),
    Command(
        name="ticket unwatch",
        role=Role.AGENT,
        help="Follow a ticket no more.",
        example="/ticket unwatch 42",
        run=unwatch,
        params=(TICKET,),
    ),
    Command(
        name="ticket transcript",
        role=Role.CUSTOMER,
        help="What was said on a ticket, as a file, by direct message.",
        example="/ticket transcript 42 format:print",
        run=transcript,
        params=(
            TICKET,
            Param(
                name="format",
                kind=Kind.WORD,
                help="text, html, or print for a printer",
                required=False,
                named=True,
                choices=tuple(form.value for form in Form),
            ),
            Param(
                name="notes",
                kind=Kind.WORD,
                help="no, to leave out what agents said among themselves",
                required=False,
                named=True,
                for_staff=True,
                choices=("yes", "no"),
            ),
        ),
    ),
    Command(
        name="ticket watchers",
        role=Role.AGENT,
        help="Who follows a ticket.",
        example="/ticket watchers 42",
        run=watchers,
        params=(TICKET,),
    ),
)
