"""How a command gets its answer: here, or from the process that has the database open."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer

from app import control, settings
from app.cli.terminal import fail
from app.errors import CannotStart
from app.lock import Busy, FileLock
from app.logs import configure
from core.errors import DeskError

T = TypeVar("T")


def read_settings() -> settings.Settings:
    try:
        return settings.load()
    except CannotStart as error:
        fail(str(error))


def ask(as_json: bool, verb: str, **arguments: Any) -> dict[str, Any]:
    """Answer here, or have it answered by the process that has the database open.

    That one has a desk, which takes seconds to import: whoever asks it does without.
    """
    chosen = read_settings()
    configure("WARNING")

    async def ask() -> dict[str, Any]:
        file = chosen.database_file
        running = FileLock(file).running() if file is not None else None
        if running is None:
            try:
                return await _answered(chosen, verb, arguments)
            except Busy as started:
                running = started.lock.holder()
                if running is None:
                    raise
        return await control.call(running, verb, **arguments)

    return finish(ask(), as_json=as_json)


async def _answered(
    chosen: settings.Settings, verb: str, arguments: dict[str, Any]
) -> dict[str, Any]:
    """Answered by a desk of this process."""
    from app.opening import opened
    from app.verbs import VERBS
    from app.wiring import switchboard

    async with opened(chosen) as (database, _):
        return await VERBS[verb](await switchboard(chosen, database), **arguments)


def finish(work: Coroutine[Any, Any, T], *, as_json: bool = False) -> T:
    """Run to the end; what a person can mend is one sentence and exit status 1."""
    try:
        return asyncio.run(work)
    except control.Refused as refusal:
        fail(str(refusal), refusal.answer["error"], as_json=as_json)
    except (CannotStart, DeskError) as error:
        fail(str(error), type(error).__name__, as_json=as_json)
    except ConnectionError as error:
        sentence = "The process that has the database open does not answer. Is it stopping?"
        fail(sentence, type(error).__name__, as_json=as_json)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
