"""Targets follow tickets: when they run, stand still, are kept and are not. The desk is open Monday
to Friday from nine to five, in UTC; the tests begin on a Monday at nine."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.desk import Desk
from core.model import History
from core.storage.database import Database
from core.vocabulary import Priority, Role
from core.vocabulary import Target as PassedTo
from tests.clock import FakeClock
from tests.core.promises import FIRST, NEXT, RESOLUTION, due, swept, target, targets, utc
from tests.scene import hire, message, open_ticket

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
async def _promising(desk: Desk) -> None:
    await desk.ship_promises()


async def events(database: Database, name: str) -> list[tuple[int | None, str]]:
    async with database.reading() as session:
        kept = select(History).where(History.event == name).order_by(History.id)
        return [(each.ticket_id, each.facts["target"]) for each in await session.scalars(kept)]


async def test_a_new_ticket_is_due_by_its_first_response(desk: Desk, database: Database) -> None:
    number = await open_ticket(desk)

    assert [each.kind for each in await targets(database, number)] == [FIRST, RESOLUTION]
    assert await due(database, number) == utc("2026-01-05 13:00")
    assert (await target(database, number, RESOLUTION)).due_at == utc("2026-01-07 17:00")


async def test_the_policies_are_shipped_once(desk: Desk) -> None:
    assert await desk.ship_promises() is False


async def test_an_answer_keeps_the_first_response_and_stops_the_clock(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    clock.advance(HOUR)
    await desk.reply(grace, number, "Have you tried water?")

    first, resolution = await targets(database, number)
    assert (first.met_at, first.breached_at, first.ran) == (utc("2026-01-05 10:00"), None, HOUR)
    assert (resolution.running_since, resolution.ran) == (None, HOUR)
    assert await due(database, number) is None
    assert await events(database, "TargetMet") == [(number, "first response")]


async def test_the_customer_who_writes_again_is_promised_the_next_response(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.reply(grace, number, "Have you tried water?")
    clock.advance(2 * HOUR)
    await desk.receive(message("it burns now"))
    clock.advance(HOUR)
    await desk.receive(message("more than before"))  # the clock is not set back by that

    later = await target(database, number, NEXT)
    assert (later.started_at, later.due_at) == (utc("2026-01-05 11:00"), utc("2026-01-05 15:00"))
    assert await due(database, number) == utc("2026-01-05 15:00")

    await desk.reply(grace, number, "Call the fire brigade.")
    await desk.receive(message("they are here"))

    assert [each.ordinal for each in await targets(database, number) if each.kind is NEXT] == [1, 2]


async def test_thanks_are_promised_nothing(desk: Desk, database: Database) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.reply(grace, number, "Have you tried water?")
    await desk.receive(message("thank you!"))

    assert [each.kind for each in await targets(database, number)] == [FIRST, RESOLUTION]


async def test_time_on_hold_does_not_count(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    clock.advance(HOUR)
    await desk.hold(grace, number, "the carrier")
    assert await due(database, number) is None
    clock.advance(2 * HOUR)
    await desk.unhold(grace, number)

    first, resolution = await targets(database, number)
    assert first.due_at == utc("2026-01-05 15:00")
    assert resolution.due_at == utc("2026-01-08 11:00")
    assert [each["then"] for each in first.stretches] == ["on hold"]


async def test_a_snoozed_ticket_stands_still_until_it_wakes(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.snooze(grace, number, "2h")
    assert (await target(database, number, FIRST)).keeps_waiting
    clock.advance(2 * HOUR)
    await desk.wake_due()

    assert await due(database, number) == utc("2026-01-05 15:00")
    assert not (await target(database, number, FIRST)).keeps_waiting


async def test_more_urgent_it_has_less_time_and_what_ran_stays_run(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    clock.advance(HOUR / 2)
    await desk.set_priority(grace, number, Priority.HIGH)

    first, resolution = await targets(database, number)
    assert (first.policy, first.ran, first.due_at) == ("high", HOUR / 2, utc("2026-01-05 10:00"))
    assert resolution.due_at == utc("2026-01-05 17:00")

    clock.advance(HOUR / 4)
    await desk.set_priority(grace, number, Priority.URGENT)  # whose fifteen minutes have run
    await swept(desk)

    assert await events(database, "TargetBreached") == [(number, "first response")]
    assert await due(database, number) == utc("2026-01-05 09:45")


async def test_resolved_too_early_nothing_is_gained(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    clock.advance(HOUR)
    await desk.resolve(grace, number, "It is out.")
    assert await events(database, "TargetMet") == [
        (number, "first response"),
        (number, "resolution"),
    ]
    assert await due(database, number) is None
    clock.advance(2 * HOUR)
    await desk.receive(message("it smokes again"))

    again = await target(database, number, RESOLUTION)
    assert (again.ordinal, again.ran, again.due_at) == (2, HOUR, utc("2026-01-08 11:00"))
    assert (await target(database, number, NEXT)).due_at == utc("2026-01-05 16:00")


async def test_an_answer_that_is_late_is_a_breach_though_no_sweep_has_seen_it(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    clock.advance(5 * HOUR)
    await desk.reply(grace, number, "Sorry that it took so long.")
    await swept(desk)

    first = await target(database, number, FIRST)
    assert (first.breached_at, first.met_at) == (utc("2026-01-05 13:00"), utc("2026-01-05 14:00"))
    assert await events(database, "TargetBreached") == [(number, "first response")]
    assert await events(database, "TargetMet") == []


async def test_whoever_waited_on_a_merged_ticket_waits_on_the_other_one(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace", capacity=2, role=Role.LEAD)
    number = await open_ticket(desk)
    await desk.reply(grace, number, "Have you tried water?")
    other = await desk.receive(message("the printer smokes again", at="elsewhere"))
    assert other.ticket is not None
    clock.advance(HOUR)
    await desk.merge(grace, other.ticket, number)

    waits = await target(database, number, NEXT)
    assert (waits.started_at, waits.ran) == (utc("2026-01-05 09:00"), HOUR)
    assert await due(database, number) == utc("2026-01-05 13:00")
    assert await due(database, other.ticket) is None
    assert all(each.over for each in await targets(database, other.ticket))

    await desk.unmerge(grace, other.ticket)

    assert await due(database, other.ticket) == utc("2026-01-05 13:00")


async def test_a_ticket_from_before_is_promised_from_its_next_move_on(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("delete from ticket_targets")
    clock.advance(HOUR)
    await desk.set_priority(grace, number, Priority.LOW)

    assert await due(database, number) == utc("2026-01-06 10:00")


async def test_passed_on_to_another_team_the_card_and_the_clock_know_it(
    desk: Desk, database: Database
) -> None:
    grace = await hire(desk, "grace", role=Role.LEAD)
    await hire(desk, "linus", team="returns")
    number = await open_ticket(desk)
    await desk.transfer(grace, number, PassedTo(team="returns"))

    async with database.reading() as session:
        kept = select(History.event).where(History.event == "TeamChanged")
        assert await session.scalar(kept) == "TeamChanged"
    assert await due(database, number) == utc("2026-01-05 13:00")
