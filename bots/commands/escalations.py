"""The commands about escalations: ``/escalation …``."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Button, Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Escalated, Role, Trigger, ladder_in_words

Args = Mapping[str, Any]
WITH_BUTTONS = 3
TRIGGERS = tuple(each.value.replace(" ", "-") for each in Trigger)
TRIGGER = Param(name="trigger", kind=Kind.WORD, help="what begins it", choices=TRIGGERS)


async def show(desk: Desk, by: Who, _: Args) -> Said:
    ladders = await desk.ladders(by)
    lines = [f"{trigger.value}: {ladder_in_words(rungs)}" for trigger, rungs in ladders.items()]
    return Said(Card(title="What is done when it is …", text="\n".join(lines)))


async def set_ladder(desk: Desk, by: Who, args: Args) -> Said:
    trigger, rungs = await desk.set_ladder(by, args["trigger"], args["steps"])
    return _said(f"{trigger.value}: {ladder_in_words(rungs)}")


async def reset(desk: Desk, by: Who, args: Args) -> Said:
    trigger, rungs = await desk.reset_ladder(by, args["trigger"])
    return _said(f"{trigger.value}: {ladder_in_words(rungs)}")


async def end(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.calm(by, args["ticket"])
    text = f"🕊 #{ticket.id} is not escalated any more. It stays {ticket.priority.label}, tier {ticket.tier}."
    return Said(Card(text=text), answers.as_json(ticket))


async def tickets(desk: Desk, by: Who, _: Args) -> Said:
    found = await desk.escalations(by)
    if not found:
        return _said("Nothing is escalated. 🎉")
    return Said(
        Card(
            title="Escalated",
            text="\n".join(_line(each) for each in found),
            buttons=tuple(button for each in found[:WITH_BUTTONS] for button in _buttons(each)),
        )
    )


def _line(escalated: Escalated) -> str:
    ticket, step = escalated.ticket, escalated.next
    holder = ticket.assignee.name if ticket.assignee else "nobody yet"
    since = f"since {ticket.escalated_at:%d %b %H:%M UTC}" if ticket.escalated_at else ""
    then = f" · next: {step.measure.value} at {step.due_at:%d %b %H:%M UTC}" if step else ""
    return (
        f"#{ticket.id} {ticket.subject} · {ticket.priority.label} · {holder} · "
        f"{ticket.escalation or 'escalated'} {since}{then}"
    )


def _buttons(escalated: Escalated) -> tuple[Button, ...]:
    number = str(escalated.ticket.id)
    return (
        Button(f"🙌 Take #{number}", "ticket transfer", f"{number} me"),
        Button(f"➡️ Reassign #{number}", "ticket transfer", number),
        Button(f"✅ Resolve #{number}", "ticket resolve", number),
    )


def _said(text: str) -> Said:
    return Said(Card(text=text))


COMMANDS = (
    Command(
        name="escalation tickets",
        role=Role.LEAD,
        help="The escalated tickets, with what is done next.",
        example="/escalation tickets",
        run=tickets,
    ),
    Command(
        name="escalation end",
        role=Role.LEAD,
        help="End an escalation: nothing more is done.",
        example="/escalation end 42",
        run=end,
        params=(TICKET,),
    ),
    Command(
        name="escalation list",
        role=Role.AGENT,
        help="What begins an escalation, and what is done then.",
        example="/escalation list",
        run=show,
    ),
    Command(
        name="escalation set",
        role=Role.ADMIN,
        help="What is done when something begins an escalation.",
        example="/escalation set breached priority high; notify lead; 30m reassign; 1h on-call",
        run=set_ladder,
        params=(
            TRIGGER,
            Param(name="steps", kind=Kind.TEXT, help="steps with ; between, or off", asked=True),
        ),
    ),
    Command(
        name="escalation reset",
        role=Role.ADMIN,
        help="Back to the steps that we ship.",
        example="/escalation reset breached",
        run=reset,
        params=(TRIGGER,),
    ),
)
