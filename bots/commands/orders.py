"""The commands about orders: ``/orders …``."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bots.commands import answers
from bots.commands.table import Command, Kind, Param, Said
from core import catalogue
from core.channels import Who
from core.desk import Desk
from core.speaking import day, say
from core.vocabulary import (
    Order,
    Proof,
    Role,
)

Args = Mapping[str, Any]
ORDER = Param(name="order", kind=Kind.WORD, help="the number of an order", asked=True)


async def list_orders(desk: Desk, by: Who, _: Args) -> Said:
    found = await desk.latest_orders(by)
    return Said(catalogue.orders([_order_line(each) for each in found]))


async def show_order(desk: Desk, by: Who, args: Args) -> Said:
    order = await desk.find_order(by, args["order"])
    lines = [
        f"{line.quantity} × {line.name} ({line.sku}){_price(line.cents, line.currency)}"
        for line in order.lines
    ]
    card = catalogue.order(_order_line(order), lines, until=order.returnable_until)
    trouble = desk.live_orders.trouble
    if trouble and (await desk.whoever(by)).role is not Role.CUSTOMER:
        stale = f"As it was {order.updated_at:%d %b %H:%M UTC}: the shop does not answer. {trouble}"
        card = replace(card, footnote=f"{card.footnote}\n{stale}")
    return Said(card)


async def prove_order(desk: Desk, by: Who, args: Args) -> Said:
    begun = await desk.prove_order(by, args["order"], args["email"])
    ticket = begun.ticket
    life = desk.house.policy.link_code
    card = catalogue.proof_asked(
        begun.how.value, begun.number, ticket=ticket.id if ticket else None, life=life
    )
    return Said(card, answers.as_json(ticket) if ticket else None)


async def type_code(desk: Desk, by: Who, args: Args) -> Said:
    ended = await desk.use_order_code(by, args["code"], args["order"])
    end, number = (ended.end.value, ended.number) if ended else (Proof.REFUSED.value, args["order"])
    return Said(catalogue.proof_ended(end, number))


def _order_line(order: Order) -> str:
    return f"{order.number} · {day(order.placed_at)} · {say(order.status.value)}"


def _price(cents: int, currency: str) -> str:
    return f" · {cents / 100:.2f} {currency}" if currency else ""


COMMANDS = (
    Command(
        name="orders list",
        role=Role.CUSTOMER,
        help="Your latest orders.",
        example="/orders list",
        run=list_orders,
    ),
    Command(
        name="orders show",
        role=Role.CUSTOMER,
        help="One order; staff see any.",
        example="/orders show A-1001",
        run=show_order,
        params=(ORDER,),
    ),
    Command(
        name="orders prove",
        role=Role.CUSTOMER,
        help="Show by e-mail that an order is yours.",
        example="/orders prove A-1001 ana@example.com",
        run=prove_order,
        params=(
            ORDER,
            Param(
                name="email",
                kind=Kind.WORD,
                help="the e-mail address it was ordered with",
                asked=True,
            ),
        ),
    ),
    Command(
        name="orders code",
        role=Role.CUSTOMER,
        help="Type the code that came by e-mail.",
        example="/orders code A-1001 123456",
        run=type_code,
        params=(
            ORDER,
            Param(name="code", kind=Kind.WORD, help="the six digits from the mail", asked=True),
        ),
    ),
)
