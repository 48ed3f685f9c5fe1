"""Where to look for somebody with room is always what the slots say."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import text

from core.desk import Desk
from core.errors import DeskError
from core.storage.database import Database
from core.vocabulary import OPERATOR, Availability, Details, Target
from tests.clock import FakeClock
from tests.scene import hire, open_ticket, person

WRONG = """
    select agents.id from agents where held != (
        select count(*) from assignments where agent_id = agents.id and ended_at is null)
    or tongues != (select count(*) from agent_languages where agent_id = agents.id)"""
OUT_OF_DATE = """
    select agent_id from {table} join agents on agents.id = agent_id
    where {table}.held != agents.held or coalesce({table}.free_since, '{never}') != coalesce(case
        when removed_at is null and availability = 'available' and agents.held < capacity
        then idle_since end, '{never}')"""


async def wrong(database: Database) -> list[int]:
    """The agents of whom something else is kept than their slots say."""
    queries = [WRONG]
    for table in ("agent_skills", "agent_languages"):
        queries.append(OUT_OF_DATE.format(table=table, never="1970-01-01 00:00:00"))
    async with database.reading() as session:
        return [row[0] for query in queries for row in await session.execute(text(query))]


async def test_whatever_happens_to_agents_and_tickets_room_is_what_the_slots_say(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    chance = random.Random(4)
    agents = [f"agent-{n}" for n in range(4)]
    numbers = [await open_ticket(desk, by=f"customer-{n}") for n in range(4)]
    for agent in agents:
        await hire(desk, agent, capacity=2, skills={"billing": 2, "returns": 1})

    async def something(agent: str, number: int) -> None:
        who = person(agent)
        skills = {name: chance.randint(1, 3) for name in ("billing", "delivery", "returns")}
        languages = {name: 2 for name in ("de", "en") if chance.random() < 0.5}
        deeds: list[Callable[[], Awaitable[object]]] = [
            lambda: desk.claim(who, number),
            lambda: desk.release(OPERATOR, number),
            lambda: desk.resolve(OPERATOR, number),
            lambda: desk.reopen(OPERATOR, number),
            lambda: desk.hold(OPERATOR, number, "the carrier"),
            lambda: desk.snooze(OPERATOR, number, ""),
            lambda: desk.transfer(OPERATOR, number, Target(agent=who)),
            lambda: desk.set_availability(who, chance.choice(list(Availability))),
            lambda: desk.edit_agent(OPERATOR, who, Details(capacity=chance.randint(0, 3))),
            lambda: desk.edit_agent(OPERATOR, who, Details(skills=skills, languages=languages)),
            lambda: desk.remove_agent(OPERATOR, who),
            lambda: desk.add_agent(OPERATOR, who, Details(capacity=2, skills=skills)),
            lambda: open_ticket(desk, by=f"customer-{chance.randint(5, 9)}"),
        ]
        await chance.choice(deeds)()

    refused = 0
    for _ in range(250):
        clock.advance(timedelta(seconds=30))
        try:
            await something(chance.choice(agents), chance.choice(numbers))
        except DeskError:
            refused += 1
        assert await wrong(database) == []
    assert refused < 200
