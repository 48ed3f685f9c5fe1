"""The door of the desk: one typed line for each thing it can do."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from core import views
from core.channels import Channel, Who
from core.delivery import ledger
from core.delivery.courier import Courier
from core.people import invitations, roster
from core.storage.database import Database, lost_race
from core.subscribers import follow_up
from core.tickets import conversation, enquiries, intake, lifecycle
from core.work import House, Work

P = ParamSpec("P")
R = TypeVar("R")

MAX_ATTEMPTS = 5
FIRST_PAUSE = 0.01  # seconds; doubled, with jitter


def use_case(
    action: Callable[Concatenate[Work, P], Awaitable[R]],
) -> Callable[Concatenate["Desk", P], Coroutine[Any, Any, R]]:
    """Run an action as one transaction, together with all that follows from it.

    Whoever loses a race to the same row starts over and sees what the winner wrote.
    """

    @wraps(action)
    async def run(desk: "Desk", /, *args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(MAX_ATTEMPTS):
            try:
                async with desk.work() as work:
                    return await action(work, *args, **kwargs)
            except (DBAPIError, StaleDataError) as error:
                if not lost_race(error) or attempt == MAX_ATTEMPTS - 1:
                    raise
                await asyncio.sleep(FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311
        raise AssertionError("unreachable")

    return run


def question(
    look: Callable[Concatenate[Work, P], Awaitable[R]],
) -> Callable[Concatenate["Desk", P], Coroutine[Any, Any, R]]:
    """Answer from what is stored, in a transaction that only reads."""

    @wraps(look)
    async def run(desk: "Desk", /, *args: P.args, **kwargs: P.kwargs) -> R:
        async with desk.looking() as work:
            return await look(work, *args, **kwargs)

    return run


class Desk:
    """The support desk. Everything that anybody can do with it is a line of this class."""

    # what customers write
    receive = use_case(intake.receive)
    ask = use_case(intake.ask)
    overhear = use_case(intake.overhear)
    solve_enquiry = use_case(enquiries.solve)
    hand_over = use_case(enquiries.hand_over)
    confirm = use_case(lifecycle.confirm)

    # what agents do with tickets
    claim = use_case(lifecycle.claim)
    release = use_case(lifecycle.release)
    transfer = use_case(lifecycle.transfer)
    escalate = use_case(lifecycle.escalate)
    set_priority = use_case(lifecycle.set_priority)
    reply = use_case(conversation.reply)
    note = use_case(conversation.note)
    hear = use_case(conversation.hear)
    resolve = use_case(lifecycle.resolve)
    reopen = use_case(lifecycle.reopen)

    # people
    add_agent = use_case(roster.add)
    edit_agent = use_case(roster.edit)
    remove_agent = use_case(roster.remove)
    set_availability = use_case(roster.set_availability)
    invite_admin = use_case(invitations.invite_admin)
    invite_self = use_case(invitations.invite_self)
    join = use_case(invitations.join)
    _welcome = use_case(invitations.welcome)

    # deliveries
    resend = use_case(ledger.resend)

    # sweeps
    assign_due = use_case(lifecycle.assign_due)
    close_resolved = use_case(lifecycle.close_resolved)
    close_silent = use_case(enquiries.close_silent)

    # looking
    tickets = question(views.tickets)
    ticket = question(views.ticket)
    why = question(views.why)
    agents = question(views.agents)
    whoever = question(views.whoever)
    unsent = question(views.unsent)
    said_at = question(views.said_at)
    deflection = question(views.deflection)
    code_is_good = question(views.code_is_good)
    any_admin = question(views.any_admin)
    condition = question(views.condition)

    def __init__(
        self,
        database: Database,
        house: House | None = None,
        *,
        channels: Mapping[str, Channel] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.house = house or House()
        self._database = database
        self._clock = clock
        self._welcomed: set[Who] = set()
        self.courier = Courier(self.work, self.looking, channels or {}, self.house.policy.give_up)

    def names_as_admin(self, who: Who) -> bool:
        """Whether the settings name somebody as admin whom this process has not welcomed yet."""
        return who not in self._welcomed and invitations.named_as_admin(self.house, who)

    async def welcome(self, who: Who) -> None:
        """Make somebody admin whom the settings name as one."""
        await self._welcome(who)
        self._welcomed.add(who)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One transaction with its consequences; wakes the courier if it owes anything."""
        async with self._database.transaction() as session:
            work = Work(session, self._clock(), self.house)
            yield work
            await follow_up(work)
        if work.owed:
            self.courier.wake()

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[Work]:
        """A transaction that only reads."""
        async with self._database.reading() as session:
            yield Work(session, self._clock(), self.house)
