"""The command about the figures of reports."""

import typer

from app.cli.asking import ask
from app.cli.terminal import Json, progress, show

group = typer.Typer(help="The figures of reports.", no_args_is_help=True)


@group.command("rebuild")
def reports_rebuild(as_json: Json = False) -> None:
    """Count everything anew, where figures are doubted; the desk may go on meanwhile."""
    step = ask(as_json, "reports_rebuild")
    counted = 0
    with progress(step["total"] or 0, "Counting") as advance:
        while True:
            counted += step["counted"]
            advance(step["counted"])
            if not step["after"]:
                break
            step = ask(as_json, "reports_rebuild", after=step["after"])
    show({"counted": counted}, as_json, f"{counted} tickets and enquiries counted.")
