"""The commands by which leads look at figures: ``/report …``."""

from collections.abc import Mapping
from typing import Any

from bots.commands.table import Command, Said
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role, report_card

Args = Mapping[str, Any]


async def week(desk: Desk, by: Who, _: Args) -> Said:
    return Said(report_card(await desk.lately(by, 7), "📊 The last seven days"))


async def day(desk: Desk, by: Who, _: Args) -> Said:
    return Said(report_card(await desk.lately(by, 1), "📊 Today"))


COMMANDS = (
    Command(
        name="report week",
        role=Role.LEAD,
        help="The figures of the last seven days.",
        example="/report week",
        run=week,
    ),
    Command(
        name="report day",
        role=Role.LEAD,
        help="The figures of today so far.",
        example="/report day",
        run=day,
    ),
)
