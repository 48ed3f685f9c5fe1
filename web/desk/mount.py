"""The way onto the staff pages: who is not signed in is sent to sign in, another site is refused."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from fastapi import FastAPI
from nicegui import background_tasks, ui
from nicegui import core as nicegui_core
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.desk import Desk
from web.desk import pages
from web.desk.commands import Commands
from web.desk.frame import Common
from web.desk.looks import Looks
from web.desk.presence import Presence
from web.live import Live
from web.origin import SAFE, same_origin
from web.sign_in import DESK_PATH, visit_of, wants_page

ASSETS = "/_nicegui/"
POLICY = (
    # NiceGUI builds its templates in the browser, which needs eval; words of people are never markup
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def staff_pages(desk: Desk, live: Live, commands: Commands) -> Mount:
    """The staff pages, for those who are signed in."""
    common = Common(desk, live, commands, Presence(), Looks(live))
    return Mount(DESK_PATH, app=_Gate(_nicegui(), common))


@asynccontextmanager
async def running() -> AsyncIterator[None]:
    """What NiceGUI does beside answering, for as long as the server runs."""
    app = _nicegui()
    _forget_ended_loops()
    async with app.router.lifespan_context(app):
        yield


def _forget_ended_loops() -> None:
    """NiceGUI keeps the tasks of a process, and waits at the end for all of them: for ever for those
    of a server before this one, whose loop has ended."""
    tasks = background_tasks.running_tasks
    tasks -= {task for task in tasks if task.get_loop().is_closed()}
    lazy = background_tasks.lazy_tasks_running
    for name in [name for name, task in lazy.items() if task.get_loop().is_closed()]:
        del lazy[name]


@cache
def _nicegui() -> FastAPI:
    """NiceGUI has one application a process; the pages find their desk in the request."""
    app = FastAPI(openapi_url=None)
    pages.register()
    ui.run_with(
        app,
        title="Switchboard",
        favicon=pages.FAVICON,
        dark=None,
        language="en-US",
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=30,
    )
    nicegui_core.sio.eio.cors_allowed_origins = None  # the gate looks at the origin
    return app


class _Gate:
    """Lets signed-in staff through, and remembers who they are for the page."""

    def __init__(self, app: ASGIApp, common: Common) -> None:
        self._app = app
        self._common = common

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            return
        connection = HTTPConnection(scope)
        changes = scope["type"] == "websocket" or scope["method"] not in SAFE
        if changes and not same_origin(connection.headers):
            await _refuse(scope, receive, send, 403)
            return
        path = scope["path"].removeprefix(DESK_PATH)
        if not path.startswith(ASSETS):
            visit = await visit_of(connection, self._common.desk)
            if visit is None:
                await _refuse(scope, receive, send, 401)
                return
            state = scope.setdefault("state", {})
            state.update(common=self._common, visit=visit)
        await self._app(scope, receive, _with_policy(send))


def _with_policy(send: Send) -> Send:
    async def send_safely(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["content-security-policy"] = POLICY
        await send(message)

    return send_safely


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    """No entry: a person is shown the way, a script gets a number."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    elif status == 401 and wants_page(Headers(scope=scope)):
        await RedirectResponse("/sign-in", status_code=303)(scope, receive, send)
    else:
        await PlainTextResponse("Sign in first.\n", status_code=status)(scope, receive, send)
