"""What customers can say beside plain words: ``/support``, and the buttons they are offered."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bots.commands import answers
from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core import catalogue
from core.cards import Card
from core.channels import Address, Form, IncomingMessage, Who
from core.desk import Desk
from core.vocabulary import Role

Args = Mapping[str, Any]


async def support(desk: Desk, by: Who, args: Args) -> Said:
    form: Form | None = args.get("form")
    received = await desk.ask(
        IncomingMessage(
            address=Address(by.channel, by.workspace, by.user),
            sender=by,
            external_id=f"own:{uuid.uuid4().hex}",
            text=catalogue.request_in_full(args["text"], form.kind if form else ""),
            sent_at=datetime.now(UTC),
            form=form,
        )
    )
    return Said(Card(text=catalogue.request_taken(received.ticket)))


async def solved(desk: Desk, by: Who, args: Args) -> Said:
    enquiry = args["enquiry"] or await desk.open_enquiry(by)
    await desk.solve_enquiry(by, enquiry, args["place"] or 1)
    return Said(Card(text=catalogue.solved()))


async def person(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.hand_over(by, args["enquiry"] or await desk.open_enquiry(by))
    whole = await desk.ticket(by, ticket.id)
    return Said(Card(text=catalogue.went_to_person(ticket.id)), answers.as_json(whole.ticket))


async def confirm(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.confirm(by, args["ticket"])
    return Said(Card(text=catalogue.closed(ticket.id)), answers.as_json(ticket))


async def reopen(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.reopen(by, args["ticket"])
    return Said(Card(text=catalogue.open_again(ticket.id)), answers.as_json(ticket))


ENQUIRY = Param(name="enquiry", kind=Kind.NUMBER, help="the number of a question", required=False)
PLACE = Param(
    name="place", kind=Kind.NUMBER, help="which of the suggestions it was", required=False
)

COMMANDS = (
    Command(
        name="support",
        role=Role.CUSTOMER,
        help="Ask the support team something.",
        example="/support my order has not arrived",
        run=support,
        params=(Param(name="text", kind=Kind.TEXT, help="your question", asked=True),),
    ),
    Command(
        name="enquiry solved",
        role=Role.CUSTOMER,
        help="The suggested article solved it.",
        example="/enquiry solved",
        run=solved,
        params=(ENQUIRY, PLACE),
        listed=False,
    ),
    Command(
        name="enquiry person",
        role=Role.CUSTOMER,
        help="Talk to a person instead.",
        example="/enquiry person",
        run=person,
        params=(ENQUIRY,),
        listed=False,
    ),
    Command(
        name="request confirm",
        role=Role.CUSTOMER,
        help="It is solved indeed.",
        example="/request confirm 42",
        run=confirm,
        params=(TICKET,),
        listed=False,
    ),
    Command(
        name="request reopen",
        role=Role.CUSTOMER,
        help="It is not solved.",
        example="/request reopen 42",
        run=reopen,
        params=(TICKET,),
        listed=False,
    ),
)
