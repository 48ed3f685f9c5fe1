"""The commands by which a customer is one person on several channels: ``/link``, ``/customer``."""

import json
from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.table import Command, Kind, Param, Said
from core import catalogue
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import CodeUse, Role
from knowledge_base.library import Library

Args = Mapping[str, Any]
LONGEST_EXPORT = 8_000  # characters that a card has room for


async def link(desk: Desk, by: Who, args: Args) -> Said:
    """A code, where none was given; else the code is used."""
    if not args["code"]:
        minutes = round(desk.house.policy.link_code.total_seconds() / 60)
        return Said(catalogue.link_code(await desk.link_code(by), minutes))
    end = await desk.use_link_code(by, args["code"])
    return Said(catalogue.linked() if end is CodeUse.LINKED else catalogue.not_linked(end.value))


async def link_two(desk: Desk, by: Who, args: Args) -> Said:
    customer = await desk.link_customers(by, args["one"], args["other"])
    return Said(Card(text=f"🔗 They are one customer now: {customer.name}."))


async def show(desk: Desk, by: Who, args: Args) -> Said:
    return Said(answers.profile(await desk.customer(by, args["customer"])))


async def forget(desk: Desk, by: Who, args: Args) -> Said:
    if args["sure"] != "yes":
        profile = await desk.customer(by, args["customer"])
        return Said(answers.about_to_forget(profile))
    gone = await desk.forget_customer(by, args["customer"])
    await Library.beside(desk).unlearn(gone.questions, gone.name)
    return Said(Card(text=f"🗑 Customer c-{gone.customer_id} is forgotten, with all they said."))


async def export(desk: Desk, by: Who, args: Args) -> Said:
    data = await desk.customer_data(by, args["customer"])
    words = json.dumps(data, ensure_ascii=False, indent=1)
    if len(words) > LONGEST_EXPORT:
        words = (
            f"That is much. As a file: switchboard customers export {data['customer']} FILE.json"
        )
    return Said(Card(title=f"All about {data['customer']}", text=words))


async def move(desk: Desk, by: Who, args: Args) -> Said:
    ticket = await desk.move_ticket(by, args["ticket"])
    return Said(Card(text=catalogue.went_here(ticket.id)), answers.as_json(ticket))


async def other(desk: Desk, by: Who, args: Args) -> Said:
    await desk.look_up_enquiry(by, args["enquiry"] or await desk.open_enquiry(by))
    return Said(Card(text=catalogue.something_else()))


TICKET = Param(name="ticket", kind=Kind.NUMBER, help="the number of a ticket")
CUSTOMER = Param(
    name="customer",
    kind=Kind.WORD,
    help="a customer: c-17, the ticket #42 of theirs, or channel:workspace:user",
)
ENQUIRY = Param(name="enquiry", kind=Kind.NUMBER, help="the number of a question", required=False)

COMMANDS = (
    Command(
        name="link",
        role=Role.CUSTOMER,
        help="Be known on another channel as the same person: get a code, or use one.",
        example="/link LINK-7K2M-Q9XW-3FHT",
        run=link,
        params=(Param(name="code", kind=Kind.WORD, help="a code", required=False),),
    ),
    Command(
        name="customer link",
        role=Role.LEAD,
        help="Say that two customers are one person.",
        example="/customer link discord:main:80351110224678912 slack:T012AB3C4:U061F7AUR",
        run=link_two,
        params=(
            Param(name="one", kind=Kind.PERSON, help="a customer"),
            Param(name="other", kind=Kind.PERSON, help="the same on another channel"),
        ),
    ),
    Command(
        name="customer show",
        role=Role.AGENT,
        help="Who a customer is, and what they had with us.",
        example="/customer show #42",
        run=show,
        params=(CUSTOMER,),
    ),
    Command(
        name="customer export",
        role=Role.LEAD,
        help="Everything that is kept about a customer.",
        example="/customer export c-17",
        run=export,
        params=(CUSTOMER,),
    ),
    Command(
        name="customer forget",
        role=Role.ADMIN,
        help="Erase a customer and all they said, for good.",
        example="/customer forget c-17 sure:yes",
        run=forget,
        params=(
            CUSTOMER,
            Param(
                name="sure",
                kind=Kind.WORD,
                help="whether you are sure",
                required=False,
                named=True,
                choices=("yes", "no"),
            ),
        ),
    ),
    Command(
        name="request move",
        role=Role.CUSTOMER,
        help="Continue a ticket in the conversation where you are.",
        example="/request move 42",
        run=move,
        params=(TICKET,),
        listed=False,
    ),
    Command(
        name="enquiry other",
        role=Role.CUSTOMER,
        help="What was asked is about something else than the ticket on another channel.",
        example="/enquiry other",
        run=other,
        params=(ENQUIRY,),
        listed=False,
    ),
)
