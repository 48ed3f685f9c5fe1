"""What agents say of a customer, and what a blocked one gets."""

import pytest

from core.cards import plain
from core.desk import Desk
from core.errors import Conflict, Invalid
from core.people.actors import NotStaff, RoleTooLow
from core.people.keeping_customers import Unfit
from core.vocabulary import OPERATOR, Outcome, Role
from tests.outbox import Outbox
from tests.scene import hire, message, open_ticket, person


async def test_a_profile_is_changed_in_parts(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await open_ticket(desk)

    await desk.edit_customer(grace, "#1", {"email": "ana@example.org", "tags": ["Wholesale", "eu"]})
    await desk.edit_customer(grace, "c-1", {"is_vip": True, "time_zone": "Europe/Lisbon"})
    await desk.note_customer(grace, "c-1", "prefers mail")

    found = await desk.customer(grace, "c-1")
    assert (found.customer.email, found.customer.tags) == ("ana@example.org", ["eu", "wholesale"])
    assert (found.customer.is_vip, found.customer.time_zone) == (True, "Europe/Lisbon")
    assert [(each.by, each.text) for each in found.notes] == [("Grace", "prefers mail")]
    assert (found.ticket_count, found.live_count) == (1, 1)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("email", "ana"),
        ("email", "a@b@c"),
        ("phone", "call me"),
        ("language", "Portuguese"),
        ("time_zone", "Lisbon"),
        ("tags", ["two words"]),
        ("name", " "),
        ("name", "x" * 121),
    ],
)
async def test_what_is_no_such_thing_is_refused_and_changes_nothing(
    desk: Desk, part: str, value: object
) -> None:
    await open_ticket(desk)

    with pytest.raises(Unfit, match="For example"):
        await desk.edit_customer(OPERATOR, "c-1", {part: value})

    customer = (await desk.customer(OPERATOR, "c-1")).customer
    assert (customer.name, customer.email, customer.tags) == ("Ana", "", [])


async def test_an_edit_and_a_note_say_something(desk: Desk) -> None:
    await open_ticket(desk)

    with pytest.raises(Invalid, match="Say what"):
        await desk.edit_customer(OPERATOR, "c-1", {})
    with pytest.raises(Invalid, match="nothing to note"):
        await desk.note_customer(OPERATOR, "c-1", " ")


async def test_a_blocked_customer_is_told_once_and_opens_nothing(
    desk: Desk, outbox: Outbox
) -> None:
    lead = await hire(desk, "linus", role=Role.LEAD)
    await desk.receive(message("hi"))
    await desk.block_customer(lead, "c-1")

    outcomes = [(await desk.receive(message("my lamp broke"))).outcome for _ in range(3)]
    await desk.courier.deliver_due()

    assert outcomes == [Outcome.IGNORED] * 3
    assert not (await desk.tickets(OPERATOR)).tickets
    refusals = [sent for sent in outbox.to("ana") if "cannot help you" in plain(sent.card)]
    assert len(refusals) == 1
    with pytest.raises(Conflict):
        await desk.block_customer(lead, "c-1")
    await desk.unblock_customer(lead, "c-1")
    assert (await desk.receive(message("my lamp broke"))).outcome is Outcome.TICKET


async def test_agents_edit_and_leads_block(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    await open_ticket(desk)

    with pytest.raises(RoleTooLow):
        await desk.block_customer(grace, "c-1")
    with pytest.raises(NotStaff):
        await desk.edit_customer(person("ana"), "c-1", {"is_vip": True})
