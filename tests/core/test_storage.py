"""What the promises rest on: transactions that hold, moments in UTC, pragmas as they should be."""

import asyncio
import contextlib
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from core.desk import Desk
from core.model import Customer
from core.storage.database import BUSY_TIMEOUT_MS, Database, WrongSetup
from core.storage.text import clean
from tests.clock import MONDAY_MORNING
from tests.scene import message

WRITERS, ROUNDS = 20, 20


async def add_one(database: Database) -> None:
    """Read, think, write: what loses updates where transactions are only pretended."""
    async with database.transaction() as session:
        customer = (
            await session.scalars(select(Customer).where(Customer.id == 1).with_for_update())
        ).one()
        count = int(customer.name)
        await asyncio.sleep(0)
        customer.name = str(count + 1)


async def start_counting(database: Database) -> None:
    async with database.transaction() as session:
        session.add(Customer(name="0", created_at=MONDAY_MORNING))


async def counted(database: Database) -> int:
    async with database.reading() as session:
        return int((await session.get_one(Customer, 1)).name)


async def test_of_400_reads_and_writes_at_once_none_is_lost(database: Database) -> None:
    await start_counting(database)

    async def write() -> None:
        for _ in range(ROUNDS):
            await add_one(database)

    await asyncio.gather(*(write() for _ in range(WRITERS)))

    assert await counted(database) == WRITERS * ROUNDS


async def test_none_is_lost_between_two_connections_to_one_file(sqlite_url: str) -> None:
    one, other = Database(sqlite_url), Database(sqlite_url)
    await start_counting(one)

    async def write(through: Database) -> None:
        for _ in range(ROUNDS):
            await add_one(through)

    await asyncio.gather(*(write(through) for through in (one, other) for _ in range(5)))

    assert await counted(one) == 10 * ROUNDS
    await one.close()
    await other.close()


async def test_a_savepoint_does_not_survive_the_rollback_around_it(database: Database) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        async with database.transaction() as session:
            async with session.begin_nested():
                session.add(Customer(name="inside", created_at=MONDAY_MORNING))
            session.add(Customer(name="outside", created_at=MONDAY_MORNING))
            await session.flush()
            raise KeyboardInterrupt

    async with database.reading() as session:
        assert (await session.scalars(select(Customer))).all() == []


async def test_what_a_savepoint_rolled_back_is_gone_and_the_rest_stays(database: Database) -> None:
    async with database.transaction() as session:
        session.add(Customer(name="outside", created_at=MONDAY_MORNING))
        await session.flush()
        nested = await session.begin_nested()
        session.add(Customer(name="inside", created_at=MONDAY_MORNING))
        await session.flush()
        await nested.rollback()

    async with database.reading() as session:
        assert [each.name for each in await session.scalars(select(Customer))] == ["outside"]


async def test_readers_see_nothing_uncommitted_and_wait_for_nobody(database: Database) -> None:
    async with database.transaction() as session:
        session.add(Customer(name="unborn", created_at=MONDAY_MORNING))
        await session.flush()
        async with asyncio.timeout(5), database.reading() as looking:
            assert (await looking.scalars(select(Customer))).all() == []


async def test_a_naive_moment_is_refused(database: Database) -> None:
    naive = datetime(2026, 1, 5, 9, 0)  # noqa: DTZ001 - the fault under test
    with pytest.raises(StatementError, match="has no time zone"):
        async with database.transaction() as session:
            session.add(Customer(name="ana", created_at=naive))

    async with database.reading() as session:
        assert (await session.scalars(select(Customer))).all() == []


async def test_a_naive_message_is_refused_as_a_whole(desk: Desk) -> None:
    naive = message("help", sent_at=datetime(2026, 1, 5, 9, 0))  # noqa: DTZ001 - as above
    with pytest.raises(StatementError, match="has no time zone"):
        await desk.receive(naive)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 7, 1, 12, 0, tzinfo=UTC),
        datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=UTC),
        datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        datetime(1999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=11))),
    ],
)
async def test_a_moment_comes_back_as_the_same_instant_in_utc(
    database: Database, moment: datetime
) -> None:
    async with database.transaction() as session:
        session.add(Customer(name="ana", created_at=moment))
    async with database.reading() as session:
        [kept] = (await session.scalars(select(Customer.created_at))).all()

    assert kept == moment
    assert kept.utcoffset() == timedelta(0)


async def test_the_set_up_is_asserted_and_is_what_the_promises_need(database: Database) -> None:
    await database.check()
    if not database.is_sqlite:
        return
    async with database.transaction() as session:
        found = {
            pragma: (await session.execute(text(f"pragma {pragma}"))).scalar_one()
            for pragma in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }

    assert found == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 2,
        "busy_timeout": BUSY_TIMEOUT_MS,
    }


async def test_a_file_that_cannot_be_set_up_is_refused_in_a_sentence(sqlite_url: str) -> None:
    database = Database(sqlite_url)

    @event.listens_for(database.engine.sync_engine, "connect")
    def forget_keys(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("pragma foreign_keys = off")

    with pytest.raises(WrongSetup, match="foreign_keys = 0, the desk needs 1"):
        await database.check()
    await database.close()


@pytest.mark.parametrize("url", ["mysql://localhost/desk", "oracle://x/y"])
def test_another_database_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(WrongSetup, match="Use sqlite:///path or postgresql://"):
        Database(url)


async def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.transaction() as session:
            await session.execute(
                text("insert into agent_skills (agent_id, name, level) values (77, 'x', 1)")
            )


async def test_a_writer_waits_for_another_program_instead_of_failing(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    other = sqlite3.connect(Path(database.url.database or ""), isolation_level=None)
    other.execute("begin immediate")

    receiving = asyncio.create_task(Desk(database).receive(message("help")))
    await asyncio.sleep(0.3)
    assert not receiving.done()
    other.execute("commit")
    other.close()

    assert (await receiving).ticket == 1
    await database.close()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("nul\x00", "nul"),
        ("\ud800half", "?half"),
        ("🔥", "🔥"),
        ("tab\tbell\x07", "tab\tbell\x07"),
        ("", ""),
    ],
)
def test_a_text_loses_only_what_no_database_keeps(text: str, kept: str) -> None:
    assert clean(text) == kept


async def test_work_that_is_cancelled_again_while_it_ends_leaves_nothing_waiting(
    sqlite_url: str,
) -> None:
    database = Database(sqlite_url)
    others = asyncio.all_tasks()

    async def work() -> None:
        async with database.transaction() as session:
            for _ in range(20):
                await session.execute(text("select 1"))

    for again in range(200):
        task = asyncio.create_task(work())
        await asyncio.sleep(0.0005)
        task.cancel()
        for _ in range(again % 7):
            await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    left = asyncio.all_tasks() - others
    if left:
        _, left = await asyncio.wait(left, timeout=10)
    assert not left
    async with database.transaction() as session:
        assert await session.scalar(text("select 1")) == 1
    await database.close()
