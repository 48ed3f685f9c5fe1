"""The commands by which staff file tickets: ``/ticket tag``, ``/ticket category`` and such."""

from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.errors import Invalid
from core.vocabulary import Role

Args = Mapping[str, Any]


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


async def language(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.set_language(by, args["ticket"], args["language"])
    text = f"🗣 #{ticket.id} is in {ticket.language or 'a language that nobody knows'}."
    return Said(Card(text=text), answers.as_json(ticket))


async def complexity(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.set_complexity(by, args["ticket"], args["complexity"])
    text = f"🧩 #{ticket.id} has complexity {ticket.complexity} of 5."
    return Said(Card(text=text), answers.as_json(ticket))


COMMANDS = (
    Command(
        name="ticket tag",
        role=Role.AGENT,
        help="Put tags on a ticket, and take tags off.",
        example="/ticket tag 42 +vip -old",
        run=tag,
        params=(
            TICKET,
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
            TICKET,
            Param(name="category", kind=Kind.TEXT, help="a category, or none", asked=True),
        ),
    ),
    Command(
        name="ticket language",
        role=Role.AGENT,
        help="Say in which language a ticket is; none takes it off.",
        example="/ticket language 42 de",
        run=language,
        params=(
            TICKET,
            Param(name="language", kind=Kind.WORD, help="the code of a language, or none"),
        ),
    ),
    Command(
        name="ticket complexity",
        role=Role.AGENT,
        help="Say how hard a ticket is, from 1 to 5.",
        example="/ticket complexity 42 4",
        run=complexity,
        params=(
            TICKET,
            Param(name="complexity", kind=Kind.NUMBER, help="a number from 1 to 5"),
        ),
    ),
)
