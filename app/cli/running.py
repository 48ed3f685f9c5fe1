"""The commands that start the desk, prepare it, look whether it is well, and speak to it."""

from functools import partial
from typing import Annotated

import typer

from app.cli.asking import ask, finish, read_settings
from app.cli.terminal import By, Json, busy, fail, show
from app.logs import configure

group = typer.Typer()


@group.command()
def run(
    part: Annotated[
        str | None, typer.Argument(help="web, slack, discord or worker; without it, all.")
    ] = None,
) -> None:
    """Run the desk until it is stopped."""
    chosen = read_settings()
    configure(chosen.log_level)

    from app.run import Part, run

    try:
        parts = frozenset([Part(part)] if part else Part)
    except ValueError:
        fail(f"There is no part {part}. There are web, slack, discord and worker.")
    finish(run(chosen, parts, say=partial(print, flush=True)))


@group.command()
def migrate() -> None:
    """Bring the database to the state that this version expects."""
    from app.migrate import current, migrate
    from app.opening import opened

    async def bring() -> str:
        async with opened(read_settings()) as (database, _):
            before = await current(database)
            after = await migrate(database)
            return f"The database is at {after}" + (" already." if before == after else ".")

    print(finish(bring()))


@group.command()
def demo() -> None:
    """Load a small believable shop into an empty database."""
    from app.demo import load
    from app.opening import opened

    async def fill() -> str:
        async with opened(read_settings()) as (database, _):
            return await load(read_settings(), database)

    with busy("Opening the shop …"):
        loaded = finish(fill())
    print(loaded)


@group.command()
def doctor() -> None:
    """Say in plain words what is configured, what is missing, and what a token lacks."""
    from app.doctor import examine

    findings = finish(examine())
    for finding in findings:
        print(finding)
    if any(finding.is_fault for finding in findings):
        raise typer.Exit(1)


@group.command()
def say(text: str, by: By = None, as_json: Json = False) -> None:
    """Write to the bot as a customer, and see what it answers."""
    if not by:
        fail("Say who writes: --as customer-1")
    answer = ask(as_json, "say", by=by, text=text)
    show(answer, as_json, "\n\n".join(answer["replies"]) or f"({answer['outcome']})")


@group.command()
def do(text: str, by: By = None, as_json: Json = False) -> None:
    """Carry out a command as somebody; without --as, as the operator of this machine."""
    answer = ask(as_json, "do", by=by, text=text)
    if not answer["ok"] and not as_json:
        fail(answer["text"])
    show(answer, as_json, answer["text"])
    if not answer["ok"]:
        raise typer.Exit(1)


@group.command()
def admin_link(as_json: Json = False) -> None:
    """Print a new one-time link that makes whoever opens it an admin."""
    answer = ask(as_json, "admin_link")
    show(answer, as_json, f"{answer['url']}\nor in chat: {answer['command']}")
