"""A ticket's way from new to closed, and what each status refuses."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from core.desk import Desk
from core.errors import Conflict, DeskError, Invalid
from core.model.ticket import MOVES
from core.people.actors import NotStaff
from core.storage.database import Database
from core.tickets.find import UnknownTicket
from core.tickets.lifecycle import (
    AlreadyResolved,
    ClosedForGood,
    NobodyHasIt,
    NotResolvedYet,
    NotYours,
)
from core.vocabulary import OPERATOR, Availability, Details, Priority, Role, Status, Target
from tests.clock import FakeClock
from tests.faults.invariants import violations
from tests.outbox import Outbox
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person


async def status(desk: Desk, number: int) -> Status:
    return (await desk.ticket(OPERATOR, number)).ticket.status


async def test_a_ticket_goes_from_new_to_closed(desk: Desk, clock: FakeClock) -> None:
    number = await open_ticket(desk)
    assert await status(desk, number) is Status.NEW
    grace = await hire(desk, "grace")
    assert await status(desk, number) is Status.OPEN
    await desk.reply(grace, number, "Did you turn it off?")
    assert await status(desk, number) is Status.PENDING
    await desk.receive(message("yes!"))
    assert await status(desk, number) is Status.OPEN
    await desk.resolve(grace, number, "Replaced the cable.")
    assert await status(desk, number) is Status.RESOLVED
    clock.advance(timedelta(hours=49))
    await desk.close_resolved()
    assert await status(desk, number) is Status.CLOSED


def test_no_status_leads_out_of_closed_and_every_other_leads_to_it_in_the_end() -> None:
    assert MOVES[Status.CLOSED] == frozenset()
    assert set(MOVES) == set(Status)
    assert {to for moves in MOVES.values() for to in moves} == set(Status)


async def test_the_customer_hears_the_resolution_with_two_buttons(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.resolve(grace, number, "Replaced the cable.")
    await desk.courier.deliver_due()

    last = outbox.to("ana")[-1].card
    assert (last.title, last.text) == ("Grace", "Replaced the cable.")
    assert [button.action for button in last.buttons] == ["request confirm", "request reopen"]


async def test_the_customer_confirms_and_the_ticket_is_closed_at_once(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.resolve(grace, number)
    await desk.confirm(person("ana"), number)
    await desk.confirm(person("ana"), number)  # pressed twice
    await desk.courier.deliver_due()

    assert await status(desk, number) is Status.CLOSED
    edit = outbox.to("ana")[-2]
    assert edit.replaces is not None
    assert edit.card.buttons == ()


async def test_the_customer_reopens_and_the_same_agent_has_it_again(desk: Desk) -> None:
    await hire(desk, "grace")
    number = await open_ticket(desk)
    await hire(desk, "linus")
    await desk.resolve(OPERATOR, number)

    ticket = await desk.reopen(person("ana"), number)

    assert ticket.assignee is not None
    assert ticket.assignee.name == "Grace"


async def test_a_reopened_ticket_waits_where_nobody_is_free(desk: Desk, outbox: Outbox) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.resolve(grace, number)
    await desk.set_availability(grace, Availability.OFFLINE)
    await desk.reopen(person("ana"), number)
    await desk.courier.deliver_due()

    assert await status(desk, number) is Status.NEW
    assert any("It is not forgotten" in text for text in outbox.texts("ana"))


async def test_each_resolution_of_a_ticket_has_its_own_card(
    desk: Desk, outbox: Outbox, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    for words in ("once", "twice"):
        clock.advance(timedelta(minutes=5))
        await desk.resolve(grace, number, words)
        clock.advance(timedelta(minutes=5))
        await desk.reopen(person("ana"), number)
    await desk.courier.deliver_due()

    assert [text.splitlines()[1] for text in outbox.texts("ana") if "Grace\n" in text] == [
        "once",
        "twice",
    ]
    assert all(not card.buttons for card in outbox.posts.values() if card.text in {"once", "twice"})


async def test_nothing_happens_to_a_closed_ticket(desk: Desk, clock: FakeClock) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.resolve(grace, number)
    clock.advance(timedelta(hours=49))
    await desk.close_resolved()

    with pytest.raises(ClosedForGood):
        await desk.reopen(grace, number)
    with pytest.raises(AlreadyResolved):
        await desk.reply(grace, number, "one more thing")
    with pytest.raises(Conflict):
        await desk.claim(grace, number)
    assert await status(desk, number) is Status.CLOSED


async def test_a_closing_sweep_leaves_what_was_reopened_or_is_fresh(
    desk: Desk, clock: FakeClock
) -> None:
    grace = await hire(desk, "grace", capacity=3)
    numbers = [await open_ticket(desk, by=f"customer-{n}") for n in range(3)]
    for number in numbers[:2]:
        await desk.resolve(grace, number)
    await desk.reopen(grace, numbers[0])
    clock.advance(timedelta(hours=47))
    await desk.resolve(grace, numbers[2])
    clock.advance(timedelta(hours=2))

    assert await desk.close_resolved() == 1
    assert [await status(desk, number) for number in numbers] == [
        Status.OPEN,
        Status.CLOSED,
        Status.RESOLVED,
    ]


Act = Callable[[Desk, int], Awaitable[object]]
GRACE = person("grace")
ACTS: dict[str, Act] = {
    "release": lambda desk, number: desk.release(GRACE, number),
    "reply": lambda desk, number: desk.reply(GRACE, number, "hello"),
    "resolve": lambda desk, number: desk.resolve(GRACE, number),
    "transfer": lambda desk, number: desk.transfer(GRACE, number, Target(team="returns")),
    "escalate": lambda desk, number: desk.escalate(GRACE, number, "they will sue"),
    "set_priority": lambda desk, number: desk.set_priority(GRACE, number, Priority.LOW),
    "claim": lambda desk, number: desk.claim(GRACE, number),
}


@pytest.mark.parametrize("act", sorted(ACTS))
async def test_a_resolved_ticket_refuses(desk: Desk, act: str) -> None:
    await hire(desk, "grace", team="returns")
    number = await open_ticket(desk)
    await desk.resolve(GRACE, number)

    with pytest.raises(Conflict, match="resolved"):
        await ACTS[act](desk, number)


@pytest.mark.parametrize("act", ["release", "reply"])
async def test_a_waiting_ticket_refuses_what_needs_a_holder(desk: Desk, act: str) -> None:
    number = await open_ticket(desk)
    await hire(desk, "grace", capacity=0)

    with pytest.raises(NobodyHasIt, match=f"/ticket claim {number}"):
        await ACTS[act](desk, number)


@pytest.mark.parametrize("act", ["release", "reply", "resolve", "transfer"])
async def test_a_colleagues_ticket_refuses(desk: Desk, act: str) -> None:
    await hire(desk, "linus", team="returns")
    number = await open_ticket(desk)
    await hire(desk, "grace")

    with pytest.raises(NotYours, match="Linus"):
        await ACTS[act](desk, number)


@pytest.mark.parametrize("act", ["release", "reply", "resolve", "transfer"])
async def test_a_lead_may_act_on_a_colleagues_ticket(desk: Desk, act: str) -> None:
    await hire(desk, "linus", team="returns")
    number = await open_ticket(desk)
    await hire(desk, "grace", role=Role.LEAD)

    await ACTS[act](desk, number)


@pytest.mark.parametrize("act", sorted(ACTS))
async def test_a_customer_may_not(desk: Desk, act: str) -> None:
    number = await open_ticket(desk, by="grace")

    with pytest.raises(NotStaff):
        await ACTS[act](desk, number)


@pytest.mark.parametrize("act", sorted(ACTS))
async def test_an_unknown_ticket_is_unknown(desk: Desk, act: str) -> None:
    await hire(desk, "grace", team="returns")

    for number in (0, -1, 7, 2**31, 2**70):
        with pytest.raises(UnknownTicket, match=f"no ticket #{number}"):
            await ACTS[act](desk, number)


async def test_a_strangers_ticket_is_as_unknown_as_one_that_is_not_there(desk: Desk) -> None:
    number = await open_ticket(desk, by="ana")
    await desk.resolve(OPERATOR, number)

    for act in (desk.reopen, desk.confirm, desk.ticket):
        with pytest.raises(UnknownTicket) as there:
            await act(person("ben"), number)
        with pytest.raises(UnknownTicket) as nowhere:
            await act(person("ben"), number + 1)
        assert str(there.value).replace(f"#{number}", f"#{number + 1}") == str(nowhere.value)


async def test_a_live_ticket_is_not_reopened(desk: Desk) -> None:
    number = await open_ticket(desk)

    with pytest.raises(Conflict, match="nothing to reopen"):
        await desk.reopen(person("ana"), number)


async def test_a_live_ticket_is_not_confirmed(desk: Desk) -> None:
    number = await open_ticket(desk)

    with pytest.raises(NotResolvedYet):
        await desk.confirm(person("ana"), number)
    assert await status(desk, number) is Status.NEW


async def test_nobody_confirms_for_the_customer(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.resolve(grace, number)

    with pytest.raises(UnknownTicket):
        await desk.confirm(grace, number)
    assert await status(desk, number) is Status.RESOLVED


async def test_a_ticket_nobody_had_becomes_the_agents_who_resolves_it(
    desk: Desk, database: Database
) -> None:
    number = await open_ticket(desk)
    grace = await hire(desk, "grace", capacity=0)
    resolved = await desk.resolve(grace, number, "It was a test.")

    assert resolved.status is Status.RESOLVED
    assert resolved.assignee is not None
    assert resolved.assignee.name == "Grace"
    await desk.edit_agent(OPERATOR, grace, Details(capacity=1))
    await hire(desk, "linus")
    back = await desk.reopen(person("ana"), number)
    assert back.assignee is not None
    assert back.assignee.name == "Grace"
    assert await violations(database) == []


async def test_a_colleagues_ticket_stays_theirs_when_a_lead_resolves_it(desk: Desk) -> None:
    await hire(desk, "linus")
    number = await open_ticket(desk)
    lead = await hire(desk, "grace", role=Role.LEAD)
    resolved = await desk.resolve(lead, number)

    assert resolved.assignee is not None
    assert resolved.assignee.name == "Linus"


async def test_an_escalation_needs_a_reason_and_shows_it_to_staff(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    with pytest.raises(Invalid, match="Say why"):
        await desk.escalate(grace, number, "  ")
    await desk.escalate(grace, number, "the customer threatens to sue")
    await desk.courier.deliver_due()

    assert any("threatens to sue" in text for text in outbox.texts(STAFF_ROOM))
    assert not any("sue" in text for text in outbox.texts("ana"))


async def test_a_transfer_names_exactly_one_target(desk: Desk) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)

    for target in (Target(), Target(skill="billing", team="returns")):
        with pytest.raises(Invalid, match="Say to whom"):
            await desk.transfer(grace, number, target)


async def test_the_operator_resolves_but_does_not_claim(desk: Desk) -> None:
    number = await open_ticket(desk)
    with pytest.raises(DeskError, match="holds no tickets"):
        await desk.claim(OPERATOR, number)
    await desk.resolve(OPERATOR, number)

    assert await status(desk, number) is Status.RESOLVED


async def test_priority_set_to_what_it_is_leaves_no_trace(desk: Desk) -> None:
    number = await open_ticket(desk)
    before = len((await desk.ticket(OPERATOR, number)).history)
    await desk.set_priority(OPERATOR, number, Priority.NORMAL)

    assert len((await desk.ticket(OPERATOR, number)).history) == before


async def test_the_card_in_the_staff_room_is_posted_once_and_then_edited_in_place(
    desk: Desk, outbox: Outbox
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.courier.deliver_due()
    await desk.reply(grace, number, "We are on it.")
    await desk.resolve(grace, number)
    await desk.courier.deliver_due()

    card = outbox.to(STAFF_ROOM)[0]
    now = outbox.posts[outbox.id_of(card)]
    assert ("Status", "resolved") in [(field.label, field.value) for field in now.fields]
    assert [button.action for button in now.buttons] == ["ticket reopen"]
    assert len([each for each in outbox.to(STAFF_ROOM) if not (each.under or each.replaces)]) == 1
