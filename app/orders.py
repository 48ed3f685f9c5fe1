"""Orders as files: CSV or JSON from the shop, read whole or not at all."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.errors import Invalid
from core.vocabulary import LineSaid, OrderSaid, OrderStatus

LARGEST_FILE = 200_000_000  # bytes
NUMBER = re.compile(r"[\w./-]{1,40}")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
YEARS = range(1970, 2200)
CURRENCY = re.compile(r"[A-Z]{3}")
IDENTITY = re.compile(r"[a-z]+:[^:\s]*:[^:\s]+")
OF_ORDER = ("placed_at", "delivered_at", "status", "identity", "email", "return_days")
OF_LINE = ("sku", "name", "quantity", "price", "currency")


class UnreadableOrders(Invalid):
    """A file of orders cannot be read; nothing was imported."""

    def __init__(self, faults: list[str]) -> None:
        shown = faults[:20]
        more = f" And {len(faults) - 20} more." if len(faults) > 20 else ""
        super().__init__(f"Nothing was imported. {' '.join(shown)}{more}")


class Fault(Exception):
    """What is wrong with one order or line."""


def read_orders(path: Path) -> list[OrderSaid]:
    """The orders of a file. A CSV file has a row for each line of an order, with the columns
    ``number, placed_at, sku, name, quantity`` and perhaps ``delivered_at, status, identity, email,
    return_days, price, currency``; a JSON file a list of objects of the same names, with ``lines``.

    Raises `UnreadableOrders`, naming each line (CSV) or place (JSON) that is at fault.
    """
    text = _text(path)
    rows = _of_json(text, path) if path.suffix.lower() == ".json" else _of_csv(text, path)
    orders: dict[str, dict[str, Any]] = {}
    faults = []
    for place, row in rows:
        try:
            _add(orders, row)
        except Fault as fault:
            faults.append(f"{place}: {fault}")
    if faults:
        raise UnreadableOrders(faults)
    return [OrderSaid(**{**said, "lines": tuple(said["lines"])}) for said in orders.values()]


def read_order(said: Mapping[str, Any]) -> OrderSaid:
    """One order as the shop says it: the object of a JSON file, with its ``lines``. Raises `Fault`."""
    lines = said.get("lines")
    if not isinstance(lines, list) or not lines:
        raise Fault("lines has to be a list with something in it.")
    orders: dict[str, dict[str, Any]] = {}
    about = {name: value for name, value in said.items() if name != "lines"}
    for each in lines:
        if not isinstance(each, dict):
            raise Fault("a line has to be an object.")
        _add(orders, {**each, **about})
    (order,) = orders.values()
    return OrderSaid(**{**order, "lines": tuple(order["lines"])})


def _add(orders: dict[str, dict[str, Any]], row: Mapping[str, Any]) -> None:
    """Add a row to its order. Raises `Fault`."""
    number = str(row.get("number") or "").strip().upper()
    if not NUMBER.fullmatch(number):
        raise Fault("the number of the order is missing, or is none.")
    said = _order(number, row)
    known = orders.setdefault(number, {**said, "lines": []})
    if any(known[name] != said[name] for name in said):
        raise Fault(f"order {number} says something else than in its line above.")
    line = _line(row)
    if any(each.sku.casefold() == line.sku.casefold() for each in known["lines"]):
        raise Fault(f"order {number} has {line.sku} twice.")
    known["lines"].append(line)


def _order(number: str, row: Mapping[str, Any]) -> dict[str, Any]:
    status = str(row.get("status") or OrderStatus.PLACED.value).lower()
    if status not in {each.value for each in OrderStatus}:
        known = ", ".join(each.value for each in OrderStatus)
        raise Fault(f"the status {status} is none of {known}.")
    email = str(row.get("email") or "").strip().lower()
    if email and not EMAIL.fullmatch(email):
        raise Fault(f"{email[:60]} is no e-mail address.")
    identity = str(row.get("identity") or "").strip()
    if identity and not IDENTITY.fullmatch(identity):
        raise Fault(f"{identity[:60]} is no identity such as slack:T012:U345.")
    return {
        "number": number,
        "placed_at": _moment(row, "placed_at"),
        "delivered_at": _moment(row, "delivered_at") if row.get("delivered_at") else None,
        "status": OrderStatus(status),
        "identity": identity,
        "email": email,
        "return_days": _count(row, "return_days", 30, least=0, most=3_650),
    }


def _line(row: Mapping[str, Any]) -> LineSaid:
    sku = str(row.get("sku") or "").strip()
    name = str(row.get("name") or sku).strip()
    currency = str(row.get("currency") or "").strip().upper()
    if not sku or len(sku) > 60 or len(name) > 200:
        raise Fault("sku has to be there, with 60 characters at most, and name with 200.")
    if currency and not CURRENCY.fullmatch(currency):
        raise Fault(f"{currency[:10]} is no currency such as EUR.")
    try:
        cents = int((Decimal(str(row.get("price") or 0)) * 100).to_integral_exact())
    except (ArithmeticError, ValueError):
        raise Fault(f"the price {str(row.get('price'))[:20]} is no number such as 12.50.") from None
    if not 0 <= cents < 2**31:
        raise Fault("the price is below 0 or beyond all bounds.")
    return LineSaid(
        sku=sku,
        name=name,
        quantity=_count(row, "quantity", 1, least=1, most=1_000),
        cents=cents,
        currency=currency,
    )


def _count(row: Mapping[str, Any], name: str, default: int, *, least: int, most: int) -> int:
    given = row.get(name)
    said = str(default if given is None or given == "" else given).strip()
    if not re.fullmatch(r"\d{1,6}", said) or not least <= int(said) <= most:
        raise Fault(f"{name} is {said[:20]}; it has to be {least} to {most}.")
    return int(said)


def _moment(row: Mapping[str, Any], name: str) -> datetime:
    """A day or a moment in ISO 8601; without a time zone it is in UTC."""
    said = str(row.get(name) or "").strip()
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise Fault(f"{name} is {said[:40] or 'missing'}; write 2026-11-21.") from None
    if moment.year not in YEARS:
        raise Fault(f"{name} is {said[:40]}, and that cannot be.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _of_csv(text: str, path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        named = [name.strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = named
        unknown = set(named) - {"number", *OF_ORDER, *OF_LINE}
        lacking = {"number", "placed_at", "sku", "quantity"} - set(named)
        if unknown or lacking:
            lacks = f"lacks {', '.join(sorted(lacking))}" if lacking else ""
            knows_not = f"has {', '.join(sorted(unknown))}, which is not known" if unknown else ""
            raise UnreadableOrders(
                [f"{path.name} line 1: {' and '.join(filter(None, [lacks, knows_not]))}."]
            )
        for row in reader:
            if None in row or None in row.values():
                fault = f"has not {len(named)} columns, as the first line has"
                raise UnreadableOrders([f"{path.name} line {reader.line_num}: {fault}."])
            yield f"{path.name} line {reader.line_num}", row
    except csv.Error as error:
        raise UnreadableOrders([f"{path.name} line {reader.line_num}: {error}."]) from error


def _of_json(text: str, path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableOrders([f"{path.name}: {error}."]) from error
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise UnreadableOrders([f"{path.name}: it has to be a list of orders."])
    for number, order in enumerate(listed, 1):
        lines = order.get("lines")
        if not isinstance(lines, list) or not all(isinstance(each, dict) for each in lines):
            raise UnreadableOrders([f"{path.name} order {number}: lines has to be a list."])
        about = {name: value for name, value in order.items() if name != "lines"}
        for line, each in enumerate(lines, 1):
            yield f"{path.name} order {number} line {line}", {**each, **about}


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableOrders([f"{path.name} is larger than {LARGEST_FILE // 1_000_000} MB."])
        return path.read_text(encoding="utf-8-sig").replace("\x00", "")
    except OSError as error:
        raise UnreadableOrders([f"{path.name} cannot be read ({error.strerror})."]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UnreadableOrders([f"{path.name} line {line}: is not UTF-8."]) from error
