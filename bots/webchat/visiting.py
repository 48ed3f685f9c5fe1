"""Who asks: the visitor behind a secret, and what they write as the desk takes it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from bots.browser.asked import Asked, Unreadable
from core.channels import IncomingMessage
from core.desk import Desk
from core.errors import Invalid
from core.files import Attached, upload
from core.speaking import Sentence
from core.vocabulary import Guest, Voucher

LONGEST_TEXT = 20_000  # characters


class NothingWritten(Invalid):
    """There are no words in it, and no file."""

    def __init__(self) -> None:
        super().__init__(Sentence("There is nothing to send yet. Write something first."))


class Unwelcome(Unreadable):
    """The secret is of nobody, or of nobody any more."""

    def __init__(self) -> None:
        super().__init__("Nobody is known by this secret. Begin anew.", status=401)


async def visitor(desk: Desk, request: Request) -> tuple[Guest, str]:
    """The visitor who asks, and their secret. Raises `Unwelcome`."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    guest = await desk.guest(secret) if scheme.lower() == "bearer" and secret else None
    if guest is None:
        raise Unwelcome
    if guest.stale:
        await desk.seen(secret)
    return guest, secret


def voucher(asked: Asked) -> Voucher | None:
    """The word of the site for who it is, if it gave one. Raises `Unreadable`."""
    given = asked.fields.get("voucher")
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise Unreadable("“voucher” has to be an object.")
    return _voucher(Asked(given), given)


def _voucher(asked: Asked, given: Mapping[str, Any]) -> Voucher:
    until = given.get("until")
    if not isinstance(until, int) or isinstance(until, bool):
        raise Unreadable("“until” has to be a number of seconds.")
    return Voucher(asked.text("account"), until, asked.text("signature"))


async def incoming(
    desk: Desk, guest: Guest, post: str, text: str, files: Sequence[Attached]
) -> IncomingMessage:
    """What a visitor wrote, its files kept already. Raises `NothingWritten`, `Unreadable`."""
    if not text.strip() and not files:
        raise NothingWritten
    if len(text) > LONGEST_TEXT:
        raise Unreadable("That is too long for one message. Send it in parts.", status=413)
    if len(files) > desk.house.policy.files_at_once:
        raise Unreadable("Too many files at once.", status=413)
    external_id = f"said:{guest.account}:{post}"
    return IncomingMessage(
        address=guest.address,
        sender=guest.who,
        external_id=external_id,
        text=text,
        sent_at=datetime.now(UTC),
        files=await upload(
            desk.house.files, external_id, files, largest=desk.house.policy.file_size
        ),
    )
