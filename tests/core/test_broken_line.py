"""A connection that breaks: begun again where nothing was done, and never done twice."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from core.desk import Desk
from core.storage.database import Database
from tests.clock import FakeClock
from tests.cut_line import Cut, Line, line_to
from tests.outbox import Outbox
from tests.scene import CHANNEL, HOUSE, hire, message, open_ticket

A_WHILE = timedelta(minutes=10)


@pytest.fixture
async def line(postgres_url: str) -> AsyncIterator[Line]:
    async with line_to(postgres_url) as line:
        yield line


@pytest.fixture
async def desk(line: Line, clock: FakeClock, outbox: Outbox) -> AsyncIterator[Desk]:
    """A desk on PostgreSQL, by a line that can be cut."""
    database = Database(line.url)
    yield Desk(database, HOUSE, channels={CHANNEL: outbox}, clock=clock)
    await database.close()


async def notes_on(desk: Desk, number: int) -> list[str]:
    whole = await desk.ticket(await hire(desk, "the-one-who-looks"), number)
    return [each.text for each in whole.messages][1:]


@pytest.mark.parametrize(("when", "kept"), [(Cut.BEFORE, []), (Cut.AFTER, ["look here"])])
async def test_what_broke_on_its_commit_is_told_and_not_done_again(
    desk: Desk, line: Line, when: Cut, kept: list[str]
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    line.will_cut("COMMIT", when)

    with pytest.raises(DBAPIError):
        await desk.note(grace, number, "look here")

    assert line.cuts == 1
    assert await notes_on(desk, number) == kept


@pytest.mark.parametrize("when", Cut)
async def test_what_broke_before_its_commit_is_done_again_and_once(
    desk: Desk, line: Line, when: Cut
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    line.will_cut("BEGIN", when)

    await desk.note(grace, number, "look here")

    assert line.cuts == 1
    assert await notes_on(desk, number) == ["look here"]


@pytest.mark.parametrize("when", Cut)
async def test_a_question_that_broke_is_asked_again(desk: Desk, line: Line, when: Cut) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    line.will_cut("SELECT tickets", when)

    assert (await desk.ticket(grace, number)).ticket.id == number
    assert line.cuts == 1


@pytest.mark.parametrize("rest", [0.0, 3_600.0], ids=["asked first", "found out"])
async def test_a_database_that_went_away_in_between_is_reached_again(
    desk: Desk, line: Line, monkeypatch: pytest.MonkeyPatch, rest: float
) -> None:
    monkeypatch.setattr("core.storage.database.REST", rest)
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)

    await line.hang_up()
    assert (await desk.ticket(grace, number)).ticket.id == number
    await line.hang_up()
    await desk.note(grace, number, "look here")
    assert await notes_on(desk, number) == ["look here"]


@pytest.mark.parametrize("when", Cut)
async def test_a_redelivery_after_a_commit_that_broke_is_one_message_on_one_ticket(
    desk: Desk, line: Line, when: Cut
) -> None:
    incoming = message("the printer smokes")
    line.will_cut("COMMIT", when)
    with pytest.raises(DBAPIError):
        await desk.receive(incoming)

    received = await desk.receive(incoming)
    assert received.ticket is not None
    assert await notes_on(desk, received.ticket) == []


@pytest.mark.parametrize("when", Cut)
async def test_a_settlement_that_broke_on_its_commit_sends_nothing_again(
    desk: Desk, line: Line, outbox: Outbox, clock: FakeClock, when: Cut
) -> None:
    outbox.can_find = False
    await desk.receive(message("hi"))
    outbox.on_taking = lambda: line.will_cut("COMMIT", when)

    assert await desk.courier.deliver_due() == 1
    assert line.cuts == 1
    clock.advance(A_WHILE)
    assert await desk.courier.deliver_due() == 0
    assert len(outbox.sent) == 1


@pytest.mark.parametrize("when", Cut)
async def test_a_lease_that_broke_on_its_commit_is_taken_again(
    desk: Desk, line: Line, outbox: Outbox, clock: FakeClock, when: Cut
) -> None:
    await desk.receive(message("hi"))
    line.will_cut("COMMIT", when)

    await desk.courier.deliver_due()
    assert line.cuts == 1
    clock.advance(A_WHILE)
    await desk.courier.deliver_due()
    assert len(outbox.sent) == 1
