"""The commands about returns: ``/return``, ``/returns …``."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from rapidfuzz import fuzz, process

from bots.commands.params import TICKET
from bots.commands.table import Command, Kind, Param, Said
from core import catalogue
from core.cards import Card
from core.channels import Who
from core.desk import Desk
from core.errors import DeskError, Invalid
from core.speaking import Sentence
from core.vocabulary import (
    Left,
    Reason,
    Return,
    Returnable,
    ReturnWanted,
    Role,
    Wish,
    return_card,
)

Args = Mapping[str, Any]
BETWEEN = re.compile(r"[\n,;]+")  # what is told apart
A_PHOTO_HELPS = {Reason.DEFECTIVE, Reason.WRONG_ITEM, Reason.NOT_AS_DESCRIBED}
MOST_STEPS = 12  # buttons of a list of returns
ALIKE = 80  # of 100, for a thing to be meant by its name
_SO_MANY = re.compile(r"\s*(?:(\d{1,4})\s*[x×*]\s*)?(.+?)\s*")


async def ask_return(desk: Desk, by: Who, args: Args) -> Said:
    """What can be returned, or, with everything said, the return itself."""
    there = await desk.returnable(by, args["order"])
    if not args["reason"]:
        return Said(catalogue.returnable(*_in_words(there)))
    reason, files = Reason(args["reason"]), args.get("files", ())
    wanted = ReturnWanted(
        quantities=quantities(args["items"] or "", there.left),
        reason=reason,
        wish=Wish(args["wish"] or Wish.REFUND),
        note=args["note"] or "",
        files=files,
    )
    made = await desk.request_return(by, args["order"], wanted)
    photo = reason in A_PHOTO_HELPS and not files
    return Said(Card(text=catalogue.return_asked(made.id, made.ticket_id, photo=photo)))


async def begin_return(desk: Desk, by: Who, args: Args) -> Mapping[str, str]:
    """The form of a return: everything that can come back, to be shortened. Where no order is named,
    it is the customer's only one, or theirs to say."""
    number = args["order"] or await _only_order(desk, by)
    if not number:
        return {"wish": Wish.REFUND.value}
    there = await desk.returnable(by, number)
    lines = (
        f"{each.quantity} × {each.line.sku} {BETWEEN.sub(' ', each.line.name)}"
        for each in there.left
    )
    return {"order": number, "items": "\n".join(lines), "wish": Wish.REFUND.value}


async def _only_order(desk: Desk, by: Who) -> str:
    """The number of the one order of theirs of which something can come back."""
    can = []
    for order in await desk.latest_orders(by):
        with suppress(DeskError):
            can.append((await desk.returnable(by, order.number)).order.number)
    return can[0] if len(can) == 1 else ""


async def accept(desk: Desk, by: Who, args: Args) -> Said:
    wish = Wish(args["for"]) if args["for"] else None
    return _about(await desk.accept_return(by, args["return"], wish))


async def ask(desk: Desk, by: Who, args: Args) -> Said:
    found = await desk.ask_of_return(by, args["return"], args["question"])
    return Said(
        Card(text=f"❓ Asked on #{found.ticket_id}. Return {found.id} stays {found.step.value}.")
    )


async def refuse(desk: Desk, by: Who, args: Args) -> Said:
    return _about(await desk.refuse_return(by, args["return"], args["why"]))


async def received(desk: Desk, by: Who, args: Args) -> Said:
    return _about(await desk.receive_return(by, args["return"]))


async def refunded(desk: Desk, by: Who, args: Args) -> Said:
    return _about(await desk.refund_return(by, args["return"]))


async def list_returns(desk: Desk, by: Who, args: Args) -> Said:
    """One as its card; of more a line each, and the steps that can be taken."""
    found = await desk.returns_of(by, args["ticket"])
    if len(found) == 1:
        return Said(return_card(found[0]))
    lines = [
        f"{each.id} · order {each.order.number} · {each.what} · {each.step.value}" for each in found
    ]
    steps = [
        replace(button, label=f"{button.label} {each.id}")
        for each in found
        for button in return_card(each).buttons
    ]
    return Said(
        Card(
            title=f"Returns on #{args['ticket']}",
            text="\n".join(lines) or "There are none.",
            buttons=tuple(steps[:MOST_STEPS]),
        )
    )


def quantities(text: str, left: Sequence[Left]) -> dict[str, int]:
    """How many of what: ``2 × LAMP-1`` or ``LAMP-1``, by article number or by name, one a line or
    with commas; nothing said means everything. Raises `Invalid`."""
    if not text.strip():
        return {each.line.sku: each.quantity for each in left}
    chosen: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in BETWEEN.split(text))):
        found = _SO_MANY.fullmatch(part)
        is_sku = part.casefold() in {each.line.sku.casefold() for each in left}
        many, what = (found[1], found[2]) if found and not is_sku else (None, part)
        sku = _meant(what, left)
        if sku is None:
            raise Invalid(
                Sentence(
                    "“{what}” is not in that order. For example: 1 × {sku}",
                    what=part[:60],
                    sku=left[0].line.sku,
                )
            )
        chosen[sku] = chosen.get(sku, 0) + int(many or 1)
    return chosen


def _meant(what: str, left: Sequence[Left]) -> str | None:
    """The article number that somebody means by a number, perhaps with the name, or by the name."""
    skus = {each.line.sku.casefold(): each.line.sku for each in left}
    said = f"{what.casefold()} "
    begun = [sku for sku in skus if said.startswith(f"{sku} ")]
    if begun:
        return skus[max(begun, key=len)]
    names = {each.line.sku: each.line.name.casefold() for each in left}
    near = process.extractOne(what.casefold(), names, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return near[2] if near else None


def _about(found: Return) -> Said:
    return Said(Card(text=f"↩️ Return {found.id} is {found.step.value}: {found.what}."))


def _in_words(there: Returnable) -> tuple[str, list[str], Any]:
    lines = [f"{each.quantity} × {each.line.name} ({each.line.sku})" for each in there.left]
    return there.order.number, lines, there.until


RETURN = Param(name="return", kind=Kind.NUMBER, help="the number of a return")

COMMANDS = (
    Command(
        name="return",
        role=Role.CUSTOMER,
        help="Send something back.",
        example='/return A-1001 items:"1 × LAMP-1" reason:defective wish:exchange',
        run=ask_return,
        params=(
            Param(name="order", kind=Kind.WORD, help="the number of the order", asked=True),
            Param(
                name="items",
                kind=Kind.TEXT,
                help="what comes back, one a line: delete what you keep",
                required=False,
                named=True,
                asked=True,
            ),
            Param(
                name="reason",
                kind=Kind.WORD,
                help="why it comes back",
                required=False,
                named=True,
                asked=True,
                choices=tuple(each.value for each in Reason),
            ),
            Param(
                name="wish",
                kind=Kind.WORD,
                help="what you want for it",
                required=False,
                named=True,
                asked=True,
                choices=tuple(each.value for each in Wish),
            ),
            Param(
                name="note",
                kind=Kind.TEXT,
                help="what else we should know",
                required=False,
                named=True,
                asked=True,
            ),
        ),
        opens_form=True,
        begin=begin_return,
    ),
    Command(
        name="returns list",
        role=Role.AGENT,
        help="The returns on a ticket, with what can be decided about them.",
        example="/returns list 42",
        run=list_returns,
        params=(TICKET,),
    ),
    Command(
        name="returns accept",
        role=Role.AGENT,
        help="Let a return come.",
        example="/returns accept 7 for:exchange",
        run=accept,
        params=(
            RETURN,
            Param(
                name="for",
                kind=Kind.WORD,
                help="what the customer gets, where it is not what they want",
                required=False,
                named=True,
                choices=tuple(each.value for each in Wish),
            ),
        ),
    ),
    Command(
        name="returns ask",
        role=Role.AGENT,
        help="Ask the customer something about a return.",
        example="/returns ask 7 could you send a photo of it?",
        run=ask,
        params=(
            RETURN,
            Param(name="question", kind=Kind.TEXT, help="the question", asked=True),
        ),
    ),
    Command(
        name="returns refuse",
        role=Role.AGENT,
        help="Do not take a return; the customer is told why.",
        example="/returns refuse 7 it was opened and used",
        run=refuse,
        params=(
            RETURN,
            Param(name="why", kind=Kind.TEXT, help="the reason, for the customer", asked=True),
        ),
    ),
    Command(
        name="returns received",
        role=Role.AGENT,
        help="What was returned is here.",
        example="/returns received 7",
        run=received,
        params=(RETURN,),
    ),
    Command(
        name="returns refunded",
        role=Role.AGENT,
        help="The customer has the money, or the other piece.",
        example="/returns refunded 7",
        run=refunded,
        params=(RETURN,),
    ),
)
