"""Many who match at once: each ticket goes to one agent, and who drops out in between is left out."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence

import pytest
from sqlalchemy import event, text
from sqlalchemy.util import await_

from core.channels import Who
from core.desk import Desk
from core.errors import DeskError
from core.storage.database import Database
from core.vocabulary import OPERATOR, Availability, Details, Target
from tests.conftest import OpenDesk
from tests.core.test_room import wrong
from tests.faults.invariants import violations
from tests.rounds import ROUNDS
from tests.scene import hire, open_ticket, person

PROCESSES = 8


async def together(*actions: Awaitable[object]) -> list[object]:
    return await asyncio.gather(*actions, return_exceptions=True)


async def unnoticed(database: Database, availability: str) -> None:
    """Everybody is there, or nobody, as if the process that was told had died of it."""
    async with database.transaction() as session:
        change = "update agents set availability = :availability where removed_at is null"
        await session.execute(text(change), {"availability": availability})


async def holders(desk: Desk, numbers: Sequence[int]) -> list[str | None]:
    tickets = [(await desk.ticket(OPERATOR, number)).ticket for number in numbers]
    return [each.assignee.name if each.assignee else None for each in tickets]


@pytest.mark.timeout(600)
async def test_of_8_sweeps_at_once_each_ticket_is_given_by_one(
    desk: Desk, database: Database, open_desk: OpenDesk
) -> None:
    agents = [await hire(desk, f"agent-{n}", capacity=2) for n in range(4)]
    processes = [open_desk() for _ in range(PROCESSES)]
    for number in range(ROUNDS):
        await unnoticed(database, "offline")
        tickets = [await open_ticket(desk, by=f"customer-{number}-{n}") for n in range(9)]
        await unnoticed(database, "available")

        swept = await asyncio.gather(*(each.assign_due() for each in processes))
        given = [ticket for each in swept for ticket in each]
        given += await desk.assign_due()  # what was locked for all who looked

        assert sorted(given) == tickets[:8]
        assert sorted(map(str, await holders(desk, tickets[:8]))) == sorted(
            agent.name for agent in agents for _ in range(2)
        )
        assert await violations(database) == []
        for ticket in tickets:
            await unnoticed(database, "offline")
            await desk.resolve(OPERATOR, ticket)
    assert await wrong(database) == []


Deed = Callable[[Desk, Who, int], Awaitable[object]]


async def _leave(desk: Desk, agent: Who, _: int) -> object:
    return await desk.remove_agent(OPERATOR, agent)


async def _go(desk: Desk, agent: Who, _: int) -> object:
    return await desk.set_availability(agent, Availability.OFFLINE)


async def _fill(desk: Desk, agent: Who, other: int) -> object:
    return await desk.transfer(OPERATOR, other, Target(agent=agent))


@pytest.mark.parametrize("deed", [_leave, _go, _fill])
async def test_who_drops_out_in_the_middle_is_left_out_and_the_rest_goes_on(
    postgres_url: str, deed: Deed
) -> None:
    """Only PostgreSQL has such a moment: SQLite lets one writer in at a time."""
    database = Database(postgres_url)
    desk = Desk(database)
    await hire(desk, "linus", capacity=3)
    with_linus = await open_ticket(desk, by="ana")
    grace = await hire(desk, "grace")
    chosen: list[object] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def be_faster(
        _connection: object, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        if "FROM agents" in statement and "SKIP LOCKED" in statement and not chosen:
            chosen.append(values)
            await_(deed(desk, grace, with_linus))

    fresh = await open_ticket(desk, by="ben")

    [linus] = [each.agent for each in await desk.agents(OPERATOR) if each.agent.name == "Linus"]
    assert str(linus.id) not in str(chosen)  # it was to be Grace, who has more room
    assert await holders(desk, [fresh]) == ["Linus"]
    assert await violations(database) == []
    assert await wrong(database) == []
    await database.close()


@pytest.mark.timeout(600)
async def test_agents_who_come_and_go_while_all_sweep_at_once_lose_nothing(
    desk: Desk, database: Database, open_desk: OpenDesk
) -> None:
    chance = random.Random(5)
    users = [f"agent-{n}" for n in range(5)]
    for user in users:
        await hire(desk, user, capacity=2)
    processes = [open_desk() for _ in range(3)]

    async def flicker(user: str) -> None:
        what = chance.random()
        if what < 0.25:
            await desk.remove_agent(OPERATOR, person(user))
        elif what < 0.5:
            await desk.add_agent(OPERATOR, person(user), Details(capacity=2))
        elif what < 0.75:
            await desk.edit_agent(
                OPERATOR, person(user), Details(skills={"billing": chance.randint(1, 3)})
            )
        else:
            await desk.set_availability(person(user), chance.choice(list(Availability)))

    for number in range(ROUNDS):
        tickets = [each.id for each in (await desk.tickets(OPERATOR)).tickets]
        results = await together(
            *(flicker(user) for user in users),
            *(each.assign_due() for each in processes),
            *(open_ticket(desk, by=f"customer-{number}-{n}") for n in range(4)),
            *(desk.resolve(OPERATOR, chance.choice(tickets)) for _ in range(3) if tickets),
        )
        unforeseen = [
            each
            for each in results
            if isinstance(each, BaseException) and not isinstance(each, DeskError)
        ]
        assert unforeseen == []
        assert await violations(database) == []
        assert await wrong(database) == []
