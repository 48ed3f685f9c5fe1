"""Orders come from files: whole, or with every fault named by its line."""

import json
from contextlib import suppress
from pathlib import Path

import pytest

from app.orders import UnreadableOrders, read_orders
from tests.app.conftest import CommandLine

HEAD = "number,placed_at,sku,name,quantity,price,currency,identity\n"
GOOD = HEAD + (
    "a-1001,2026-11-12,LAMP,Nordlys lamp,2,89.00,EUR,console:local:customer-1\n"
    "a-1001,2026-11-12,BULB,Bulb E27,1,4.5,EUR,console:local:customer-1\n"
    "a-1002,2026-11-13T10:00:00+01:00,LAMP,Nordlys lamp,1,89,EUR,\n"
)


def test_rows_of_one_number_are_one_order(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(GOOD)

    first, second = read_orders(path)

    assert (first.number, [line.cents for line in first.lines]) == ("A-1001", [8900, 450])
    assert second.placed_at.isoformat() == "2026-11-13T10:00:00+01:00"


def test_a_list_of_objects_says_the_same(tmp_path: Path) -> None:
    table, listed = tmp_path / "orders.csv", tmp_path / "orders.json"
    table.write_text(HEAD + "A-1,2026-11-12,LAMP,Lamp,2,89.00,EUR,\n")
    line = {"sku": "LAMP", "name": "Lamp", "quantity": 2, "price": "89.00", "currency": "EUR"}
    listed.write_text(json.dumps([{"number": "A-1", "placed_at": "2026-11-12", "lines": [line]}]))

    assert read_orders(listed) == read_orders(table)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",2026-11-12,L,L,1,1,EUR,", "line 2: the number of the order is missing"),
        ("A-1,yesterday,L,L,1,1,EUR,", "line 2: placed_at is yesterday"),
        ("A-1,2026-11-12,,L,1,1,EUR,", "line 2: sku has to be there"),
        ("A-1,2026-11-12,L,L,0,1,EUR,", "line 2: quantity is 0"),
        ("A-1,2026-11-12,L,L,many,1,EUR,", "line 2: quantity is many"),
        ("A-1,2026-11-12,L,L,1,cheap,EUR,", "line 2: the price cheap"),
        ("A-1,2026-11-12,L,L,1,NaN,EUR,", "line 2: the price NaN"),
        ("A-1,2026-11-12,L,L,1,1e999999,EUR,", "line 2: the price 1e999999"),
        ("A-1,0001-01-01T00:00+14:00,L,L,1,1,EUR,", "line 2: placed_at is 0001"),
        ("A-1,9999-12-31,L,L,1,1,EUR,", "line 2: placed_at is 9999"),
        ("A-1,2026-11-12,L,L,1,1,EUR,,stray", "line 2: has not 8 columns"),
        (
            "A-1,2026-11-12,L,L,1,1,EUR,\nA-1,2026-11-12,l,L,1,1,EUR,",
            "line 3: order A-1 has l twice",
        ),
        ("A-1,2026-11-12,L,L,1,1,euros,", "line 2: EUROS is no currency"),
        ("A-1,2026-11-12,L,L,1,1,EUR,somebody", "line 2: somebody is no identity"),
        (
            "A-1,2026-11-12,L,L,1,1,EUR,\nA-1,2026-11-12,L,L,1,1,EUR,",
            "line 3: order A-1 has L twice",
        ),
        ("A-1,2026-11-12,L,L,1,1,EUR,\nA-1,2026-11-13,M,M,1,1,EUR,", "line 3: order A-1 says"),
    ],
)
def test_a_fault_is_named_by_its_line(tmp_path: Path, row: str, fault: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + row + "\n")

    with pytest.raises(UnreadableOrders) as refused:
        read_orders(path)

    assert f"orders.csv {fault}" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("o.csv", "number,colour\n", "lacks placed_at, quantity, sku and has colour"),
        ("o.csv", "", "line 1: lacks"),
        ("o.json", "{", "o.json: "),
        ("o.json", "{}", "it has to be a list"),
        ("o.json", '[{"number": "A-1"}]', "order 1: lines has to be a list"),
    ],
)
def test_a_file_of_another_shape_is_refused(
    tmp_path: Path, name: str, text: str, fault: str
) -> None:
    path = tmp_path / name
    path.write_text(text)

    with pytest.raises(UnreadableOrders) as refused:
        read_orders(path)

    assert fault in str(refused.value)


def test_a_customer_returns_from_the_command_line(desk_cli: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(GOOD)
    would = desk_cli("orders", "import", str(path), "--dry-run").stdout
    assert would.startswith("2 added, 0 changed, 0 unchanged. Nothing was changed")
    assert desk_cli.json("orders", "import", str(path))["added"] == ["A-1001", "A-1002"]

    offered = desk_cli.json("say", "--as", "customer-1", "I want to return order A-1001")
    returned = desk_cli.json(
        "do", "--as", "customer-1", "/return A-1001 items:LAMP reason:defective"
    )
    strange = desk_cli.json(
        "do", "--as", "customer-2", "/return A-1001 items:LAMP reason:defective"
    )

    assert offered["outcome"] == "return_offered"
    assert "Return 1 is on ticket #1" in returned["text"]
    assert strange["error"] == "UnknownOrder"


@pytest.mark.parametrize("name", ["quantity", "price", "sku", "placed_at", "number", "status"])
@pytest.mark.parametrize("value", [[1], {"a": 1}, True, 1e999])
def test_a_value_of_another_kind_is_a_fault(tmp_path: Path, name: str, value: object) -> None:
    order = {"number": "A-1", "placed_at": "2026-11-12", "lines": [{"sku": "L", "quantity": 1}]}
    place = order["lines"][0] if name in {"quantity", "price", "sku"} else order
    assert isinstance(place, dict)
    place[name] = value
    path = tmp_path / "orders.json"
    path.write_text(json.dumps([order]))

    with suppress(UnreadableOrders):
        read_orders(path)
