"""A process that can be switched off at any of its steps, in place.

A step is before or after a statement, a commit, a send or an acknowledgement. Once it is off,
nothing of it runs any more: every further step raises `Crash`, as nothing catches.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from core.channels import (
    CanDelete,
    CanReact,
    Channel,
    OutgoingDeletion,
    OutgoingMessage,
    OutgoingReaction,
    Posted,
)


class Crash(BaseException):
    """The process is gone. Not an `Exception`, so that nobody recovers from it."""


class CrashInDatabase(Exception):
    """The same at a step of the database.

    An `Exception`, for else SQLAlchemy would drop the connection with its locks still held, which
    no operating system does; and nothing of ours catches one there.
    """


CRASHES = (Crash, CrashInDatabase)


class Machine:
    """Counts the steps of what runs on it, and goes off at one of them.

    ``off_at`` is the number of the step, from 0; None never goes off and only counts.
    """

    def __init__(self, off_at: int | None = None) -> None:
        self.off_at = off_at
        self.steps: list[str] = []
        self.is_off = False

    def reach(self, step: str, crash: type[BaseException] = Crash) -> None:
        """Come to a step. Raises ``crash`` where the machine goes off here, or is off."""
        if not self.is_off:
            self.steps.append(step)
            self.is_off = len(self.steps) - 1 == self.off_at
        if self.is_off:
            raise crash(step)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Everything the databases of this process do meanwhile are steps of this machine."""
        listeners: list[tuple[Any, str, Any]] = [
            (Engine, "before_cursor_execute", self._before_statement),
            (Engine, "after_cursor_execute", self._after_statement),
            (Engine, "commit", self._before_commit),
            (Session, "after_commit", self._after_commit),
        ]
        for target, name, listener in listeners:
            event.listen(target, name, listener)
        try:
            yield
        finally:
            for target, name, listener in listeners:
                event.remove(target, name, listener)

    def _before_statement(self, *details: Any) -> None:
        self.reach(f"before {_short(details[2])}", CrashInDatabase)

    def _after_statement(self, *details: Any) -> None:
        self.reach(f"after {_short(details[2])}", CrashInDatabase)

    def _before_commit(self, _connection: object) -> None:
        self.reach("before commit", CrashInDatabase)

    def _after_commit(self, _session: object) -> None:
        self.reach("after commit", CrashInDatabase)


class Perilous:
    """A channel whose sends are steps of a machine."""

    def __init__(self, channel: Channel, machine: Machine) -> None:
        self._channel = channel
        self._machine = machine

    async def send(self, message: OutgoingMessage) -> str | Posted:
        self._machine.reach("before send")
        post = await self._channel.send(message)
        self._machine.reach("after send")
        return post

    async def delete(self, deletion: OutgoingDeletion) -> None:
        self._machine.reach("before delete")
        if isinstance(self._channel, CanDelete):
            await self._channel.delete(deletion)
        self._machine.reach("after delete")

    async def react(self, reaction: OutgoingReaction) -> None:
        self._machine.reach("before react")
        if isinstance(self._channel, CanReact):
            await self._channel.react(reaction)
        self._machine.reach("after react")

    async def find_sent(self, message: OutgoingMessage) -> str | Posted | None:
        self._machine.reach("before look")
        found = await self._channel.find_sent(message)
        self._machine.reach("after look")
        return found


def _short(statement: str) -> str:
    """The verb of a statement and the table it is about."""
    words = statement.split()
    for marker in ("INTO", "FROM", "UPDATE"):
        if marker in words[:-1]:
            return f"{words[0]} {words[words.index(marker) + 1]}"
    return words[0]
