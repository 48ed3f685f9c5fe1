"""The commands that look at tickets: ``/ticket list``, ``/ticket search``, ``/ticket show``, ``/ticket why``."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers, reasons
from bots.commands.params import PRIORITIES, TICKET
from bots.commands.table import Command, Kind, Param, Said
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Priority, Role, Status, Wanted, next_page

Args = Mapping[str, Any]


async def list_tickets(desk: Desk, by: Who, args: Args) -> Said:
    wanted = Wanted(
        filter=f"{args['filter']} after:{args['after']}" if args["after"] else args["filter"],
        status=Status(args["status"]) if args["status"] else None,
        priority=Priority[args["priority"].upper()] if args["priority"] else None,
        assignee=args["assignee"],
    )
    asking = await desk.whoever(by)
    page = await desk.tickets(by, wanted)
    more = next_page(wanted.words, page)
    return Said(answers.ticket_list(page, "ticket list", more, own=asking.role is Role.CUSTOMER))


async def search(desk: Desk, by: Who, args: Args) -> Said:
    asking = await desk.whoever(by)
    page = await desk.tickets(by, Wanted(filter=args["filter"], any_status=True))
    more = next_page(args["filter"], page)
    return Said(answers.ticket_list(page, "ticket search", more, own=asking.role is Role.CUSTOMER))


async def show(desk: Desk, by: Who, args: Args) -> Said:
    asking = await desk.whoever(by)
    whole = await desk.ticket(by, args["ticket"])
    card = answers.whole_ticket(whole, staff=asking.role is not Role.CUSTOMER)
    return Said(card, answers.as_json(whole.ticket))


async def why(desk: Desk, by: Who, args: Args) -> Said:
    found = await desk.why(by, args["ticket"])
    return Said(reasons.reasons(found), answers.as_json(found.ticket))


COMMANDS = (
    Command(
        name="ticket list",
        role=Role.CUSTOMER,
        help="The open tickets: all of them for staff, their own for customers.",
        example="/ticket list status:resolved",
        run=list_tickets,
        params=(
            Param(
                name="filter",
                kind=Kind.FILTER,
                help="words and names, such as priority:high -tag:old lamp",
                required=False,
            ),
            Param(
                name="status",
                kind=Kind.WORD,
                help="a status",
                required=False,
                named=True,
                choices=tuple(status.value for status in Status),
            ),
            Param(
                name="priority",
                kind=Kind.WORD,
                help="a priority",
                required=False,
                named=True,
                choices=PRIORITIES,
            ),
            Param(
                name="assignee",
                kind=Kind.AGENT,
                help="an agent, or me",
                required=False,
                named=True,
                for_staff=True,
            ),
            Param(
                name="after",
                kind=Kind.WORD,
                help="the last ticket of the page before",
                required=False,
                named=True,
            ),
        ),
    ),
    Command(
        name="ticket search",
        role=Role.CUSTOMER,
        help="Tickets of any status by what was said on them, the newest first.",
        example='/ticket search "charged twice" status:closed',
        run=search,
        params=(
            Param(
                name="filter",
                kind=Kind.FILTER,
                help="what to look for: words, or a filter",
                asked=True,
            ),
        ),
    ),
    Command(
        name="ticket show",
        role=Role.CUSTOMER,
        help="One ticket with the last things said on it.",
        example="/ticket show 42",
        run=show,
        params=(TICKET,),
    ),
    Command(
        name="ticket why",
        role=Role.AGENT,
        help="Why a ticket is with whom it is, or what it waits for.",
        example="/ticket why 42",
        run=why,
        params=(TICKET,),
    ),
)
