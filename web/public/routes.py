"""The public pages put together."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from core.desk import Desk
from web.pace import Pace
from web.public import colour
from web.public.filing import Filing
from web.public.help import Help, Shelves
from web.public.look import HERE, Look
from web.public.lost import Lost
from web.public.returning import Returning
from web.public.status import Acts, Status
from web.public.theme import Theme

KEPT = {"cache-control": "public, max-age=300"}


def routes(desk: Desk, acts: Acts, theme: Theme) -> list[Route]:
    """The help centre, its forms, and requests by their secret links."""
    look, pace, shelves = Look(theme, sends_mail=desk.house.sends_mail), Pace(), Shelves(desk)
    articles = Help(desk, look, shelves, pace)

    async def script(_: Request) -> Response:
        return FileResponse(HERE / "public.js", media_type="text/javascript", headers=KEPT)

    async def style(_: Request) -> Response:
        whole = (HERE / "public.css").read_text(encoding="utf-8") + colour.sheet(theme.accent)
        return Response(whole, media_type="text/css", headers=KEPT)

    return [
        *articles.routes(),
        *Filing(desk, look, shelves, articles, pace).routes(),
        *Returning(desk, look, pace).routes(),
        *Lost(desk, look, pace).routes(),
        *Status(desk, look, acts, pace).routes(),
        Route("/public.js", script, methods=["GET"]),
        Route("/public.css", style, methods=["GET"]),
    ]
