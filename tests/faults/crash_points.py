"""Crash at one step, restart, let the world go on, and look whether every promise held."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text

from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import Status
from tests.clock import FakeClock
from tests.faults.invariants import violations
from tests.faults.machine import CRASHES, Machine, Perilous
from tests.faults.scenes import Copies
from tests.faults.stories import HOUSE, Story, World
from tests.outbox import Outbox
from tests.scene import CHANNEL

PAST_THE_LEASE = timedelta(minutes=2)
A_WHILE = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How one crash ended. ``repeated`` were sent twice within the window that we publish."""

    step: str | None
    steps: int
    broken: list[str]
    repeated: list[str]


async def play(
    story: Story, database: Database, *, off_at: int | None, can_find: bool = True
) -> Ending:
    """Play a story on a copy of its beginning, with the machine going off at one step."""
    outbox, clock, machine = Outbox(), FakeClock(), Machine(off_at)
    outbox.can_find = can_find
    clock.advance(timedelta(minutes=1))
    world = World(clock, machine)
    await _until_the_crash(story, database, world, Perilous(outbox, machine))
    step = machine.steps[-1] if machine.is_off else None
    world.machine = Machine()

    clock.advance(PAST_THE_LEASE)
    desk = Desk(database, HOUSE, channels={CHANNEL: outbox}, clock=clock)
    in_the_window = {each.key for each in outbox.sent} - await _settled(database)
    await story.again(desk, world)
    for _ in range(3):
        await desk.courier.deliver_due()
        clock.advance(A_WHILE)

    broken = await violations(database, acknowledged=world.acknowledged, drained=True)
    broken += await _unexpected(story, database)
    repeated = outbox.repeated
    allowed = set() if can_find else in_the_window
    broken += [f"{key} was sent twice" for key in repeated if key not in allowed]
    return Ending(step=step, steps=len(machine.steps), broken=broken, repeated=repeated)


async def steps_of(story: Story, copies: Copies) -> list[str]:
    """The steps of a story in which nothing goes wrong."""
    recorded = Machine()
    async with copies() as database:
        world = World(FakeClock(), recorded)
        await _until_the_crash(story, database, world, Perilous(Outbox(), recorded))
    return recorded.steps


async def every_step(
    story: Story, copies: Copies, *, at_most: int | None = None, can_find: bool = True
) -> AsyncIterator[Ending]:
    """Play a story once for each of its steps, or for some, spread evenly over all of it."""
    count = len(await steps_of(story, copies))
    tried = min(count, at_most or count)
    for number in range(tried):
        async with copies() as database:
            off_at = (number * count + count // 2) // tried
            yield await play(story, database, off_at=off_at, can_find=can_find)


async def _until_the_crash(
    story: Story, database: Database, world: World, channel: Perilous
) -> None:
    """Play until the machine goes off, and with it every connection to the database."""
    desk = Desk(database, HOUSE, channels={CHANNEL: channel}, clock=world.clock)
    with world.machine.running():
        try:
            await story.act(desk, world)
        except CRASHES:
            pass
        finally:
            await database.close()


async def _settled(database: Database) -> set[str]:
    async with database.reading() as session:
        sent = await session.execute(text("select key from deliveries where progress = 'sent'"))
        return {row.key for row in sent}


async def _unexpected(story: Story, database: Database) -> list[str]:
    async with database.reading() as session:
        rows = await session.execute(text("select status from tickets order by id"))
        found = tuple(Status(row.status) for row in rows)
    if found == story.expects:
        return []
    return [f"the tickets ended as {', '.join(found)}"]
