"""The commands about routing: what waits and why, and how much each signal weighs."""

from collections.abc import Mapping
from typing import Any

from bots.commands.params import TICKET
from bots.commands.reasons import why_it_waits
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card, Field
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Knobs, Priority, Role, Waiting, replay

Args = Mapping[str, Any]
POLICY = Param(name="policy", kind=Kind.WORD, help="a policy: its name, or how it begins")
MARKS = {Priority.URGENT: "🚨 ", Priority.HIGH: "🔺 ", Priority.NORMAL: "", Priority.LOW: "🔽 "}


async def queue(desk: Desk, by: Who, args: Args) -> Said:
    start = 1 if args["from"] is None else args["from"]
    line = await desk.queue(by, start=start)
    if not line.waiting:
        nothing = "Nothing waits." if start == 1 else f"Nothing waits from place {start} on."
        return Said(Card(title="The queue", text=nothing))
    more = f"More: /queue from:{line.more}" if line.more else ""
    text = "\n".join(_waiting(each) for each in line.waiting)
    return Said(Card(title="The queue", text=text, footnote=more))


def _waiting(each: Waiting) -> str:
    ticket = each.ticket
    name = f"{each.waits.place}. {MARKS[ticket.priority]}#{ticket.id} {ticket.subject}"
    return f"{name}\n    {why_it_waits(ticket, each.waits)}"


async def list_policies(desk: Desk, by: Who, _: Args) -> Said:
    known = await desk.routing_policies(by)
    lines = []
    for each in known:
        changed = [name for name, (_, is_set) in each.values().items() if is_set]
        how = f"set: {', '.join(changed)}" if changed else "as it came"
        lines.append(f"{each.policy.name}: from {_lowest(each)} priority up; {how}")
    return Said(Card(title="Routing policies", text="\n".join(lines)))


async def show(desk: Desk, by: Who, args: Args) -> Said:
    return Said(_shown(await desk.routing_policy(by, args["policy"])))


async def set_knob(desk: Desk, by: Who, args: Args) -> Said:
    changed = await desk.set_routing(by, args["policy"], args["knob"], args["value"])
    return Said(_shown(changed))


async def reset(desk: Desk, by: Who, args: Args) -> Said:
    return Said(_shown(await desk.reset_routing(by, args["policy"])))


async def play_again(desk: Desk, by: Who, args: Args) -> Said:
    """The last choice of an agent for a ticket, made again from what was kept of it."""
    why = await desk.why(by, args["ticket"])
    chosen = [(each, replay(each.why)) for each in why.assignments]
    weighed = [(each, played) for each, played in chosen if played is not None]
    title = f"#{args['ticket']} played again"
    if not weighed:
        return Said(
            Card(title=title, text="Nobody was weighed for it: it was taken or given by hand.")
        )
    _, played = weighed[-1]
    same = "the same" if played.holds else f"not the same: {played.got} got it"
    points = "\n".join(f"• {name} {value:.2f}" for name, value in played.points.items())
    return Said(Card(title=title, text=f"{played.wins} wins, {same}.\n{points}"))


def _shown(knobs: Knobs) -> Card:
    fields = [
        Field(name, f"{'none' if value is None else f'{value:g}'}{' (set)' * is_set}")
        for name, (value, is_set) in knobs.values().items()
    ]
    return Card(
        title=f"Routing policy: {knobs.policy.name}",
        text=f"For tickets from {_lowest(knobs)} priority up. Points for each signal, then times "
        "in minutes.",
        fields=tuple(fields),
    )


def _lowest(knobs: Knobs) -> str:
    return Priority(knobs.policy.lowest).label


COMMANDS = (
    Command(
        name="queue",
        role=Role.AGENT,
        help="What waits, in its order, and why each ticket waits.",
        example="/queue from:16",
        run=queue,
        params=(
            Param(
                name="from",
                kind=Kind.NUMBER,
                help="a place in the queue to begin at",
                required=False,
                named=True,
            ),
        ),
    ),
    Command(
        name="routing list",
        role=Role.LEAD,
        help="The policies by which tickets are routed.",
        example="/routing list",
        run=list_policies,
    ),
    Command(
        name="routing show",
        role=Role.LEAD,
        help="What each signal weighs in a policy, and its times.",
        example="/routing show default",
        run=show,
        params=(POLICY,),
    ),
    Command(
        name="routing set",
        role=Role.ADMIN,
        help="Change what a signal weighs in a policy, or a time of it.",
        example="/routing set default skill 2",
        run=set_knob,
        params=(
            POLICY,
            Param(name="knob", kind=Kind.WORD, help="a signal or a time"),
            Param(name="value", kind=Kind.WORD, help="a number"),
        ),
    ),
    Command(
        name="routing replay",
        role=Role.LEAD,
        help="Choose the agent of a ticket again, from what was kept of the choice.",
        example="/routing replay 42",
        run=play_again,
        params=(TICKET,),
    ),
    Command(
        name="routing reset",
        role=Role.ADMIN,
        help="Put a policy back to how it came.",
        example="/routing reset default",
        run=reset,
        params=(POLICY,),
    ),
)
