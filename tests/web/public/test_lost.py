"""Who has lost the link to a request gets another by mail, and nobody else learns anything by asking."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import update

from bots.email.channel import EmailChannel
from bots.email.smtp import Security, SmtpSettings
from bots.webchat.acts import Acts
from core.desk import Desk
from core.model import Ticket
from core.storage.database import Database
from core.vocabulary import Role
from tests.bots.email.server import running
from tests.bots.webchat.visitor import ended, hire, wrote
from tests.outbox import Outbox
from tests.rows import all_rows
from tests.web.public.conftest import EMAIL, URL
from web.public.routes import routes
from web.public.theme import Theme
from web.site import site

NEW = {"words": "the printer smokes", "email": EMAIL, "name": "Ana"}
LINK = re.compile(rf"{URL}(/requests/[\w-]{{43}})")


async def links(client: httpx.AsyncClient, desk: Desk, mailbox: Outbox) -> list[str]:
    """The links of the mail that is asked for now."""
    before = len(mailbox.sent)
    await client.post("/requests", data={"email": EMAIL})
    await desk.courier.deliver_due()
    return [link for text in mailbox.texts(EMAIL)[before:] for link in LINK.findall(text)]


async def end(database: Database, number: int, *, days: int) -> None:
    """A ticket was closed so long ago."""
    ended = datetime.now(UTC) - timedelta(days=days)
    times = {"created_at": ended - timedelta(days=1), "closed_at": ended, "resolved_at": ended}
    closed = update(Ticket).where(Ticket.id == number).values(status="closed", **times)
    async with database.transaction() as session:
        await session.execute(closed)


async def test_a_new_link_opens_the_request_and_the_old_one_stays_good(
    client: httpx.AsyncClient, desk: Desk, mailbox: Outbox
) -> None:
    old = (await client.post("/help/new", data=NEW)).url.path

    asked = await client.post("/requests", data={"email": f" {EMAIL.upper()} "})
    await desk.courier.deliver_due()

    assert "is on its way" in asked.text
    (mail,) = mailbox.to(EMAIL)
    assert mail.card.title == "Links to your requests"
    ((new,),) = [LINK.findall(mail.card.text)]
    assert f"#1 the printer smokes\n{URL}{new}" in mail.card.text
    assert new != old
    for each in (new, old):
        assert "the printer smokes" in (await client.get(each)).text
    await client.post(new, data={"text": "It is worse.", "once": "abcd1234"})
    assert "It is worse." in (await client.get(old)).text
    assert len((await desk.ticket(await hire(desk), 1)).messages) == 2


async def test_the_mail_is_a_real_one(client: httpx.AsyncClient, desk: Desk) -> None:
    async with running() as server:
        smtp = {"host": "127.0.0.1", "port": server.port, "security": Security.NONE}
        settings = SmtpSettings(sender="desk@shop.example", **smtp)  # type: ignore[arg-type]
        desk.courier.add("email", EmailChannel(settings))
        await client.post("/help/new", data={**NEW, "words": "die Lampe flackert – für Ana"})
        await client.post("/requests", data={"email": EMAIL})
        await desk.courier.deliver_due()
        (mail,) = server.mails

    assert (mail["To"], mail["Subject"]) == (EMAIL, "Links to your requests")
    text = mail.get_content()
    assert "#1 die Lampe flackert – für Ana" in text.splitlines()
    (link,) = LINK.findall(text)
    assert (await client.get(link)).status_code == 200


async def test_nobody_learns_whose_address_it_is(
    client: httpx.AsyncClient, desk: Desk, mailbox: Outbox
) -> None:
    await client.post("/help/new", data=NEW)

    hers = await client.post("/requests", data={"email": EMAIL})
    none = await client.post("/requests", data={"email": "eve@example.org"})
    await desk.courier.deliver_due()

    assert (hers.status_code, hers.text) == (none.status_code, none.text)
    assert [each.address.conversation for each in mailbox.sent] == [EMAIL]


async def test_the_last_five_requests_that_have_not_ended_are_linked(
    client: httpx.AsyncClient, desk: Desk, database: Database, mailbox: Outbox
) -> None:
    for number in range(1, 8):
        await client.post("/help/new", data={**NEW, "words": f"lamp number {number} hums"})
    await client.post("/help/new", data={**NEW, "email": "ben@example.org"})
    await end(database, 6, days=89)
    await end(database, 7, days=91)

    opened = [(await client.get(each)).text for each in await links(client, desk, mailbox)]

    shown = [re.findall(r"lamp number (\d) hums</p>", page) for page in opened]
    assert shown == [[number] for number in "65432"]


async def test_who_has_nothing_left_to_open_gets_no_mail(
    client: httpx.AsyncClient, desk: Desk, database: Database, mailbox: Outbox
) -> None:
    await client.post("/help/new", data=NEW)
    await end(database, 1, days=91)

    assert await links(client, desk, mailbox) == []
    assert mailbox.sent == []


async def test_five_mails_an_hour_go_to_one_address(
    client: httpx.AsyncClient, desk: Desk, mailbox: Outbox
) -> None:
    await client.post("/help/new", data=NEW)

    said = {(await client.post("/requests", data={"email": EMAIL})).text for _ in range(6)}
    await desk.courier.deliver_due()

    assert len(said) == 1
    assert len(mailbox.sent) == 5


async def test_a_secret_is_kept_only_until_its_mail_is_sent(
    client: httpx.AsyncClient, desk: Desk, database: Database, mailbox: Outbox
) -> None:
    await client.post("/help/new", data=NEW)

    (link,) = await links(client, desk, mailbox)
    await desk.forget_link_mails()

    assert link.removeprefix("/requests/") not in str(await all_rows(database))
    assert (await client.get(link)).status_code == 200
    asked = [each for each in await desk.happened(0) if each.event == "NewLinksAsked"]
    assert [(each.actor, each.facts) for each in asked] == [
        ("visitor", {"customer_ids": [1], "links": 1})
    ]


async def test_the_mail_is_in_the_customers_language_and_the_page_in_the_readers(
    client: httpx.AsyncClient, desk: Desk, mailbox: Outbox
) -> None:
    await client.post("/help/new", data=NEW, headers={"accept-language": "de"})

    page = await client.get("/requests", headers={"accept-language": "fr"})
    await links(client, desk, mailbox)

    assert "Vous avez perdu le lien" in page.text
    assert [mail.card.title for mail in mailbox.sent] == ["Links zu Ihren Anfragen"]


@pytest.mark.parametrize("email", ["", "ana", "ana@", "a@b@c.org", "x" * 300 + "@example.org"])
async def test_what_is_no_address_is_said_to_be_none(client: httpx.AsyncClient, email: str) -> None:
    answer = await client.post("/requests", data={"email": email})

    assert answer.status_code == 422
    assert "is no e-mail address" in answer.text


async def test_nobody_asks_without_end(client: httpx.AsyncClient) -> None:
    answers = [await client.post("/requests", data={"email": ""}) for _ in range(31)]

    assert answers[-1].status_code == 429


async def test_the_way_there_is_where_people_look_for_it(
    client: httpx.AsyncClient, database: Database
) -> None:
    at = (await client.post("/help/new", data=NEW)).url.path
    await end(database, 1, days=91)

    for path, status in (("/help", 200), ("/requests/x", 404), (at, 410)):
        page = await client.get(path)
        assert page.status_code == status
        assert 'href="/requests"' in page.text


async def test_a_desk_that_sends_no_mail_does_not_offer_it(desk: Desk, database: Database) -> None:
    silent = Desk(database, replace(desk.house, sends_mail=False))
    pages = routes(silent, Acts(silent), Theme(name="Lumen & Leaf", accent="#ffd400"))
    transport = httpx.ASGITransport(site(silent, channels=dict, console=False, routes=pages))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        answers = [
            await client.get("/requests"),
            await client.post("/requests", data={"email": EMAIL}),
            await client.get("/requests/x"),
            await client.get("/help"),
        ]

    assert [each.status_code for each in answers] == [404, 404, 404, 200]
    assert not [each for each in answers if 'href="/requests"' in each.text]


async def test_who_is_forgotten_leaves_no_link_and_no_mail(
    client: httpx.AsyncClient, desk: Desk, database: Database, mailbox: Outbox
) -> None:
    old = (await client.post("/help/new", data=NEW)).url.path
    (new,) = await links(client, desk, mailbox)
    await end(database, 1, days=1)
    await desk.forget_customer(await hire(desk, role=Role.ADMIN), "c-1")

    assert [(await client.get(each)).status_code for each in (old, new)] == [404, 404]
    rows = await all_rows(database)
    assert EMAIL not in str(rows["deliveries"])
    assert rows["visitors"] == []


async def test_what_begins_anew_shows_nothing_of_what_has_ended(
    client: httpx.AsyncClient, desk: Desk, database: Database, mailbox: Outbox
) -> None:
    secret = await ended(desk, database, days=91)
    assert (await client.get(f"/requests/{secret}")).status_code == 410
    guest = await desk.guest(secret)
    assert guest is not None
    await desk.receive(wrote(guest, "the lamp hums"))

    page = await client.get(f"/requests/{secret}")
    await links(client, desk, mailbox)

    assert "the lamp hums" in page.text
    assert "the printer smokes" not in page.text
    transcripts = [await client.get(f"/requests/{secret}/transcript/{each}") for each in (1, 2)]
    assert [each.status_code for each in transcripts] == [404, 200]
    assert "#2 the lamp hums" in mailbox.texts(EMAIL)[-1]
    assert "printer" not in mailbox.texts(EMAIL)[-1]
