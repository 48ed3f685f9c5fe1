"""What a form brings: fields and files, of so many bytes at most, its files kept before anything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive

from core.channels import Form, IncomingFile, IncomingMessage
from core.desk import Desk
from core.errors import Invalid
from core.files import Attached, upload
from core.speaking import Sentence
from core.vocabulary import Guest

LARGEST = 40_000_000  # bytes, of all of it
LONGEST_FIELD = 100_000  # bytes
LONGEST_TEXT = 20_000  # characters
MOST_FIELDS = 100


class TooMuch(Invalid):
    """More than is taken by a form."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("That is more than {limit} MB. Send less at once.", limit=LARGEST // 1_000_000)
        )


class Unreadable(Invalid):
    """It is no form of ours."""

    def __init__(self) -> None:
        super().__init__(Sentence("We could not read that. Please try again."))


@dataclass(frozen=True)
class Sent:
    """A form as it came."""

    fields: Mapping[str, str]
    files: Sequence[Attached]

    def text(self, name: str) -> str:
        """A field; empty where it is not there."""
        return self.fields.get(name, "")

    def beneath(self, prefix: str) -> Mapping[str, str]:
        """The fields whose names begin with it, by the rest of their names."""
        return {
            name.removeprefix(prefix): value
            for name, value in self.fields.items()
            if name.startswith(prefix) and value.strip()
        }


async def read(request: Request, desk: Desk) -> Sent:
    """The form that was sent. Raises `TooMuch`, `Unreadable`."""
    at_once, largest = desk.house.policy.files_at_once, desk.house.policy.file_size
    capped = Request(request.scope, _capped(request.receive))
    fields: dict[str, str] = {}
    files = []
    try:
        async with capped.form(
            max_files=at_once, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
        ) as form:
            for name, value in form.multi_items():
                if isinstance(value, str):
                    fields[name] = _storable(value)
                elif value.filename:
                    files.append(await _attached(value, largest))
    except (MultiPartException, HTTPException, ValueError):
        raise Unreadable from None
    return Sent(fields, files)


async def _attached(file: UploadFile, largest: int) -> Attached:
    content = await file.read(largest + 1)
    return Attached(_storable(file.filename or ""), file.content_type or "", content)


async def incoming(
    desk: Desk, guest: Guest, post: str, text: str, sent: Sent, form: Form | None = None
) -> IncomingMessage:
    """What a customer wrote, its files in the store already."""
    external_id = f"said:{guest.account}:{post}"
    largest = desk.house.policy.file_size
    return IncomingMessage(
        address=guest.address,
        sender=guest.who,
        external_id=external_id,
        text=text[:LONGEST_TEXT],
        sent_at=datetime.now(UTC),
        files=await upload(desk.house.files, external_id, sent.files, largest=largest),
        form=form,
    )


async def kept_files(desk: Desk, guest: Guest, post: str, sent: Sent) -> tuple[IncomingFile, ...]:
    """The files of a form, in the store."""
    return (await incoming(desk, guest, post, "", sent)).files


def _storable(text: str) -> str:
    """The text without NUL and halves of surrogate pairs, which no database can keep."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _capped(receive: Receive) -> Receive:
    taken = 0

    async def capped() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST:
            raise TooMuch
        return message

    return capped
