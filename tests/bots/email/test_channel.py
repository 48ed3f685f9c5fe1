"""Mails that the desk sends, through a real SMTP server that says yes, later, no, or nothing."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.email.channel import EmailChannel
from bots.email.smtp import Security, SmtpSettings
from core.cards import Button, Card
from core.channels import Address, OutgoingMessage, TryLater, Uncertain, Undeliverable
from tests.bots.email.server import PASSWORD, USER, MailServer, certificate, content_of, running

SENDER = "desk@shop.example"


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with running() as mail:
        yield mail


def channel(port: int, **more: object) -> EmailChannel:
    settings = {"host": "127.0.0.1", "sender": SENDER, "security": Security.NONE, **more}
    return EmailChannel(SmtpSettings(port=port, **settings))  # type: ignore[arg-type]


def outgoing(
    to: str = "ana@example.com", *, key: str = "order-proof:1", title: str = "Your code"
) -> OutgoingMessage:
    buttons = (Button("🔑 Type the code", "orders code", "A-1001"),)
    card = Card(title=title, text="123456 is your code – für Sie.", buttons=buttons)
    return OutgoingMessage(key=key, address=Address("email", "", to), card=card)


async def test_a_card_is_a_mail_that_says_it_is_automatic(server: MailServer) -> None:
    sent = await channel(server.port).send(outgoing())

    (envelope,), (mail,) = server.taken, server.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["ana@example.com"])
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, "ana@example.com", "Your code")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == sent
    assert sent.endswith("@shop.example>")
    assert mail["Date"].datetime.tzinfo is not None
    assert mail.get_content().strip() == "123456 is your code – für Sie."
    assert content_of(envelope).isascii()


async def test_the_same_delivery_has_the_same_message_id(server: MailServer) -> None:
    sending = channel(server.port)
    once = await sending.send(outgoing(key="a"))

    assert await sending.send(outgoing(key="a")) == once
    assert await sending.send(outgoing(key="b")) != once


@pytest.mark.parametrize("breaks", ["\r\n", "\n", "\r", "\u2028", "\u0085", "\x0b", "\x00\r\n"])
async def test_nothing_can_break_out_of_a_header(server: MailServer, breaks: str) -> None:
    await channel(server.port).send(outgoing(title=f"Hello{breaks}Bcc: eve@evil.example"))

    (mail,) = server.mails
    assert mail["Subject"] == "Hello Bcc: eve@evil.example"
    assert mail["Bcc"] is None
    assert server.taken[0].rcpt_tos == ["ana@example.com"]


@pytest.mark.parametrize(
    "address",
    ["", "ana", "a@b@c", "ana@", "@example.com", "a b@example.com", "ana@example.com, eve@x.org",
     "ana@example.com\r\nRCPT TO:<eve@x.org>", "<ana@example.com>", "ünï@example.com"],
)  # fmt: skip
async def test_what_is_no_address_is_undeliverable(server: MailServer, address: str) -> None:
    with pytest.raises(Undeliverable):
        await channel(server.port).send(outgoing(address))
    assert server.taken == []


@pytest.mark.parametrize("answer", ["421 closing", "450 busy", "451 greylisted", "452 full"])
@pytest.mark.parametrize("step", ["on_recipient", "on_mail"])
async def test_a_4xx_is_tried_again(server: MailServer, step: str, answer: str) -> None:
    setattr(server, step, answer)
    with pytest.raises(TryLater, match=answer):
        await channel(server.port).send(outgoing())

    setattr(server, step, "")
    await channel(server.port).send(outgoing())
    assert len(server.taken) == 1


@pytest.mark.parametrize("answer", ["550 no such user", "552 too large", "554 spam"])
@pytest.mark.parametrize("step", ["on_recipient", "on_mail"])
async def test_a_5xx_is_for_good(server: MailServer, step: str, answer: str) -> None:
    setattr(server, step, answer)
    with pytest.raises(Undeliverable, match=answer):
        await channel(server.port).send(outgoing())


async def test_a_refused_sender_is_the_operators_to_mend(server: MailServer) -> None:
    server.on_sender = "553 not your address"
    with pytest.raises(TryLater, match="553"):
        await channel(server.port).send(outgoing())


@pytest.mark.parametrize("step", ["drops_before", "drops_after"])
async def test_a_connection_that_breaks_after_the_mail_was_begun_leaves_it_open(
    server: MailServer, step: str
) -> None:
    setattr(server, step, True)
    sending = channel(server.port)
    with pytest.raises(Uncertain):
        await sending.send(outgoing())
    setattr(server, step, False)

    assert await sending.find_sent(outgoing()) is None  # so it is sent once more
    await sending.send(outgoing())
    assert len({mail["Message-ID"] for mail in server.mails}) == 1
    assert len(server.mails) == (2 if step == "drops_after" else 1)


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    async with running() as gone:
        port = gone.port
    with pytest.raises(TryLater, match="cannot be reached"):
        await channel(port).send(outgoing())


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_mails_go_over_a_secret_connection_as_a_user(
    tmp_path: Path, security: Security
) -> None:
    trust = certificate(tmp_path)
    ours = ssl.create_default_context(cafile=str(trust[0]))
    tls = security is Security.TLS
    async with running(trust=trust, tls=tls, auth=True) as server:
        known = channel(server.port, security=security, user=USER, password=PASSWORD, trust=ours)
        await known.check()
        await known.send(outgoing())
        assert len(server.taken) == 1

        wrong = channel(server.port, security=security, user=USER, password="x", trust=ours)
        with pytest.raises(TryLater, match="SMTP_USER"):
            await wrong.send(outgoing())
        stranger = channel(server.port, security=security, user=USER, password=PASSWORD)
        with pytest.raises(TryLater, match="cannot be reached"):
            await stranger.check()  # its certificate is nobody's we trust
        assert len(server.taken) == 1


async def test_without_starttls_on_the_server_nothing_is_sent(server: MailServer) -> None:
    with pytest.raises(TryLater):
        await channel(server.port, security=Security.STARTTLS).send(outgoing())
    assert server.taken == []
