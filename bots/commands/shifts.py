"""The commands about when agents work: hours, days off, presence, and what is stuck meanwhile."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bots.commands import answers
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Button, Card, Field
from core.channels import Who
from core.desk import Desk
from core.vocabulary import HandBack, Role, Shown

Args = Mapping[str, Any]
AGENT = Param(name="agent", kind=Kind.AGENT, help="the agent, or me")
AS_THE_DESK = "desk"
HANDED_BACK = {
    HandBack.NOW: "go back to the queue at once when they go offline",
    HandBack.REPLY: "go back to the queue when the customer writes and they are offline",
    HandBack.NEVER: "stay theirs, though they are offline",
}
STUCK_BUTTONS = 5


async def show(desk: Desk, by: Who, args: Args) -> Said:
    return Said(_card(await desk.agent(by, args["agent"] or by)))


async def hours(desk: Desk, by: Who, args: Args) -> Said:
    agent, _ = await desk.set_hours(by, args["agent"], args["hours"])
    shown = await desk.agent(by, args["agent"])
    if not shown.hours:
        return _said(f"{agent.name} has no working hours: whether they work is theirs to say.")
    return _said(f"{agent.name} works {shown.hours} ({shown.zone}). {_next(shown)}".strip())


async def away(desk: Desk, by: Who, args: Args) -> Said:
    agent, _ = await desk.set_away(by, args["agent"], args["days"])
    shown = await desk.agent(by, args["agent"])
    if not shown.away:
        return _said(f"{agent.name} has no days off ahead.")
    return _said(f"{agent.name} is off: {'; '.join(shown.away)}.")


async def hand_back(desk: Desk, by: Who, args: Args) -> Said:
    said = args["when"]
    policy = None if said == AS_THE_DESK else HandBack(said)
    agent = await desk.set_hand_back(by, args["agent"], policy)
    shown = await desk.agent(by, args["agent"])
    return _said(f"Open tickets of {agent.name} {HANDED_BACK[shown.hand_back]}.")


async def here(desk: Desk, by: Who, _: Args) -> Said:
    agent = await desk.say_here(by)
    return _said(f"Good. You are {agent.availability.value}.")


async def stuck(desk: Desk, by: Who, _: Args) -> Said:
    tickets = await desk.stuck(by)
    if not tickets:
        return _said("Nothing waits for somebody who is offline. 🎉")
    lines = [
        f"#{each.id} {each.subject} · {each.priority.label} · {each.assignee.name}, "
        f"{answers.availability(each.assignee)}"
        for each in tickets
        if each.assignee is not None
    ]
    return Said(
        Card(
            title="Stuck with somebody offline",
            text="\n".join(lines),
            buttons=tuple(
                Button(f"♻️ Release #{each.id}", "ticket release", str(each.id))
                for each in tickets[:STUCK_BUTTONS]
            ),
        )
    )


def _card(shown: Shown) -> Card:
    agent = shown.agent
    said = {
        "Availability": answers.availability(agent),
        "Role": f"{agent.role.label}, tier {agent.tier}",
        "Holds": f"{', '.join(f'#{n}' for n in shown.holds) or 'nothing'} of {agent.capacity}",
        "Team": agent.team.name if agent.team else "",
        "Skills": ", ".join(f"{each.name} {each.level}" for each in agent.skills),
        "Languages": ", ".join(f"{each.code} {each.level}" for each in agent.languages),
        "Working hours": f"{shown.hours} ({shown.zone})" if shown.hours else "",
        "Next": _next(shown),
        "Days off": "; ".join(shown.away)[:200],
        "Last seen": f"{shown.seen_at:%d %b %H:%M UTC}" if shown.seen_at else "",
        "Open tickets": HANDED_BACK[shown.hand_back],
    }
    fields = tuple(Field(label, value) for label, value in said.items() if value)
    return Card(title=agent.name, text="", fields=fields)


def _next(shown: Shown) -> str:
    """When their hours begin or end next, on their own wall."""
    if shown.edge_at is None:
        return ""
    edge: datetime = shown.edge_at.astimezone(ZoneInfo(shown.zone))
    return f"The next change is on {edge:%a %d %b} at {edge:%H:%M}."


def _said(text: str) -> Said:
    return Said(Card(text=text))


COMMANDS = (
    Command(
        name="agent show",
        role=Role.AGENT,
        help="One agent: availability and why, hours, days off, what they hold.",
        example="/agent show @agent-1",
        run=show,
        params=(Param(name="agent", kind=Kind.AGENT, help="the agent; you", required=False),),
    ),
    Command(
        name="agent hours",
        role=Role.AGENT,
        help="When an agent works, in their time zone: available and offline by itself.",
        example="/agent hours @agent-1 mon-fri 9-12,13-17; sat 10-14",
        run=hours,
        params=(
            AGENT,
            Param(name="hours", kind=Kind.TEXT, help="days and hours, or none", asked=True),
        ),
    ),
    Command(
        name="agent away",
        role=Role.AGENT,
        help="Days on which an agent is off.",
        example="/agent away @agent-1 2026-12-24..2026-12-31 holiday",
        run=away,
        params=(
            AGENT,
            Param(
                name="days", kind=Kind.TEXT, help="a day or two days with .., or none", asked=True
            ),
        ),
    ),
    Command(
        name="agent handback",
        role=Role.LEAD,
        help="What becomes of an agent's open tickets when they go offline.",
        example="/agent handback @agent-1 now",
        run=hand_back,
        params=(
            AGENT,
            Param(
                name="when",
                kind=Kind.WORD,
                help="now, with the next reply, never, or as the desk does",
                choices=(*(each.value for each in HandBack), AS_THE_DESK),
            ),
        ),
    ),
    Command(
        name="agent here",
        role=Role.AGENT,
        help="Say that you are there, when you are asked.",
        example="/agent here",
        run=here,
    ),
    Command(
        name="agent stuck",
        role=Role.LEAD,
        help="Tickets that wait for somebody who is offline.",
        example="/agent stuck",
        run=stuck,
    ),
)
