"""The site: health for machines, and the front page; the parts bring routes of their own."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.desk import Desk
from web import admin_link, sign_in
from web.ways import Way, links
from web.ways import routes as way_routes

LATE = timedelta(minutes=5)
"""A delivery that is due for longer means that the courier, or a channel, is in trouble."""

HEADERS = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'; object-src 'none'",
    "x-content-type-options": "nosniff",
    # and not none at all, with which browsers send forms of our own pages with the origin “null”
    "referrer-policy": "same-origin",
}

ChannelStates = Callable[[], Mapping[str, bool]]


def site(
    desk: Desk,
    *,
    channels: ChannelStates,
    console: bool,
    home: str = "",
    routes: Sequence[BaseRoute] = (),
    ways: Sequence[Way] = (),
) -> Starlette:
    """The whole site. ``channels`` says which channels of this process are connected,
    ``home`` where people are led who open it, unless the console is on, ``ways`` are the platforms by
    which staff may sign in."""

    async def front(_: Request) -> Response:
        if console:
            return RedirectResponse("/console")
        return RedirectResponse(home) if home else PlainTextResponse("Switchboard is running.\n")

    async def live(_: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def ready(_: Request) -> Response:
        state = await readiness(desk, channels())
        return JSONResponse(state, status_code=200 if state["ready"] else 503)

    app = Starlette(
        routes=[
            Route("/", front),
            Route("/health/live", live),
            Route("/health/ready", ready),
            *admin_link.routes(desk, console=console),
            *sign_in.routes(desk, links(ways)),
            *way_routes(desk, ways),
            *routes,
        ]
    )
    app.add_middleware(SafeHeaders)
    return app


async def readiness(desk: Desk, channels: Mapping[str, bool]) -> dict[str, object]:
    """Whether the desk can work: database, channels, and how late the oldest delivery is."""
    try:
        condition = await desk.condition()
    except (SQLAlchemyError, OSError):
        return {"ready": False, "database": False, "channels": dict(channels)}
    due = condition.oldest_due
    late = max(condition.now - due, timedelta()) if due else timedelta()
    return {
        "ready": all(channels.values()) and late < LATE,
        "database": True,
        "channels": dict(channels),
        "oldest_due_delivery_seconds": round(late.total_seconds()),
    }


class SafeHeaders:
    """Gives every answer the headers that keep other sites and scripts out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safely)
