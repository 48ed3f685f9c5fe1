"""Live: who watches is told what happens, each event once, and let go when the desk stops."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import OPERATOR, History
from tests.scene import open_ticket
from web.live import HELD, Behind, Follower, Live


@asynccontextmanager
async def looking(live: Live) -> AsyncIterator[None]:
    running = asyncio.create_task(live.run())
    yield
    running.cancel()


async def test_who_watches_is_told_what_happens_from_then_on(desk: Desk) -> None:
    before = await open_ticket(desk, by="ana")
    live = Live(desk)
    async with looking(live):
        with live.following() as one, live.following() as two:
            await asyncio.sleep(0.05)
            await desk.note(OPERATOR, before, "seen")
            told = [await asyncio.wait_for(each.next(), 10) for each in (one, two)]

    assert [each.event for each in told] == ["NoteAdded", "NoteAdded"]
    assert one.waiting() == two.waiting() == []


async def test_each_event_is_told_once_and_in_order(desk: Desk) -> None:
    number = await open_ticket(desk)
    live = Live(desk)
    async with looking(live):
        with live.following() as follower:
            await asyncio.sleep(0.05)
            for n in range(20):
                await desk.note(OPERATOR, number, f"note {n}")
            told = [await asyncio.wait_for(follower.next(), 10) for _ in range(20)]
            await asyncio.sleep(1.2)

    assert [each.id for each in told] == sorted({each.id for each in told})
    assert follower.waiting() == []


async def test_who_is_too_slow_is_told_to_look_anew() -> None:
    follower = Follower()
    for number in range(HELD + 1):
        follower.tell(History(id=number))

    with pytest.raises(Behind):
        await follower.next()


async def test_a_desk_that_stops_lets_everybody_go(desk: Desk) -> None:
    live = Live(desk)
    with live.following() as follower:
        live.close()
        with pytest.raises(Behind):
            await follower.next()


async def test_a_burst_is_told_to_its_end_although_a_number_never_comes(
    desk: Desk, database: Database
) -> None:
    await open_ticket(desk)
    live = Live(desk)
    async with looking(live):
        with live.following() as follower:
            await asyncio.sleep(0.05)
            after = await desk.newest_event() + 1  # taken by a transaction that was rolled back
            async with database.transaction() as session:
                session.add_all([_event(after + n) for n in range(1, BURST + 1)])
            told = [(await asyncio.wait_for(follower.next(), 20)).id for _ in range(BURST)]

    assert told == [after + n for n in range(1, BURST + 1)]


async def test_what_comes_late_into_a_gap_is_told_once(desk: Desk, database: Database) -> None:
    await open_ticket(desk)
    live = Live(desk)
    async with looking(live):
        with live.following() as follower:
            await asyncio.sleep(0.05)
            late = await desk.newest_event() + 1
            for number in (late + 1, late, late + 2):
                async with database.transaction() as session:
                    session.add(_event(number))
                await asyncio.wait_for(follower.next(), 10)
            await asyncio.sleep(1.2)

    assert follower.waiting() == []


BURST = 900


def _event(number: int) -> History:
    return History(id=number, at=datetime.now(UTC), event="Tried", actor="tests", facts={})
