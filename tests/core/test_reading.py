"""A conversation as staff read it: page by page, with what became of each reply."""

import pytest

from core.desk import Desk
from core.errors import DeskError
from core.vocabulary import Mark, Wanted
from tests.outbox import Outbox
from tests.scene import hire, message, open_ticket, person


async def test_the_newest_page_comes_first_and_older_ones_on_demand(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk, "message 0")
    for n in range(1, 5):
        await desk.receive(message(f"message {n}"))

    newest = await desk.conversation(grace, number, at_most=3)
    older = await desk.conversation(grace, number, before=newest.messages[0].id, at_most=3)

    assert [each.text for each in newest.messages] == ["message 2", "message 3", "message 4"]
    assert [each.text for each in older.messages] == ["message 0", "message 1"]
    assert (newest.more, older.more) == (True, False)


async def test_a_reply_has_its_fate_and_a_note_has_none(desk: Desk, outbox: Outbox) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.note(grace, number, "for us")
    await desk.reply(grace, number, "for you")

    waiting = await desk.conversation(grace, number)
    await desk.courier.deliver_due()
    sent = await desk.conversation(grace, number)

    note, reply = waiting.messages[-2:]
    assert {key: fate.mark for key, fate in waiting.fates.items()} == {reply.id: Mark.WAITING}
    assert {key: fate.mark for key, fate in sent.fates.items()} == {reply.id: Mark.SENT}
    assert waiting.authors[note.agent_id or 0] == "Grace"


async def test_a_customer_does_not_read_it(desk: Desk) -> None:
    number = await open_ticket(desk)
    with pytest.raises(DeskError):
        await desk.conversation(person("ana"), number)


async def test_tickets_are_found_by_their_numbers(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    numbers = [await open_ticket(desk, f"lamp {n}", by=f"customer-{n}") for n in range(3)]
    wanted = Wanted(filter=f"number:{numbers[0]},#{numbers[2]}")

    found = await desk.tickets(grace, wanted)

    assert [each.id for each in found.tickets] == [numbers[0], numbers[2]]
