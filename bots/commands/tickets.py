"""The commands about tickets: ``/ticket …``."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers, reasons
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import (
    Availability,
    Priority,
    Role,
    Status,
    Target,
    Ticket,
    Wanted,
    next_page,
)

Args = Mapping[str, Any]
NUMBER = Param(name="ticket", kind=Kind.NUMBER, help="the number of a ticket")
PRIORITIES = tuple(priority.label for priority in Priority)


def _about(ticket: Ticket, text: str) -> Said:
    return Said(Card(text=text), answers.as_json(ticket))


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


async def claim(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.claim(by, args["ticket"])
    return _about(ticket, f"🙌 #{ticket.id} is yours: {ticket.subject}")


async def release(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.release(by, args["ticket"])
    where = f"went to {ticket.assignee.name}" if ticket.assignee else "waits in the queue"
    return _about(ticket, f"♻️ #{ticket.id} {where}.")


async def reply(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.reply(by, args["ticket"], args["text"])
    return _about(ticket, f"💬 Sent to {ticket.customer.name} on #{ticket.id}.")


async def note(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.note(by, args["ticket"], args["text"])
    return _about(ticket, f"📝 Noted on #{ticket.id}. The customer does not see it.")


async def resolve(desk: Desk, by: Who, args: Args) -> Said:
    before = await _held(desk, by)
    children = {"children": True, "none": False}.get(args["with"] or "")
    ticket = await desk.resolve(by, args["ticket"], args["text"], children=children)
    new = {
        number: subject
        for number, subject in (await _held(desk, by)).items()
        if number not in before
    }
    following = "".join(f" Next: #{number} {subject}" for number, subject in new.items())
    agent = (await desk.whoever(by)).agent
    from_queue = agent and ticket.assignee_id == agent.id and ticket.id not in before
    whose = " Nobody had it, so it counts as yours." if from_queue else ""
    return _about(ticket, f"✅ #{ticket.id} is resolved.{whose}{following}")


async def _held(desk: Desk, by: Who) -> dict[int, str]:
    """What an agent has to do, by number; nothing for the operator."""
    if (await desk.whoever(by)).agent is None:
        return {}
    page = await desk.tickets(by, Wanted(assignee=by))
    return {ticket.id: ticket.subject for ticket in page.tickets}


async def reopen(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.reopen(by, args["ticket"])
    where = f"with {ticket.assignee.name}" if ticket.assignee else "in the queue"
    return _about(ticket, f"♻️ #{ticket.id} is open again, {where}.")


async def transfer(desk: Desk, by: Who, args: Args) -> Said:
    target = Target(agent=args["to"], skill=args["skill"], team=args["team"])
    ticket = await desk.transfer(by, args["ticket"], target)
    where = f"is with {ticket.assignee.name}" if ticket.assignee else "waits for the next who fits"
    if ticket.assignee is not None and ticket.assignee.availability is not Availability.AVAILABLE:
        where += f", who is {ticket.assignee.availability.value}"
    return _about(ticket, f"➡️ #{ticket.id} {where}.")


async def escalate(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.escalate(by, args["ticket"], args["reason"])
    where = f"with {ticket.assignee.name}" if ticket.assignee else "in the queue"
    return _about(
        ticket,
        f"🚨 #{ticket.id} is escalated: {ticket.priority.label}, tier {ticket.tier}, {where}.",
    )


async def priority(desk: Desk, by: Who, args: Args) -> Said:
    wanted = Priority[args["priority"].upper()]
    ticket = await desk.set_priority(by, args["ticket"], wanted)
    return _about(ticket, f"#{ticket.id} has {ticket.priority.label} priority.")


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
        params=(NUMBER,),
    ),
    Command(
        name="ticket claim",
        role=Role.AGENT,
        help="Take a waiting ticket.",
        example="/ticket claim 42",
        run=claim,
        params=(NUMBER,),
    ),
    Command(
        name="ticket release",
        role=Role.AGENT,
        help="Give a ticket back to the queue.",
        example="/ticket release 42",
        run=release,
        params=(NUMBER,),
    ),
    Command(
        name="ticket reply",
        role=Role.AGENT,
        help="Answer the customer.",
        example="/ticket reply 42 We sent you a new one today.",
        run=reply,
        params=(
            NUMBER,
            Param(name="text", kind=Kind.TEXT, help="your answer to the customer", asked=True),
        ),
    ),
    Command(
        name="ticket note",
        role=Role.AGENT,
        help="Write something for colleagues only.",
        example="/ticket note 42 waiting for the warehouse",
        run=note,
        params=(
            NUMBER,
            Param(name="text", kind=Kind.TEXT, help="your note for colleagues", asked=True),
        ),
    ),
    Command(
        name="ticket resolve",
        role=Role.AGENT,
        help="Say that it is answered; the text is the last word to the customer.",
        example="/ticket resolve 42 replaced the cable",
        run=resolve,
        params=(
            NUMBER,
            Param(
                name="text",
                kind=Kind.TEXT,
                help="the last word to the customer",
                required=False,
                asked=True,
            ),
            Param(
                name="with",
                kind=Kind.WORD,
                help="children: they are resolved too; none: they are left",
                required=False,
                named=True,
                choices=("children", "none"),
            ),
        ),
    ),
    Command(
        name="ticket reopen",
        role=Role.AGENT,
        help="Bring a resolved ticket back.",
        example="/ticket reopen 42",
        run=reopen,
        params=(NUMBER,),
    ),
    Command(
        name="ticket transfer",
        role=Role.AGENT,
        help="Pass a ticket on to an agent, or to whoever has a skill or is in a team.",
        example="/ticket transfer 42 @agent-1",
        run=transfer,
        params=(
            NUMBER,
            Param(name="to", kind=Kind.AGENT, help="an agent", required=False, asked=True),
            Param(
                name="skill",
                kind=Kind.WORD,
                help="or a skill",
                required=False,
                named=True,
                asked=True,
            ),
            Param(
                name="team",
                kind=Kind.WORD,
                help="or a team",
                required=False,
                named=True,
                asked=True,
            ),
        ),
        opens_form=True,
    ),
    Command(
        name="ticket escalate",
        role=Role.AGENT,
        help="Ask for more weight: a tier up, at least high priority.",
        example="/ticket escalate 42 the customer threatens to sue",
        run=escalate,
        params=(
            NUMBER,
            Param(name="reason", kind=Kind.TEXT, help="the reason", asked=True),
        ),
    ),
    Command(
        name="ticket priority",
        role=Role.AGENT,
        help="Say how urgent a ticket is.",
        example="/ticket priority 42 urgent",
        run=priority,
        params=(
            NUMBER,
            Param(name="priority", kind=Kind.WORD, help="a priority", choices=PRIORITIES),
        ),
    ),
    Command(
        name="ticket why",
        role=Role.AGENT,
        help="Why a ticket is with whom it is, or what it waits for.",
        example="/ticket why 42",
        run=why,
        params=(NUMBER,),
    ),
)
