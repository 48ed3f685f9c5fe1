"""Signing in on the site: the one-time link, the cookie, and signing out."""

from html import escape

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.desk import Desk
from core.errors import DeskError
from core.vocabulary import Visit
from web.origin import same_origin
from web.page import notice, page

DESK_PATH = "/desk"


def routes(desk: Desk, other_ways: str = "") -> list[Route]:
    """``/sign-in/CODE``: a look does not use the code, so that previews of links cannot.
    ``other_ways`` are links, in HTML."""
    entrance = _Entrance(desk, other_ways)
    return [
        Route("/sign-in", entrance.how),
        Route("/sign-in/{code}", entrance.show, methods=["GET"]),
        Route("/sign-in/{code}", entrance.enter, methods=["POST"]),
        Route("/sign-out", entrance.leave, methods=["POST"]),
    ]


class _Entrance:
    """The pages by which staff come in and go."""

    def __init__(self, desk: Desk, other_ways: str) -> None:
        self._desk = desk
        self._other_ways = other_ways

    async def how(self, _: Request) -> Response:
        return page(_how(self._other_ways))

    async def show(self, request: Request) -> Response:
        try:
            name = await self._desk.whose_link(request.path_params["code"])
        except DeskError as refusal:
            return notice("This link no longer works", str(refusal), status=404)
        return page(_welcome(name))

    async def enter(self, request: Request) -> Response:
        if not same_origin(request.headers):
            return notice("Not from here", "Open the link itself to sign in.", status=403)
        device = request.headers.get("user-agent", "")
        try:
            secret = await self._desk.sign_in(request.path_params["code"], device)
        except DeskError as refusal:
            return notice("This link no longer works", str(refusal), status=404)
        answer = RedirectResponse(DESK_PATH, status_code=303)
        remember(answer, self._desk, secret)
        return answer

    async def leave(self, request: Request) -> Response:
        if not same_origin(request.headers):
            return notice("Not from here", "Sign out on the desk itself.", status=403)
        visit = await visit_of(request, self._desk)
        if visit is not None:
            await self._desk.end_session(visit.who, visit.session)
        answer = RedirectResponse("/sign-in", status_code=303)
        answer.delete_cookie(cookie_name(self._desk), path="/")
        return answer


async def visit_of(connection: HTTPConnection, desk: Desk) -> Visit | None:
    """Who is signed in where a request or a WebSocket comes from; None for nobody."""
    secret = connection.cookies.get(cookie_name(desk), "")
    visit = await desk.visit(secret) if secret else None
    if visit is not None and visit.stale:
        await desk.stay(secret)
    return visit


def remember(answer: Response, desk: Desk, secret: str) -> None:
    """Give the browser its session: out of reach for scripts, and sent to nobody else."""
    answer.set_cookie(
        cookie_name(desk),
        secret,
        max_age=round(desk.house.policy.session.total_seconds()),
        path="/",
        httponly=True,
        secure=is_secure(desk),
        samesite="lax",
    )


def cookie_name(desk: Desk) -> str:
    """``__Host-`` lets no other host set it, but needs HTTPS. RFC 6265bis, 4.1.3.2."""
    return "__Host-switchboard" if is_secure(desk) else "switchboard"


def wants_page(headers: Headers) -> bool:
    """Whether a person opens a page, who can be sent to sign in, and not a script."""
    return "text/html" in headers.get("accept", "")


def is_secure(desk: Desk) -> bool:
    """Whether people reach the site by HTTPS."""
    return desk.house.url.startswith("https://")


def _welcome(name: str) -> str:
    return f"""
      <h1>Sign in as {escape(name)}</h1>
      <p>This link works once, for you alone.</p>
      <form method="post"><button autofocus>Open my desk</button></form>"""


def _how(other_ways: str) -> str:
    ways = f'<p class="ways">{other_ways}</p>' if other_ways else ""
    return f"""
      <h1>Sign in</h1>
      {ways}
      <p>There is no password. Ask for a link where you work, and open it within ten minutes:</p>
      <pre><code>/desk</code></pre>
      <p>On the machine where the desk runs:</p>
      <pre><code>switchboard do --as NAME "/desk"</code></pre>"""
