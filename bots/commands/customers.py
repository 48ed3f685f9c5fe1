"""The commands by which a customer is one person on several channels: ``/link``, ``/customer``."""

import json
from collections.abc import Mapping
from typing import Any

from bots.commands import answers
from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core import catalogue
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.vocabulary import CodeUse, Role
from knowledge_base.library import Library

Args = Mapping[str, Any]
EMPTIED = "-"
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


async def edit(desk: Desk, by: Who, args: Args) -> Said:
    said = {
        name: args[name] for name in ("name", "email", "phone", "company", "language") if args[name]
    }
    said |= {"time_zone": args["timezone"]} if args["timezone"] else {}
    said = {name: "" if value == EMPTIED else value for name, value in said.items()}
    if args["tags"]:
        tags = "" if args["tags"] == EMPTIED else args["tags"]
        said["tags"] = [tag.strip() for tag in tags.split(",") if tag.strip()]
    if args["vip"]:
        said["is_vip"] = args["vip"] == "yes"
    customer = await desk.edit_customer(by, args["customer"], said)
    return Said(Card(text=f"✏️ {customer.name} is changed."))


async def begin_edit(desk: Desk, by: Who, args: Args) -> Mapping[str, str]:
    customer = (await desk.customer(by, args["customer"])).customer
    return {
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
        "company": customer.company,
        "tags": ", ".join(customer.tags),
    }


async def note(desk: Desk, by: Who, args: Args) -> Said:
    customer = await desk.note_customer(by, args["customer"], args["text"])
    return Said(Card(text=f"📝 Noted of {customer.name}. They do not see it."))


async def block(desk: Desk, by: Who, args: Args) -> Said:
    customer = await desk.block_customer(by, args["customer"])
    return Said(Card(text=f"⛔ {customer.name} is blocked, and told so once when they write."))


async def unblock(desk: Desk, by: Who, args: Args) -> Said:
    customer = await desk.unblock_customer(by, args["customer"])
    return Said(Card(text=f"{customer.name} is answered again."))


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
        name="customer edit",
        role=Role.AGENT,
        help="Change what is known of a customer; a dash empties a part.",
        example='/customer edit c-17 company:"Acme Ltd" email:ana@example.org vip:yes',
        run=edit,
        params=(
            CUSTOMER,
            *(
                Param(name=name, kind=Kind.WORD, help=said, required=False, named=True, asked=asked)
                for name, said, asked in (
                    ("name", "the name", True),
                    ("email", "the e-mail address", True),
                    ("phone", "the telephone number", True),
                    ("company", "the company", True),
                    ("tags", "tags, with commas", True),
                    ("language", "the language, such as pt", False),
                    ("timezone", "the time zone, such as Europe/Lisbon", False),
                )
            ),
            Param(
                name="vip",
                kind=Kind.WORD,
                help="whether they come first",
                required=False,
                named=True,
                choices=("yes", "no"),
            ),
        ),
        opens_form=True,
        begin=begin_edit,
    ),
    Command(
        name="customer note",
        role=Role.AGENT,
        help="Note something of a customer, for colleagues only.",
        example="/customer note c-17 prefers to be called in the morning",
        run=note,
        params=(CUSTOMER, Param(name="text", kind=Kind.TEXT, help="the note", asked=True)),
    ),
    Command(
        name="customer block",
        role=Role.LEAD,
        help="Answer a customer no more.",
        example="/customer block c-17",
        run=block,
        params=(CUSTOMER,),
    ),
    Command(
        name="customer unblock",
        role=Role.LEAD,
        help="Answer a blocked customer again.",
        example="/customer unblock c-17",
        run=unblock,
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
