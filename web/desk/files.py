"""Kept files for staff who are signed in: pictures are shown, all else is downloaded."""

from urllib.parse import quote

from fastapi import Request
from starlette.responses import PlainTextResponse, Response

from core.errors import NotFound
from core.files import NotKept
from web.desk.frame import Here

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Kinds that no browser runs anything of; SVG and HTML are not among them."""


async def show(request: Request, public_id: str) -> Response:
    """``/desk/files/ID``"""
    try:
        file = await Here.of(request).desk.file(public_id)
        content = await file.read()
    except (NotFound, NotKept):
        return PlainTextResponse("That file is not here.\n", status_code=404)
    shown = file.content_type in SHOWN
    return Response(
        content,
        media_type=file.content_type if shown else "application/octet-stream",
        headers={
            "content-disposition": f"{'inline' if shown else 'attachment'}; "
            f"filename*=utf-8''{quote(file.name, safe='')}",
            "x-content-type-options": "nosniff",
            "cache-control": "private, no-store",
        },
    )
