"""What a person, or a program, is shown on a terminal, and what both may say to any command."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer

Json = Annotated[bool, typer.Option("--json", help="Answer as JSON, for programs.")]
By = Annotated[str | None, typer.Option("--as", help="Who says it: a handle on the console.")]

# A customer's words are shown in a terminal: what would move its cursor is not.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def show(answer: dict[str, Any], as_json: bool, text: str) -> None:
    """Print an answer in words; as JSON, the answer itself."""
    print(json.dumps(answer, ensure_ascii=False) if as_json else _CONTROL.sub("�", text))


def fail(sentence: str, error: str = "", *, as_json: bool = False) -> NoReturn:
    """Say why not, on standard error; as JSON, also to the program that asked."""
    if as_json:
        print(json.dumps({"ok": False, "error": error, "text": sentence}, ensure_ascii=False))
    print(sentence, file=sys.stderr)
    raise typer.Exit(1)


@contextmanager
def busy(doing: str) -> Iterator[None]:
    """Show on a terminal that something takes a while; elsewhere, say nothing."""
    from rich.console import Console

    with Console(stderr=True).status(doing):
        yield


@contextmanager
def progress(total: int, doing: str = "Writing tickets") -> Iterator[Callable[[int], None]]:
    """Show on a terminal how far it is; elsewhere, say nothing. What it yields counts on."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as shown:
        task = shown.add_task(doing, total=total)
        yield lambda count: shown.advance(task, count)
