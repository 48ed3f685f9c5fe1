"""The commands about rules for new tickets."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.asking import ask
from app.cli.terminal import Json, fail, show

group = typer.Typer(help="What new tickets get.", no_args_is_help=True)


@group.command("export")
def rules_export(
    output: Annotated[Path | None, typer.Option(help="A file; standard output without.")] = None,
    as_json: Json = False,
) -> None:
    """Write all rules, in their order, as YAML."""
    answer = ask(as_json, "rules_export")
    if output is None:
        show(answer, as_json, str(answer["yaml"]).rstrip())
        return
    try:
        output.write_text(str(answer["yaml"]), encoding="utf-8")
    except OSError as error:
        fail(f"{output} cannot be written: {error.strerror}.", as_json=as_json)
    show(answer, as_json, f"{answer['rules']} rules are in {output}.")


@group.command("import")
def rules_import(
    path: Annotated[Path, typer.Argument(help="A YAML file, as export writes it.")],
    dry_run: Annotated[bool, typer.Option(help="Only say what would change.")] = False,
    replace: Annotated[bool, typer.Option(help="Remove rules that are not there.")] = False,
    as_json: Json = False,
) -> None:
    """Take rules in, by their names and in their order, all or none."""
    said = {"path": str(path.resolve()), "dry_run": dry_run, "replace": replace}
    answer = ask(as_json, "rules_import", **said)
    kinds = ("added", "changed", "unchanged", "removed")
    counts = ", ".join(f"{len(answer[kind])} {kind}" for kind in kinds)
    nothing = " Nothing was changed: this was a dry run." if dry_run else ""
    show(answer, as_json, f"{counts}.{nothing}")
