"""Many tickets at once: proposed, done, undone as a whole, whoever races."""

import asyncio
from datetime import timedelta

import pytest

from core.channels import Who
from core.desk import Desk
from core.errors import Conflict, DeskError, Forbidden, Invalid, NotFound
from core.storage.database import Database
from core.vocabulary import (
    OPERATOR,
    Availability,
    BulkWhat,
    Details,
    Priority,
    Role,
    Status,
    Ticket,
    Wanted,
)
from tests.clock import FakeClock
from tests.rows import all_rows
from tests.scene import hire, open_ticket, person

LEA, GRACE = person("lea"), person("grace")


@pytest.fixture
async def busy(desk: Desk) -> Desk:
    """Six tickets wait; lea leads and takes none."""
    await hire(desk, "lea", role=Role.LEAD, capacity=0)
    for number in range(1, 7):
        await open_ticket(desk, f"lamp {number}", by=f"customer-{number}")
    return desk


async def done(desk: Desk, what: BulkWhat, value: str, text: str) -> int:
    proposed = await desk.propose_bulk(LEA, what, value, text)
    await desk.do_bulk(LEA, proposed.bulk.id)
    return proposed.bulk.id


async def tickets(desk: Desk) -> dict[int, Ticket]:
    page = await desk.tickets(OPERATOR, Wanted(any_status=True))
    return {ticket.id: ticket for ticket in page.tickets}


async def tags(desk: Desk) -> list[str]:
    return [",".join(await desk.tags(OPERATOR, number)) for number in range(1, 7)]


async def test_a_proposal_says_what_would_change_and_changes_nothing(busy: Desk) -> None:
    await busy.tag(LEA, 2, add=["storm"])

    proposed = await busy.propose_bulk(LEA, BulkWhat.TAG, "+storm,-old", "lamp")

    assert proposed.changed == [1, 3, 4, 5, 6]
    assert await tags(busy) == ["", "storm", "", "", "", ""]


async def test_tags_come_and_go_and_are_brought_back_as_they_were(busy: Desk) -> None:
    await busy.tag(LEA, 1, add=["old", "kept"])
    await busy.tag(LEA, 2, add=["storm"])

    number = await done(busy, BulkWhat.TAG, "+storm,-old", "lamp -5")
    assert await tags(busy) == ["kept,storm", "storm", "storm", "storm", "", "storm"]
    await busy.tag(LEA, 3, add=["later"])
    outcome = await busy.undo_bulk(LEA, number)

    assert outcome.changed == [1, 3, 4, 6]
    assert await tags(busy) == ["kept,old", "storm", "later", "", "", ""]


async def test_priorities_are_brought_back_but_where_somebody_was_there_since(busy: Desk) -> None:
    await busy.set_priority(LEA, 1, Priority.LOW)
    number = await done(busy, BulkWhat.PRIORITY, "high", "lamp")
    await busy.set_priority(LEA, 2, Priority.URGENT)
    await busy.resolve(OPERATOR, 3)

    outcome = await busy.undo_bulk(LEA, number)

    assert outcome.changed == [1, 4, 5, 6]
    assert set(outcome.left) == {2, 3}
    found = await tickets(busy)
    assert [int(found[each].priority) for each in range(1, 7)] == [1, 4, 3, 2, 2, 2]


async def test_an_agent_is_given_what_they_have_room_for_and_it_goes_back(busy: Desk) -> None:
    await hire(busy, "grace", capacity=0)
    await busy.set_availability(GRACE, Availability.BUSY)
    await busy.edit_agent(OPERATOR, GRACE, Details(capacity=4))
    proposed = await busy.propose_bulk(LEA, BulkWhat.ASSIGN, "grace", "lamp")
    outcome = await busy.do_bulk(LEA, proposed.bulk.id)

    assert len(outcome.changed) == 4
    assert len(outcome.left) == 2
    assert "has capacity 4" in next(iter(outcome.left.values()))
    assert sum(each.assignee is not None for each in (await tickets(busy)).values()) == 4

    back = await busy.undo_bulk(LEA, proposed.bulk.id)
    assert back.changed == outcome.changed
    assert {each.status for each in (await tickets(busy)).values()} == {Status.NEW}


async def test_it_goes_back_to_whoever_had_it(busy: Desk) -> None:
    await hire(busy, "linus")
    await hire(busy, "grace", capacity=0)
    await busy.set_availability(GRACE, Availability.BUSY)
    await busy.edit_agent(OPERATOR, GRACE, Details(capacity=1))
    await busy.set_availability(person("linus"), Availability.BUSY)
    number = await done(busy, BulkWhat.ASSIGN, "grace", "assignee:linus")
    [held] = [each for each in (await tickets(busy)).values() if each.assignee]
    assert held.assignee is not None
    assert held.assignee.name == "Grace"

    await busy.undo_bulk(LEA, number)

    [held] = [each for each in (await tickets(busy)).values() if each.assignee]
    assert held.assignee is not None
    assert held.assignee.name == "Linus"


async def test_what_is_resolved_stays_so(busy: Desk) -> None:
    number = await done(busy, BulkWhat.RESOLVE, "", "lamp")
    assert {each.status for each in (await tickets(busy)).values()} == {Status.RESOLVED}

    with pytest.raises(Conflict, match="The customers were told"):
        await busy.undo_bulk(LEA, number)


async def test_just_what_was_proposed_changes(busy: Desk) -> None:
    proposed = await busy.propose_bulk(LEA, BulkWhat.PRIORITY, "high", "lamp")
    late = await open_ticket(busy, "lamp 7", by="customer-7")
    await busy.resolve(OPERATOR, 1)

    outcome = await busy.do_bulk(LEA, proposed.bulk.id)

    assert outcome.changed == [2, 3, 4, 5, 6]
    assert set(outcome.left) == {1}
    assert (await tickets(busy))[late].priority is Priority.NORMAL


async def test_an_old_proposal_is_not_carried_out(busy: Desk, clock: FakeClock) -> None:
    proposed = await busy.propose_bulk(LEA, BulkWhat.PRIORITY, "high", "lamp")
    clock.advance(timedelta(minutes=61))

    with pytest.raises(Conflict, match="too long ago"):
        await busy.do_bulk(LEA, proposed.bulk.id)


@pytest.mark.parametrize("verb", ["do_bulk", "undo_bulk"])
async def test_of_many_who_say_yes_or_undo_at_once_one_does(busy: Desk, verb: str) -> None:
    for _ in range(5):
        proposed = await busy.propose_bulk(LEA, BulkWhat.TAG, "+storm", "lamp")
        if verb == "undo_bulk":
            await busy.do_bulk(LEA, proposed.bulk.id)

        results = await asyncio.gather(
            *(getattr(busy, verb)(LEA, proposed.bulk.id) for _ in range(6)), return_exceptions=True
        )

        refused = [each for each in results if isinstance(each, BaseException)]
        assert len(refused) == 5
        assert all(isinstance(each, Conflict) for each in refused)
        assert await tags(busy) == (["storm"] * 6 if verb == "do_bulk" else [""] * 6)
        if verb == "do_bulk":
            await busy.undo_bulk(LEA, proposed.bulk.id)


async def test_undo_races_with_whoever_tags_and_loses_nothing(busy: Desk) -> None:
    number = await done(busy, BulkWhat.TAG, "+storm", "lamp")

    await asyncio.gather(
        busy.undo_bulk(LEA, number), *(busy.tag(LEA, n, add=["mine"]) for n in range(1, 7))
    )

    assert await tags(busy) == ["mine"] * 6


REFUSED = {
    "nothing found": (BulkWhat.TAG, "+a", "unheard", Conflict),
    "nothing would change": (BulkWhat.PRIORITY, "normal", "lamp", Conflict),
    "a bad filter": (BulkWhat.TAG, "+a", "lost:x", Invalid),
    "a bad tag": (BulkWhat.TAG, "+a b", "lamp", Invalid),
    "an unknown agent": (BulkWhat.ASSIGN, "nobodyknown", "lamp", NotFound),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_cannot_be_done_is_refused_and_changes_nothing(
    busy: Desk, database: Database, case: str
) -> None:
    what, value, text, kind = REFUSED[case]
    before = await all_rows(database)

    with pytest.raises(kind):
        await busy.propose_bulk(LEA, what, value, text)

    assert await all_rows(database) == before


@pytest.mark.parametrize("by", [person("ana"), GRACE])
async def test_it_is_for_leads(busy: Desk, by: Who) -> None:
    await hire(busy, "grace")
    number = await done(busy, BulkWhat.TAG, "+storm", "lamp")

    with pytest.raises(Forbidden):
        await busy.propose_bulk(by, BulkWhat.TAG, "+a", "lamp")
    with pytest.raises(Forbidden):
        await busy.do_bulk(by, number)
    with pytest.raises(Forbidden):
        await busy.undo_bulk(by, number)


@pytest.mark.parametrize("number", [0, 999, 2**40])
async def test_an_unknown_operation_is_refused(busy: Desk, number: int) -> None:
    with pytest.raises(DeskError, match="There is no operation"):
        await busy.do_bulk(LEA, number)
    with pytest.raises(DeskError, match="There is no operation"):
        await busy.undo_bulk(LEA, number)
