"""``/return`` in a line or a form: what comes back is meant by number or by name."""

from dataclasses import replace

import pytest

from bots.commands import COMMANDS, begun, carry_out
from bots.commands.parse import filled, pressed, read, wanted
from bots.commands.returns import quantities
from core.cards import plain
from core.desk import Desk
from core.errors import Invalid
from core.tickets.orders import LineSaid
from core.tickets.returns import Left
from core.vocabulary import OPERATOR
from tests.core.test_returns import ANA, ORDER
from tests.scene import hire


@pytest.fixture
async def shop(desk: Desk) -> Desk:
    await desk.take_in_orders([ORDER])
    await hire(desk, "grace")
    return desk


async def test_the_form_begins_with_all_that_can_come_back(shop: Desk) -> None:
    call = pressed(COMMANDS, "return", "A-1001", by=ANA)
    begins = await begun(shop, ANA, call)

    assert begins["items"] == "2 × LAMP Nordlys lamp\n1 × BULB Bulb E27"
    assert [each.name for each in wanted(call, was_pressed=True)][:3] == ["items", "reason", "wish"]
    answers = {"items": "1 × LAMP Nordlys lamp", "reason": "defective", "note": "It hums."}
    said = await carry_out(shop, ANA, filled(call, answers, by=ANA))

    assert "Return 1 is on ticket #1" in plain(said.card)
    [made] = await shop.returns_of(OPERATOR, 1)
    assert (made.what, made.note) == ("1 × Nordlys lamp", "It hums.")


async def test_a_line_without_a_reason_shows_what_can_come_back(shop: Desk) -> None:
    said = await carry_out(shop, ANA, read(COMMANDS, "/return a-1001", by=ANA))

    assert "2 × Nordlys lamp (LAMP)" in said.card.text
    assert said.card.buttons[0].value == "A-1001"


async def test_a_line_says_it_all(shop: Desk) -> None:
    line = '/return A-1001 items:"bulb e27, 2 x lamp" reason:"arrived late" wish:exchange'
    await carry_out(shop, ANA, read(COMMANDS, line, by=ANA))

    [made] = await shop.returns_of(OPERATOR, 1)
    assert sorted(made.what.split(", ")) == ["1 × Bulb E27", "2 × Nordlys lamp"]
    assert (made.reason.value, made.wish.value) == ("arrived late", "exchange")


async def test_orders_are_listed_and_shown_to_whom_they_belong(shop: Desk) -> None:
    listed = await carry_out(shop, ANA, read(COMMANDS, "/orders list", by=ANA))
    shown = await carry_out(shop, ANA, read(COMMANDS, "/orders show A-1001", by=ANA))

    assert "A-1001" in listed.card.text
    assert "2 × Nordlys lamp (LAMP) · 89.00 EUR" in shown.card.text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", {"LAMP": 2, "BULB": 1}),
        ("LAMP", {"LAMP": 1}),
        ("2x lamp", {"LAMP": 2}),
        ("Nordlys lmap", {"LAMP": 1}),
        ("1 × BULB\n1 × LAMP", {"BULB": 1, "LAMP": 1}),
        ("lamp, lamp", {"LAMP": 2}),
    ],
)
async def test_things_are_meant_by_number_or_by_name(
    shop: Desk, text: str, meant: dict[str, int]
) -> None:
    left: list[Left] = list((await shop.returnable(ANA, "A-1001")).left)

    assert quantities(text, left) == meant


async def test_what_is_meant_by_nothing_is_refused_with_an_example(shop: Desk) -> None:
    with pytest.raises(Invalid, match="For example: 1 × LAMP"):
        quantities("a chair", (await shop.returnable(ANA, "A-1001")).left)


async def test_the_form_as_it_begins_is_understood_whatever_things_are_called(desk: Desk) -> None:
    lines = (
        LineSaid(sku="LAMP 1", name="Lamp, brass; small", quantity=2),
        LineSaid(sku="2x4", name="Timber", quantity=1),
        LineSaid(sku="LAMP", name="Lamp", quantity=1),
    )
    await desk.take_in_orders([replace(ORDER, lines=lines)])
    begins = await begun(desk, ANA, pressed(COMMANDS, "return", "A-1001", by=ANA))
    left = (await desk.returnable(ANA, "A-1001")).left

    assert quantities(begins["items"], left) == {"LAMP 1": 2, "2x4": 1, "LAMP": 1}
    assert quantities("2x4", left) == {"2x4": 1}


async def test_without_a_number_the_form_begins_with_the_only_order(shop: Desk) -> None:
    call = pressed(COMMANDS, "return", "", by=ANA)

    assert [each.name for each in wanted(call, was_pressed=True)][:2] == ["order", "items"]
    assert (await begun(shop, ANA, call))["order"] == "A-1001"

    await shop.take_in_orders([replace(ORDER, number="A-1002")])
    assert "order" not in await begun(shop, ANA, call)
    made = filled(call, {"order": "A-1002", "reason": "other"}, by=ANA)
    assert "Return 1 is on" in (await carry_out(shop, ANA, made)).card.text


async def test_a_photo_is_asked_for_where_it_helps(shop: Desk) -> None:
    said = {}
    for reason, what in (("defective", "BULB"), ("other", "LAMP")):
        line = f"/return A-1001 items:{what} reason:{reason}"
        said[reason] = (await carry_out(shop, ANA, read(COMMANDS, line, by=ANA))).card.text

    assert "photo" in said["defective"]
    assert "photo" not in said["other"]
