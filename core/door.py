"""A door: use cases run as one transaction each, retried as a whole when they lose a race."""

import asyncio
import copy
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from core.sla import following
from core.storage.database import Database, lost_race, surely_undone
from core.subscribers import follow_up
from core.tickets.find import refuse_stale
from core.work import House, Work

P = ParamSpec("P")
R = TypeVar("R")

Clock = Callable[[], datetime]

MAX_ATTEMPTS = 5
FIRST_PAUSE = 0.01  # seconds; doubled, with jitter


def utc_now() -> datetime:
    """The clock of every day."""
    return datetime.now(UTC)


def use_case(
    action: Callable[Concatenate[Work, P], Awaitable[R]],
) -> Callable[Concatenate["Door", P], Coroutine[Any, Any, R]]:
    """Run an action as one transaction, together with all that follows from it: `Door.transact`."""

    @wraps(action)
    async def run(door: "Door", /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await door.transact(lambda work: action(work, *args, **kwargs))

    return run


def question(
    look: Callable[Concatenate[Work, P], Awaitable[R]],
) -> Callable[Concatenate["Door", P], Coroutine[Any, Any, R]]:
    """Answer from what is stored, without a change: `Door.look`."""

    @wraps(look)
    async def run(door: "Door", /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await door.look(lambda work: look(work, *args, **kwargs))

    return run


class Door:
    """Opens transactions on one database, for a house, by one clock."""

    def __init__(
        self,
        database: Database,
        house: House | None = None,
        *,
        clock: Clock = utc_now,
    ) -> None:
        self.house = house or House()
        self._database = database
        self._clock = clock
        self._expected: tuple[int, Collection[int]] | None = None
        self._owing: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """What time it is here."""
        return self._clock()

    def expecting(self, number: int, *versions: int) -> Self:
        """This door, for whoever looked at a ticket in one of these versions: what they do to it is
        refused with `Stale` where it is in none of them."""
        door = copy.copy(self)
        door._expected = (number, versions)
        return door

    def expecting_nothing(self) -> Self:
        """This door, for what has nothing to do with the ticket that `expecting` names."""
        door = copy.copy(self)
        door._expected = None
        return door

    @classmethod
    def beside(cls, other: "Door") -> Self:
        """Another door into the same house: same database, same clock."""
        door = cls(other._database, other.house, clock=other._clock)
        door._owing = other._owing
        return door

    def when_owing(self, call: Callable[[], None]) -> None:
        """Call this after each commit that owes deliveries."""
        self._owing.append(call)

    async def transact(
        self, action: Callable[[Work], Awaitable[R]], *, even_in_doubt: bool = False
    ) -> R:
        """Run an action as one transaction, over again as a whole when it loses a race.

        Whoever loses a race to the same row starts over and sees what the winner wrote. Where the
        connection broke on the commit, nobody knows whether it went through: that is repeated only
        for an action that may be done twice, ``even_in_doubt``.
        """
        for attempt in range(MAX_ATTEMPTS):
            work = None
            try:
                async with self.work() as work:
                    return await action(work)
            except (DBAPIError, StaleDataError) as error:
                in_doubt = work is not None and work.done and not surely_undone(error)
                given_up = attempt == MAX_ATTEMPTS - 1 or not lost_race(error)
                if given_up or (in_doubt and not even_in_doubt):
                    raise
                await asyncio.sleep(FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311
        raise AssertionError("unreachable")

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One transaction with its consequences."""
        async with self._database.transaction() as session:
            work = Work(session, self._clock(), self.house)
            if self._expected is not None:
                await refuse_stale(session, *self._expected)
            yield work
            await following.follow(work)
            await follow_up(work)
            work.done = True
        if work.owed:
            for call in self._owing:
                call()

    async def look(self, ask: Callable[[Work], Awaitable[R]]) -> R:
        """Ask in a transaction that only reads; once more where its connection turns out to be broken."""
        for asked_before in (False, True):
            try:
                async with self.looking() as work:
                    return await ask(work)
            except DBAPIError as error:
                if asked_before or not error.connection_invalidated:
                    raise
        raise AssertionError("unreachable")

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Work]:
        """A transaction that only reads."""
        async with self._database.reading() as session:
            yield Work(session, self._clock(), self.house)
