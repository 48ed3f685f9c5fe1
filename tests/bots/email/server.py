"""A real SMTP server on this machine, which takes mails, and misbehaves as it is told."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

USER, PASSWORD = "desk", "s3cret"


@dataclass
class MailServer:
    """What it took, and what it answers instead of yes at each step."""

    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    on_sender: str = ""
    on_recipient: str = ""
    on_mail: str = ""
    drops_before: bool = False  # the connection, once the mail was begun
    drops_after: bool = False  # once it was taken, without saying so

    @property
    def mails(self) -> list[EmailMessage]:
        """What it took, as mail programs read it."""
        return [
            BytesParser(EmailMessage, policy=default).parsebytes(content_of(each))
            for each in self.taken
        ]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.on_sender or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        if self.on_recipient:
            return self.on_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        transport: Any = server.transport
        if self.drops_before:
            transport.abort()
            return "250 OK"
        if self.on_mail:
            return self.on_mail
        self.taken.append(envelope)
        if self.drops_after:
            transport.abort()
        return "250 OK"


@asynccontextmanager
async def running(
    *, trust: tuple[Path, Path] | None = None, tls: bool = False, auth: bool = False
) -> AsyncIterator[MailServer]:
    """The server. ``trust`` is its certificate and key: for STARTTLS, or for ``tls`` from the start."""
    mail = MailServer()
    context = None
    if trust:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*trust)
    loop = asyncio.get_running_loop()

    def connected() -> SMTP:
        return SMTP(
            mail,
            hostname="mail.test",
            loop=loop,
            enable_SMTPUTF8=False,
            tls_context=None if tls else context,
            require_starttls=bool(context) and not tls,
            auth_required=auth and not tls,  # over TLS it warns of what is no fault there
            auth_require_tls=not tls,
            authenticator=_let_in,
        )

    server = await loop.create_server(connected, "127.0.0.1", 0, ssl=context if tls else None)
    mail.port = server.sockets[0].getsockname()[1]
    yield mail
    server.close()
    await server.wait_closed()


def content_of(envelope: Envelope) -> bytes:
    """The mail as it came over the wire."""
    assert isinstance(envelope.content, bytes)
    return envelope.content


def _let_in(_s: SMTP, _session: Session, _e: Envelope, _mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=good, handled=False)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    alone = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alone, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    at = folder / "cert.pem", folder / "key.pem"
    at[0].write_bytes(made.public_bytes(Encoding.PEM))
    at[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return at
