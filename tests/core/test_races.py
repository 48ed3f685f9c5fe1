"""Many at once: one wins, nobody is lost, and nothing holds more than it may."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import event, text
from sqlalchemy.util import await_

from core.channels import IncomingMessage, Who
from core.desk import Desk
from core.errors import DeskError
from core.people.actors import UnknownAgent
from core.people.invitations import BadCode
from core.routing.assignment import AtCapacity, LeftTheDesk
from core.storage.database import Database
from core.vocabulary import OPERATOR, Availability, Details, Role, Status, Ticket
from tests.faults.claims import claim_at_once
from tests.faults.invariants import violations
from tests.outbox import Outbox
from tests.rows import all_rows
from tests.scene import hire, message, open_ticket, person

ROUNDS = 10
NEW_CUSTOMERS, FIRST_MESSAGES = 50, 10


async def together(*actions: Awaitable[object]) -> list[object]:
    """Do all of it at once; what each came to, refusals included."""
    return await asyncio.gather(*actions, return_exceptions=True)


def unforeseen(results: Sequence[object], *foreseen: type[Exception]) -> list[object]:
    """The failures that are no refusals of these kinds."""
    return [
        each
        for each in results
        if isinstance(each, BaseException) and not isinstance(each, foreseen)
    ]


@pytest.mark.timeout(300)
async def test_of_100_claims_at_once_one_wins_and_the_others_are_told(
    desk: Desk, database: Database
) -> None:
    """Here ten rounds on each database; `make faults` plays a hundred on PostgreSQL."""
    assert await claim_at_once(desk, rounds=ROUNDS) == []
    assert await violations(database) == []


async def test_nobody_claims_more_than_their_capacity_however_fast_they_press(
    desk: Desk, database: Database
) -> None:
    grace = await hire(desk, "grace", capacity=0)
    await desk.set_availability(grace, Availability.BUSY)
    await desk.edit_agent(OPERATOR, grace, Details(capacity=3))
    numbers = [await open_ticket(desk, by=f"customer-{n}") for n in range(12)]

    results = await together(*(desk.claim(grace, number) for number in numbers))

    assert sum(isinstance(each, Ticket) for each in results) == 3
    assert unforeseen(results, AtCapacity) == []
    assert await violations(database) == []


async def test_50_new_customers_with_10_first_messages_each_are_50_tickets(
    desk: Desk, database: Database
) -> None:
    posts = [
        message(f"help me with {number}", by=f"customer-{customer}")
        for number in range(FIRST_MESSAGES)
        for customer in range(NEW_CUSTOMERS)
    ]

    results = await together(*(desk.receive(post) for post in posts))

    assert unforeseen(results) == []
    async with database.reading() as session:
        by_ticket = (
            await session.execute(
                text("select ticket_id, conversation, count(*) from messages group by 1, 2")
            )
        ).all()
    assert sorted(each[2] for each in by_ticket) == [FIRST_MESSAGES] * NEW_CUSTOMERS
    assert len({each[0] for each in by_ticket}) == NEW_CUSTOMERS
    assert await violations(database, acknowledged=[post.external_id for post in posts]) == []


async def test_customers_who_compete_for_the_last_free_agents_are_all_heard(
    desk: Desk, database: Database
) -> None:
    agents = [await hire(desk, f"agent-{number}", capacity=2) for number in range(3)]

    async def write(customer: int) -> list[object]:
        return await together(
            *(desk.receive(message("help me", by=f"customer-{customer}-{n}")) for n in range(10))
        )

    async def resolve(agent: Who) -> None:
        for _ in range(10):
            holds = {each.who: each.holds for each in await desk.agents(OPERATOR)}
            await together(*(desk.resolve(agent, number) for number in holds[agent]))

    resolving = asyncio.gather(*(resolve(agent) for agent in agents))
    heard = await asyncio.gather(*(write(customer) for customer in range(6)))
    await resolving

    assert unforeseen([each for results in heard for each in results]) == []
    assert await violations(database) == []


async def test_an_agent_filled_between_our_look_and_our_lock_costs_nobody_their_ticket(
    postgres_url: str,
) -> None:
    """Only PostgreSQL has such a moment: SQLite lets one writer in at a time."""
    database = Database(postgres_url)
    desk = Desk(database)
    grace = await hire(desk, "grace")
    rested = await open_ticket(desk, by="ana")
    await desk.release(grace, rested)  # it waits, and she has room
    statements: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def be_faster(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM agents" in statement and "SKIP LOCKED" in statement and not statements:
            statements.append(statement)
            await_(desk.claim(grace, rested))

    received = await desk.receive(message("my door squeaks", by="ben"))

    assert statements
    assert received.ticket is not None
    assert (await desk.ticket(OPERATOR, received.ticket)).ticket.status is Status.NEW
    assert await violations(database) == []
    await database.close()


async def test_admins_removing_and_assigning_at_once_leave_no_ticket_with_nobody(
    desk: Desk, database: Database
) -> None:
    admins = [await hire(desk, f"admin-{n}", role=Role.ADMIN, capacity=0) for n in range(2)]
    agents = [await hire(desk, f"agent-{n}", capacity=2) for n in range(4)]
    for customer in range(10):
        await open_ticket(desk, by=f"customer-{customer}")
    chance = random.Random(7)

    for number in range(6):
        leaving, coming = agents[number % 4], agents[(number + 2) % 4]
        tickets = [each.id for each in (await desk.tickets(OPERATOR)).tickets]
        results = await together(
            desk.remove_agent(admins[0], leaving),
            desk.add_agent(admins[1], coming, Details(capacity=2)),
            *(desk.claim(agent, chance.choice(tickets)) for agent in agents),
            desk.resolve(admins[1], chance.choice(tickets)),
            desk.receive(message("me too", by=f"late-{number}")),
            desk.assign_due(),
        )
        assert unforeseen(results, DeskError) == []
        assert await violations(database) == []


async def test_a_claim_and_the_removal_of_its_agent_at_once_leave_a_ticket_with_neither(
    desk: Desk, database: Database
) -> None:
    for number in range(15):
        agent = await hire(desk, f"agent-{number}", capacity=0)
        await desk.edit_agent(OPERATOR, agent, Details(tier=2))
        await desk.set_availability(agent, Availability.BUSY)
        await desk.edit_agent(OPERATOR, agent, Details(capacity=1))
        ticket = await open_ticket(desk, by=f"customer-{number}")

        results = await together(desk.claim(agent, ticket), desk.remove_agent(OPERATOR, agent))

        assert unforeseen(results, DeskError) == []
        assert await violations(database) == []


async def test_the_last_two_admins_do_not_remove_each_other(desk: Desk) -> None:
    grace, linus = [await hire(desk, name, role=Role.ADMIN) for name in ("grace", "linus")]

    results = await together(desk.remove_agent(grace, linus), desk.remove_agent(linus, grace))

    assert unforeseen(results, DeskError) == []
    assert sum(isinstance(each, DeskError) for each in results) == 1
    assert len(await desk.agents(OPERATOR)) == 1


async def test_an_agent_removed_twice_at_once_is_removed_once(desk: Desk) -> None:
    grace = await hire(desk, "grace")

    results = await together(*(desk.remove_agent(OPERATOR, grace) for _ in range(5)))

    assert unforeseen(results, UnknownAgent, LeftTheDesk) == []
    assert sum(not isinstance(each, BaseException) for each in results) == 1


async def test_of_two_who_use_one_invitation_one_comes_in(desk: Desk) -> None:
    code = await desk.invite_admin()

    results = await together(*(desk.join(person(f"user-{n}"), code) for n in range(10)))

    assert unforeseen(results, BadCode) == []
    assert sum(isinstance(each, BadCode) for each in results) == 9
    assert len(await desk.agents(OPERATOR)) == 1


async def test_one_person_added_by_many_at_once_is_one_agent(desk: Desk) -> None:
    results = await together(
        *(desk.add_agent(OPERATOR, person("grace"), Details(team="returns")) for _ in range(8))
    )

    assert unforeseen(results, DeskError) == []
    assert len(await desk.agents(OPERATOR)) == 1


async def test_resolving_and_writing_at_once_loses_neither(desk: Desk, database: Database) -> None:
    grace = await hire(desk, "grace", capacity=20)
    numbers = [await open_ticket(desk, by=f"customer-{n}") for n in range(15)]

    results = await together(
        *(desk.resolve(grace, number) for number in numbers),
        *(desk.receive(message("wait!", by=f"customer-{n}")) for n in range(15)),
        *(desk.reply(grace, number, "one moment") for number in numbers),
    )

    assert unforeseen(results, DeskError) == []
    assert sum(isinstance(each, Ticket) for each in results[:15]) == 15
    assert await violations(database) == []


def shuffled_with_redeliveries(posts: Sequence[IncomingMessage]) -> list[IncomingMessage]:
    """Each post four times, in an order in which every customer's first is still the first."""
    chance = random.Random(11)
    repeated = [post for post in posts for _ in range(4)]
    places = sorted((n // 4 + chance.uniform(0, 60) * (n % 4), n) for n in range(len(repeated)))
    return [repeated[n] for _, n in places]


@pytest.mark.timeout(300)
async def test_1000_events_each_delivered_four_times_in_disorder_are_as_if_once(
    desk: Desk, outbox: Outbox, database: Database
) -> None:
    words = ["where is my parcel?", "hi", "thanks", "it is broken", "a person please"]
    chance = random.Random(3)
    posts = [
        message(chance.choice(words), by=f"customer-{n % 40}", post=f"post-{n}") for n in range(250)
    ]
    arriving = shuffled_with_redeliveries(posts)
    assert len(arriving) == 1000
    once = list(dict.fromkeys(post.external_id for post in arriving))
    for post in once:
        await desk.receive(posts[int(post.removeprefix("post-"))])
    await desk.courier.deliver_due()
    state, sent = await all_rows(database), len(outbox.sent)

    results = []
    for start in range(0, len(arriving), 25):
        results += await together(*(desk.receive(post) for post in arriving[start : start + 25]))
    await desk.courier.deliver_due()

    assert unforeseen(results) == []
    assert await all_rows(database) == state
    assert len(outbox.sent) == sent


@pytest.mark.timeout(300)
async def test_redeliveries_at_once_in_disorder_store_each_message_once(
    desk: Desk, database: Database
) -> None:
    posts = [
        message(f"help me with {n}", by=f"customer-{n % 50}", post=f"post-{n}") for n in range(250)
    ]
    arriving = [replace(post) for post in posts for _ in range(4)]
    random.Random(5).shuffle(arriving)

    results = await together(*(desk.receive(post) for post in arriving))

    assert unforeseen(results) == []
    async with database.reading() as session:
        kept = (await session.execute(text("select external_id from messages"))).all()
        tickets = (await session.execute(text("select count(*) from tickets"))).scalar_one()
    assert Counter(each[0] for each in kept) == Counter(post.external_id for post in posts)
    assert tickets == 50
    assert await violations(database, acknowledged=[post.external_id for post in posts]) == []
