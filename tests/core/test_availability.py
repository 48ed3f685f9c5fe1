"""Agents are available by their word, by their hours, and as long as there is a sign of life."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core.cards import plain
from core.channels import Who
from core.desk import Desk
from core.errors import Stale
from core.people.actors import RoleTooLow
from core.people.shifts import NotYourHours
from core.storage.database import Database
from core.vocabulary import (
    OPERATOR,
    Agent,
    Availability,
    Details,
    HandBack,
    House,
    Policy,
    Role,
    Status,
)
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.faults.invariants import violations
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.scene import HOUSE, STAFF_ROOM, hire, message, open_ticket

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WATCHED = House(
    staff_rooms=(STAFF_ROOM,),
    policy=Policy(presence=30 * MINUTE, presence_grace=5 * MINUTE, claim=timedelta(0)),
)


def at(hour: int, minute: int = 0, *, day: int = 5) -> datetime:
    """A moment of the tests' week; the 5th of January 2026 is a Monday."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


async def shown(desk: Desk, who: Who) -> Agent:
    return (await desk.agent(OPERATOR, who)).agent


async def availability(desk: Desk, who: Who) -> str:
    agent = await shown(desk, who)
    return f"{agent.availability.value}: {agent.availability_why}".removesuffix(": ")


async def say(desk: Desk, by: Who, line: str) -> str:
    """What a command answers."""
    return plain((await carry_out(desk, by, read(COMMANDS, line, by=by))).card)


# hours


async def test_hours_move_an_agent_at_their_edges_in_their_zone(
    desk: Desk, clock: FakeClock, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    await desk.edit_agent(OPERATOR, grace, Details(time_zone="Europe/Berlin"))
    clock.now = at(9)  # ten in Berlin
    await desk.set_hours(grace, grace, "mon-fri 9-12,13-17")
    told = []
    for minute in range(0, 24 * 60, 10):
        clock.now = at(9) + minute * MINUTE
        before = await availability(desk, grace)
        await desk.keep_hours()
        if before != await availability(desk, grace):
            told.append((f"{clock.now:%H:%M}", await availability(desk, grace)))

    assert told == [
        ("11:00", "offline: working hours have ended"),
        ("12:00", "available: working hours have begun"),
        ("16:00", "offline: working hours have ended"),
        ("08:00", "available: working hours have begun"),
    ]


async def test_a_choice_holds_until_the_next_edge(desk: Desk, clock: FakeClock) -> None:
    grace = await hire(desk, "grace")
    clock.now = at(10)
    await desk.set_hours(grace, grace, "mon-fri 9-17")
    await desk.set_availability(grace, Availability.ON_BREAK)

    clock.now = at(16, 59)
    await desk.keep_hours()
    assert await availability(desk, grace) == "on break"
    clock.now = at(17)
    await desk.keep_hours()
    assert await availability(desk, grace) == "offline: working hours have ended"
    await desk.set_availability(grace, Availability.AVAILABLE)
    clock.now = at(23)
    await desk.keep_hours()
    assert await availability(desk, grace) == "available"


async def test_a_choice_made_after_an_edge_is_not_undone_by_a_late_sweep(
    desk: Desk, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    clock.now = at(8)
    await desk.set_hours(grace, grace, "mon-fri 9-17")
    clock.now = at(9, 1)
    await desk.set_availability(grace, Availability.BUSY)

    await desk.keep_hours()

    assert await availability(desk, grace) == "busy"


async def test_after_days_of_darkness_only_where_they_are_now_counts(
    desk: Desk, clock: FakeClock, database: Database
) -> None:
    grace = await hire(desk, "grace")
    clock.now = at(10)
    await desk.set_hours(grace, grace, "mon-fri 9-17")
    clock.now = at(18, day=8)

    assert len(await desk.keep_hours()) == 1
    assert await desk.keep_hours() == []

    agent = await shown(desk, grace)
    assert agent.availability is Availability.OFFLINE
    assert agent.edge_at == at(9, day=9)


async def test_hours_that_do_not_hold_now_take_effect_at_once_and_others_at_the_next_edge(
    desk: Desk, clock: FakeClock
) -> None:
    grace, linus = await hire(desk, "grace"), await hire(desk, "linus")
    await desk.set_availability(linus, Availability.BUSY)
    clock.now = at(20)
    await desk.set_hours(OPERATOR, grace, "mon-fri 9-17")
    await desk.set_hours(OPERATOR, linus, "daily 8-22")
    await desk.keep_hours()

    assert await availability(desk, grace) == "offline: working hours have ended"
    assert await availability(desk, linus) == "busy"


async def test_days_off_keep_an_agent_away_with_and_without_hours(
    desk: Desk, clock: FakeClock
) -> None:
    grace, linus = await hire(desk, "grace"), await hire(desk, "linus")
    await desk.set_hours(grace, grace, "mon-fri 9-17")
    for who in (grace, linus):
        await desk.set_away(who, who, "2026-01-06..2026-01-07 at the sea")
    seen = []
    for day in (5, 6, 7, 8):
        clock.now = at(10, day=day)
        await desk.keep_hours()
        seen.append((await availability(desk, grace), await availability(desk, linus)))

    away = "offline: days off: at the sea"
    assert seen == [
        ("available", "available"),
        (away, away),
        (away, away),
        ("available: working hours have begun", "available: days off are over"),
    ]


async def test_coming_to_work_gets_what_waits_at_once(desk: Desk, clock: FakeClock) -> None:
    grace = await hire(desk, "grace")
    clock.now = at(8)
    await desk.set_hours(grace, grace, "mon-fri 9-17")
    await desk.keep_hours()
    number = await open_ticket(desk)
    clock.now = at(9)

    await desk.keep_hours()

    assert (await desk.ticket(OPERATOR, number)).ticket.status is Status.OPEN


async def test_a_change_of_zone_moves_the_edges(desk: Desk, clock: FakeClock) -> None:
    grace = await hire(desk, "grace")
    clock.now = at(10)
    await desk.set_hours(grace, grace, "mon-fri 9-17")
    await desk.edit_agent(OPERATOR, grace, Details(time_zone="America/New_York"))  # five there

    await desk.keep_hours()

    assert (await shown(desk, grace)).edge_at == at(14)
    assert await availability(desk, grace) == "offline: working hours have ended"


async def test_agents_plan_for_themselves_and_leads_for_everybody(desk: Desk) -> None:
    grace, linus = await hire(desk, "grace"), await hire(desk, "linus")
    lea = await hire(desk, "lea", role=Role.LEAD)
    with pytest.raises(NotYourHours):
        await desk.set_hours(grace, linus, "mon 9-17")
    with pytest.raises(NotYourHours):
        await desk.set_away(grace, linus, "2026-12-24")
    with pytest.raises(RoleTooLow):
        await desk.set_hand_back(grace, grace, HandBack.NOW)

    await desk.set_hours(lea, linus, "mon 9-17")

    assert (await desk.agent(grace, linus)).hours == "mon 9-17"


async def test_many_sweeps_at_once_move_everybody_once(
    desk: Desk, clock: FakeClock, database: Database
) -> None:
    agents = [await hire(desk, f"agent-{n}") for n in range(5)]
    clock.now = at(10)
    for who in agents:
        await desk.set_hours(OPERATOR, who, "mon-fri 9-17")
    desks = [Desk(database, HOUSE, clock=clock) for _ in range(4)]
    for day in range(ROUNDS):
        clock.now = at(17, day=5 + day % 5) + timedelta(days=7 * (day // 5))
        moved = await asyncio.gather(*(each.keep_hours() for each in desks))
        assert sorted(n for each in moved for n in each) == [1, 2, 3, 4, 5]


# presence


async def test_who_is_quiet_is_asked_and_then_on_break_and_any_sign_brings_them_back(
    open_desk: OpenDesk, clock: FakeClock, outbox: Outbox
) -> None:
    desk = open_desk(WATCHED)
    grace = await hire(desk, "grace")
    clock.advance(29 * MINUTE)
    assert await desk.watch_presence() == []
    clock.advance(MINUTE)
    assert len(await desk.watch_presence()) == 1
    assert await desk.watch_presence() == []
    await desk.courier.deliver_due()
    assert outbox.texts("grace")[-1].startswith(
        "👋 Are you there? I have not seen you for 30 minutes. In 5 minutes I put you on break"
    )
    assert await availability(desk, grace) == "available"
    clock.advance(5 * MINUTE)
    await desk.watch_presence()
    assert await availability(desk, grace) == "on break: no sign for 35 minutes"
    number = await open_ticket(desk)
    clock.advance(HOUR)

    answer = await say(desk, grace, "/ticket list")

    assert answer
    assert await availability(desk, grace) == "available: there again"
    assert (await desk.ticket(OPERATOR, number)).ticket.status is Status.OPEN


async def test_a_sign_of_life_is_one_whatever_became_of_the_ticket_that_was_looked_at(
    open_desk: OpenDesk, clock: FakeClock
) -> None:
    desk = open_desk(WATCHED)
    number = await open_ticket(desk)
    grace = await hire(desk, "grace")
    looked_at = (await desk.ticket(OPERATOR, number)).ticket
    door = desk.expecting(number, looked_at.version)
    clock.advance(HOUR)

    assert "urgent priority" in await say(door, grace, f"/ticket priority {number} urgent")
    with pytest.raises(Stale):
        await say(door, grace, f"/ticket priority {number} low")
    assert await desk.watch_presence() == []


async def test_the_button_says_that_they_are_there(
    open_desk: OpenDesk, clock: FakeClock, outbox: Outbox
) -> None:
    desk = open_desk(WATCHED)
    grace = await hire(desk, "grace")
    clock.advance(HOUR)
    await desk.watch_presence()
    await desk.courier.deliver_due()
    [button] = outbox.to("grace")[-1].card.buttons
    assert await say(desk, grace, f"/{button.action} {button.value}") == "Good. You are available."
    clock.advance(29 * MINUTE)

    assert await desk.watch_presence() == []
    assert await availability(desk, grace) == "available"


async def test_words_in_a_ticket_are_signs_of_life(
    open_desk: OpenDesk, clock: FakeClock, outbox: Outbox
) -> None:
    desk = open_desk(WATCHED)
    grace = await hire(desk, "grace", capacity=2)
    number = await open_ticket(desk)
    await desk.courier.deliver_due()
    root = outbox.id_of(outbox.to(STAFF_ROOM)[0])
    for step in range(3):
        clock.advance(25 * MINUTE)
        if step == 0:
            await desk.reply(grace, number, "One moment.")
        elif step == 1:
            said = message("seen before", by="grace", at=STAFF_ROOM.conversation)
            await desk.hear(said, root=root)
        else:
            await desk.receive(message("hello", by="grace"))
        assert await desk.watch_presence() == []
    clock.advance(31 * MINUTE)

    assert len(await desk.watch_presence()) == 1


async def test_a_break_of_their_own_is_not_ended_by_a_sign_of_life(
    open_desk: OpenDesk, clock: FakeClock
) -> None:
    desk = open_desk(WATCHED)
    grace = await hire(desk, "grace")
    await say(desk, grace, "/agent break")
    clock.advance(HOUR)
    await desk.watch_presence()

    await say(desk, grace, "/agent here")

    assert await availability(desk, grace) == "on break"


async def test_nobody_is_put_on_break_for_an_old_question(
    open_desk: OpenDesk, clock: FakeClock
) -> None:
    desk = open_desk(WATCHED)
    grace = await hire(desk, "grace")
    clock.now = at(10)
    await desk.set_hours(OPERATOR, grace, "mon-fri 9-17")
    clock.now = at(16, 50)
    await desk.watch_presence()
    for now in (at(17), at(9, day=6)):
        clock.now = now
        await desk.keep_hours()
        await desk.watch_presence()

    assert await availability(desk, grace) == "available: working hours have begun"
    clock.now = at(9, 20, day=6)
    assert await desk.watch_presence() == []


async def test_a_desk_that_does_not_want_it_looks_at_nobody(desk: Desk, clock: FakeClock) -> None:
    grace = await hire(desk, "grace")
    clock.advance(timedelta(days=3))

    assert await desk.watch_presence() == []
    assert await availability(desk, grace) == "available"


# handing back


def house(policy: HandBack) -> House:
    return House(staff_rooms=(STAFF_ROOM,), policy=Policy(hand_back=policy, claim=timedelta(0)))


async def test_at_once_what_is_open_goes_to_who_is_there_and_what_is_pending_with_the_next_reply(
    open_desk: OpenDesk, clock: FakeClock, database: Database
) -> None:
    desk = open_desk(house(HandBack.NOW))
    grace = await hire(desk, "grace", capacity=2)
    opened, pending = [await open_ticket(desk, by=name) for name in ("ana", "ben")]
    await desk.reply(grace, pending, "Is it better?")
    linus = await hire(desk, "linus", capacity=2)
    clock.advance(MINUTE)

    await desk.set_availability(grace, Availability.OFFLINE)

    tickets = [(await desk.ticket(OPERATOR, n)).ticket for n in (opened, pending)]
    assert [each.assignee.name for each in tickets if each.assignee] == ["Linus", "Grace"]
    await desk.receive(message("no, it smokes", by="ben"))
    assert (await desk.ticket(linus, pending)).ticket.assignee_id == tickets[0].assignee_id
    assert await violations(database) == []


async def test_with_the_next_reply_a_ticket_leaves_who_is_offline_and_only_then(
    open_desk: OpenDesk, clock: FakeClock
) -> None:
    desk = open_desk(house(HandBack.REPLY))
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    clock.advance(MINUTE)
    await desk.set_availability(grace, Availability.OFFLINE)
    lea = await hire(desk, "lea", role=Role.LEAD, capacity=0)
    assert [each.id for each in await desk.stuck(lea)] == [number]
    assert "Grace, offline since" in await say(desk, lea, "/agent stuck")

    await desk.receive(message("well?"))

    assert (await desk.ticket(OPERATOR, number)).ticket.status is Status.NEW
    assert await desk.stuck(lea) == []
    assert await say(desk, lea, "/agent stuck") == "Nothing waits for somebody who is offline. 🎉"


async def test_never_means_never_and_ones_own_policy_is_before_the_desks(
    open_desk: OpenDesk, clock: FakeClock
) -> None:
    desk = open_desk(house(HandBack.NEVER))
    grace, linus = await hire(desk, "grace"), await hire(desk, "linus")
    first, second = [await open_ticket(desk, by=name) for name in ("ana", "ben")]
    await desk.set_hand_back(OPERATOR, linus, HandBack.NOW)
    clock.advance(MINUTE)
    for who in (grace, linus):
        await desk.set_availability(who, Availability.OFFLINE)
    await desk.receive(message("well?", by="ana"))

    statuses = [(await desk.ticket(OPERATOR, n)).ticket.status for n in (first, second)]
    assert statuses == [Status.OPEN, Status.NEW]


async def test_what_somebody_took_while_they_were_offline_stays_theirs(
    open_desk: OpenDesk, clock: FakeClock
) -> None:
    desk = open_desk(house(HandBack.REPLY))
    grace = await hire(desk, "grace")
    await desk.set_availability(grace, Availability.OFFLINE)
    clock.advance(MINUTE)
    number = await open_ticket(desk)
    await desk.claim(grace, number)

    await desk.receive(message("well?"))

    assert (await desk.ticket(OPERATOR, number)).ticket.status is Status.OPEN


async def test_going_offline_in_the_middle_of_assignments_leaves_nothing_with_them(
    open_desk: OpenDesk, clock: FakeClock, database: Database
) -> None:
    desk = open_desk(house(HandBack.NOW))
    grace = await hire(desk, "grace", capacity=50)
    for number in range(ROUNDS):
        await desk.set_availability(grace, Availability.AVAILABLE)
        clock.advance(MINUTE)
        await asyncio.gather(
            *(desk.receive(message("it smokes", by=f"c-{number}-{n}")) for n in range(4)),
            desk.set_availability(grace, Availability.OFFLINE),
        )
        assert (await desk.agent(OPERATOR, grace)).holds == []
    assert await violations(database) == []


# what is shown


async def test_the_list_and_the_card_say_where_somebody_is_since_when_and_why(
    open_desk: OpenDesk, clock: FakeClock
) -> None:
    desk = open_desk(WATCHED)
    grace = await hire(desk, "grace")
    clock.now = at(10)
    await say(desk, grace, "/agent hours me mon-fri 9-12,13-17")
    await say(desk, grace, "/agent away me 2026-02-02..2026-02-06 skiing")
    clock.now = at(11)
    await desk.watch_presence()
    clock.now = at(11, 5)
    await desk.watch_presence()

    where = "on break since 05 Jan 11:05 UTC: no sign for 35 minutes"
    assert where in await say(desk, OPERATOR, "/agent list")
    card = await say(desk, OPERATOR, "/agent show @grace")
    for words in (
        where,
        "mon-fri 9-12,13-17 (UTC)",
        "The next change is on Mon 05 Jan at 12:00.",
        "2026-02-02 to 2026-02-06 (skiing)",
        "05 Jan 10:00 UTC",
        "go back to the queue when the customer writes and they are offline",
    ):
        assert words in card
