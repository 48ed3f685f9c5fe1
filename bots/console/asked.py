"""What the page asks: the body of a request, read strictly, so that nothing odd goes further."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from bots.console.channel import NAME, WORKSPACE
from core.channels import Address, Who
from core.errors import Invalid
from core.speaking import Sentence

LARGEST_BODY = 1_048_576  # bytes
LARGEST_WITH_FILES = 40_000_000
STAFF_ROOM = Address(NAME, WORKSPACE, "staff")

_HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class Unreadable(Exception):
    """The request makes no sense to us; ``status`` is HTTP's word for why."""

    def __init__(self, text: str, *, status: int = 400) -> None:
        self.status = status
        super().__init__(text)


class BadHandle(Invalid):
    """Nobody can be called that."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "A name here is 1 to 40 letters, digits, dots or dashes, and not “staff”: customer-1."
            )
        )


@dataclass(frozen=True)
class AttachedFile:
    """A file as the page hands it over."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Asked:
    """The fields of a request. Every reader raises `Unreadable` where a field is missing."""

    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A field that has to be text."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise Unreadable(f"“{name}” has to be text.")
        return storable(value)

    def maybe(self, name: str) -> str | None:
        """A field that may be left out, and else has to be text."""
        return self.text(name) if self.fields.get(name) is not None else None

    def flag(self, name: str) -> bool:
        """A field that has to be true or false."""
        value = self.fields.get(name)
        if not isinstance(value, bool):
            raise Unreadable(f"“{name}” has to be true or false.")
        return value

    def files(self) -> list[AttachedFile]:
        """The files that come with it, if any: ``{name, type, content}``, the content in base64."""
        given = self.fields.get("files", [])
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            raise Unreadable("“files” has to be a list.")
        return [_file(Asked(each)) for each in given]

    def place(self, who: Who) -> Address:
        """The conversation that it is about: their own, or the staff room."""
        room = self.text("room")
        if room not in {who.user, STAFF_ROOM.conversation}:
            raise Unreadable("“room” has to be one's own, or “staff”.")
        return Address(NAME, WORKSPACE, room)

    def answers(self) -> dict[str, str]:
        """What was filled into a form."""
        given = self.fields.get("answers")
        if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
            raise Unreadable("“answers” has to be the form's fields with their texts.")
        return {storable(name): storable(value) for name, value in given.items()}

    def who(self) -> Who:
        """Whoever speaks. Raises `BadHandle`."""
        return person(self.text("as"))

    def post_id(self, who: Who) -> str:
        """The id of what they post: made by the page, so that a repeated request is known."""
        given = self.text("id")
        if not _ID.fullmatch(given):
            raise Unreadable("“id” has to be 8 to 64 letters, digits or dashes.")
        return f"said:{who.user}:{given}"


def _file(given: Asked) -> AttachedFile:
    try:
        content = base64.b64decode(given.text("content"), validate=True)
    except ValueError:
        raise Unreadable("The content of a file has to be base64.") from None
    return AttachedFile(given.text("name"), given.text("type"), content)


def person(handle: str) -> Who:
    """Somebody on the console. Raises `BadHandle`."""
    who = mentioned(handle.strip())
    if who is None:
        raise BadHandle
    return Who(NAME, WORKSPACE, who.user)


def mentioned(text: str) -> Who | None:
    """A person as the console spells them: ``@agent-1`` or ``agent-1``."""
    handle = text.removeprefix("@")
    if not _HANDLE.fullmatch(handle) or handle.lower() == STAFF_ROOM.conversation:
        return None
    return Who(NAME, WORKSPACE, handle, handle)


def storable(text: str) -> str:
    """The text without NUL and halves of surrogate pairs, which no database or answer can carry."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


async def read_body(request: Request, *, at_most: int = LARGEST_BODY) -> Asked:
    """The body as fields, of so many bytes at most. Raises `Unreadable`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > at_most:
            raise Unreadable(
                f"That is more than {at_most // 1_000_000} MB. Send it in parts, or as a link.",
                status=413,
            )
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("The request is not JSON.") from None
    if not isinstance(fields, dict):
        raise Unreadable("The request has to be a JSON object.")
    return Asked(fields)
