"""E-mail for this process: the channel by which the desk's own mails go, or none."""

import re

from app.errors import CannotStart
from app.settings import Settings
from bots.email.channel import EmailChannel
from bots.email.smtp import SmtpSettings
from core.channels import TryLater


def mail(settings: Settings) -> EmailChannel | None:
    """The channel that the settings name, if they do. Raises `CannotStart`."""
    if not settings.smtp_host:
        return None
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", settings.mail_from):
        raise CannotStart("SMTP_HOST needs MAIL_FROM, the address that mails come from.")
    return EmailChannel(
        SmtpSettings(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            sender=settings.mail_from,
        )
    )


async def diagnosed(settings: Settings) -> tuple[str, str]:
    """Whether the mail server lets us in, as a mark and a sentence."""
    try:
        channel = mail(settings)
    except CannotStart as error:
        return "✗", str(error)
    if channel is None:
        if settings.digest_mails:
            return "✗", "DIGEST_EMAILS needs SMTP_HOST: nobody is mailed the digest."
        return "–", "No mail goes out: SMTP_HOST is not set. A person checks whose order it is."
    try:
        await channel.check()
    except TryLater as error:
        return "✗", f"No mail goes out: {error}."
    return "✓", f"Mails go out by {settings.smtp_host}, from {settings.mail_from}."
