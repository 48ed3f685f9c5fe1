"""The invariants themselves: they hold on a busy desk, and notice when one is broken."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import OPERATOR, Target
from tests.clock import FakeClock
from tests.faults.invariants import violations
from tests.scene import hire, message, open_ticket, person

# Constraints refuse most of these, so they are dropped before the damage is done.
DAMAGE = {
    "is stored 0 times": "delete from messages where external_id = 'said-by-ana'",
    "has no message": "update messages set ticket_id = null, enquiry_id = null",
    "is on nothing": "update messages set ticket_id = null, enquiry_id = null",
    "has 0 current assignments": "update assignments set ended_at = started_at",
    "its assignment says": "update tickets set assignee_id = 2 where status = 'open'",
    "waits and has an assignee": "update tickets set assignee_id = 1 where status = 'new'",
    "was removed and holds": "update agents set removed_at = created_at",
    "holds 1 of 0": "update agents set capacity = 0",
    "opening of ticket #1 is kept 0 times": "delete from history where event = 'TicketOpened'",
    "history does not say how": "delete from history where event = 'TicketResolved'",
    "is kept 0 times": "delete from history where event = 'TicketAssigned'",
    "was never told its number": "delete from deliveries where key like 'opened\\:%'",
    "on its way to nobody": "delete from deliveries where key like 'reply\\:%'",
    "is waiting": "update deliveries set progress = 'waiting'",
    "has no post": "update deliveries set external_id = null",
}


@pytest.fixture
async def busy_desk(desk: Desk, clock: FakeClock) -> Desk:
    grace = await hire(desk, "grace")
    await hire(desk, "linus")
    await desk.receive(message("the printer smokes", by="ana", post="said-by-ana"))
    await desk.receive(message("hi", by="zoe"))
    await desk.reply(grace, 1, "Which one?")
    await desk.transfer(OPERATOR, 1, Target(agent=person("linus")))
    await desk.resolve(OPERATOR, 1, "Bought a new one.")
    await open_ticket(desk, by="ben")
    for customer in ("cleo", "dora", "emil"):
        await open_ticket(desk, by=customer)
    clock.advance(timedelta(hours=1))
    await desk.courier.deliver_due()
    return desk


async def test_they_hold_on_a_busy_desk(busy_desk: Desk, database: Database) -> None:
    assert await violations(database, acknowledged=["said-by-ana"], drained=True) == []


@pytest.mark.parametrize("sentence", DAMAGE)
async def test_they_notice(busy_desk: Desk, database: Database, sentence: str) -> None:
    async with database.transaction() as session:
        if not database.is_sqlite:
            await session.execute(text("set local session_replication_role = 'replica'"))
        await session.execute(text(DAMAGE[sentence]))

    found = await violations(database, acknowledged=["said-by-ana"], drained=True)

    assert any(sentence in each for each in found), found
