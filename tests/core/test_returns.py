"""A customer sends something back, and an agent decides: never twice, and never another's."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.cards import plain
from core.channels import Who
from core.desk import Desk
from core.errors import Conflict, DeskError, Invalid
from core.tickets.deciding import UnknownReturn, WrongStep
from core.tickets.lifecycle import NotYours, Undecided
from core.tickets.orders import LineSaid, OrderSaid, UnknownOrder
from core.tickets.returns import NothingToReturn, NotInOrder, TooLate
from core.vocabulary import (
    OPERATOR,
    OrderStatus,
    Outcome,
    Reason,
    Return,
    ReturnWanted,
    Status,
    Wish,
)
from tests.clock import MONDAY_MORNING, FakeClock
from tests.outbox import Outbox
from tests.scene import STAFF_ROOM, hire, message, open_ticket, person

ANA, BEN = person("ana"), person("ben")
ORDER = OrderSaid(
    number="A-1001",
    placed_at=MONDAY_MORNING - timedelta(days=9),
    delivered_at=MONDAY_MORNING - timedelta(days=5),
    status=OrderStatus.DELIVERED,
    identity=str(ANA),
    lines=(
        LineSaid(sku="LAMP", name="Nordlys lamp", quantity=2, cents=8900, currency="EUR"),
        LineSaid(sku="BULB", name="Bulb E27", quantity=1, cents=450, currency="EUR"),
    ),
)


@pytest.fixture
async def grace(desk: Desk) -> Who:
    await desk.take_in_orders([ORDER])
    return await hire(desk, "grace", capacity=5)


def wanted(**quantities: int) -> ReturnWanted:
    return ReturnWanted(quantities=quantities, reason=Reason.DEFECTIVE, note="It hums.")


async def returned(desk: Desk, by: Who = ANA, number: str = "A-1001", **quantities: int) -> Return:
    return await desk.request_return(by, number, wanted(**(quantities or {"LAMP": 1})))


async def test_a_return_is_a_ticket_that_goes_its_way_and_the_customer_is_told_each_step(
    desk: Desk, grace: Who, outbox: Outbox
) -> None:
    there = await desk.returnable(ANA, "a-1001")
    assert [(each.line.sku, each.quantity) for each in there.left] == [("LAMP", 2), ("BULB", 1)]

    made = await returned(desk, LAMP=1, BULB=1)
    ticket = (await desk.ticket(grace, made.ticket_id)).ticket
    assert (ticket.kind, ticket.subject) == ("return", "Return of order A-1001")
    assert ticket.assignee is not None
    for step in (desk.accept_return, desk.receive_return, desk.refund_return):
        await step(grace, made.id)
    await desk.resolve(grace, made.ticket_id)
    await desk.courier.deliver_due()

    told = "\n".join(outbox.texts("ana"))
    for words in (
        "request to return 1 × Nordlys lamp, 1 × Bulb E27",
        "send it back",
        "arrived",
        "refund",
    ):
        assert words in told
    staff = [sent.card for sent in outbox.to(STAFF_ROOM) if "Return 1" in sent.card.title]
    assert [button.action for button in staff[0].buttons] == [
        "returns accept",
        "returns ask",
        "returns refuse",
    ]
    assert not staff[-1].buttons
    assert "It hums." in plain(staff[0])


async def test_a_refusal_says_why_and_frees_the_pieces(
    desk: Desk, grace: Who, outbox: Outbox
) -> None:
    made = await returned(desk, LAMP=2)
    with pytest.raises(Invalid, match="Say why"):
        await desk.refuse_return(grace, made.id, " ")

    await desk.refuse_return(grace, made.id, "The seal is broken.")
    await desk.courier.deliver_due()

    assert any("The seal is broken." in text for text in outbox.texts("ana"))
    again = await returned(desk, LAMP=2)
    assert again.ticket_id == made.ticket_id


async def test_somebody_elses_order_is_as_unknown_as_none(desk: Desk, grace: Who) -> None:
    refusals = []
    for number in ("A-1001", "A-9999"):
        with pytest.raises(UnknownOrder) as refused:
            await desk.returnable(BEN, number)
        refusals.append(str(refused.value).replace(number, "…"))
        with pytest.raises(UnknownOrder):
            await returned(desk, BEN, number)
        with pytest.raises(UnknownOrder):
            await desk.find_order(BEN, number)

    assert refusals[0] == refusals[1]
    assert not await desk.latest_orders(BEN)
    assert [each.number for each in await desk.latest_orders(ANA)] == ["A-1001"]


async def test_no_piece_comes_back_twice(desk: Desk, grace: Who) -> None:
    await returned(desk, LAMP=2)

    with pytest.raises(NotInOrder, match="1 × BULB"):
        await returned(desk, LAMP=1)
    await returned(desk, BULB=1)
    with pytest.raises(NothingToReturn):
        await desk.returnable(ANA, "A-1001")


async def test_whoever_asks_at_the_same_moment_gets_each_piece_once(desk: Desk, grace: Who) -> None:
    for number in range(10):
        order = replace(ORDER, number=f"R-{number}")
        await desk.take_in_orders([order])
        tries = await asyncio.gather(
            *(returned(desk, number=order.number, LAMP=1) for _ in range(5)), return_exceptions=True
        )
        made = [each for each in tries if isinstance(each, Return)]
        assert len(made) == 2
        assert all(isinstance(each, Return | DeskError) for each in tries)


async def test_the_time_for_it_ends(desk: Desk, grace: Who, clock: FakeClock) -> None:
    clock.advance(timedelta(days=26))

    with pytest.raises(TooLate, match="could be returned until"):
        await returned(desk)


async def test_a_cancelled_order_has_nothing_to_return(desk: Desk, grace: Who) -> None:
    await desk.take_in_orders([replace(ORDER, status=OrderStatus.CANCELLED)])

    with pytest.raises(NothingToReturn):
        await returned(desk)


@pytest.mark.parametrize("quantities", [{"LAMP": 3}, {"LAMP": 0}, {"CHAIR": 1}, {"LAMP": -1}])
async def test_what_is_not_in_the_order_is_refused(
    desk: Desk, grace: Who, quantities: dict[str, int]
) -> None:
    with pytest.raises(NotInOrder):
        await desk.request_return(ANA, "A-1001", wanted(**quantities))
    assert not (await desk.tickets(OPERATOR)).tickets


async def test_a_ticket_is_not_resolved_while_its_return_is_undecided(
    desk: Desk, grace: Who
) -> None:
    made = await returned(desk)

    with pytest.raises(Undecided, match="/returns accept 1"):
        await desk.resolve(grace, made.ticket_id)
    await desk.accept_return(grace, made.id)
    await desk.resolve(grace, made.ticket_id)


async def test_every_wrong_step_is_refused(desk: Desk, grace: Who) -> None:
    made = await returned(desk)

    with pytest.raises(WrongStep, match="cannot become received"):
        await desk.receive_return(grace, made.id)
    await desk.refuse_return(grace, made.id, "too old")
    with pytest.raises(WrongStep):
        await desk.accept_return(grace, made.id)
    with pytest.raises(UnknownReturn):
        await desk.accept_return(grace, 99)


async def test_only_whoever_holds_the_ticket_decides(desk: Desk, grace: Who) -> None:
    made = await returned(desk)
    other = await hire(desk, "linus")

    with pytest.raises(NotYours):
        await desk.accept_return(other, made.id)
    with pytest.raises(DeskError):
        await desk.accept_return(ANA, made.id)


async def test_a_return_joins_the_live_ticket_of_the_conversation(desk: Desk, grace: Who) -> None:
    number = await open_ticket(desk, "my lamp hums")

    made = await returned(desk)

    whole = await desk.ticket(grace, number)
    assert (made.ticket_id, whole.ticket.kind) == (number, "return")
    assert "I want to return 1 × Nordlys lamp" in whole.messages[-1].text
    await desk.reply(grace, number, "Let me see.")
    await returned(desk, BULB=1)
    assert (await desk.ticket(grace, number)).ticket.status is Status.OPEN


async def test_orders_are_taken_in_again_without_harm(desk: Desk, grace: Who) -> None:
    assert (await desk.take_in_orders([ORDER])).unchanged == ["A-1001"]
    changed = replace(ORDER, return_days=60)
    assert (await desk.compare_orders([changed])).changed == ["A-1001"]
    assert (await desk.find_order(OPERATOR, "A-1001")).return_days == 30
    assert (await desk.take_in_orders([changed])).changed == ["A-1001"]
    assert (await desk.find_order(OPERATOR, "A-1001")).return_days == 60


async def test_what_is_said_in_words_is_kept_as_the_customers_wish(desk: Desk, grace: Who) -> None:
    exchange = ReturnWanted(quantities={"BULB": 1}, reason=Reason.WRONG_ITEM, wish=Wish.EXCHANGE)
    made = await desk.request_return(ANA, "A-1001", exchange)

    [found] = await desk.returns_of(grace, made.ticket_id)
    assert (found.what, found.wish, found.reason) == (
        "1 × Bulb E27",
        Wish.EXCHANGE,
        Reason.WRONG_ITEM,
    )
    await desk.receive(message("when will it be here?"))
    with pytest.raises(Conflict):
        await desk.resolve(grace, made.ticket_id)


@pytest.mark.parametrize(
    "text", ["I want to return order A-1001", "ich möchte a-1001 zurückschicken", "#A-1001 refund?"]
)
async def test_who_writes_that_they_return_an_order_is_shown_how(
    desk: Desk, grace: Who, outbox: Outbox, text: str
) -> None:
    received = await desk.receive(message(text))
    await desk.courier.deliver_due()

    assert received.outcome is Outcome.RETURN_OFFERED
    [offer] = outbox.to("ana")
    assert [(each.action, each.value) for each in offer.card.buttons] == [("return", "A-1001")]


@pytest.mark.parametrize(
    ("by", "text"), [("ben", "I want to return A-1001"), ("ana", "where is A-1001?")]
)
async def test_what_is_no_return_of_theirs_goes_the_usual_way(
    desk: Desk, grace: Who, by: str, text: str
) -> None:
    received = await desk.receive(message(text, by=by))

    assert received.outcome is Outcome.TICKET


async def test_whoever_writes_on_instead_of_pressing_reaches_a_person_with_all_they_said(
    desk: Desk, grace: Who
) -> None:
    await desk.receive(message("I want to return order A-1001"))

    received = await desk.receive(message("it hums all night and my cat is afraid"))

    assert received.ticket is not None
    said = [each.text for each in (await desk.ticket(grace, received.ticket)).messages]
    assert said == ["I want to return order A-1001", "it hums all night and my cat is afraid"]


async def test_the_form_takes_what_was_written_onto_the_ticket(desk: Desk, grace: Who) -> None:
    await desk.receive(message("I want to return order A-1001"))

    made = await returned(desk)

    said = [each.text for each in (await desk.ticket(grace, made.ticket_id)).messages]
    assert len(said) == 2
    assert said[0] == "I want to return order A-1001"


async def test_a_line_that_is_being_returned_stays_though_the_shop_drops_it(
    desk: Desk, grace: Who
) -> None:
    await returned(desk, BULB=1)

    await desk.take_in_orders([replace(ORDER, lines=ORDER.lines[:1])])

    [made] = await desk.returns_of(OPERATOR, 1)
    assert made.what == "1 × Bulb E27"
    assert [each.line.sku for each in (await desk.returnable(ANA, "A-1001")).left] == ["LAMP"]


async def test_the_order_of_lines_is_no_change(desk: Desk, grace: Who) -> None:
    again = await desk.take_in_orders([replace(ORDER, lines=ORDER.lines[::-1])])

    assert again.unchanged == ["A-1001"]


async def test_a_thing_named_twice_is_counted_together(desk: Desk, grace: Who) -> None:
    made = await returned(desk, LAMP=1, lamp=1)
    assert made.what == "2 × Nordlys lamp"

    with pytest.raises(NotInOrder):
        await returned(desk, BULB=1, bulb=1)
