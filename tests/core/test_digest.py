"""The weekly digest: the figures of a week in the staff rooms, once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bots.commands import COMMANDS, carry_out
from bots.commands.parse import read
from bots.email.channel import EmailChannel
from bots.email.html import as_html
from bots.email.smtp import Security, SmtpSettings
from core.cards import plain
from core.channels import Address
from core.desk import Desk
from core.people.actors import RoleTooLow
from core.vocabulary import OPERATOR, Details, Policy, Role
from tests.bots.email.server import running
from tests.clock import FakeClock
from tests.conftest import OpenDesk
from tests.outbox import Outbox
from tests.rounds import ROUNDS
from tests.scene import HOUSE, STAFF_ROOM, hire, open_ticket, person


async def worked(desk: Desk, clock: FakeClock) -> None:
    """On Monday morning Grace answers a ticket; then it is the Monday after, seven o'clock."""
    await hire(desk, "grace")
    number = await open_ticket(desk)
    clock.advance(timedelta(minutes=10))
    await desk.reply(person("grace"), number, "Press it.")
    await desk.resolve(person("grace"), number)
    while await desk.tally():
        pass
    clock.advance(timedelta(days=6, hours=21, minutes=50))


def digests(outbox: Outbox) -> list[str]:
    return [text for text in outbox.texts(STAFF_ROOM) if "05 Jan to 11 Jan 2026" in text]


async def test_the_week_is_told_on_monday_at_its_hour_once(
    desk: Desk, clock: FakeClock, outbox: Outbox
) -> None:
    await worked(desk, clock)

    assert await desk.post_digest() is False
    clock.advance(timedelta(hours=1))
    assert await desk.post_digest() is True
    clock.advance(timedelta(hours=1))
    assert await desk.post_digest() is False
    await desk.courier.deliver_due()

    [said] = digests(outbox)
    assert "📊 The week" in said
    assert "1 (0)" in said
    assert "Grace 1" in said


async def test_of_many_processes_at_once_one_tells_it(
    open_desk: OpenDesk, clock: FakeClock, outbox: Outbox
) -> None:
    desk = open_desk()
    await worked(desk, clock)
    clock.advance(timedelta(hours=1))

    told = await asyncio.gather(*(open_desk().post_digest() for _ in range(ROUNDS)))
    await desk.courier.deliver_due()

    assert sorted(told) == [False] * (ROUNDS - 1) + [True]
    assert len(digests(outbox)) == 1


async def test_nothing_is_told_of_a_quiet_week_nor_where_nobody_wants_it(
    open_desk: OpenDesk, clock: FakeClock, outbox: Outbox
) -> None:
    unwanted = open_desk(type(HOUSE)(staff_rooms=(STAFF_ROOM,), policy=Policy(digest_hour=-1)))
    assert await unwanted.post_digest() is False
    quiet = open_desk()
    assert await quiet.post_digest() is True
    await quiet.courier.deliver_due()

    assert outbox.texts(STAFF_ROOM) == []


async def test_a_lead_asks_for_the_same_in_chat(desk: Desk, clock: FakeClock) -> None:
    await worked(desk, clock)
    lead = await hire(desk, "linus", role=Role.LEAD)

    week = await carry_out(desk, lead, read(COMMANDS, "/report week", by=lead))
    day = await carry_out(desk, lead, read(COMMANDS, "/report day", by=lead))

    assert "06 Jan to 12 Jan 2026" in plain(week.card)
    assert "0 (1)" in plain(week.card)
    assert "12 Jan to 12 Jan 2026" in plain(day.card)
    with pytest.raises(RoleTooLow):
        await carry_out(desk, person("grace"), read(COMMANDS, "/report week", by=person("grace")))


async def test_it_is_mailed_as_text_and_html_once_though_the_process_is_started_again(
    open_desk: OpenDesk, clock: FakeClock
) -> None:
    house = replace(
        HOUSE,
        sends_mail=True,
        digest_mails=("lead@shop.example", "boss@shop.example"),
        url="https://desk.example",
    )
    await worked(open_desk(house), clock)
    clock.advance(timedelta(hours=1))
    async with running() as server:
        settings = SmtpSettings(
            host="127.0.0.1", port=server.port, sender="desk@shop.example", security=Security.NONE
        )
        for _ in range(3):
            started = open_desk(house)
            started.courier.add("email", EmailChannel(settings))
            await started.post_digest()
            await started.courier.deliver_due()

    to = [each.rcpt_tos for each in server.taken]
    assert sorted(to) == [["boss@shop.example"], ["lead@shop.example"]]
    mail = server.mails[0]
    assert mail["Subject"] == "The week at the desk: 05 Jan to 11 Jan 2026"
    text, html = (mail.get_body([kind]) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    trends = "https://desk.example/desk/trends?since=2026-01-05&until=2026-01-11"
    assert "Opened: 1 (0)" in text.get_content()
    assert trends in text.get_content()
    assert "Grace 1" in html.get_content()
    assert f'href="{trends.replace("&", "&amp;")}"' in html.get_content()


async def test_names_in_a_mailed_digest_are_text(open_desk: OpenDesk, clock: FakeClock) -> None:
    house = replace(HOUSE, sends_mail=True, digest_mails=("lead@shop.example",))
    desk = open_desk(house)
    mailbox = Outbox()
    desk.courier.add("email", mailbox)
    await desk.add_agent(OPERATOR, replace(person("eve"), name="<img src=x>"), Details())
    number = await open_ticket(desk)
    await desk.resolve(person("eve"), number)
    while await desk.tally():
        pass
    clock.advance(timedelta(days=6, hours=23))
    await desk.post_digest()
    await desk.courier.deliver_due()

    [card] = [each.card for each in mailbox.to(Address("email", "", "lead@shop.example"))]
    assert "&lt;img src=x&gt; 1" in as_html(card)
    assert "<img" not in as_html(card)


async def test_a_long_address_holds_up_nobody_else(open_desk: OpenDesk, clock: FakeClock) -> None:
    long = f"{'a' * 64}@{'b' * 60}.example"
    desk = open_desk(replace(HOUSE, sends_mail=True, digest_mails=(long, "lead@shop.example")))
    mailbox = Outbox()
    desk.courier.add("email", mailbox)
    await worked(desk, clock)
    clock.advance(timedelta(hours=1))

    await desk.post_digest()
    await desk.courier.deliver_due()

    for address in (long, "lead@shop.example"):
        assert len(mailbox.to(Address("email", "", address))) == 1
