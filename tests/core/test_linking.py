"""One customer on several channels: by a code of their own, by a lead; and tickets that move along."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.model import Customer, Identity, LinkCode, Ticket
from core.people.actors import NotStaff, RoleTooLow
from core.people.linking import SameCustomer, UnknownCustomer
from core.storage.database import Database
from core.tickets.enquiries import HandedOver
from core.tickets.find import UnknownTicket
from core.tickets.moving import TakenHere
from core.vocabulary import OPERATOR, CodeUse, Role, Status
from tests.clock import FakeClock
from tests.core.bridge import DISCORD, SLACK, Bridge, bridged, direct, someone
from tests.rows import all_rows

ANA, ANA_ON_SLACK = someone("ana", DISCORD), someone("ana.b", SLACK)


@pytest.fixture
def bridge(database: Database, clock: FakeClock, tmp_path: Path) -> Bridge:
    return bridged(database, clock, tmp_path)


async def counted(database: Database, kind: type) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(kind)) or 0


async def linked(bridge: Bridge) -> None:
    """Ana has ticket 1 on Discord, with Grace, and is known on Slack as the same person."""
    await bridge.hire("grace")
    await bridge.write("the printer smokes")
    code = await bridge.desk.link_code(ANA)
    assert await bridge.desk.use_link_code(ANA_ON_SLACK, code) is CodeUse.LINKED
    await bridge.settle()


async def test_a_code_typed_on_the_other_channel_makes_one_person(
    bridge: Bridge, database: Database
) -> None:
    await bridge.hire("grace")
    await bridge.write("the printer smokes", by="ana")
    await bridge.write("the lamp is out", by="ana.b", channel=SLACK)

    code = await bridge.desk.link_code(ANA)
    assert await bridge.desk.use_link_code(ANA_ON_SLACK, code.lower()) is CodeUse.LINKED

    assert await counted(database, Customer) == 1
    for who in (ANA, ANA_ON_SLACK):
        page = await bridge.desk.tickets(who)
        assert {ticket.id for ticket in page.tickets} == {1, 2}


async def test_a_code_alone_is_a_message_that_links(bridge: Bridge, database: Database) -> None:
    await bridge.write("hi")
    code = await bridge.desk.link_code(ANA)

    await bridge.write(f" {code} ", by="ana.b", channel=SLACK, post="c1")
    await bridge.write(f" {code} ", by="ana.b", channel=SLACK, post="c1")
    await bridge.settle()

    assert bridge.standing(SLACK, "ana.b") == [
        "🔗 Done. You are the same person to us here and there; /ticket list shows all."
    ]
    assert await counted(database, Customer) == 1
    assert await counted(database, Ticket) == 0
    assert code not in str(await all_rows(database))


async def test_a_code_works_once_for_a_while_and_for_somebody_else(
    bridge: Bridge, database: Database, clock: FakeClock
) -> None:
    use = bridge.desk.use_link_code
    old = await bridge.desk.link_code(ANA)
    clock.advance(timedelta(minutes=16))
    assert await use(ANA_ON_SLACK, old) is CodeUse.REFUSED

    code = await bridge.desk.link_code(ANA)
    assert await use(ANA, code) is CodeUse.ALREADY
    assert await use(ANA_ON_SLACK, code) is CodeUse.LINKED
    assert await use(ANA_ON_SLACK, code) is CodeUse.ALREADY
    assert await use(someone("eve", SLACK), code) is CodeUse.REFUSED
    assert code not in str(await all_rows(database))


async def test_guessing_is_limited(bridge: Bridge, clock: FakeClock) -> None:
    eve = someone("eve", SLACK)
    for number in range(5):
        assert await bridge.desk.use_link_code(eve, f"LINK-AAAA-BBBB-{number:04}") is (
            CodeUse.REFUSED
        )
    code = await bridge.desk.link_code(ANA)

    assert await bridge.desk.use_link_code(eve, code) is CodeUse.TOO_MANY
    await bridge.write(code, by="eve", channel=SLACK)
    await bridge.settle()
    assert "Too many codes were wrong" in bridge.standing(SLACK, "eve")[-1]

    clock.advance(timedelta(minutes=61))
    fresh = await bridge.desk.link_code(ANA)
    assert await bridge.desk.use_link_code(eve, fresh) is CodeUse.LINKED


async def test_of_two_who_use_a_code_at_once_one_is_linked(
    bridge: Bridge, database: Database
) -> None:
    code = await bridge.desk.link_code(ANA)
    users = [someone(f"u{number}", SLACK) for number in range(6)]

    ends = await asyncio.gather(*(bridge.desk.use_link_code(user, code) for user in users))

    assert sorted(ends) == [CodeUse.LINKED, *[CodeUse.REFUSED] * 5]


async def test_linking_while_they_write_loses_nothing(bridge: Bridge, database: Database) -> None:
    for user, channel in (("ana", DISCORD), ("ana.b", SLACK)):
        await bridge.write("hello", by=user, channel=channel)
    code = await bridge.desk.link_code(ANA)

    await asyncio.gather(
        bridge.desk.use_link_code(ANA_ON_SLACK, code),
        *(bridge.write(f"broken thing {n}", by="ana.b", channel=SLACK) for n in range(4)),
        *(bridge.write(f"other thing {n}", by="ana") for n in range(4)),
    )

    assert await counted(database, Customer) == 1
    async with database.reading() as session:
        owners = set(await session.scalars(select(Identity.customer_id)))
        assert owners == set(await session.scalars(select(Ticket.customer_id)))
        assert len(owners) == 1


async def test_a_lead_links_two_customers_and_nobody_else_does(bridge: Bridge) -> None:
    grace = await bridge.hire("grace")
    lead = await bridge.hire("lea", role=Role.LEAD)
    await bridge.write("the printer smokes")
    await bridge.write("the lamp is out", by="ana.b", channel=SLACK)
    link = bridge.desk.link_customers

    with pytest.raises(NotStaff):
        await link(ANA, ANA, ANA_ON_SLACK)
    with pytest.raises(RoleTooLow):
        await link(grace, ANA, ANA_ON_SLACK)
    with pytest.raises(UnknownCustomer):
        await link(lead, ANA, someone("nobody"))
    assert (await link(lead, ANA_ON_SLACK, ANA)).name == "Ana"
    with pytest.raises(SameCustomer):
        await link(lead, ANA, ANA_ON_SLACK)


async def test_writing_elsewhere_offers_to_move_the_ticket_there(bridge: Bridge) -> None:
    await linked(bridge)
    await bridge.write("any news?", by="ana.b", channel=SLACK)
    await bridge.settle()

    offer = bridge.slack.to("ana.b")[-1].card
    assert "Your ticket #1 is open on Discord: the printer smokes." in offer.text
    assert [(each.action, each.value) for each in offer.buttons] == [
        ("request move", "1"),
        ("enquiry other", "2"),
    ]

    await bridge.desk.move_ticket(ANA_ON_SLACK, 1)
    await bridge.settle()

    assert bridge.standing(DISCORD, "ana")[-1] == "➡️ Ticket #1 continues on Slack."
    assert bridge.standing(SLACK, "ana.b")[0] == "➡️ Ticket #1 continues here."
    assert bridge.standing(SLACK)[-1].endswith("> any news?")
    await bridge.desk.reply(someone("grace", SLACK), 1, "Tomorrow.")
    await bridge.settle()
    assert "Tomorrow." in bridge.standing(SLACK, "ana.b")[-1]
    assert "Tomorrow." not in "".join(bridge.standing(DISCORD, "ana"))


async def test_it_may_be_about_something_else(bridge: Bridge) -> None:
    await linked(bridge)
    await bridge.write("my invoice is wrong", by="ana.b", channel=SLACK)

    received = await bridge.desk.look_up_enquiry(ANA_ON_SLACK, 2)

    assert received.ticket == 2
    with pytest.raises(HandedOver):
        await bridge.desk.look_up_enquiry(ANA_ON_SLACK, 2)
    with pytest.raises(TakenHere):
        await bridge.desk.move_ticket(ANA_ON_SLACK, 1)


async def test_writing_on_without_an_answer_is_about_something_else(bridge: Bridge) -> None:
    await linked(bridge)
    await bridge.write("my invoice is wrong", by="ana.b", channel=SLACK)
    await bridge.write("it says 300 instead of 30", by="ana.b", channel=SLACK)

    whole = await bridge.desk.ticket(ANA, 2)
    assert [each.text for each in whole.messages] == [
        "my invoice is wrong",
        "it says 300 instead of 30",
    ]


async def test_a_resolved_ticket_is_not_offered(bridge: Bridge) -> None:
    await linked(bridge)
    await bridge.desk.resolve(someone("grace", SLACK), 1)
    await bridge.write("my invoice is wrong", by="ana.b", channel=SLACK)
    assert (await bridge.desk.ticket(ANA, 2)).ticket.subject == "my invoice is wrong"


async def test_a_move_back_and_again_is_one_ticket(bridge: Bridge, database: Database) -> None:
    await linked(bridge)
    for who in (ANA_ON_SLACK, ANA, ANA, ANA_ON_SLACK):
        ticket = await bridge.desk.move_ticket(who, 1)
        assert ticket.address == direct(who.user, who.channel)
    assert await counted(database, Ticket) == 1


async def test_nobody_moves_somebody_elses_ticket(bridge: Bridge) -> None:
    await linked(bridge)
    for who in (someone("eve"), someone("grace", SLACK), OPERATOR):
        with pytest.raises(UnknownTicket):
            await bridge.desk.move_ticket(who, 1)


async def test_a_move_races_with_a_new_ticket_and_one_of_them_has_the_place(
    bridge: Bridge, database: Database
) -> None:
    await linked(bridge)
    await bridge.write("my invoice is wrong", by="ana.b", channel=SLACK)

    ends = await asyncio.gather(
        bridge.desk.move_ticket(ANA_ON_SLACK, 1),
        bridge.desk.look_up_enquiry(ANA_ON_SLACK, 2),
        return_exceptions=True,
    )

    assert [type(end) for end in ends if isinstance(end, Exception)] in (
        [TakenHere],
        [HandedOver],
    )
    async with database.reading() as session:
        live = select(Ticket).where(Ticket.channel == SLACK, Ticket.status != Status.CLOSED)
        assert len((await session.scalars(live)).all()) == 1


async def test_codes_that_ran_out_are_let_go(
    bridge: Bridge, database: Database, clock: FakeClock
) -> None:
    for _ in range(3):
        await bridge.desk.link_code(ANA)
        clock.advance(timedelta(minutes=20))
    assert await counted(database, LinkCode) == 1
