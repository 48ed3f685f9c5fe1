"""The command about what customers bought."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.asking import ask
from app.cli.terminal import Json, busy, show

group = typer.Typer(help="What customers bought.", no_args_is_help=True)


@group.command("import")
def orders_import(
    path: Annotated[Path, typer.Argument(help="A CSV or JSON file.")],
    dry_run: Annotated[bool, typer.Option(help="Only say what would change.")] = False,
    as_json: Json = False,
) -> None:
    """Take the shop's orders in, by their number, all or none."""
    with busy("Reading the orders …"):
        answer = ask(as_json, "orders_import", path=str(path.resolve()), dry_run=dry_run)
    counts = ", ".join(f"{len(answer[kind])} {kind}" for kind in ("added", "changed", "unchanged"))
    nothing = " Nothing was changed: this was a dry run." if dry_run else ""
    show(answer, as_json, f"{counts}.{nothing}")
