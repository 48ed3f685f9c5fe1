"""E-mail as a channel: hands mails to an SMTP server, and knows a final no from try again."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPResponseException,
)

from bots.email.compose import compose
from bots.email.smtp import Security, SmtpSettings
from core.channels import OutgoingMessage, TryLater, Uncertain, Undeliverable

NAME = "email"
WITHIN = timedelta(seconds=10)  # for each step


def utc_now() -> datetime:
    return datetime.now(UTC)


class EmailChannel:
    """Sends each mail over a connection of its own.

    The server's 4xx is try again, its 5xx is for good; but what it says of our own user or sender is
    the operator's to mend, and tried again. A connection that breaks after the mail was begun leaves
    open whether it went: SMTP has no way to ask, so it is sent once more, under the same Message-ID.
    """

    def __init__(self, settings: SmtpSettings, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings = settings
        self._clock = clock

    async def send(self, message: OutgoingMessage) -> str:
        """Hand a mail in; its Message-ID. Raises `Undeliverable`, `TryLater` or `Uncertain`."""
        mail = compose(message, sender=self._settings.sender, at=self._clock())
        client = self._client()
        try:
            await self._open(client)
            await self._begin(client, mail)
            await _hand_in(client, mail)
            with suppress(SMTPException, OSError):
                await client.quit()
        finally:
            client.close()
        return str(mail["Message-ID"])

    async def find_sent(self, _: OutgoingMessage) -> str | None:
        """SMTP cannot be asked what it took."""
        return None

    async def check(self) -> None:
        """Whether the server lets us in. Raises `TryLater` with the reason."""
        client = self._client()
        try:
            await self._open(client)
        finally:
            client.close()

    def _client(self) -> SMTP:
        settings = self._settings
        return SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.user or None,
            password=settings.password or None,
            use_tls=settings.security is Security.TLS,
            start_tls=settings.security is Security.STARTTLS,
            tls_context=settings.trust,
            timeout=WITHIN.total_seconds(),
        )

    async def _open(self, client: SMTP) -> None:
        try:
            await client.connect()
        except SMTPAuthenticationError as error:
            raise TryLater(f"the mail server refused SMTP_USER: {_said(error)}") from error
        except (SMTPException, OSError, ValueError) as error:
            raise TryLater(f"the mail server cannot be reached: {_said(error)}") from error

    async def _begin(self, client: SMTP, mail: EmailMessage) -> None:
        """Say from whom and to whom: until here, nothing can have been sent."""
        try:
            await client.mail(mail["From"].addresses[0].addr_spec)
            await client.rcpt(mail["To"].addresses[0].addr_spec)
        except SMTPRecipientRefused as error:
            raise _no(error) from error
        except (SMTPNotSupported, UnicodeEncodeError) as error:
            raise Undeliverable(f"the mail server cannot write to it: {_said(error)}") from error
        except (SMTPException, OSError) as error:
            raise TryLater(f"the mail server refused: {_said(error)}") from error


async def _hand_in(client: SMTP, mail: EmailMessage) -> None:
    try:
        await client.data(mail.as_bytes())
    except SMTPResponseException as error:
        raise _no(error) from error
    except (SMTPException, OSError) as error:
        raise Uncertain(f"the connection broke: {_said(error)}") from error


def _no(error: SMTPResponseException) -> Exception:
    """What the server's answer means for a mail (RFC 5321, 4.2.1)."""
    if 500 <= error.code < 600:
        return Undeliverable(f"the mail server said no: {_said(error)}")
    return TryLater(f"the mail server said later: {_said(error)}")


def _said(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {' '.join(str(error.message).split())}"[:200]
    return (str(error) or type(error).__name__)[:200]
