"""The commands about the desk itself: what was not delivered."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import Role

Args = Mapping[str, Any]


async def list_deliveries(desk: Desk, by: Who, _: Args) -> Said:
    return Said(answers.deliveries(await desk.unsent(by)))


async def resend(desk: Desk, by: Who, args: Args) -> Said:
    delivery = await desk.resend(by, args["delivery"])
    return Said(Card(text=f"Delivery {delivery.id} is on its way again."))


COMMANDS = (
    Command(
        name="delivery list",
        role=Role.AGENT,
        help="What could not be delivered, and why.",
        example="/delivery list",
        run=list_deliveries,
    ),
    Command(
        name="delivery resend",
        role=Role.AGENT,
        help="Send a dead delivery once more.",
        example="/delivery resend 7",
        run=resend,
        params=(Param(name="delivery", kind=Kind.NUMBER, help="the number of a delivery"),),
    ),
)
