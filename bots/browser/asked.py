"""What a page asks: the body of a request, read strictly, so that nothing odd goes further."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from core.files import Attached

LARGEST_BODY = 1_048_576  # bytes
LARGEST_WITH_FILES = 40_000_000

_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class Unreadable(Exception):
    """The request makes no sense to us; ``status`` is HTTP's word for why."""

    def __init__(self, text: str, *, status: int = 400) -> None:
        self.status = status
        super().__init__(text)


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

    def files(self) -> list[Attached]:
        """The files that come with it, if any: ``{name, type, content}``, the content in base64."""
        given = self.fields.get("files", [])
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            raise Unreadable("“files” has to be a list.")
        return [_file(Asked(each)) for each in given]

    def answers(self) -> dict[str, str]:
        """What was filled into a form."""
        given = self.fields.get("answers")
        if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
            raise Unreadable("“answers” has to be the form's fields with their texts.")
        return {storable(name): storable(value) for name, value in given.items()}

    def post(self) -> str:
        """The id that the page made for what is posted, so that a repeated request is known."""
        given = self.text("id")
        if not _ID.fullmatch(given):
            raise Unreadable("“id” has to be 8 to 64 letters, digits or dashes.")
        return given


def _file(given: Asked) -> Attached:
    try:
        content = base64.b64decode(given.text("content"), validate=True)
    except ValueError:
        raise Unreadable("The content of a file has to be base64.") from None
    return Attached(given.text("name"), given.text("type"), content)


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
