"""Tickets as files: CSV for spreadsheets, JSON for programs, written as they come."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from core.sheets import cell

COLUMNS = (
    *("number", "subject", "status", "kind", "priority", "category", "tags", "customer"),
    *("customer_number", "assignee", "team", "channel", "created_at", "updated_at"),
    *("first_response_at", "resolved_at", "closed_at", "resolution", "messages"),
)
Rows = Iterable[Mapping[str, Any]]


def write_csv(rows: Rows, file: TextIO, fields: Sequence[str] = ()) -> int:
    """A line a ticket, with what was said in its last column but for the desk's own ``fields``; how many
    tickets."""
    writer = csv.writer(file, lineterminator="\r\n")  # RFC 4180
    writer.writerow([*COLUMNS, *(f"field.{name}" for name in fields)])
    count = 0
    for row in rows:
        own = row.get("fields", {})
        values = [*(row[name] for name in COLUMNS), *(own.get(name) for name in fields)]
        writer.writerow([_cell(value) for value in values])
        count += 1
    return count


def write_json(rows: Rows, file: TextIO) -> int:
    """A list of objects, one a line; how many tickets."""
    count = 0
    for row in rows:
        file.write(("[\n" if count == 0 else ",\n") + json.dumps(row, ensure_ascii=False))
        count += 1
    file.write("[]\n" if count == 0 else "\n]\n")
    return count


def _cell(value: Any) -> str:
    """A value as a spreadsheet may show it, and never as a formula."""
    if isinstance(value, list):
        value = "\n".join(each if isinstance(each, str) else _said(each) for each in value)
    return cell(value)


def _said(message: Mapping[str, Any]) -> str:
    who = message["agent"] or {"message": "customer"}.get(message["kind"], "desk")
    note = " (note)" if message["kind"] == "note" else ""
    return f"{message['sent_at']} {who}{note}: {message['text']}"
