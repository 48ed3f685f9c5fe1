"""Escalation: what begins it, which steps are taken when, who is told, and how it ends."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read as read_command
from core.cards import plain
from core.channels import Who
from core.desk import Desk
from core.errors import DeskError
from core.escalation import ladders
from core.escalation.anger import angry_words
from core.escalation.ladders import BadLadder, in_words, read
from core.model import EscalationNotice, EscalationStep, History, StepEnd
from core.model import Ticket as Row
from core.storage.database import Database
from core.vocabulary import OPERATOR, Priority, Role, Status, Ticket, Trigger, Wanted
from tests.clock import FakeClock
from tests.faults.invariants import violations
from tests.outbox import Outbox
from tests.rows import all_rows
from tests.scene import HOUSE, hire, message, open_ticket, person

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LEA, ADA = person("lea"), person("ada")


async def shown(desk: Desk, number: int) -> Ticket:
    return (await desk.ticket(OPERATOR, number)).ticket


async def taken(database: Database) -> list[tuple[int, str, str]]:
    """What was done, in order: ticket, measure with its trigger, and what came of it."""
    async with database.reading() as session:
        kept = select(History).where(History.event == "EscalationStepTaken").order_by(History.id)
        return [
            (
                each.ticket_id or 0,
                f"{each.facts['trigger']}: {each.facts['measure']}",
                each.facts["outcome"],
            )
            for each in await session.scalars(kept)
        ]


async def say(desk: Desk, by: Who, line: str) -> str:
    call = read_command(COMMANDS, line, by=by)
    return plain((await carry_out(desk, by, call)).card)


@pytest.fixture
async def staffed(desk: Desk) -> Desk:
    """Lea leads, Ada runs the desk; neither takes tickets."""
    await hire(desk, "lea", role=Role.LEAD, capacity=0)
    await hire(desk, "ada", role=Role.ADMIN, capacity=0)
    return desk


# ladders


@pytest.mark.parametrize(
    "text",
    [
        "priority high; notify lead; 30m reassign; 1h on-call; 2h admin",
        "notify assignee; notify lead; 1d notify team",
        "90m priority urgent",
        "off",
    ],
)
def test_a_ladder_is_said_as_it_is_written(text: str) -> None:
    assert in_words(read(text.upper())) == text
    assert ladders.from_json(ladders.as_json(read(text))) == read(text)


BAD_LADDERS = {
    "": "“…”: that is no step",
    ";": "“…”: that is no step",
    "notify lead;": "“…”: that is no step",
    "notify": "say notify with one of assignee, lead, team",
    "notify everybody": "say notify with one of assignee, lead, team",
    "priority": "say priority with one of high, urgent",
    "priority low": "say priority with one of high, urgent",
    "shout": "“shout”: that is no measure. There is priority, notify, reassign, on-call, admin",
    "reassign ana": "“ana”: nothing comes after reassign",
    "admin now": "“now”: nothing comes after admin",
    "on-call 1h": "“1h”: nothing comes after on-call",
    "1h notify lead; notify team": "a step comes after the one before it, 1h notify lead",
    "2h admin; 30m reassign": "“30m reassign”: a step comes after the one before it",
    "31d admin": "30 days after the trigger is the latest",
    "99999d admin": "30 days after the trigger is the latest",
    "721h admin": "30 days after the trigger is the latest",
    "999999h admin": "that is no step",
    "-5m admin": "that is no step",
    "1.5h admin": "that is no step",
    "1y admin": "that is no step",
    "30 admin": "that is no step",
    "30m": "that is no step",
    "admin; admin": "a step is there twice at the same time",
    "; ".join(f"{n}m admin" for n in range(1, 12)): "more than 10 steps are too many",
    "notify lead; " * 40: "a ladder has 300 characters at most",
    "priority high, notify lead": "say priority with one of high, urgent",
    "notify lead -- drop": "say notify with one of",
    "🔥": "that is no step",
}


@pytest.mark.parametrize(("text", "sentence"), BAD_LADDERS.items())
async def test_what_is_no_ladder_is_refused_with_the_step_and_changes_nothing(
    staffed: Desk, database: Database, text: str, sentence: str
) -> None:
    before = await all_rows(database)

    with pytest.raises(BadLadder) as refused:
        await staffed.set_ladder(ADA, "breached", text)

    assert sentence in str(refused.value)
    assert "For example: /escalation set breached" in str(refused.value)
    assert await all_rows(database) == before


REFUSED: dict[str, tuple[Callable[[Desk], Awaitable[object]], str]] = {
    "an unknown trigger": (
        lambda d: d.set_ladder(ADA, "boredom", "admin"),
        "“boredom” begins no escalation. What does is at risk, breached",
    ),
    "no trigger": (lambda d: d.reset_ladder(ADA, ""), "begins no escalation"),
    "a lead sets": (lambda d: d.set_ladder(LEA, "breached", "off"), "Only admins may do that"),
    "a lead resets": (lambda d: d.reset_ladder(LEA, "breached"), "Only admins may do that"),
    "a customer looks": (lambda d: d.ladders(person("ana")), "That is for the support team"),
    "ending nothing": (lambda d: d.calm(LEA, 1), "Ticket #1 is not escalated"),
    "ending what is not": (lambda d: d.calm(LEA, 99), "There is no ticket #99"),
    "an agent ends": (lambda d: d.calm(person("grace"), 1), "Only leads may do that"),
    "an agent lists": (lambda d: d.escalations(person("grace")), "Only leads may do that"),
    "no reason": (lambda d: d.escalate(LEA, 1, "  "), "Say why: /ticket escalate 1"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_may_not_be_is_refused_in_words_and_changes_nothing(
    staffed: Desk, database: Database, case: str
) -> None:
    await hire(staffed, "grace")
    await open_ticket(staffed)
    before = await all_rows(database)
    call, sentence = REFUSED[case]

    with pytest.raises(DeskError) as refused:
        await call(staffed)

    assert sentence in str(refused.value)
    assert await all_rows(database) == before


async def test_a_ladder_is_set_shown_and_reset(staffed: Desk) -> None:
    said = await say(staffed, ADA, "/escalation set angry-words notify team; 1h admin")
    assert said == "angry words: notify team; 1h admin"
    assert "angry words: notify team; 1h admin" in await say(staffed, LEA, "/escalation list")
    await say(staffed, ADA, "/escalation set low-score off")
    assert "low score: off" in await say(staffed, LEA, "/escalation list")

    assert await say(staffed, ADA, "/escalation reset angry-words") == (
        "angry words: priority high; notify lead"
    )


# anger


@pytest.mark.parametrize(
    ("text", "is_angry"),
    [
        ("This is unacceptable, I am fed up!", True),
        ("My LAWYER will hear of it", True),
        ("Das ist eine Frechheit und absolut inakzeptabel", True),
        ("Ich gehe zum Anwalt.", True),
        ("C'est inadmissible, vraiment honteux", True),
        ("Je vais porter plainte", True),
        ("Es una vergüenza, estoy harto", True),
        ("Esto es una estafa", True),
        ("É uma vergonha, um absurdo", True),
        ("Vou ao Procon", True),
        ("The door is useless without a key", False),
        ("I am sure you can help", False),
        ("Issue your invoice to the attorneys-office please", False),
        ("where is my parcel?", False),
        ("", False),
        ("scam" * 10_000, False),
    ],
)
def test_one_threat_or_two_angry_words_are_anger(text: str, is_angry: bool) -> None:
    assert bool(angry_words(text)) is is_angry


# what begins it


async def test_angry_words_raise_the_priority_and_tell_the_leads_once(
    staffed: Desk, clock: FakeClock, outbox: Outbox, database: Database
) -> None:
    number = await open_ticket(staffed, "This is a scam")
    await staffed.receive(message("unacceptable! ridiculous!"))

    assert await staffed.escalate_due() == 2
    assert await staffed.escalate_due() == 0
    await staffed.courier.deliver_due()

    ticket = await shown(staffed, number)
    assert (ticket.priority, ticket.escalation) == (Priority.HIGH, "angry words")
    assert await taken(database) == [
        (number, "angry words: priority high", "it is high now"),
        (number, "angry words: notify lead", "told Lea"),
    ]
    [card] = [each.card for each in outbox.to("lea") if "🚨" in each.card.title]
    assert card.text == "Escalated: angry words."
    assert [each.action for each in card.buttons] == [
        "ticket transfer",
        "ticket transfer",
        "ticket resolve",
        "escalation end",
    ]


async def test_the_second_reopening_escalates_and_each_one_after_it(
    staffed: Desk, database: Database
) -> None:
    grace = await hire(staffed, "grace")
    number = await open_ticket(staffed)
    for time in range(3):
        await staffed.resolve(grace, number)
        await staffed.reopen(person("ana"), number)
        assert await staffed.escalate_due() == (0 if time == 0 else 1)

    assert [each[1] for each in await taken(database)] == ["reopened: notify lead"] * 2


async def test_a_low_score_is_told_though_the_ticket_is_over(
    staffed: Desk, outbox: Outbox, database: Database
) -> None:
    grace = await hire(staffed, "grace")
    scores = {"ana": 2, "ben": 3}
    for name, score in scores.items():
        number = await open_ticket(staffed, by=name)
        await staffed.resolve(grace, number)
        await staffed.confirm(person(name), number)
        await staffed.rate(person(name), number, score)

    await staffed.escalate_due()

    assert await taken(database) == [(1, "low score: notify lead", "told Lea")]
    assert (await shown(staffed, 1)).escalated_at is None


async def test_what_is_too_hard_for_a_tier_goes_up_where_somebody_is(
    staffed: Desk, database: Database
) -> None:
    await staffed.set_ladder(OPERATOR, "too hard", "reassign")
    grace = await hire(staffed, "grace")
    number = await open_ticket(staffed)
    await staffed.release(grace, number)
    await hire(staffed, "linus", tier=2)
    # Linus has it at once; it goes back, is judged, and claimed by Grace of tier 1.
    await staffed.release(person("linus"), number)
    async with staffed.work() as work:
        await work.session.execute(update(Row).values(complexity=4))
    await staffed.claim(grace, number)

    await staffed.escalate_due()

    assert [each[1] for each in await taken(database)] == ["too hard: reassign"]
    assert (await shown(staffed, number)).tier == 2


async def breach(desk: Desk, clock: FakeClock, *, hours: int = 4) -> int:
    """A ticket whose first response was promised within four hours, and did not come."""
    number = await open_ticket(desk)
    clock.advance(timedelta(hours=hours))
    while await desk.sweep_promises():
        pass
    return number


async def test_a_broken_promise_climbs_its_ladder_from_the_moment_it_was_due(
    staffed: Desk, clock: FakeClock, database: Database
) -> None:
    await staffed.ship_promises()
    await hire(staffed, "grace")
    number = await breach(staffed, clock)
    await hire(staffed, "linus", tier=2)
    times = []
    for _ in range(13):
        if count := await staffed.escalate_due():
            times += [f"{clock.now:%H:%M}"] * count
        clock.advance(10 * MINUTE)

    assert times == ["13:00", "13:30", "14:00", "15:00"]
    assert await taken(database) == [
        (number, "breached: notify lead", "told Lea"),
        (number, "breached: reassign", "it is on tier 2, with Linus"),
        (number, "breached: on-call", "nobody is on call; told Lea"),
        (number, "breached: admin", "told Ada"),
    ]


async def test_a_promise_kept_after_all_is_escalated_no_further(
    staffed: Desk, clock: FakeClock, database: Database
) -> None:
    await staffed.ship_promises()
    grace = await hire(staffed, "grace")
    number = await breach(staffed, clock)
    await staffed.escalate_due()
    await staffed.reply(grace, number, "Here I am.")
    clock.advance(3 * HOUR)

    await staffed.escalate_due()

    assert [each[1] for each in await taken(database)] == ["breached: notify lead"]
    async with database.reading() as session:
        moot = select(EscalationStep.outcome).where(EscalationStep.ending == StepEnd.MOOT)
        assert list(await session.scalars(moot)) == ["it was answered"] * 3


async def test_a_promise_at_risk_begins_its_ladder_once_where_the_desk_has_one(
    staffed: Desk, clock: FakeClock, database: Database
) -> None:
    await staffed.ship_promises()
    await staffed.set_ladder(ADA, "at-risk", "notify lead")
    number = await open_ticket(staffed)
    for _ in range(8):
        clock.advance(30 * MINUTE - 1 * MINUTE)
        await staffed.sweep_promises()
        await staffed.escalate_due()

    assert [each for each in await taken(database) if each[1].startswith("at risk")] == [
        (number, "at risk: notify lead", "told Lea")
    ]


async def test_by_hand_the_on_call_person_is_told_in_time_and_then_the_admins(
    staffed: Desk, clock: FakeClock, outbox: Outbox, database: Database
) -> None:
    grace = await hire(staffed, "grace")
    await staffed.set_rota(OPERATOR, [grace])
    number = await open_ticket(staffed)
    await staffed.escalate(grace, number, "they will sue")
    told = []
    for _ in range(9):
        await staffed.escalate_due()
        told.append(len(await taken(database)))
        clock.advance(15 * MINUTE)

    assert told == [1, 1, 1, 1, 2, 2, 2, 2, 3]
    assert [each[1:] for each in await taken(database)] == [
        ("by hand: notify lead", "told Lea"),
        ("by hand: on-call", "told Grace"),
        ("by hand: admin", "told Ada"),
    ]
    assert (await shown(staffed, number)).escalation == "they will sue"


async def test_where_nobody_is_on_call_the_leads_are_told_so(
    staffed: Desk, clock: FakeClock, database: Database
) -> None:
    number = await open_ticket(staffed)
    await staffed.escalate(LEA, number, "it burns")
    clock.advance(HOUR)

    await staffed.escalate_due()

    assert (await taken(database))[-1][2] == "nobody is on call; told Lea"


# once, in time, in order, without a storm


async def test_after_three_days_of_darkness_each_step_is_taken_once_in_order_and_told_in_one_message(
    staffed: Desk, clock: FakeClock, outbox: Outbox, database: Database
) -> None:
    await hire(staffed, "grace", capacity=100)
    numbers = [await open_ticket(staffed, by=f"customer-{n}") for n in range(12)]
    for number in numbers:
        await staffed.escalate(LEA, number, "now")
    await staffed.resolve(person("grace"), numbers[0])
    clock.advance(timedelta(days=3))

    assert await staffed.escalate_due() == 33
    await staffed.courier.deliver_due()

    steps = await taken(database)
    assert {each[0] for each in steps} == set(numbers[1:])
    for number in numbers[1:]:
        assert [each[1] for each in steps if each[0] == number] == [
            "by hand: notify lead",
            "by hand: on-call",
            "by hand: admin",
        ]
    for who in ("lea", "ada"):
        [card] = [each.card for each in outbox.to(who) if "🚨" in each.card.title]
        assert card.title == "🚨 11 tickets are escalated"
    async with database.reading() as session:
        moot = select(EscalationStep.outcome).where(EscalationStep.ending == StepEnd.MOOT)
        assert set(await session.scalars(moot)) == {"the ticket was resolved"}


async def test_what_was_resolved_is_not_escalated_again_when_it_comes_back(
    staffed: Desk, clock: FakeClock, database: Database
) -> None:
    grace = await hire(staffed, "grace")
    number = await open_ticket(staffed)
    await staffed.escalate(grace, number, "now")
    await staffed.resolve(grace, number)
    await staffed.reopen(grace, number)
    clock.advance(timedelta(days=1))

    assert await staffed.escalate_due() == 0
    assert await taken(database) == []


async def begin_many(desk: Desk, clock: FakeClock, tickets: int) -> None:
    """Tickets with five steps each, all of them due."""
    await desk.set_ladder(
        OPERATOR,
        "by hand",
        "priority urgent; notify lead; 1m notify assignee; 2m on-call; 3m admin",
    )
    for number in range(tickets):
        ticket = await open_ticket(desk, by=f"customer-{number}")
        await desk.escalate(OPERATOR, ticket, "many")
    clock.advance(HOUR)


async def counts(database: Database) -> Sequence[int]:
    """Steps, steps that ended, steps in history, and deliveries to lea that tell of them."""
    async with database.reading() as session:
        return [
            await session.scalar(statement) or 0
            for statement in (
                select(func.count()).select_from(EscalationStep),
                select(func.count()).where(EscalationStep.ended_at.is_not(None)),
                select(func.count()).where(History.event == "EscalationStepTaken"),
                select(func.count()).where(EscalationNotice.told_at.is_(None)),
            )
        ]


async def test_eight_desks_take_every_step_once_and_tell_each_receiver_once(
    staffed: Desk, clock: FakeClock, database: Database, database_url: str
) -> None:
    await begin_many(staffed, clock, 12)
    databases = [Database(database_url) for _ in range(8)]
    desks = [Desk(each, HOUSE, clock=clock) for each in databases]

    ended = await asyncio.gather(*(desk.escalate_due() for desk in desks))
    rest = await staffed.escalate_due()

    assert sum(ended) + rest == 60
    assert await counts(database) == [60, 60, 60, 0]
    async with database.reading() as session:
        kept = select(History.facts).where(History.event == "EscalationStepTaken")
        steps = [each["step_id"] for each in await session.scalars(kept)]
        assert len(set(steps)) == len(steps)
        told = select(func.count()).where(History.event == "EscalationsTold")
        assert await session.scalar(told) == 2  # lea and ada
    assert await violations(database) == []
    for each in databases:
        await each.close()


# looking and ending


async def test_leads_see_what_is_escalated_with_the_next_step_and_end_it(
    staffed: Desk, clock: FakeClock, database: Database
) -> None:
    grace = await hire(staffed, "grace")
    number = await open_ticket(staffed)
    other = await open_ticket(staffed, by="ben")
    await staffed.escalate(grace, number, "they will sue")
    await staffed.escalate_due()
    listed = await say(staffed, LEA, "/escalation tickets")
    assert "they will sue since 05 Jan 09:00 UTC · next: on-call at 05 Jan 10:00 UTC" in listed
    found = await staffed.tickets(LEA, Wanted(filter="escalated:yes"))
    assert [each.id for each in found.tickets] == [number]
    found = await staffed.tickets(LEA, Wanted(filter="escalated:no"))
    assert [each.id for each in found.tickets] == [other]

    said = await say(staffed, LEA, f"/escalation end {number}")

    assert said.startswith(f"🕊 #{number} is not escalated any more.")
    assert await say(staffed, LEA, "/escalation tickets") == "Nothing is escalated. 🎉"
    clock.advance(timedelta(days=1))
    assert await staffed.escalate_due() == 0


async def test_the_buttons_of_a_lead_take_reassign_and_resolve(
    staffed: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    await hire(staffed, "grace")
    number = await open_ticket(staffed, "an outrageous, disgusting scam")
    max_ = await hire(staffed, "max", role=Role.LEAD)
    await staffed.escalate_due()
    await staffed.courier.deliver_due()
    cards = [each.card for each in outbox.to("lea") if each.card.text.startswith("Escalated")]

    take, _, resolve, _ = cards[0].buttons
    await say(staffed, max_, f"/{take.action} {take.value}")
    assignee = (await shown(staffed, number)).assignee
    assert assignee is not None
    assert assignee.name == "Max"
    await say(staffed, max_, f"/{resolve.action} {resolve.value} Done.")

    assert (await shown(staffed, number)).status is Status.RESOLVED


def test_every_trigger_has_a_ladder() -> None:
    assert set(ladders.DEFAULTS) == set(Trigger)
