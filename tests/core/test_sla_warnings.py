"""Warnings and breaches: each once, however many processes sweep and however late; never a storm."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select

from core.desk import Desk
from core.model import Customer, History, Target, TargetKind, TargetWarning, Ticket
from core.storage.database import Database
from core.vocabulary import Role
from tests.clock import MONDAY_MORNING, FakeClock
from tests.conftest import OpenDesk
from tests.core.promises import swept, utc
from tests.outbox import Outbox
from tests.scene import STAFF_ROOM, hire, message, open_ticket

HOUR = timedelta(hours=1)
DUE, PROCESSES = 1_000, 8


@pytest.fixture(autouse=True)
async def _promising(desk: Desk) -> None:
    await desk.ship_promises()


async def kept(database: Database, name: str) -> list[tuple[int | None, object, object]]:
    async with database.reading() as session:
        rows = await session.scalars(
            select(History).where(History.event == name).order_by(History.id)
        )
        return [(row.ticket_id, row.facts["target"], row.facts.get("share")) for row in rows]


async def deep_in_work(database: Database, number: int) -> None:
    """So many open tickets, each with one target that is due in four hours of work."""
    started = MONDAY_MORNING
    async with database.transaction() as session:
        session.add(Customer(name="Ana", created_at=started))
        await session.flush()
        ticket = {
            "customer_id": 1,
            "channel": "console",
            "workspace": "local",
            "created_at": started,
            "updated_at": started,
            "waiting_since": started,
            "due_at": started + 4 * HOUR,
        }
        rows = [ticket | {"subject": f"no {n}", "conversation": f"c{n}"} for n in range(number)]
        await session.execute(insert(Ticket), rows)
        target = {
            "kind": TargetKind.FIRST_RESPONSE,
            "policy": "normal",
            "policy_id": 3,
            "hours_id": 1,
            "priority": 2,
            "allowed": 4 * HOUR,
            "started_at": started,
            "ran": timedelta(0),
            "running_since": started,
            "due_at": started + 4 * HOUR,
            "next_at": started + 2 * HOUR,
        }
        numbers = await session.scalars(select(Ticket.id).order_by(Ticket.id))
        await session.execute(insert(Target), [target | {"ticket_id": n} for n in numbers])


async def test_each_share_is_warned_of_once_and_the_breach_recorded_once(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    number = await open_ticket(desk)
    for _ in range(30):
        clock.advance(HOUR / 4)
        await swept(desk)

    shares = await kept(database, "TargetWarned")
    assert [each for each in shares if each[1] == "first response"] == [
        (number, "first response", share) for share in (50, 75, 90)
    ]
    assert await kept(database, "TargetBreached") == [(number, "first response", None)]


async def test_after_three_days_of_silence_each_thing_is_said_once(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    number = await open_ticket(desk)
    clock.now = utc("2026-01-08 10:00")
    await swept(desk)
    await swept(desk)

    assert await kept(database, "TargetWarned") == []
    assert await kept(database, "TargetBreached") == [
        (number, "first response", None),
        (number, "resolution", None),
    ]


async def test_eight_desks_at_once_warn_of_a_thousand_targets_once_each(
    open_desk: OpenDesk, database: Database, clock: FakeClock
) -> None:
    desks = [open_desk() for _ in range(PROCESSES)]
    await deep_in_work(database, DUE)
    clock.advance(2 * HOUR)

    await asyncio.gather(*(swept(each) for each in desks))

    warned = await kept(database, "TargetWarned")
    assert Counter(number for number, *_ in warned) == dict.fromkeys(range(1, DUE + 1), 1)
    async with database.reading() as session:
        assert await session.scalar(select(func.count(TargetWarning.id))) == DUE


async def test_what_was_overdue_at_start_is_one_message_for_each_receiver(
    open_desk: OpenDesk, database: Database, clock: FakeClock, outbox: Outbox
) -> None:
    desks = [open_desk() for _ in range(PROCESSES)]
    await hire(desks[0], "lea", role=Role.LEAD, capacity=0)
    await hire(desks[0], "mona", role=Role.LEAD, capacity=0)
    await desks[0].courier.deliver_due()
    outbox.sent.clear()
    await deep_in_work(database, DUE)
    clock.now = utc("2026-01-08 10:00")

    async def start(desk: Desk) -> None:
        await swept(desk)
        await desk.tell_of_promises()

    await asyncio.gather(*map(start, desks))
    for desk in desks:
        await desk.tell_of_promises()
    await desks[0].courier.deliver_due()

    assert Counter(each.address.conversation for each in outbox.sent) == {"lea": 1, "mona": 1}
    assert outbox.sent[0].card.title == "⏰ 1000 promises: 1000 overdue"


async def test_a_warning_goes_to_whom_the_policy_names(
    desk: Desk, clock: FakeClock, outbox: Outbox
) -> None:
    await hire(desk, "grace", team="print")
    await hire(desk, "linus", team="print", capacity=0)
    await hire(desk, "lea", role=Role.LEAD, capacity=0)
    await open_ticket(desk)

    async def told_after(time: timedelta) -> set[str]:
        clock.advance(time)
        await desk.courier.deliver_due()
        outbox.sent.clear()
        await swept(desk)
        await desk.tell_of_promises()
        await desk.courier.deliver_due()
        return {each.address.conversation for each in outbox.sent if each.address != STAFF_ROOM}

    assert await told_after(2 * HOUR) == {"grace"}
    assert outbox.sent[-1].card.text == (
        "50 % of the time for the first response has passed: it is due 05 Jan 13:00 UTC."
    )
    assert await told_after(HOUR) == {"grace", "lea"}
    assert await told_after(HOUR / 4) == set()


async def test_what_was_answered_meanwhile_nobody_is_warned_of(
    desk: Desk, clock: FakeClock, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    clock.advance(2 * HOUR)
    await swept(desk)
    await desk.reply(grace, number, "Have you tried water?")
    await desk.courier.deliver_due()
    outbox.sent.clear()

    assert await desk.tell_of_promises() == 0


async def test_where_nobody_is_the_staff_room_hears_of_it(
    desk: Desk, clock: FakeClock, outbox: Outbox
) -> None:
    await open_ticket(desk)
    await desk.courier.deliver_due()
    outbox.sent.clear()
    clock.advance(4 * HOUR)
    await swept(desk)
    await desk.tell_of_promises()
    await desk.courier.deliver_due()

    assert [each.address for each in outbox.sent] == [STAFF_ROOM]


async def test_a_new_ticket_costs_two_statements_more_or_three_on_sqlite(
    desk: Desk, database: Database
) -> None:
    await desk.receive(message("the lamp flickers", by="warm"))

    async def statements(by: str) -> list[str]:
        said: list[str] = []

        def keep(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            said.append(statement)

        event.listen(database.engine.sync_engine, "before_cursor_execute", keep)
        await desk.receive(message("the printer smokes", by=by))
        event.remove(database.engine.sync_engine, "before_cursor_execute", keep)
        return said

    with_promises = await statements("ana")
    async with database.engine.begin() as connection:
        for table in ("target_warnings", "ticket_targets", "sla_policies", "sla_edition"):
            await connection.exec_driver_sql(f"delete from {table}")  # noqa: S608
    without = await statements("ben")

    inserts = 1 if database.engine.dialect.name == "postgresql" else 2
    assert len(with_promises) - len(without) == inserts  # both ask for the edition
    assert sum("sla_edition" in each for each in without) == 1
