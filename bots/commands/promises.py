"""The commands about promises of times, kept or not: ``/ticket sla``, ``/sla why``, and so on."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Button, Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Clock, Role, SlaTarget, TargetKind

Args = Mapping[str, Any]
DANGER_LISTED = 15


async def clock(desk: Desk, by: Who, args: Args) -> Said:
    found = await desk.clocks(by, args["ticket"])
    if not found.clocks:
        return Said(Card(text=f"Nothing is promised on #{found.ticket.id}."))
    return Said(
        Card(
            title=f"⏱ #{found.ticket.id} {found.ticket.subject}",
            text="\n\n".join(_explained(each) for each in found.clocks),
            buttons=(Button("Which policy", "sla why", str(found.ticket.id)),),
        ),
        answers.as_json(found.ticket),
    )


def _explained(clock: Clock) -> str:
    number = f" {clock.target.ordinal}" if clock.target.ordinal > 1 else ""
    title = clock.target.kind.value.capitalize()
    return f"{title}{number} · {' '.join(clock.sentences)}"


async def why(desk: Desk, by: Who, args: Args) -> Said:
    found = await desk.why_promised(by, args["ticket"])
    lines = [
        f"{name}: does not fit, by its {' and '.join(misses)}."
        for name, misses in found.passed_over
    ]
    fits = f"{found.policy}: fits. Time counts {found.hours}."
    lines.append(fits if found.policy else "No policy fits, so nothing is promised.")
    return Said(Card(title=f"📜 What is promised on #{found.ticket.id}", text="\n".join(lines)))


async def danger(desk: Desk, by: Who, _: Args) -> Said:
    found = await desk.promises_in_danger(by)
    parts = (
        ("⏰ Overdue", found.breached),
        ("⏳ At risk", found.at_risk),
        ("⚠ Standing still although the customer waits", found.kept_waiting),
    )
    text = "\n\n".join(
        "\n".join([title, *map(_in_danger, targets[:DANGER_LISTED])])
        for title, targets in parts
        if targets
    )
    return Said(Card(title="🚦 Promises in danger", text=text or "Nothing is in danger."))


def _in_danger(target: SlaTarget) -> str:
    holder = target.ticket.assignee.name if target.ticket.assignee else "nobody yet"
    stands = target.kind is not TargetKind.RESOLUTION and target.paused_at is not None
    due = "stands still" if stands else f"due {target.due_at:%d %b %H:%M} UTC"
    return f"#{target.ticket_id} {target.ticket.subject} · {target.kind.value} {due} · {holder}"


async def report(desk: Desk, by: Who, args: Args) -> Said:
    days = args["days"] if args["days"] is not None else 30
    found = await desk.attainment(by, days=days)
    lines = [
        f"{each.kind.value.capitalize()}, {each.group}: {each.met} of {each.met + each.breached} kept"
        f"{f' ({each.share:.0%})' if each.share is not None else ''}"
        for each in found
    ]
    return Said(
        Card(
            title=f"📊 Promises of the last {days} days",
            text="\n".join(lines) or "Nothing was promised.",
            footnote="What is open and not overdue is not counted.",
        )
    )


COMMANDS = (
    Command(
        name="ticket sla",
        role=Role.AGENT,
        help="What is promised on a ticket, and the arithmetic of when it is due.",
        example="/ticket sla 42",
        run=clock,
        params=(TICKET,),
    ),
    Command(
        name="sla why",
        role=Role.AGENT,
        help="Which policy a ticket fits, and why none before it.",
        example="/sla why 42",
        run=why,
        params=(TICKET,),
    ),
    Command(
        name="sla danger",
        role=Role.AGENT,
        help="What is overdue, at risk, or stands still although the customer waits.",
        example="/sla danger",
        run=danger,
    ),
    Command(
        name="sla report",
        role=Role.AGENT,
        help="How many promises were kept.",
        example="/sla report 30",
        run=report,
        params=(Param(name="days", kind=Kind.NUMBER, help="a number of days", required=False),),
    ),
)
