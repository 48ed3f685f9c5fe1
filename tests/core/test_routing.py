"""Routing by the door: who gets what, why, what is learned, and what happens where nobody fits."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core import cards
from core.channels import Who
from core.desk import Desk
from core.errors import Invalid
from core.people.actors import NotStaff, RoleTooLow
from core.storage.database import Database
from core.vocabulary import OPERATOR, Availability, Details, Priority, Role, Target, replay
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.outbox import Outbox
from tests.scene import hire, open_ticket, person

FRIDAY_EVENING = datetime(2026, 1, 9, 17, 55, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BILLING = Target(skill="billing")


async def holder(desk: Desk, number: int) -> str | None:
    ticket = (await desk.ticket(OPERATOR, number)).ticket
    return ticket.assignee.name if ticket.assignee else None


async def kept(desk: Desk, number: int) -> Mapping[str, Any]:
    """Why the last assignment of a ticket was made."""
    return (await desk.why(OPERATOR, number)).assignments[-1].why


async def signal(desk: Desk, number: int, name: str) -> dict[str, float]:
    """How each candidate looked in one signal."""
    considered = (await kept(desk, number))["considered"]
    return {each["agent"]: each["signals"][name] for each in considered}


async def tell(database: Database, number: int, **facts: object) -> None:
    """Say of a ticket what is told by who enriches it."""
    async with database.transaction() as session:
        for name, value in facts.items():
            change = f"update tickets set {name} = :value where id = :number"  # noqa: S608
            await session.execute(text(change), {"value": value, "number": number})


async def held(desk: Desk, *, by: str = "ana") -> int:
    """A new ticket with Zed, who is there for nothing else."""
    if "Zed" not in {each.agent.name for each in await desk.agents(OPERATOR)}:
        await hire(desk, "zed", capacity=90)
    await desk.set_availability(person("zed"), Availability.AVAILABLE)
    number = await open_ticket(desk, by=by)
    await desk.set_availability(person("zed"), Availability.BUSY)
    return number


async def said(desk: Desk, line: str, *, by: Who = OPERATOR) -> str:
    """What a command answers."""
    return cards.plain((await carry_out(desk, by, read(COMMANDS, line, by=by))).card)


async def test_the_best_in_the_skill_gets_it_though_others_are_idle_longer(
    desk: Desk, clock: FakeClock
) -> None:
    number = await held(desk)
    for user, level in (("grace", 1), ("linus", 2), ("ken", 3)):
        await hire(desk, user, skills={"billing": level})
        clock.advance(MINUTE)

    await desk.transfer(OPERATOR, number, BILLING)

    assert await holder(desk, number) == "Ken"
    assert [each["agent"] for each in (await kept(desk, number))["considered"]] == [
        "Ken",
        "Linus",
        "Grace",
    ]


@pytest.mark.parametrize("others", [1, 30])
async def test_a_skill_called_like_the_category_is_wished_for(
    desk: Desk, clock: FakeClock, others: int
) -> None:
    for number in range(others):
        await hire(desk, f"other{number}", skills={"delivery": 3})
        clock.advance(MINUTE)
    await hire(desk, "grace", skills={"billing": 2})

    wished = await open_ticket(desk, "my invoice is wrong", by="ana")
    without = await open_ticket(desk, "my invoice is wrong", by="ben")

    assert await holder(desk, wished) == "Grace"
    assert await holder(desk, without) == "Other0"  # Grace is full, and nobody insists
    assert (await desk.ticket(OPERATOR, wished)).ticket.category == "billing"
    assert (await signal(desk, wished, "skill"))["Grace"] == 0.6667


async def test_a_ticket_goes_to_who_speaks_its_language(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    number = await held(desk)
    for user, languages in (("grace", {"en": 3}), ("linus", {"en": 3, "de": 2})):
        skills = {"billing": 2}
        await desk.add_agent(OPERATOR, person(user), Details(skills=skills, languages=languages))
        clock.advance(MINUTE)
    await tell(database, number, language="de")

    await desk.transfer(OPERATOR, number, BILLING)

    assert await holder(desk, number) == "Linus"


async def test_who_states_no_language_may_get_any_but_after_who_speaks_it(
    desk: Desk, database: Database
) -> None:
    first, second = await held(desk, by="ana"), await held(desk, by="ben")
    await hire(desk, "grace", skills={"billing": 2})
    details = Details(skills={"billing": 2}, languages={"de": 2})
    await desk.add_agent(OPERATOR, person("linus"), details)
    for number in (first, second):
        await tell(database, number, language="de")
        await desk.transfer(OPERATOR, number, BILLING)

    assert [await holder(desk, number) for number in (first, second)] == ["Linus", "Grace"]


async def test_a_customer_meets_who_helped_them_before(desk: Desk, clock: FakeClock) -> None:
    linus = await hire(desk, "linus")
    before = await open_ticket(desk, by="ana")
    await desk.resolve(linus, before)
    await desk.confirm(person("ana"), before)
    for user in ("ada", "grace", "ken"):
        await hire(desk, user)
    clock.advance(MINUTE)

    number = await open_ticket(desk, by="ana")

    assert await holder(desk, number) == "Linus"
    assert (await signal(desk, number, "knows"))["Linus"] == 1


async def test_each_resolution_and_each_score_is_learned_from(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    number = await held(desk, by="dan")
    agents = {user: await hire(desk, user) for user in ("grace", "ken")}
    for user, agent, minutes, score in (("a", "grace", 300, 1), ("b", "ken", 3, 5)):
        other = person("ken" if agent == "grace" else "grace")
        await desk.set_availability(other, Availability.BUSY)
        done = await open_ticket(desk, by=user)
        await desk.set_category(OPERATOR, done, "refunds")
        clock.advance(minutes * MINUTE)
        await desk.resolve(agents[agent], done)
        await desk.confirm(person(user), done)
        await desk.rate(person(user), done, score)
        await desk.set_availability(other, Availability.AVAILABLE)
    clock.advance(2 * MINUTE)

    await desk.edit_agent(OPERATOR, agents["grace"], Details(skills={"billing": 2}))
    await desk.edit_agent(OPERATOR, agents["ken"], Details(skills={"billing": 2}))
    await desk.set_category(OPERATOR, number, "refunds")
    await desk.transfer(OPERATOR, number, BILLING)

    records = await signal(desk, number, "record")
    assert records["Ken"] > records["Grace"] > 0
    async with database.reading() as session:
        rows = await session.execute(
            text(
                "select name, resolved, minutes, answered, score from agent_records "
                "join agents on agents.id = agent_id where category = 'refunds' order by name"
            )
        )
        assert [tuple(row) for row in rows] == [("Grace", 1, 300, 1, 1), ("Ken", 1, 3, 1, 5)]


async def test_whoever_has_a_ticket_due_in_a_moment_gets_no_more_until_it_is_late(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    await hire(desk, "grace", capacity=5)
    pressing = await open_ticket(desk, by="ana")
    await tell(database, pressing, due_at=_in_sql(database, clock.now + 3 * MINUTE))

    number = await open_ticket(desk, by="ben")
    assert await holder(desk, number) is None
    await tell(database, pressing, due_at=_in_sql(database, clock.now - MINUTE))
    assert await desk.assign_due() == [number]  # it is late: nothing is saved by waiting any more

    await tell(database, pressing, due_at=_in_sql(database, clock.now + 3 * MINUTE))
    number = await open_ticket(desk, by="cem")
    assert await holder(desk, number) is None
    assert (await desk.set_routing(OPERATOR, "default", "spare", "none")).policy.spare is None
    assert await desk.assign_due() == [number]


def _in_sql(database: Database, moment: datetime) -> object:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") if database.is_sqlite else moment


async def test_all_that_waits_is_matched_with_all_who_are_free_at_once(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    """One by one, the older ticket would take the only one who can do the other."""
    anybodys, kens = await held(desk, by="ana"), await held(desk, by="ben")
    await hire(desk, "ken", skills={"billing": 3})
    clock.advance(MINUTE)
    await hire(desk, "grace", skills={"delivery": 1})
    await tell(database, kens, skill="billing")

    await desk.remove_agent(OPERATOR, person("zed"))

    assert (await holder(desk, anybodys), await holder(desk, kens)) == ("Grace", "Ken")


async def test_a_freed_agent_gets_what_they_can_do_however_much_stands_before_it(
    desk: Desk, database: Database
) -> None:
    lea = await hire(desk, "lea", skills={"law": 3})
    await desk.set_availability(lea, Availability.OFFLINE)
    stuck = [await open_ticket(desk, by=f"customer-{n}") for n in range(60)]
    for number in stuck:
        await tell(database, number, skill="law", priority=int(Priority.HIGH))
    number = await open_ticket(desk, by="ben")
    await tell(database, number, skill="billing", priority=int(Priority.LOW))

    await hire(desk, "ken", skills={"billing": 1})

    assert await holder(desk, number) == "Ken"


async def test_a_billing_dispute_in_german_on_a_friday_evening_while_the_accountant_is_full(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    """It waits for the accountant while there is time; then who speaks German gets it."""
    clock.now = FRIDAY_EVENING - MINUTE
    anna = person("anna")
    details = Details(skills={"billing": 3}, languages={"de": 3}, team="money")
    await desk.add_agent(OPERATOR, anna, details)
    other = await open_ticket(desk, by="herr-gross")
    await desk.set_availability(anna, Availability.AVAILABLE)
    assert await holder(desk, other) == "Anna"
    clock.now = FRIDAY_EVENING
    dispute = await open_ticket(desk, "Die Rechnung ist falsch!", by="frau-klein")
    await tell(database, dispute, skill="billing", language="de")
    await desk.set_priority(OPERATOR, dispute, Priority.URGENT)
    for user, languages, tier in (("ben", {"de": 2, "en": 3}, 1), ("carla", {"en": 3}, 2)):
        skills = {"delivery": 2}
        await desk.add_agent(
            OPERATOR, person(user), Details(skills=skills, languages=languages, tier=tier)
        )

    clock.advance(7 * MINUTE)
    assert await desk.assign_due() == []
    told = await said(desk, "/queue")
    assert f"1. 🚨 #{dispute}" in told
    assert "Waits for the skill billing: 1 at capacity." in told

    clock.advance(MINUTE)  # now more than half of an urgent ticket's quarter of an hour is gone
    assert await desk.assign_due() == [dispute]
    assert await holder(desk, dispute) == "Ben"
    assert (await kept(desk, dispute))["rung"] == "language"
    assert "among those who speak the language" in await said(desk, f"/ticket why {dispute}")


@pytest.mark.parametrize(
    ("gone", "rung", "who"),
    [
        ([], "fit", "Anna"),
        (["anna"], "skill", "Ben"),
        (["anna", "ben"], "team", "Cem"),
        (["anna", "ben", "cem"], "language", "Dora"),
        (["anna", "ben", "cem", "dora"], "tier above", "Eva"),
        (["anna", "ben", "cem", "dora", "eva"], None, None),
    ],
)
async def test_where_nobody_fits_and_time_presses_a_ticket_goes_down_the_ladder(
    desk: Desk, database: Database, clock: FakeClock, gone: list[str], rung: str, who: str
) -> None:
    number = await held(desk)
    others = {"fr": 3}
    for user, details in (
        ("anna", Details(skills={"billing": 1}, team="money", languages={"de": 1})),
        ("ben", Details(skills={"billing": 1}, languages=others)),
        ("cem", Details(team="money", languages=others)),
        ("dora", Details(languages={"de": 1})),
        ("eva", Details(languages=others, tier=2)),
        ("fay", Details(languages=others)),
    ):
        await desk.add_agent(OPERATOR, person(user), details)
        if user in gone:
            await desk.set_availability(person(user), Availability.OFFLINE)
    async with database.reading() as session:
        team = (await session.execute(text("select id from teams where name = 'money'"))).scalar()
    await tell(database, number, team_id=team, language="de", skill="billing")
    await desk.set_priority(OPERATOR, number, Priority.URGENT)
    await desk.release(OPERATOR, number)  # it is as old as it was
    clock.advance(8 * MINUTE)
    await desk.assign_due()

    assert await holder(desk, number) == who
    if who is not None:
        assert (await kept(desk, number))["rung"] == rung


async def test_leads_are_told_once_of_all_tickets_that_find_nobody(
    desk: Desk, clock: FakeClock, outbox: Outbox
) -> None:
    lead = await hire(desk, "lou", role=Role.LEAD)
    await desk.set_availability(lead, Availability.OFFLINE)
    numbers = [await open_ticket(desk, by=f"customer-{n}") for n in range(12)]
    assert await desk.alarm_stuck() == []

    clock.advance(6 * MINUTE)
    assert await desk.alarm_stuck() == numbers
    for _ in range(20):
        clock.advance(MINUTE)
        assert await desk.alarm_stuck() == []
    late = await open_ticket(desk, by="late")
    clock.advance(6 * MINUTE)
    assert await desk.alarm_stuck() == [late]
    await desk.courier.deliver_due()

    alarms = [words for words in outbox.texts("lou") if "find" in words and "nobody" in words]
    assert len(alarms) == 2
    assert "12 tickets in the queue find nobody" in alarms[0]
    assert f"#{numbers[0]} " in alarms[0]
    assert "and 2 more" in alarms[0]
    assert "nobody who can take it is available" in alarms[0]


async def test_the_queue_tells_why_each_ticket_waits_a_page_at_a_time(desk: Desk) -> None:
    numbers = [await open_ticket(desk, by=f"customer-{n}") for n in range(17)]
    first = await desk.queue(OPERATOR)
    assert [each.ticket.id for each in first.waiting] == numbers[:15]
    assert [each.waits.place for each in first.waiting] == list(range(1, 16))
    assert first.more == 16
    assert "There are no agents yet." in await said(desk, "/queue")

    second = await desk.queue(OPERATOR, start=first.more)
    assert ([each.ticket.id for each in second.waiting], second.more) == (numbers[15:], None)
    assert "Nothing waits from place 99 on" in await said(desk, "/queue from:99")
    with pytest.raises(Invalid, match="place in the queue"):
        await desk.queue(OPERATOR, start=0)
    with pytest.raises(NotStaff):
        await desk.queue(person("ana"))


async def test_why_tells_what_was_weighed_and_what_would_have_had_to_change(
    desk: Desk, clock: FakeClock
) -> None:
    number = await held(desk)
    await hire(desk, "grace", skills={"billing": 1})
    clock.advance(MINUTE)
    await hire(desk, "ken", skills={"billing": 2})
    await desk.transfer(OPERATOR, number, BILLING)

    told = await said(desk, f"/ticket why {number}")

    assert "Ken got it: the most points, by the policy “default”" in told
    assert "skill 0.67×2.3" in told
    assert "The same for all: calm, keeps, knows, language," in told
    assert "For another: Grace: " in told
    assert "a higher level of the skill (2 of 3)" in told
    assert len(json.dumps(await kept(desk, number))) < 4_000


async def test_what_is_kept_comes_to_the_same_when_it_is_played_again(
    desk: Desk, clock: FakeClock
) -> None:
    for n in range(8):
        await hire(desk, f"agent-{n}", capacity=1 + n % 3, skills={"billing": 1 + n % 3})
        clock.advance(MINUTE)
    numbers = [await open_ticket(desk, by=f"customer-{n}") for n in range(12)]
    for number in numbers[::3]:
        await desk.release(OPERATOR, number)
        clock.advance(MINUTE)

    played = [
        replay(each.why)
        for number in numbers
        for each in (await desk.why(OPERATOR, number)).assignments
    ]

    assert len(played) >= 12
    assert all(each is not None and each.holds for each in played)
    assert "wins, the same" in await said(desk, f"/routing replay {numbers[0]}")
    forged = {**await kept(desk, numbers[0])}
    forged["considered"] = forged["considered"][::-1]
    assert (again := replay(forged)) is not None
    assert not again.holds


async def test_what_was_taken_by_hand_says_so_and_has_nothing_to_play_again(desk: Desk) -> None:
    number = await open_ticket(desk)
    grace = await hire(desk, "grace", capacity=0)
    await desk.set_availability(grace, Availability.BUSY)
    await desk.edit_agent(OPERATOR, grace, Details(capacity=1))
    await desk.claim(grace, number)

    assert "Grace got it: by claim" in await said(desk, f"/ticket why {number}")
    assert "by hand" in await said(desk, f"/routing replay {number}")


async def test_a_weight_that_is_set_is_in_force_at_once_everywhere(
    desk: Desk, open_desk: OpenDesk, clock: FakeClock
) -> None:
    other = open_desk()
    number = await held(desk)
    await hire(desk, "grace", skills={"billing": 1})
    clock.advance(120 * MINUTE)
    await hire(desk, "ken", skills={"billing": 3})

    await desk.set_routing(OPERATOR, "default", "skill", "0")
    await desk.set_routing(OPERATOR, "default", "idle", "50")
    await other.transfer(OPERATOR, number, BILLING)

    assert await holder(desk, number) == "Grace"
    assert "default: from low priority up; set: skill, idle" in await said(other, "/routing list")
    assert "as it came" in (await said(other, "/routing reset default")) + await said(
        desk, "/routing list"
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("default skil 2", "no knob skil. Did you mean skill?"),
        ("defolt skill 2", "no policy defolt. Did you mean default?"),
        ("default skill much", "“much” is no number"),
        ("default skill -1", "has to be from 0 to 100"),
        ("default skill nan", "has to be from 0 to 100"),
        ("default skill 1e400", "has to be from 0 to 100"),
        ("default least 1000", "nobody could ever reach"),
        ("default horizon 0", "more than 0"),
        ("default ageing 1e99", "cannot be read"),
        ("default late 2", "late is from 0 to 1"),
        ("default spare 999999", "spare is from 0 minutes"),
        ("default lowest 2", "no knob lowest"),
    ],
)
async def test_absurd_weights_are_refused_with_a_sentence(desk: Desk, line: str, told: str) -> None:
    with pytest.raises(Invalid, match=told.replace("(", r"\(").replace("?", r"\?")):
        await said(desk, f"/routing set {line}")

    assert "set:" not in await said(desk, "/routing list")


async def test_not_all_weights_can_be_nothing(desk: Desk) -> None:
    knobs = (await desk.routing_policy(OPERATOR, "default")).policy.weights
    *names, last = vars(knobs)
    for name in names:
        await desk.set_routing(OPERATOR, "default", name, "0")

    with pytest.raises(Invalid, match="All weights are 0"):
        await desk.set_routing(OPERATOR, "default", last, "0")


async def test_only_admins_set_weights_and_only_leads_see_them(desk: Desk) -> None:
    lead, agent = await hire(desk, "lou", role=Role.LEAD), await hire(desk, "grace")

    assert "default" in await said(desk, "/routing show default", by=lead)
    with pytest.raises(RoleTooLow):
        await desk.set_routing(lead, "default", "skill", "2")
    with pytest.raises(RoleTooLow):
        await desk.routing_policies(agent)


async def test_an_assignment_takes_as_many_statements_however_large_the_desk(
    desk: Desk, database: Database, clock: FakeClock
) -> None:
    async def statements(by: str) -> int:
        counted: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            counted.append(statement)

        event.listen(database.engine.sync_engine, "before_cursor_execute", count)
        number = await open_ticket(desk, by=by)
        event.remove(database.engine.sync_engine, "before_cursor_execute", count)
        assert await holder(desk, number) is not None
        return len(counted)

    for n in range(4):
        await hire(desk, f"agent-{n}", capacity=3)
    await open_ticket(desk, by="first")  # what is looked at once a minute
    few = await statements("ana")
    for n in range(60):
        await hire(desk, f"more-{n}", capacity=3)
    for n in range(60):
        await open_ticket(desk, by=f"customer-{n}")
    many = await statements("ben")

    assert few == many
