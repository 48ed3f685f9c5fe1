"""The commands by which leads keep the rules for new tickets: ``/rule …``."""

from collections.abc import Mapping
from typing import Any

from bots.commands.table import Command, Kind, Param, Said
from core.cards import Button, Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role, RuleShown

Args = Mapping[str, Any]
NUMBER = Param(name="rule", kind=Kind.NUMBER, help="the number of a rule")
TEXT = Param(
    name="text",
    kind=Kind.FILTER,
    help="a name, a colon, a condition, => and what it gives",
    asked=True,
)
LONGEST_ON_BUTTON = 60


async def list_rules(desk: Desk, by: Who, _: Args) -> Said:
    shown = await desk.rules(by)
    if not shown:
        example = "/rule add vip first: vip:yes => priority:high tag:vip"
        return Said(Card(text=f"No rules yet. For example: {example}"))
    lines = [f"{place}. {_line(each)}" for place, each in enumerate(shown, 1)]
    return Said(Card(title="Rules, in their order", text="\n".join(lines)))


async def show(desk: Desk, by: Who, args: Args) -> Said:
    shown = await desk.rule(by, args["rule"])
    number = str(shown.rule.id)
    off, on = Button("Switch off", "rule off", number), Button("Switch on", "rule on", number)
    return Said(
        Card(
            title=f"🧭 Rule {number} · {shown.rule.name}",
            text=_line(shown),
            footnote=f"Written by {shown.rule.by}. Written anew: "
            f"/rule edit {number} {shown.rule.name}: {shown.text}",
            buttons=(
                Button("Test", "rule test", number),
                off if shown.rule.is_on else on,
                Button("Edit", "rule edit", number),
            ),
        )
    )


def _line(shown: RuleShown) -> str:
    rule = shown.rule
    off = "" if rule.is_on else " (off)"
    broken = f"\n    ⚠️ skipped: {shown.broken}" if shown.broken else ""
    return f"{rule.name}{off} · rule {rule.id} · {shown.text}{broken}"


async def add(desk: Desk, by: Who, args: Args) -> Said:
    rule = await desk.add_rule(by, args["text"])
    return await _said(desk, by, rule.id, "is there, after the others")


async def edit(desk: Desk, by: Who, args: Args) -> Said:
    rule = await desk.edit_rule(by, args["rule"], args["text"])
    return await _said(desk, by, rule.id, "is written anew")


async def _said(desk: Desk, by: Who, number: int, what: str) -> Said:
    shown = await desk.rule(by, number)
    return Said(
        Card(
            text=f"🧭 Rule {number} “{shown.rule.name}” {what}: {shown.text}",
            buttons=(Button("Test", "rule test", str(number)),),
        )
    )


async def move(desk: Desk, by: Who, args: Args) -> Said:
    rule = await desk.move_rule(by, args["rule"], args["place"])
    return Said(Card(text=f"🧭 “{rule.name}” is number {rule.place} now."))


async def remove(desk: Desk, by: Who, args: Args) -> Said:
    rule = await desk.remove_rule(by, args["rule"])
    return Said(Card(text=f"🧭 “{rule.name}” is forgotten."))


async def switch_on(desk: Desk, by: Who, args: Args) -> Said:
    rule = await desk.switch_rule(by, args["rule"], on=True)
    return Said(Card(text=f"🧭 “{rule.name}” is on."))


async def switch_off(desk: Desk, by: Who, args: Args) -> Said:
    rule = await desk.switch_rule(by, args["rule"], on=False)
    return Said(Card(text=f"🧭 “{rule.name}” is off, and kept."))


async def test(desk: Desk, by: Who, args: Args) -> Said:
    page = args["page"] or 1
    tried = await desk.try_rule(by, args["text"], page)
    head = f"Would have changed {tried.changed} of the last {tried.seen}, and fits {tried.fits}."
    lines = [f"#{each.ticket.id} {each.ticket.subject[:80]} · {each.how}" for each in tried.page]
    more = f"page:{tried.next} {args['text']}" if tried.next else ""
    return Said(
        Card(
            title=f"🧭 {tried.text}"[:150],
            text="\n".join([head, *lines]),
            footnote=f"Nothing was changed.{f' More: /rule test {more}' if more else ''}",
            buttons=(
                (Button("More", "rule test", more),) if 0 < len(more) <= LONGEST_ON_BUTTON else ()
            ),
        )
    )


COMMANDS = (
    Command(
        name="rule list",
        role=Role.LEAD,
        help="The rules for new tickets, in their order.",
        example="/rule list",
        run=list_rules,
    ),
    Command(
        name="rule show",
        role=Role.LEAD,
        help="One rule, and whether it is broken.",
        example="/rule show 3",
        run=show,
        params=(NUMBER,),
    ),
    Command(
        name="rule add",
        role=Role.LEAD,
        help="Say what new tickets get that a condition fits.",
        example="/rule add vip first: vip:yes => priority:high tag:vip stop",
        run=add,
        params=(TEXT,),
    ),
    Command(
        name="rule edit",
        role=Role.LEAD,
        help="Write a rule anew, in its place.",
        example="/rule edit 3 vip first: vip:yes => priority:urgent",
        run=edit,
        params=(NUMBER, TEXT),
    ),
    Command(
        name="rule move",
        role=Role.LEAD,
        help="Put a rule at another place in the order.",
        example="/rule move 3 1",
        run=move,
        params=(NUMBER, Param(name="place", kind=Kind.NUMBER, help="a place, from 1 on")),
    ),
    Command(
        name="rule remove",
        role=Role.LEAD,
        help="Forget a rule; tickets keep what it gave them.",
        example="/rule remove 3",
        run=remove,
        params=(NUMBER,),
    ),
    Command(
        name="rule on",
        role=Role.LEAD,
        help="Let a rule have its say again.",
        example="/rule on 3",
        run=switch_on,
        params=(NUMBER,),
    ),
    Command(
        name="rule off",
        role=Role.LEAD,
        help="Keep a rule, and do not follow it.",
        example="/rule off 3",
        run=switch_off,
        params=(NUMBER,),
    ),
    Command(
        name="rule test",
        role=Role.LEAD,
        help="What a rule would have changed among the last 500 tickets; nothing is written.",
        example="/rule test vip:yes => priority:high",
        run=test,
        params=(
            Param(
                name="page",
                kind=Kind.NUMBER,
                help="a page of the tickets",
                required=False,
                named=True,
            ),
            Param(
                name="text",
                kind=Kind.TEXT,
                help="the number of a rule, or a condition, => and what it gives",
                asked=True,
            ),
        ),
    ),
)
