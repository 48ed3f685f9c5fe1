"""How a command gets its answer: here, or from the process that has the database open."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer

from app import control, settings, verbs
from app.cli.terminal import fail
from app.errors import CannotStart
from app.logs import configure

T = TypeVar("T")


def read_settings() -> settings.Settings:
    try:
        return settings.load()
    except CannotStart as error:
        fail(str(error))


def ask(as_json: bool, verb: str, **arguments: Any) -> dict[str, Any]:
    """Answer here, or have it answered by the process that has the database open."""
    from app.wiring import Busy, switchboard

    chosen = read_settings()
    configure("WARNING")

    async def ask() -> dict[str, Any]:
        try:
            async with switchboard(chosen) as desk:
                return await verbs.VERBS[verb](desk, **arguments)
        except Busy as busy:
            holder = busy.lock.holder()
            if holder is None:
                raise
            return await control.call(holder, verb, **arguments)

    return finish(ask(), as_json=as_json)


def finish(work: Coroutine[Any, Any, T], *, as_json: bool = False) -> T:
    """Run to the end; what a person can mend is one sentence and exit status 1."""
    from sqlalchemy.exc import SQLAlchemyError

    from core.errors import DeskError

    try:
        return asyncio.run(work)
    except control.Refused as refusal:
        fail(str(refusal), refusal.answer["error"], as_json=as_json)
    except (CannotStart, DeskError) as error:
        fail(str(error), type(error).__name__, as_json=as_json)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", error)).splitlines()[0]
        fail(f"The database failed: {cause}.", type(error).__name__, as_json=as_json)
    except ConnectionError as error:
        sentence = "The process that has the database open does not answer. Is it stopping?"
        fail(sentence, type(error).__name__, as_json=as_json)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
