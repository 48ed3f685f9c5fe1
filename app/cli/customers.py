"""The command about what is kept about customers."""

import json
from pathlib import Path
from typing import Annotated

import typer

from app.cli.asking import ask
from app.cli.terminal import Json, fail, show

group = typer.Typer(help="What is kept about customers.", no_args_is_help=True)


@group.command("export")
def customers_export(
    customer: Annotated[str, typer.Argument(help="c-17, or the ticket #42 of theirs.")],
    file: Annotated[Path, typer.Argument(help="Where to write: FILE.json or FILE.html.")],
    as_json: Json = False,
) -> None:
    """Write everything that is kept about a customer to a file, to hand it over."""
    from app.customer_page import page

    data = ask(as_json, "customers_export", customer=customer)
    is_page = file.suffix.lower() in {".html", ".htm"}
    try:
        file.write_text(page(data) if is_page else json.dumps(data, ensure_ascii=False, indent=2))
    except OSError as error:
        fail(f"{file} cannot be written ({error.strerror}).", "Unwritable", as_json=as_json)
    show({"file": str(file)}, as_json, f"All about {data['customer']} is in {file}.")
