"""`switchboard tickets export`: what a spreadsheet and a program are given."""

import csv
import io
import json
from pathlib import Path

import pytest

from app.export import COLUMNS, write_csv
from core.tickets import export
from tests.app.conftest import CommandLine

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")']


@pytest.fixture
def filled(desk_cli: CommandLine) -> CommandLine:
    """Three tickets: one with a note and a formula for a subject, one resolved."""
    for customer, text in {
        "customer-1": "=cmd|' /C calc'!A1",
        "customer-2": 'the "lamp", broken\nin two',
        "customer-3": "where is it?",
    }.items():
        assert desk_cli("say", "--as", customer, text).exit_code == 0
    for line in ("/ticket note 1 a secret", "/ticket tag 1 +vip +lamp", "/ticket resolve 3"):
        assert desk_cli("do", line).exit_code == 0
    return desk_cli


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_all_tickets_are_written_without_notes(filled: CommandLine) -> None:
    result = filled("tickets", "export")

    rows = rows_of(result.stdout)
    assert result.exit_code == 0, result.stderr
    assert result.stderr.strip() == "3 tickets written."
    assert [row["number"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["subject"] == "'=cmd|' /C calc'!A1"
    assert rows[0]["tags"] == "lamp\nvip"
    assert rows[1]["subject"] == 'the "lamp", broken'
    assert rows[1]["messages"].endswith('customer: the "lamp", broken\nin two')
    assert rows[2]["status"] == "resolved"
    assert "secret" not in result.stdout


def test_fields_of_the_desks_own_have_a_column_each(filled: CommandLine) -> None:
    for line in (
        "/field add serial",
        "/field add miles type:number",
        "/ticket field 1 serial =1+1",
        "/ticket field 2 miles -7",
    ):
        assert filled("do", line).exit_code == 0

    first, second, third = rows_of(filled("tickets", "export").stdout)

    assert (first["field.serial"], first["field.miles"]) == ("'=1+1", "")
    assert (second["field.serial"], second["field.miles"]) == ("", "'-7")
    assert (third["field.serial"], third["field.miles"]) == ("", "")


def test_notes_come_only_where_they_are_asked_for(filled: CommandLine) -> None:
    with_notes = filled("tickets", "export", "--with-notes").stdout

    assert "(note): a secret" in with_notes


def test_a_filter_and_a_file_and_json(filled: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    result = filled(
        "tickets", "export", "--filter", "tag:vip", "--format", "json", "--output", str(path)
    )

    assert result.exit_code == 0, result.stderr
    [ticket] = json.loads(path.read_text())
    assert list(ticket) == [*COLUMNS, "fields"]
    assert ticket["subject"] == "=cmd|' /C calc'!A1"
    assert [each["kind"] for each in ticket["messages"]] == ["message"]


def test_nothing_found_is_an_empty_file(filled: CommandLine) -> None:
    assert (
        json.loads(filled("tickets", "export", "--filter", "xyz", "--format", "json").stdout) == []
    )
    assert rows_of(filled("tickets", "export", "--filter", "xyz").stdout) == []


def test_more_than_a_page_is_written_whole(
    desk_cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PAGE", 2)
    for number in range(5):
        desk_cli("say", "--as", f"customer-{number}", f"lamp {number}")

    rows = rows_of(desk_cli("tickets", "export").stdout)

    assert [row["number"] for row in rows] == ["1", "2", "3", "4", "5"]


def test_what_cannot_be_done_is_said(filled: CommandLine, tmp_path: Path) -> None:
    bad = filled("tickets", "export", "--filter", "stauts:open")
    assert bad.exit_code == 1
    assert "“stauts:open”: did you mean status:?" in bad.stderr
    unwritable = filled("tickets", "export", "--output", str(tmp_path / "no" / "where.csv"))
    assert unwritable.exit_code == 1
    assert "cannot be written" in unwritable.stderr


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    row = dict.fromkeys(COLUMNS, text)
    file = io.StringIO(newline="")

    write_csv([row], file)

    [written] = rows_of(file.getvalue())
    assert all(value == f"'{text}" for value in written.values())
