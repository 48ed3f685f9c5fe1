"""The commands about who is on call: ``/oncall …``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import OnCall, Role

Args = Mapping[str, Any]


async def show(desk: Desk, by: Who, args: Args) -> Said:
    weeks = args["weeks"] if args["weeks"] is not None else 4
    return Said(_card(await desk.on_call(by, weeks=weeks)))


async def set_rota(desk: Desk, by: Who, args: Args) -> Said:
    said = {name: args[name] or "" for name in ("day", "at", "zone")}
    return Said(_card(await desk.set_rota(by, args["people"], **said)))


async def swap(desk: Desk, by: Who, args: Args) -> Said:
    return Said(_card(await desk.swap_turns(by, args["agent"], args["with"])))


async def override(desk: Desk, by: Who, args: Args) -> Said:
    return Said(_card(await desk.cover(by, args["agent"], args["from"], args["to"])))


async def remove(desk: Desk, by: Who, args: Args) -> Said:
    return Said(_card(await desk.remove_cover(by, args["cover"])))


def _card(found: OnCall) -> Card:
    """Who is on call now and next, what was agreed otherwise, and where nobody is."""

    def when(moment: datetime) -> str:
        return f"{moment.astimezone(ZoneInfo(found.zone)):%a %d %b %H:%M}"

    lines = [
        f"{when(each.begins)} – {when(each.ends)} · {found.names[each.agent]}"
        f"{f' (cover {each.stand})' if each.stand else ''}"
        for each in found.duties
    ]
    lines += [
        f"⚠️ {when(each.begins)} – {when(each.ends)}: nobody. {found.names[each.agent]} {each.why}."
        for each in found.gaps
    ]
    if not found.duties:
        lines = ["⚠️ There is no rota. A lead makes one: /oncall set @ana,@bo day:monday at:9"]
    now = found.names[found.now.agent] if found.now else "nobody"
    return Card(
        title=f"📟 On call: {now}",
        text="\n".join(lines),
        footnote=f"Times are in {found.zone}.",
    )


COMMANDS = (
    Command(
        name="oncall show",
        role=Role.AGENT,
        help="Who is on call now and in the next weeks, and where nobody is.",
        example="/oncall show",
        run=show,
        params=(
            Param(name="weeks", kind=Kind.NUMBER, help="weeks ahead", required=False, named=True),
        ),
    ),
    Command(
        name="oncall set",
        role=Role.LEAD,
        help="Who is on call in turn, a week each, beginning now.",
        example="/oncall set @agent-1,@agent-2 day:monday at:9 zone:Europe/Berlin",
        run=set_rota,
        params=(
            Param(name="people", kind=Kind.AGENTS, help="agents with commas, in their order"),
            Param(
                name="day",
                kind=Kind.WORD,
                help="the day of the hand-over",
                required=False,
                named=True,
            ),
            Param(name="at", kind=Kind.WORD, help="its time", required=False, named=True),
            Param(
                name="zone",
                kind=Kind.WORD,
                help="the time zone; yours",
                required=False,
                named=True,
            ),
        ),
    ),
    Command(
        name="oncall swap",
        role=Role.AGENT,
        help="Swap the next weeks of two people.",
        example="/oncall swap @agent-1 @agent-2",
        run=swap,
        params=(
            Param(name="agent", kind=Kind.AGENT, help="one of them, or me"),
            Param(name="with", kind=Kind.AGENT, help="the other"),
        ),
    ),
    Command(
        name="oncall override",
        role=Role.LEAD,
        help="Put somebody on call for a while, whoever's turn it is.",
        example="/oncall override @agent-2 from:2026-12-24T18:00 to:2026-12-26",
        run=override,
        params=(
            Param(name="agent", kind=Kind.AGENT, help="the agent"),
            Param(name="from", kind=Kind.WORD, help="from when", named=True, asked=True),
            Param(name="to", kind=Kind.WORD, help="until when", named=True, asked=True),
        ),
    ),
    Command(
        name="oncall remove",
        role=Role.LEAD,
        help="Take an override back.",
        example="/oncall remove 3",
        run=remove,
        params=(Param(name="cover", kind=Kind.NUMBER, help="the number of a cover"),),
    ),
)
