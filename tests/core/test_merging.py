"""Two tickets about one matter become one, everything follows, and that can be taken back."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import pressed
from core.desk import Desk
from core.errors import DeskError, Invalid
from core.people.actors import NotStaff, RoleTooLow
from core.storage.database import Database
from core.tickets.duplicates import likeness
from core.tickets.find import UnknownTicket
from core.tickets.lifecycle import AlreadyResolved, NotYours
from core.tickets.merging import DifferentCustomers, NotMerged, TooLateToUndo
from core.vocabulary import OPERATOR, Role, Status, Ticket
from tests.clock import FakeClock
from tests.faults.invariants import violations
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person


async def shown(desk: Desk, number: int) -> Ticket:
    return (await desk.ticket(OPERATOR, number)).ticket


async def said_on(desk: Desk, number: int) -> Sequence[str]:
    return [each.text for each in (await desk.ticket(OPERATOR, number)).messages]


async def ask(desk: Desk, text: str, *, at: str, by: str = "ana") -> int:
    received = await desk.receive(message(text, by=by, at=at))
    assert received.ticket is not None
    return received.ticket


async def two(desk: Desk) -> tuple[int, int]:
    """Two tickets of ana's, in two conversations."""
    return (
        await ask(desk, "the printer smokes", at="C1:one"),
        await ask(desk, "my printer is smoking now", at="C1:two"),
    )


async def test_everything_goes_onto_the_other_ticket_and_the_customer_is_told_once(
    desk: Desk, outbox: Outbox, database: Database
) -> None:
    grace = await hire(desk, "grace", capacity=2)
    stays, goes = await two(desk)
    await desk.reply(grace, goes, "Is it hot?")
    await desk.note(grace, goes, "the old model")
    waiting = await open_ticket(desk, by="ben")

    ticket = await desk.merge(grace, goes, stays)
    await desk.courier.deliver_due()

    assert ticket.id == stays
    assert await said_on(desk, stays) == [
        "the printer smokes",
        "my printer is smoking now",
        "Is it hot?",
        "the old model",
    ]
    merged = await shown(desk, goes)
    assert (merged.status, merged.merged_into_id) == (Status.CLOSED, stays)
    assert (await shown(desk, waiting)).assignee is not None, "her slot is free again"
    told = [text for text in outbox.texts("C1:two") if "goes on as part of" in text]
    assert len(told) == 1
    assert f"#{stays}" in told[0]
    assert not any("How did we do" in text for text in outbox.texts("C1:two"))
    assert await violations(database) == []


async def test_what_is_written_in_the_old_conversation_reaches_the_other_ticket(
    desk: Desk, database: Database, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace", capacity=2)
    stays, goes = await two(desk)
    await desk.courier.deliver_due()
    root = next(
        outbox.id_of(each) for each in outbox.to(STAFF_ROOM) if f"#{goes}" in each.card.title
    )
    await desk.merge(grace, goes, stays)
    await desk.reply(grace, stays, "Turn it off.")

    received = await desk.receive(message("it still smokes", at="C1:two"))
    await desk.hear(message("hm", by="grace", at=STAFF_ROOM.conversation), root=root)

    assert received.ticket == stays
    assert (await shown(desk, stays)).status is Status.OPEN
    assert (await said_on(desk, stays))[-2:] == ["it still smokes", "hm"]
    assert await violations(database) == []


async def test_through_two_merges_a_message_finds_the_last_ticket(desk: Desk) -> None:
    grace = await hire(desk, "grace", capacity=3)
    stays, goes = await two(desk)
    last = await ask(desk, "and the scanner?", at="C1:three")
    await desk.merge(grace, goes, stays)
    await desk.merge(grace, stays, last)

    assert (await desk.receive(message("hello?", at="C1:two"))).ticket == last


async def test_a_note_on_a_merged_ticket_is_where_the_matter_goes_on(
    desk: Desk, database: Database
) -> None:
    grace = await hire(desk, "grace", capacity=3)
    last, middle = await two(desk)
    first = await ask(desk, "it smokes", at="C1:three")
    await desk.merge(grace, first, middle)
    await desk.merge(grace, middle, last)

    noted = await desk.note(grace, first, "the old model")

    assert noted.id == last
    assert (await said_on(desk, last))[-1] == "the old model"
    assert await said_on(desk, first) == []
    assert await violations(database) == []


async def test_after_the_other_ticket_is_closed_the_old_conversation_begins_anew(
    desk: Desk,
) -> None:
    grace = await hire(desk, "grace", capacity=2)
    stays, goes = await two(desk)
    await desk.merge(grace, goes, stays)
    await desk.resolve(grace, stays)
    await desk.confirm(person("ana"), stays)

    received = await desk.receive(message("now the scanner is broken", at="C1:two"))

    assert received.ticket not in {stays, goes}


async def test_it_is_taken_back_with_what_came_and_what_was_written_since(
    desk: Desk, clock: FakeClock, outbox: Outbox, database: Database
) -> None:
    grace = await hire(desk, "grace", capacity=2)
    stays, goes = await two(desk)
    await desk.merge(grace, goes, stays)
    await desk.receive(message("it still smokes", at="C1:two"))
    await desk.receive(message("so does this one", at="C1:one"))
    clock.advance(timedelta(minutes=10))

    ticket = await desk.unmerge(grace, goes)
    await desk.courier.deliver_due()

    assert (ticket.status, ticket.merged_into_id) == (Status.OPEN, None)
    assert await said_on(desk, goes) == ["my printer is smoking now", "it still smokes"]
    assert await said_on(desk, stays) == ["the printer smokes", "so does this one"]
    assert any("goes on by itself" in text for text in outbox.texts("C1:two"))
    assert (await desk.receive(message("hello?", at="C1:two"))).ticket == goes
    assert await violations(database) == []


async def test_a_lead_can_merge_the_tickets_of_two_customers(
    desk: Desk, database: Database
) -> None:
    maria = await hire(desk, "maria", role=Role.LEAD)
    first, second = await open_ticket(desk, by="ana"), await open_ticket(desk, by="ben")

    await desk.merge(maria, second, first, force=True)

    assert (await desk.receive(message("hello?", by="ben"))).ticket == first
    assert await violations(database) == []


GRACE, LINUS = person("grace"), person("linus")

# 1 and 2 are ana's and grace's, 3 is ben's and grace's, 4 is cleo's and resolved.
REFUSED: dict[str, tuple[Callable[[Desk], Awaitable[object]], type[DeskError]]] = {
    "into itself": (lambda desk: desk.merge(GRACE, 1, 1), Invalid),
    "by a customer": (lambda desk: desk.merge(person("ana"), 2, 1), NotStaff),
    "of a colleague": (lambda desk: desk.merge(LINUS, 2, 1), NotYours),
    "of another customer": (lambda desk: desk.merge(GRACE, 3, 1), DifferentCustomers),
    "forced by an agent": (lambda desk: desk.merge(GRACE, 3, 1, force=True), RoleTooLow),
    "of what is resolved": (lambda desk: desk.merge(OPERATOR, 4, 1), AlreadyResolved),
    "into what is resolved": (lambda desk: desk.merge(GRACE, 1, 4), AlreadyResolved),
    "of what is not there": (lambda desk: desk.merge(GRACE, 99, 1), UnknownTicket),
    "into what is not there": (lambda desk: desk.merge(GRACE, 1, 99), UnknownTicket),
    "taken back where there was none": (lambda desk: desk.unmerge(GRACE, 1), NotMerged),
    "taken back by a customer": (lambda desk: desk.unmerge(person("ana"), 1), NotStaff),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_merge_is_refused(desk: Desk, database: Database, what: str) -> None:
    await hire(desk, "grace", capacity=4)
    await hire(desk, "linus", capacity=0)
    await two(desk)
    await open_ticket(desk, by="ben")
    await desk.resolve(OPERATOR, await open_ticket(desk, by="cleo"))
    before = await all_rows(database)
    action, refusal = REFUSED[what]

    with pytest.raises(refusal):
        await action(desk)

    assert await all_rows(database) == before


async def test_it_is_not_taken_back_later_or_twice_and_not_merged_again(
    desk: Desk, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace", capacity=2)
    stays, goes = await two(desk)
    await desk.merge(grace, goes, stays)
    with pytest.raises(AlreadyResolved, match=f"merged into #{stays}"):
        await desk.merge(grace, goes, stays)
    await desk.unmerge(grace, goes)
    with pytest.raises(NotMerged):
        await desk.unmerge(grace, goes)
    await desk.merge(grace, goes, stays)
    clock.advance(timedelta(minutes=10, seconds=1))

    with pytest.raises(TooLateToUndo):
        await desk.unmerge(grace, goes)


async def test_merging_writing_and_replying_at_once_lose_nothing(
    desk: Desk, database: Database
) -> None:
    grace = await hire(desk, "grace", capacity=10)
    for number in range(ROUNDS):
        one = await ask(desk, "the printer smokes", at=f"a{number}", by=f"c{number}")
        other = await ask(desk, "it smokes", at=f"b{number}", by=f"c{number}")
        results = await asyncio.gather(
            desk.merge(grace, one, other),
            desk.merge(grace, other, one),
            desk.receive(message("hurry", by=f"c{number}", at=f"a{number}")),
            desk.receive(message("please", by=f"c{number}", at=f"b{number}")),
            desk.reply(grace, one, "one moment"),
            desk.unmerge(grace, one),
            return_exceptions=True,
        )
        failures = [each for each in results if isinstance(each, BaseException)]
        assert all(isinstance(each, DeskError) for each in failures), failures
        said = [*await said_on(desk, one), *await said_on(desk, other)]
        assert {"hurry", "please", "the printer smokes", "it smokes"} <= set(said)
        for ticket in (one, other):
            if (await shown(desk, ticket)).status is not Status.CLOSED:
                await desk.resolve(OPERATOR, ticket)
    assert await violations(database) == []


async def test_the_card_of_what_looks_like_a_duplicate_offers_the_merge(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace", capacity=3)
    first = await ask(desk, "The printer in room 4 smokes", at="C1:one")
    again = await ask(desk, "the printer smokes in room 4!!", at="C1:two")
    other = await ask(desk, "where do I find my invoice of May?", at="C1:three")
    await desk.courier.deliver_due()

    cards = {
        number: next(
            each.card for each in outbox.to(STAFF_ROOM) if f"🎫 #{number} " in each.card.title
        )
        for number in (first, again, other)
    }
    [button] = [each for each in cards[again].buttons if each.action == "ticket merge"]
    await carry_out(desk, grace, pressed(COMMANDS, button.action, button.value, by=grace))

    assert button.label == f"🔀 Merge into #{first}"
    assert (await shown(desk, again)).merged_into_id == first
    for number in (first, other):
        assert not any(each.action == "ticket merge" for each in cards[number].buttons)


async def test_neither_yesterdays_nor_somebody_elses_ticket_is_a_duplicate(
    desk: Desk, clock: FakeClock
) -> None:
    await ask(desk, "The printer in room 4 smokes", at="C1:one", by="ben")
    await ask(desk, "The printer in room 4 smokes", at="C1:two")
    clock.advance(timedelta(days=1))

    again = await ask(desk, "The printer in room 4 smokes", at="C1:three")

    assert (await shown(desk, again)).looks_like_id is None


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("the printer smokes", "The printer SMOKES!", True),
        ("my order A-1001 has not arrived", "order A-1001 has still not arrived, help", True),
        ("help", "help", False),
        ("hello, my printer", "hello, my invoice", False),
        ("where is my parcel", "how do I change my password", False),
        ("", "", False),
    ],
)
def test_likeness(one: str, other: str, alike: bool) -> None:
    assert (likeness(one, other) >= 75) is alike
