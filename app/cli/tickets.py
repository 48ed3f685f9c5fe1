"""The commands that write tickets to files."""

import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from app.cli.asking import ask
from app.cli.terminal import fail, progress

group = typer.Typer(help="Tickets, all at once.", no_args_is_help=True)


class Form(StrEnum):
    """What a file of tickets is written as."""

    CSV = "csv"
    JSON = "json"


@group.command("transcript")
def tickets_transcript(
    ticket: Annotated[int, typer.Argument(help="The number of a ticket.")],
    form: Annotated[str, typer.Option("--format", help="text, html, or print.")] = "html",
    out: Annotated[Path | None, typer.Option(help="A file; without it, standard output.")] = None,
    without_notes: Annotated[
        bool, typer.Option("--without-notes", help="As its customer may have it.")
    ] = False,
) -> None:
    """Write what was said on a ticket as text or as a page."""
    written = ask(
        False, "tickets_transcript", ticket=ticket, form=form, with_notes=not without_notes
    )["written"]
    if out is None:
        print(written, end="")
        return
    try:
        out.write_text(written, encoding="utf-8")
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}.")
    print(f"{out} has what was said on ticket #{ticket}.")


@group.command("export")
def tickets_export(
    wanted: Annotated[str, typer.Option("--filter", help="Which; without it, all.")] = "",
    form: Annotated[Form, typer.Option("--format", help="csv or json.")] = Form.CSV,
    output: Annotated[
        Path | None, typer.Option(help="A file; without it, standard output.")
    ] = None,
    with_notes: Annotated[
        bool, typer.Option("--with-notes", help="Also what staff noted.")
    ] = False,
) -> None:
    """Write tickets with what was said on them, a page at a time, as they are found."""
    from app.export import write_csv, write_json

    first = ask(False, "tickets_export", text=wanted, with_notes=with_notes)

    def rows(advance: Callable[[int], None]) -> Iterator[dict[str, Any]]:
        page = first
        while True:
            yield from page["tickets"]
            advance(len(page["tickets"]))
            if not page["after"]:
                return
            page = ask(
                False, "tickets_export", text=wanted, after=page["after"], with_notes=with_notes
            )

    def write(rows: Iterator[dict[str, Any]], file: TextIO) -> int:
        return (
            write_csv(rows, file, first["fields"]) if form is Form.CSV else write_json(rows, file)
        )

    with progress(first["total"] or 0) as advance:
        try:
            if output is None:
                count = write(rows(advance), sys.stdout)
            else:
                with output.open("w", encoding="utf-8", newline="") as file:
                    count = write(rows(advance), file)
        except OSError as error:
            fail(f"{output or 'It'} cannot be written ({error.strerror}).")
    print(f"{count} tickets written.", file=sys.stderr)
