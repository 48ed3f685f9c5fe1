"""Every knob about when people work, at absurd values: refused with its own sentence, nothing changed."""

from collections.abc import Awaitable, Callable

import pytest

from app.errors import CannotStart
from app.settings import load
from core.desk import Desk
from core.errors import DeskError
from core.storage.database import Database
from core.vocabulary import OPERATOR, HandBack
from tests.rows import all_rows
from tests.scene import hire, person

GRACE, LINUS = person("grace"), person("linus")
Call = Callable[[Desk], Awaitable[object]]


def hours(text: str) -> Call:
    return lambda desk: desk.set_hours(GRACE, GRACE, text)


def away(text: str) -> Call:
    return lambda desk: desk.set_away(GRACE, GRACE, text)


REFUSED: dict[str, tuple[Call, str]] = {
    "hours: nothing": (hours(""), "there is nothing in it"),
    "hours: spaces": (hours("   "), "there is nothing in it"),
    "hours: no days": (hours("9-17"), "say the days first"),
    "hours: no hours": (hours("mon-fri"), "the hours are missing"),
    "hours: no such day": (hours("noday 9-17"), "that is no day"),
    "hours: two letters": (hours("mo 9-17"), "that is no day"),
    "hours: hour 25": (hours("mon 9-25"), "a day has the hours from 0 to 24"),
    "hours: minute 60": (hours("mon 9:60-10"), "an hour 60 minutes"),
    "hours: no length": (hours("mon 9-9"), "a block has to last a while"),
    "hours: twice": (hours("mon 9-12; mon 11-13"), "two blocks are at the same time"),
    "hours: over midnight": (hours("mon 22-8; tue 7-9"), "two blocks are at the same time"),
    "hours: too many": (hours("mon 1-2,2-3,3-4,4-5,5-6,6-7,7-8"), "more than 6 blocks a day"),
    "hours: too long": (hours("mon 9-17; " * 40), "longer than 300 characters"),
    "hours: a number": (hours("mon 99999-3"), "that is no block of hours"),
    "hours: negative": (hours("mon -9-17"), "that is no day"),
    "hours: fire": (hours("mon 🔥-17"), "the hours are missing"),
    "hours: nobody": (
        lambda d: d.set_hours(OPERATOR, person("zoe"), "mon 9-17"),
        "There is no agent @Zoe",
    ),
    "hours: a colleague's": (
        lambda d: d.set_hours(GRACE, LINUS, "mon 9-17"),
        "You can change your own hours",
    ),
    "hours: a visitor's": (
        lambda d: d.set_hours(person("ana"), GRACE, "mon 9-17"),
        "That is for the support team",
    ),
    "away: nothing": (away(""), "say the days"),
    "away: no day": (away("soon"), "that is no day"),
    "away: 30 February": (away("2026-02-30"), "that is no day"),
    "away: short": (away("2026-2-3"), "that is no day"),
    "away: backwards": (away("2026-02-03..2026-02-01"), "the last day is before the first"),
    "away: passed": (away("2025-01-01..2025-01-02"), "that has passed"),
    "away: the year 9999": (away("2026-02-03..9999-12-31"), "more than two years away"),
    "away: a long reason": (away("2026-02-03 " + "x" * 101), "100 characters at most"),
    "away: open end": (away("2026-02-03.."), "that is no day"),
    "away: a colleague": (
        lambda d: d.set_away(GRACE, LINUS, "2026-02-03"),
        "You can change your own hours",
    ),
    "handback: by an agent": (
        lambda d: d.set_hand_back(GRACE, GRACE, HandBack.NEVER),
        "Only leads may do that",
    ),
    "handback: of nobody": (
        lambda d: d.set_hand_back(OPERATOR, person("zoe"), None),
        "There is no agent @Zoe",
    ),
    "here: a visitor": (lambda d: d.say_here(person("ana")), "That is for the support team"),
    "here: the operator": (lambda d: d.say_here(OPERATOR), "The operator holds no tickets"),
    "stuck: an agent": (lambda d: d.stuck(GRACE), "Only leads may do that"),
    "show: nobody": (lambda d: d.agent(GRACE, person("zoe")), "There is no agent @Zoe"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(
    desk: Desk, database: Database, case: str
) -> None:
    await hire(desk, "grace")
    await hire(desk, "linus")
    before = await all_rows(database)
    call, sentence = REFUSED[case]

    with pytest.raises(DeskError) as refused:
        await call(desk)

    assert sentence in str(refused.value)
    assert await all_rows(database) == before


async def test_days_off_at_the_same_time_as_others_are_refused(
    desk: Desk, database: Database
) -> None:
    await hire(desk, "grace")
    await desk.set_away(GRACE, GRACE, "2026-02-03..2026-02-10")
    before = await all_rows(database)

    with pytest.raises(DeskError, match="some of it is off already"):
        await desk.set_away(GRACE, GRACE, "2026-02-10..2026-02-12")

    assert await all_rows(database) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("PRESENCE_MINUTES", each) for each in ("-1", "10081", "nan", "inf", "soon", "1e300")),
        *(("PRESENCE_GRACE_MINUTES", each) for each in ("0", "-5", "10081", "nan", "x")),
        *(("HAND_BACK", each) for each in ("sometimes", "NOW!", "0")),
        *(("ESCALATE_REOPENS", each) for each in ("0", "-1", "101", "2.5", "often")),
        *(("ESCALATE_AT_PERCENT", each) for each in ("0", "101", "-90", "90%", "nan")),
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_start_and_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(CannotStart, match=f"^{name}: "):
        load()
