"""The commands about learning: what the challenger of the routing rules is worth, and its switch."""

from collections.abc import Mapping
from typing import Any

from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card, Field
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role, RoutingReport

Args = Mapping[str, Any]


async def report(desk: Desk, by: Who, _: Args) -> Said:
    return Said(_card(await desk.routing_report(by)))


async def switch(desk: Desk, by: Who, args: Args) -> Said:
    return Said(_card(await desk.switch_challenger(by, args["setting"], lots=args["lots"])))


def _card(told: RoutingReport) -> Card:
    standing = told.standing
    who = "the challenger" if standing.leads else "the rules"
    lots = f"; {standing.share:.0%} of assignments by lot" if standing.share else ""
    weights = told.weights
    fields = (
        ()
        if weights is None
        else tuple(Field(name, f"{value:g}") for name, value in told.learnt().items())
    )
    return Card(
        title="Rules and challenger",
        text=f"The challenger is {standing.setting.value}; {who} decide{'s' * standing.leads}{lots}.\n"
        f"{told.estimate.sentence()}",
        fields=fields,
        footnote="" if weights is None else "What it learnt: points for each signal.",
    )


COMMANDS = (
    Command(
        name="routing report",
        role=Role.LEAD,
        help="What weights learnt from outcomes would be worth against the rules.",
        example="/routing report",
        run=report,
    ),
    Command(
        name="routing challenger",
        role=Role.ADMIN,
        help="Let learnt weights decide, only look on, or whichever the figures say.",
        example="/routing challenger auto lots:5%",
        run=switch,
        params=(
            Param(
                name="setting",
                kind=Kind.WORD,
                help="on, off or auto",
                choices=("on", "off", "auto"),
            ),
            Param(
                name="lots",
                kind=Kind.WORD,
                help="the share of assignments given by lot: 5%",
                required=False,
                named=True,
            ),
        ),
    ),
)
