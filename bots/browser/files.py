"""Kept files over HTTP: shown in the page where they are pictures, downloaded where they are not."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from bots.browser.answers import refusal
from bots.browser.translate import PICTURES
from core.desk import Desk
from core.errors import NotFound
from core.files import NotKept


async def kept_file(desk: Desk, request: Request) -> Response:
    """The file of the id in the address. The guard's headers say nosniff and forbid all scripts."""
    try:
        file = await desk.file(request.path_params["id"])
        content = await file.read()
    except (NotFound, NotKept):
        return refusal(404, "NoSuchFile", "That file is not here.")
    shown = file.content_type in PICTURES
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
