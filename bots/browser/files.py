"""Kept files over HTTP: shown in the page where they are pictures, downloaded where they are not."""

from starlette.requests import Request
from starlette.responses import Response

from bots.browser.answers import refusal
from core.desk import Desk
from core.errors import NotFound
from core.files import NotKept, for_browsers


async def kept_file(desk: Desk, request: Request) -> Response:
    """The file of the id in the address; nothing of it runs."""
    try:
        file = await desk.file(request.path_params["id"])
        content = await file.read()
    except (NotFound, NotKept):
        return refusal(404, "NoSuchFile", "That file is not here.")
    return Response(content, headers=for_browsers(file.name, file.content_type))
