"""Who is on call: pure over weeks, zones and clock changes; and by command."""

import itertools
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core.cards import plain
from core.channels import Who
from core.desk import Desk
from core.errors import DeskError, Forbidden
from core.people import rota
from core.people.hours import Away
from core.people.oncall import NotYourTurn
from core.people.rota import Duty, Gap, Stand, Turns
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, Role
from tests.clock import FakeClock
from tests.outbox import Outbox
from tests.rows import all_rows
from tests.scene import hire, person

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")
ANA, BO, CY = person("ana"), person("bo"), person("cy")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


BERLIN = Turns((1, 2, 3), 0, 9 * 60, "Europe/Berlin", date(2026, 3, 16))  # Mondays at nine


@pytest.mark.parametrize(
    ("moment", "agent", "begins", "ends"),
    [
        (utc(2026, 3, 16, 8), 1, utc(2026, 3, 16, 8), utc(2026, 3, 23, 8)),
        (utc(2026, 3, 23, 7, 59), 1, utc(2026, 3, 16, 8), utc(2026, 3, 23, 8)),
        (utc(2026, 3, 23, 8), 2, utc(2026, 3, 23, 8), utc(2026, 3, 30, 7)),  # an hour shorter
        (utc(2026, 3, 30, 7), 3, utc(2026, 3, 30, 7), utc(2026, 4, 6, 7)),
        (utc(2026, 4, 6, 7), 1, utc(2026, 4, 6, 7), utc(2026, 4, 13, 7)),
        (utc(2026, 10, 25, 0, 30), 2, utc(2026, 10, 19, 7), utc(2026, 10, 26, 8)),  # one longer
        (utc(2026, 3, 9, 8), 3, utc(2026, 3, 9, 8), utc(2026, 3, 16, 8)),  # before the anchor
    ],
)
def test_a_week_goes_from_hand_over_to_hand_over_on_the_wall(
    moment: datetime, agent: int, begins: datetime, ends: datetime
) -> None:
    assert rota.on_call(BERLIN, [], moment) == Duty(agent, begins, ends)


@pytest.mark.parametrize("zone", ZONES)
def test_over_two_years_the_turns_follow_each_other_without_a_gap_in_every_zone(zone: str) -> None:
    turns = Turns((1, 2, 3), 6, 150, zone, date(2026, 1, 4))  # Sundays at half past two
    duties = rota.duties(turns, [], utc(2026, 1, 5), utc(2028, 1, 5))

    assert [each.agent for each in duties] == [n % 3 + 1 for n in range(len(duties))]
    for before, after in itertools.pairwise(duties):
        assert before.ends == after.begins
        wall = after.begins.astimezone(ZoneInfo(zone))
        assert wall.weekday() == 6
        skipped = wall.hour == 3 and wall.minute in {0, 30} and wall.dst() != timedelta(0)
        assert (wall.hour, wall.minute) == (2, 30) or skipped or zone == "Australia/Lord_Howe"


def test_of_two_who_stand_in_at_once_the_later_agreement_counts() -> None:
    stands = [
        Stand(1, 2, utc(2026, 3, 17), utc(2026, 3, 19)),
        Stand(2, 3, utc(2026, 3, 18), utc(2026, 3, 20)),
    ]

    assert rota.duties(BERLIN, stands, utc(2026, 3, 16, 8), utc(2026, 3, 23, 8)) == [
        Duty(1, utc(2026, 3, 16, 8), utc(2026, 3, 17)),
        Duty(2, utc(2026, 3, 17), utc(2026, 3, 18), 1),
        Duty(3, utc(2026, 3, 18), utc(2026, 3, 20), 2),
        Duty(1, utc(2026, 3, 20), utc(2026, 3, 23, 8)),
    ]


def test_the_duties_of_random_rotas_are_what_a_look_at_every_quarter_finds() -> None:
    chance = random.Random(1)
    for _ in range(40):
        begin = utc(2026, 1, 1) + timedelta(hours=chance.randrange(24 * 365))
        turns = Turns(
            tuple(range(1, chance.randrange(2, 6))),
            chance.randrange(7),
            chance.randrange(96) * 15,
            chance.choice(ZONES),
            date(2026, 1, 1),
        )
        stands = [
            Stand(n, 9 + n, first, first + timedelta(minutes=15 * chance.randrange(1, 400)))
            for n in range(1, 5)
            for first in [begin + timedelta(minutes=15 * chance.randrange(1500))]
        ]
        end = begin + timedelta(days=14)
        told = rota.duties(turns if chance.random() < 0.8 else None, stands, begin, end)
        looked = begin
        turns_now = turns if any(each.stand is None for each in told) else None
        while looked < end:
            inside = [each for each in told if each.begins <= looked < each.ends]
            duty = rota.on_call(turns_now, stands, looked)
            assert [each.agent for each in inside] == ([duty.agent] if duty else [])
            looked += timedelta(minutes=15)


def test_a_gap_is_where_whoever_has_the_turn_left_or_is_away() -> None:
    duties = rota.duties(BERLIN, [], utc(2026, 3, 16, 8), utc(2026, 4, 6, 7))

    found = rota.gaps(
        duties,
        gone={3: "Cy"},
        away={2: ([Away(date(2026, 3, 28), date(2026, 4, 2))], ZoneInfo("Europe/Berlin"))},
    )

    assert found == [
        Gap(2, utc(2026, 3, 27, 23), utc(2026, 3, 30, 7), "has days off"),
        Gap(3, utc(2026, 3, 30, 7), utc(2026, 4, 6, 7), "is not on the desk any more"),
    ]


def test_without_a_rota_nobody_is_on_call_but_who_stands_in() -> None:
    stand = Stand(1, 2, utc(2026, 3, 17), utc(2026, 3, 19))

    assert rota.on_call(None, [stand], utc(2026, 3, 16)) is None
    assert rota.duties(None, [stand], utc(2026, 3, 16), utc(2026, 3, 23)) == [
        Duty(2, utc(2026, 3, 17), utc(2026, 3, 19), 1)
    ]


# by command


async def say(desk: Desk, by: Who, line: str) -> str:
    def named(text: str) -> Who | None:
        return person(text[1:]) if text.startswith("@") else None

    return plain((await carry_out(desk, by, read(COMMANDS, line, by=by, people=named))).card)


@pytest.fixture
async def staffed(desk: Desk) -> Desk:
    for who in ("ana", "bo", "cy"):
        await hire(desk, who)
    await hire(desk, "lea", role=Role.LEAD)
    return desk


async def test_a_rota_is_set_shown_overridden_and_mended(
    staffed: Desk, clock: FakeClock, outbox: Outbox
) -> None:
    lea = person("lea")
    assert "There is no rota" in await say(staffed, ANA, "/oncall show")
    card = await say(staffed, lea, "/oncall set @ana,@bo,@cy day:monday at:9 zone:Europe/Berlin")
    assert card.splitlines()[:3] == [
        "📟 On call: Ana",
        "Mon 05 Jan 09:00 – Mon 12 Jan 09:00 · Ana",
        "Mon 12 Jan 09:00 – Mon 19 Jan 09:00 · Bo",
    ]

    card = await say(staffed, lea, "/oncall override @cy from:2026-01-05T18:00 to:2026-01-07")
    assert "Mon 05 Jan 18:00 – Wed 07 Jan 00:00 · Cy (cover 1)" in card
    clock.now = utc(2026, 1, 5, 17)
    assert "📟 On call: Cy" in await say(staffed, BO, "/oncall show weeks:1")
    await say(staffed, lea, "/oncall remove 1")
    assert "📟 On call: Ana" in await say(staffed, BO, "/oncall show weeks:1")
    await staffed.courier.deliver_due()
    assert outbox.texts("cy")[-2:] == [
        "📟 You are on call from 05 Jan 17:00 UTC until 06 Jan 23:00 UTC.",
        "📟 You are no longer on call out of turn: it was taken back.",
    ]


async def test_two_swap_their_next_weeks_and_nobody_swaps_for_others(
    staffed: Desk, clock: FakeClock
) -> None:
    await staffed.set_rota(OPERATOR, [ANA, BO, CY])
    with pytest.raises(NotYourTurn):
        await staffed.swap_turns(CY, ANA, BO)

    found = await staffed.swap_turns(BO, ANA, BO)

    assert [found.names[each.agent] for each in found.duties] == ["Bo", "Ana", "Cy", "Ana"]
    with pytest.raises(Forbidden):
        await staffed.set_rota(ANA, [ANA])


async def test_gaps_are_told_and_nobody_is_on_call_in_one(staffed: Desk, clock: FakeClock) -> None:
    await staffed.set_rota(OPERATOR, [ANA, BO, CY])
    await staffed.set_away(ANA, ANA, "2026-01-06..2026-01-07")
    await staffed.remove_agent(OPERATOR, CY)

    card = await say(staffed, BO, "/oncall show")
    assert "⚠️ Tue 06 Jan 00:00 – Thu 08 Jan 00:00: nobody. Ana has days off." in card
    assert "nobody. Cy is not on the desk any more." in card
    clock.now = utc(2026, 1, 6, 12)
    assert "📟 On call: nobody" in await say(staffed, BO, "/oncall show")
    assert (await staffed.on_call(BO)).now is None


async def test_the_first_has_the_week_that_runs_now(staffed: Desk, clock: FakeClock) -> None:
    clock.now = utc(2026, 3, 29, 1)  # the hour that Berlin skips, on a Sunday
    await staffed.edit_agent(OPERATOR, ANA, Details(role=Role.LEAD, time_zone="Europe/Berlin"))

    found = await staffed.set_rota(ANA, [BO, CY], day="sun", at="2:30")

    assert found.zone == "Europe/Berlin"
    assert found.now == Duty(2, utc(2026, 3, 29, 1), utc(2026, 4, 5, 0, 30))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda d: d.set_rota(OPERATOR, []), "Name 1 to 50 people"),
        (lambda d: d.set_rota(OPERATOR, [ANA] * 51), "Name 1 to 50 people"),
        (lambda d: d.set_rota(OPERATOR, [ANA, ANA]), "Somebody is in it twice"),
        (lambda d: d.set_rota(OPERATOR, [person("zoe")]), "There is no agent @Zoe"),
        (lambda d: d.set_rota(OPERATOR, [ANA], day="noday"), "“noday” is no day"),
        (lambda d: d.set_rota(OPERATOR, [ANA], day="mo"), "“mo” is no day"),
        (lambda d: d.set_rota(OPERATOR, [ANA], at="24"), "“24” is no time of day"),
        (lambda d: d.set_rota(OPERATOR, [ANA], at="9:75"), "“9:75” is no time of day"),
        (lambda d: d.set_rota(OPERATOR, [ANA], at="noon"), "“noon” is no time of day"),
        (lambda d: d.set_rota(OPERATOR, [ANA], zone="Mars/Base"), "“Mars/Base” is no time zone"),
        (lambda d: d.cover(OPERATOR, ANA, "tomorrow", "2026-02-01"), "“tomorrow” is no moment"),
        (lambda d: d.cover(OPERATOR, ANA, "2026-02-30", "2026-03-01"), "is no moment"),
        (lambda d: d.cover(OPERATOR, ANA, "2026-02-01T25", "2026-03-01"), "is no moment"),
        (lambda d: d.cover(OPERATOR, ANA, "2026-02-02", "2026-02-01"), "ends before it begins"),
        (lambda d: d.cover(OPERATOR, ANA, "2026-02-02", "2026-02-02"), "ends before it begins"),
        (lambda d: d.cover(OPERATOR, ANA, "2026-01-01", "2026-01-02"), "That has passed"),
        (lambda d: d.cover(OPERATOR, ANA, "2026-02-01", "2026-05-01"), "longer than 60 days"),
        (lambda d: d.cover(OPERATOR, ANA, "2027-02-01", "2027-02-02"), "more than a year away"),
        (lambda d: d.cover(OPERATOR, ANA, "9999-12-31", "9999-12-31T23"), "more than a year"),
        (lambda d: d.cover(ANA, ANA, "2026-02-01", "2026-02-02"), "Only leads may do that"),
        (lambda d: d.swap_turns(OPERATOR, ANA, BO), "There is no rota yet"),
        (lambda d: d.swap_turns(OPERATOR, ANA, ANA), "Name two people"),
        (lambda d: d.remove_cover(OPERATOR, 99), "There is no cover 99 ahead"),
        (lambda d: d.on_call(OPERATOR, weeks=0), "from 1 to 52"),
        (lambda d: d.on_call(OPERATOR, weeks=10_000), "from 1 to 52"),
        (lambda d: d.on_call(person("visitor")), "That is for the support team"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(
    staffed: Desk,
    database: Database,
    call: Callable[[Desk], Awaitable[object]],
    sentence: str,
) -> None:
    before = await all_rows(database)

    with pytest.raises(DeskError) as refused:
        await call(staffed)

    assert sentence in str(refused.value)
    assert await all_rows(database) == before
