"""Whose order it is: shown by the address it was ordered with and a code, and never told to others."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from core.cards import plain
from core.channels import Who
from core.desk import Desk
from core.errors import Invalid
from core.model import Delivery, OrderGrant, OrderProof
from core.storage.database import Database
from core.tickets.orders import UnknownOrder
from core.vocabulary import OPERATOR, House, Outcome, Proof, ProofAsked
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.core.test_returns import ANA, BEN, ORDER
from tests.outbox import Outbox
from tests.rows import all_rows
from tests.scene import STAFF_ROOM, hire, message, person

HERS = "ana@example.com"
Rows = Mapping[str, Sequence[tuple[Any, ...]]]
CODE = re.compile(r"\b\d{6}\b")


@pytest.fixture
def mails() -> Outbox:
    return Outbox()


@pytest.fixture
async def desk(open_desk: OpenDesk, mails: Outbox) -> Desk:
    """A desk that sends mail, with an order that the shop knows by address only."""
    opened = open_desk(House(staff_rooms=(STAFF_ROOM,), sends_mail=True))
    opened.courier.add("email", mails)
    await opened.take_in_orders([replace(ORDER, identity="", email=HERS)])
    return opened


async def code_for(desk: Desk, mails: Outbox, by: Who = ANA) -> str:
    """The code in the newest mail, which was asked for just now."""
    await desk.prove_order(by, "A-1001", HERS)
    await desk.courier.deliver_due()
    found = CODE.search(mails.texts(HERS)[-1])
    assert found is not None
    return found[0]


async def test_the_address_and_the_code_make_an_order_ones_own(desk: Desk, mails: Outbox) -> None:
    with pytest.raises(UnknownOrder, match="/orders prove A-1001"):
        await desk.returnable(ANA, "A-1001")

    ended = await desk.use_order_code(ANA, await code_for(desk, mails))

    assert ended is not None
    assert (ended.end, ended.number) == (Proof.PROVED, "A-1001")
    assert (await desk.returnable(ANA, "A-1001")).order.number == "A-1001"
    assert [each.number for each in await desk.latest_orders(ANA)] == ["A-1001"]
    with pytest.raises(UnknownOrder):
        await desk.returnable(BEN, "A-1001")


@pytest.mark.parametrize(
    ("number", "email"),
    [
        ("A-1001", "ben@example.com"),
        ("A-9999", HERS),
        ("A-9999", "nobody@example.com"),
        ("A-1002", HERS),
    ],
    ids=["another address", "no such order", "neither", "an order without an address"],
)
async def test_nobody_learns_whether_an_order_is_there_or_whose(
    desk: Desk, mails: Outbox, database: Database, number: str, email: str
) -> None:
    await desk.take_in_orders([replace(ORDER, number="A-1002", identity="", email="")])
    said = []
    for who, its, address in ((ANA, "A-1001", HERS), (BEN, number, email)):
        line = f"/orders prove {its} {address.upper()}"
        said.append(plain((await carry_out(desk, who, read(COMMANDS, line, by=who))).card))
    await desk.courier.deliver_due()

    assert said[0].replace("A-1001", "…") == said[1].replace(number, "…")
    assert len(mails.sent) == 1
    async with database.reading() as session:
        kept = (await session.scalars(select(OrderProof).order_by(OrderProof.id))).all()
    assert [len(each.code_hash) for each in kept] == [len(kept[0].code_hash)] * 2
    wrong = await desk.use_order_code(BEN, "000000", number)
    assert wrong is not None
    assert wrong.end is Proof.REFUSED


async def test_both_ways_take_the_same_steps_but_for_the_mail(
    desk: Desk, database: Database
) -> None:
    before = await all_rows(database)
    await desk.prove_order(ANA, "A-1001", HERS)
    hers = await all_rows(database)
    await desk.prove_order(BEN, "A-9999", "ben@example.com")
    after = await all_rows(database)

    def grown(one: Rows, other: Rows) -> dict[str, int]:
        return {
            name: len(other[name]) - len(one[name]) for name in other if other[name] != one[name]
        }

    assert grown(before, hers) == {**grown(hers, after), "deliveries": 1}


async def test_a_code_is_typed_into_the_conversation_and_not_kept(
    desk: Desk, mails: Outbox, outbox: Outbox, database: Database
) -> None:
    code = await code_for(desk, mails)

    received = await desk.receive(message(f" {code[:3]} {code[3:]} "))
    await desk.courier.deliver_due()

    assert received.outcome is Outcome.LINKED
    assert outbox.texts("ana")[-1].startswith("✓ Thank you: order A-1001 is yours.")
    assert code not in str(await all_rows(database))


async def test_six_digits_are_words_where_no_code_was_asked_for(desk: Desk) -> None:
    received = await desk.receive(message("123456"))

    assert received.outcome is not Outcome.LINKED


async def test_words_of_a_return_offer_to_prove_it_the_same_for_any_number(
    desk: Desk, outbox: Outbox
) -> None:
    await desk.receive(message("I want to return order A-1001"))
    await desk.receive(message("I want to return order A-9999", at="ben"))
    await desk.courier.deliver_due()

    cards = [
        sent.card
        for at in ("ana", "ben")
        for sent in outbox.to(at)
        if "show that" in sent.card.text
    ]
    assert [button.action for card in cards for button in card.buttons] == ["orders prove"] * 2
    assert len({card.text.replace("A-1001", "…").replace("A-9999", "…") for card in cards}) == 1


async def test_a_code_is_good_once_whoever_races(
    desk: Desk, mails: Outbox, database: Database
) -> None:
    code = await code_for(desk, mails)

    ends = await asyncio.gather(*(desk.use_order_code(ANA, code, "A-1001") for _ in range(6)))

    assert sorted(each.end for each in ends if each) == [Proof.PROVED, *[Proof.REFUSED] * 5]
    async with database.reading() as session:
        assert await session.scalar(select(func.count(OrderGrant.id))) == 1


async def test_a_code_is_nobody_elses(desk: Desk, mails: Outbox) -> None:
    code = await code_for(desk, mails)

    stolen = await desk.use_order_code(BEN, code, "A-1001")

    assert stolen is not None
    assert stolen.end is Proof.REFUSED
    assert await desk.use_order_code(BEN, code) is None


async def test_a_code_grows_old(desk: Desk, mails: Outbox, clock: FakeClock) -> None:
    code = await code_for(desk, mails)
    clock.advance(timedelta(minutes=15, seconds=1))

    late = await desk.use_order_code(ANA, code, "A-1001")

    assert late is not None
    assert late.end is Proof.REFUSED


async def test_five_wrong_codes_are_too_many_and_then_the_right_one_does_nothing(
    desk: Desk, mails: Outbox
) -> None:
    code = await code_for(desk, mails)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    ends = [await desk.use_order_code(ANA, wrong, "A-1001") for _ in range(5)]
    ends += [await desk.use_order_code(ANA, code, "A-1001")]

    assert [each.end for each in ends if each] == [*[Proof.REFUSED] * 5, Proof.TOO_MANY]
    with pytest.raises(UnknownOrder):
        await desk.returnable(ANA, "A-1001")


async def test_who_asks_for_many_codes_is_stopped_for_an_hour(
    desk: Desk, mails: Outbox, clock: FakeClock
) -> None:
    hows = [(await desk.prove_order(ANA, f"A-100{n}", HERS)).how for n in range(6)]
    assert hows == [*[ProofAsked.SENT] * 5, ProofAsked.TOO_MANY]

    clock.advance(timedelta(hours=1, seconds=1))
    assert (await desk.prove_order(ANA, "A-1001", HERS)).how is ProofAsked.SENT


@pytest.mark.parametrize("number", ["A-1001", "A-9999"])
async def test_so_is_everybody_for_one_order_whether_it_is_there_or_not(
    desk: Desk, mails: Outbox, number: str
) -> None:
    hows = [(await desk.prove_order(person(f"p{n}"), number, HERS)).how for n in range(6)]

    assert hows == [*[ProofAsked.SENT] * 5, ProofAsked.TOO_MANY]


@pytest.mark.parametrize(
    "email", ["", "ana", "ana@", "@x", "a b@c.org", "a@b,c@d", "<a@b.org>", "ana@x\ny.org z"]
)
async def test_what_is_no_address_is_refused(desk: Desk, database: Database, email: str) -> None:
    before = await all_rows(database)
    with pytest.raises(Invalid, match="is no e-mail address"):
        await desk.prove_order(ANA, "A-1001", email)
    assert await all_rows(database) == before


async def test_codes_that_are_over_are_forgotten_everywhere(
    desk: Desk, mails: Outbox, clock: FakeClock, database: Database
) -> None:
    code = await code_for(desk, mails)
    clock.advance(timedelta(minutes=16))
    await desk.forget_codes()

    assert code not in str(await all_rows(database))
    clock.advance(timedelta(hours=1))
    await desk.forget_codes()
    async with database.reading() as session:
        assert await session.scalar(select(func.count(OrderProof.id))) == 0
        assert await session.scalar(select(Delivery.id).where(Delivery.channel == "email")) is None


async def test_without_mail_a_person_looks_and_the_customer_is_told_so(
    open_desk: OpenDesk, outbox: Outbox
) -> None:
    desk = open_desk()
    grace = await hire(desk, "grace")
    await desk.take_in_orders([replace(ORDER, identity="", email=HERS)])

    said = await carry_out(desk, ANA, read(COMMANDS, f"/orders prove A-1001 {HERS}", by=ANA))

    assert "A person looks whether order A-1001 is yours: ticket #1." in said.card.text
    whole = await desk.ticket(grace, 1)
    assert (whole.ticket.kind, whole.ticket.subject) == ("return", "Return of order A-1001")
    assert HERS in whole.messages[0].text


async def test_who_is_forgotten_may_speak_of_no_order_any_more(
    desk: Desk, mails: Outbox, database: Database
) -> None:
    await desk.use_order_code(ANA, await code_for(desk, mails))
    await desk.forget_customer(OPERATOR, "c-1")

    async with database.reading() as session:
        assert await session.scalar(select(func.count(OrderGrant.id))) == 0
        assert await session.scalar(select(func.count(OrderProof.id))) == 0


async def test_the_mail_is_in_the_customers_language(desk: Desk, mails: Outbox) -> None:
    await desk.receive(message("hello there, a question about lamps"))
    await desk.edit_customer(OPERATOR, "c-1", {"language": "de"})

    said = await carry_out(desk, ANA, read(COMMANDS, f"/orders prove A-1001 {HERS}", by=ANA))
    await desk.courier.deliver_due()

    assert "ein Code dorthin unterwegs" in said.card.text
    assert mails.sent[-1].card.title == "Ihr Code für Bestellung A-1001"
