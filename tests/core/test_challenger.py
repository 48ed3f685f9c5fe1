"""The challenger by the door: what is noted, what is given by lot, and who switches it."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import timedelta

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core.channels import Who
from core.desk import Desk
from core.errors import Conflict, Invalid
from core.people.actors import RoleTooLow
from core.storage.database import Database
from core.vocabulary import OPERATOR, Role, replay
from tests.clock import FakeClock
from tests.outbox import Outbox
from tests.scene import CHANNEL, HOUSE, hire, open_ticket

TICKETS = 410


async def typed(desk: Desk, text: str, *, by: Who = OPERATOR) -> str:
    said = await carry_out(desk, by, read(COMMANDS, text, by=by))
    return said.card.text


async def busy_days(desk: Desk, clock: FakeClock, count: int) -> list[dict[str, object]]:
    """So many tickets, given out one by one; Grace is quick with them and Linus slow. Why each."""
    agents = {
        name: await hire(desk, name, capacity=3, skills=skills)
        for name, skills in (("grace", {"a": 1}), ("linus", {"b": 1}))
    }
    whys = []
    for number in range(count):
        ticket = await open_ticket(desk, by=f"customer-{number}")
        assignment = (await desk.why(OPERATOR, ticket)).assignments[-1]
        whys.append(dict(assignment.why))
        name = assignment.agent.name.lower()
        clock.advance(timedelta(minutes=5 if name == "grace" else 60))
        await desk.resolve(agents[name], ticket)
    return whys


async def test_off_it_leaves_no_trace(desk: Desk, clock: FakeClock) -> None:
    [why] = await busy_days(desk, clock, 1)

    assert not {"preferred", "propensity", "challenger", "by_lot"} & why.keys()


async def test_a_share_is_given_by_lot_and_noted_with_its_chance(
    desk: Desk, clock: FakeClock
) -> None:
    await desk.switch_challenger(OPERATOR, "auto", lots="20%")
    whys = await busy_days(desk, clock, 60)

    by_lot = [why for why in whys if why["by_lot"]]
    assert 1 <= len(by_lot) <= 15  # 10 % of 60, since half of the lots fall as the rules would
    for why in whys:
        assert why["propensity"] == pytest.approx(0.1 if why["by_lot"] else 0.9)
        played = replay(why)
        assert played is not None
        assert played.holds


async def test_too_little_is_said_to_be_too_little(desk: Desk, clock: FakeClock) -> None:
    assert "no assignments with an outcome yet" in await typed(desk, "/routing report")
    with pytest.raises(Conflict, match="0 assignments with an outcome; it takes 400"):
        await desk.switch_challenger(OPERATOR, "on")


@pytest.fixture
async def light_desk(sqlite_url: str, clock: FakeClock) -> AsyncIterator[Desk]:
    """A desk on SQLite alone, for what takes hundreds of tickets and is not about the database."""
    database = Database(sqlite_url)
    yield Desk(database, HOUSE, channels={CHANNEL: Outbox()}, clock=clock)
    await database.close()


async def test_what_was_learnt_decides_once_it_is_on_and_no_more_when_it_is_off(
    light_desk: Desk, clock: FakeClock
) -> None:
    desk = light_desk
    await busy_days(desk, clock, TICKETS)
    told = await typed(desk, "/routing challenger on lots:0")

    assert "The challenger is on; the challenger decides" in told
    grace_or_linus = await open_ticket(desk, by="somebody")
    why = (await desk.why(OPERATOR, grace_or_linus)).assignments[-1].why
    assert why["challenger"] == why["considered"][0]["number"]
    assert why["weights"] != asdict((await desk.routing_policy(OPERATOR, "default")).policy.weights)

    told = await typed(desk, "/routing challenger off")
    assert "The challenger is off; the rules decide" in told
    other = await open_ticket(desk, by="somebody-else")
    assert "challenger" not in (await desk.why(OPERATOR, other)).assignments[-1].why
    assert await desk.study_routing() is False


async def test_looking_on_by_itself_changes_nothing_that_is_not_sure(
    desk: Desk, clock: FakeClock
) -> None:
    told = await typed(desk, "/routing challenger auto lots:10%")

    assert told.startswith("The challenger is auto; the rules decide; 10% of assignments by lot.")
    assert await desk.study_routing() is False


@pytest.mark.parametrize(
    ("setting", "lots", "says"),
    [
        ("perhaps", None, "on, off or auto, not “perhaps”"),
        ("auto", "90%", "from 0 to 0.2"),
        ("auto", "nan", "from 0 to 0.2"),
        ("auto", "many", "is no share"),
    ],
)
async def test_absurd_settings_are_refused(
    desk: Desk, setting: str, lots: str | None, says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        await desk.switch_challenger(OPERATOR, setting, lots=lots)


async def test_leads_look_and_admins_switch(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    lead = await hire(desk, "linus", role=Role.LEAD)

    with pytest.raises(RoleTooLow):
        await desk.routing_report(grace)
    assert (await desk.routing_report(lead)).cases == 0
    with pytest.raises(RoleTooLow):
        await desk.switch_challenger(lead, "auto")
