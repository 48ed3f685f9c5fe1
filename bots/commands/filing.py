"""The commands by which staff file tickets: ``/ticket tag``, ``/ticket category``."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.errors import Invalid
from core.vocabulary import Role

Args = Mapping[str, Any]
NUMBER = Param(name="ticket", kind=Kind.NUMBER, help="the number of a ticket")


def tags_in(text: str) -> tuple[list[str], list[str]]:
    """The tags to put on and to take off that ``+vip -old`` means; one without a sign is put on."""
    words = text.replace(",", " ").split()
    add = [word.removeprefix("+") for word in words if not word.startswith("-")]
    remove = [word.removeprefix("-") for word in words if word.startswith("-")]
    if not words:
        raise Invalid("Say which tags: /ticket tag 42 +vip -old")
    return add, remove


async def tag(desk: Desk, by: Who, args: Args) -> Said:
    add, remove = tags_in(args["tags"])
    ticket = await desk.tag(by, args["ticket"], add=add, remove=remove)
    tags = await desk.tags(by, ticket.id)
    text = f"🏷 #{ticket.id}: {', '.join(tags) or 'no tags'}."
    return Said(Card(text=text), answers.as_json(ticket))


async def category(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.set_category(by, args["ticket"], args["category"])
    text = (
        f"🗂 #{ticket.id} is filed under {ticket.category}."
        if ticket.category
        else f"🗂 #{ticket.id} has no category."
    )
    return Said(Card(text=text), answers.as_json(ticket))


COMMANDS = (
    Command(
        name="ticket tag",
        role=Role.AGENT,
        help="Put tags on a ticket, and take tags off.",
        example="/ticket tag 42 +vip -old",
        run=tag,
        params=(
            NUMBER,
            Param(name="tags", kind=Kind.TEXT, help="tags with + or -", asked=True),
        ),
    ),
    Command(
        name="ticket category",
        role=Role.AGENT,
        help="Say what a ticket is about; none takes it off.",
        example="/ticket category 42 billing",
        run=category,
        params=(
            NUMBER,
            Param(name="category", kind=Kind.TEXT, help="a category, or none", asked=True),
        ),
    ),
)
