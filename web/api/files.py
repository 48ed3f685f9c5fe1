"""Files that programs upload, to be sent along with what a customer wrote."""

import hashlib
import secrets
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException

from core.errors import Invalid
from core.files import NotKept
from web.api.caller import Intake
from web.api.once import Once
from web.api.shapes import Uploaded

router = APIRouter(tags=["intake"], route_class=Once)

NO_FILES = ("multipart/", "application/x-www-form-urlencoded")
BODY = {
    "requestBody": {
        "required": True,
        "description": "the file itself; its type is the Content-Type",
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("/files", status_code=201, openapi_extra=BODY)
async def upload_file(
    caller: Intake,
    request: Request,
    name: Annotated[str, Query(min_length=1, max_length=120, examples=["lamp.jpg"])],
) -> Uploaded:
    """Upload a file, as it is; what is answered goes into ``files`` of one message, and of no other.
    413 where it is too large, 415 where it comes as a form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind or kind.startswith(NO_FILES):
        raise HTTPException(415, "Send the file itself as the body, with its own Content-Type.")
    content = await request.body()
    if not content:
        raise Invalid("There is nothing in this file.")
    number = secrets.token_hex(16)
    try:
        await caller.desk.house.files.keep(source(number), content)
    except NotKept:
        raise Invalid("No files are kept on this desk.") from None
    return Uploaded(file=number, name=name, content_type=kind[:100], size=len(content))


def source(number: str) -> str:
    """Where the file lies until its message is taken in: not at its number, so that nobody can name
    a file there that is somebody else's."""
    return hashlib.sha256(f"uploaded by a program: {number}".encode()).hexdigest()[:32]
