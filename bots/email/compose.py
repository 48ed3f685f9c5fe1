"""A card as a mail: values in, values out."""

import hashlib
import re
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bots.email.html import as_html
from core import cards
from core.channels import OutgoingMessage, Undeliverable

SUBJECT = 200
_BREAKS = re.compile(r"[\r\n\x00-\x1f\x7f\u0085\u2028\u2029]+")


def compose(message: OutgoingMessage, *, sender: str, at: datetime) -> EmailMessage:
    """The mail that a card becomes. Its Message-ID comes from the delivery's key, so that a mail sent
    twice is one to mail programs; it says of itself that no person wrote it (RFC 3834), so that no
    program answers. Raises `Undeliverable` where the address is none.
    """
    mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    mail["From"] = _address(sender)
    mail["To"] = _address(message.address.conversation)
    mail["Subject"] = one_line(message.card.title or message.card.text)[:SUBJECT]
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id(message.key, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(_words(message))
    if message.card.fields:
        mail.add_alternative(as_html(message.card), subtype="html")
    return mail


def message_id(key: str, sender: str) -> str:
    """The same for the same delivery."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:40]
    return f"<{digest}@{_address(sender).domain}>"


def one_line(text: str) -> str:
    """Text for a header: whatever could begin another header becomes a space."""
    return " ".join(_BREAKS.sub(" ", text).split())


def _address(text: str) -> Address:
    bare = one_line(text)
    try:
        address = Address(addr_spec=bare)
    except (MessageError, ValueError, IndexError) as error:
        raise Undeliverable(f"“{bare[:60]}” is no e-mail address") from error
    if not (address.username and address.domain and bare.isascii()):
        raise Undeliverable(f"“{bare[:60]}” is no e-mail address")
    return address


def _words(message: OutgoingMessage) -> str:
    """The card without its title, which is the subject, and its buttons, which need a chat."""
    said = message.card
    card = cards.Card(text=said.text, fields=said.fields, footnote=said.footnote)
    return cards.plain(card) + "\n"
