"""The commands that do something with a ticket: ``/ticket claim``, ``/ticket reply``, and so on."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.params import PRIORITIES, TICKET
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Availability, Priority, Role, Target, Ticket, Wanted

Args = Mapping[str, Any]


def _about(ticket: Ticket, text: str) -> Said:
    return Said(Card(text=text), answers.as_json(ticket))


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


COMMANDS = (
    Command(
        name="ticket claim",
        role=Role.AGENT,
        help="Take a waiting ticket.",
        example="/ticket claim 42",
        run=claim,
        params=(TICKET,),
    ),
    Command(
        name="ticket release",
        role=Role.AGENT,
        help="Give a ticket back to the queue.",
        example="/ticket release 42",
        run=release,
        params=(TICKET,),
    ),
    Command(
        name="ticket reply",
        role=Role.AGENT,
        help="Answer the customer.",
        example="/ticket reply 42 We sent you a new one today.",
        run=reply,
        params=(
            TICKET,
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
            TICKET,
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
            TICKET,
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
        params=(TICKET,),
    ),
    Command(
        name="ticket transfer",
        role=Role.AGENT,
        help="Pass a ticket on to an agent, or to whoever has a skill or is in a team.",
        example="/ticket transfer 42 @agent-1",
        run=transfer,
        params=(
            TICKET,
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
            TICKET,
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
            TICKET,
            Param(name="priority", kind=Kind.WORD, help="a priority", choices=PRIORITIES),
        ),
    ),
)
