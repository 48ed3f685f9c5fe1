"""Signing in by the page of a platform: there with a state, and back with a code."""

from collections.abc import Sequence
from hmac import compare_digest
from html import escape
from secrets import token_urlsafe
from typing import Protocol

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core.channels import Who
from core.desk import Desk
from core.errors import DeskError
from web.pace import Pace
from web.page import notice
from web.sign_in import DESK_PATH, is_secure, remember

COOKIE = "switchboard_way"
AT = "/sign-in/with"
LONGEST = 500  # characters of a code


class Way(Protocol):
    """A platform that says who somebody is."""

    @property
    def name(self) -> str:
        """What it is called in addresses."""
        ...

    @property
    def label(self) -> str:
        """What people call it."""
        ...

    def address(self, *, state: str, proof: str, back: str) -> str:
        """The platform's page, from which the browser comes ``back`` with the state."""
        ...

    async def who(self, *, code: str, proof: str, back: str) -> Who:
        """Whom a code stands for that was asked for with this proof. Raises `Forbidden`."""
        ...


def routes(desk: Desk, ways: Sequence[Way]) -> list[Route]:
    """``/sign-in/with/NAME``, and where the platform sends the browser back to."""
    passages = {each.name: _Passage(desk, each) for each in ways}
    pace = Pace()  # each begun is kept for a while, and there are not so many

    async def go(request: Request) -> Response:
        passage = passages.get(request.path_params["name"])
        if passage is None:
            return _off()
        if not await pace.allows(request):
            return notice("Not now", "That was often. Try it again in a minute.", status=429)
        return await passage.go()

    async def come_back(request: Request) -> Response:
        passage = passages.get(request.path_params["name"])
        return await passage.come_back(request) if passage else _off()

    return [
        Route(f"{AT}/{{name}}", go, methods=["GET"]),
        Route(f"{AT}/{{name}}/back", come_back, methods=["GET"]),
    ]


def links(ways: Sequence[Way]) -> str:
    """The ways as links, in HTML, for the page where people sign in."""
    return "".join(
        f'<a class="button" href="{AT}/{escape(each.name)}">Sign in with {escape(each.label)}</a>'
        for each in ways
    )


class _Passage:
    """The way by one platform. What the browser takes along is in a cookie that is gone when it is
    back: a state that no other browser has, and the proof that the code was asked for here."""

    def __init__(self, desk: Desk, way: Way) -> None:
        self._desk = desk
        self._way = way
        self._at = f"{AT}/{way.name}"

    @property
    def _back(self) -> str:
        return f"{self._desk.house.url.rstrip('/')}{self._at}/back"

    async def go(self) -> Response:
        """To the platform."""
        try:
            state = await self._desk.begin_sign_in()
        except DeskError as refusal:
            return notice("Not now", str(refusal), status=429)
        proof = token_urlsafe(48)
        address = self._way.address(state=state, proof=proof, back=self._back)
        answer = RedirectResponse(address, status_code=303)
        answer.set_cookie(
            COOKIE,
            f"{state}.{proof}",
            max_age=round(self._desk.house.policy.sign_in.total_seconds()),
            path=self._at,
            httponly=True,
            secure=is_secure(self._desk),
            samesite="lax",
        )
        return answer

    async def come_back(self, request: Request) -> Response:
        """From there, with a code or a refusal."""
        answer = await self._answer(request)
        answer.delete_cookie(COOKIE, path=self._at)
        answer.headers["cache-control"] = "no-store"
        return answer

    async def _answer(self, request: Request) -> Response:
        said = request.query_params
        kept, _, proof = request.cookies.get(COOKIE, "").partition(".")
        state = said.get("state", "")
        if not kept or not compare_digest(kept.encode(), state.encode("utf-8", "replace")):
            return self._refused("That took too long, or was begun in another browser.")
        code = said.get("code", "")
        if not code or len(code) > LONGEST:
            return self._refused(f"{self._way.label} did not let you through.")
        try:
            who = await self._way.who(code=code, proof=proof, back=self._back)
            device = request.headers.get("user-agent", "")
            secret = await self._desk.sign_in_as(who, state, device)
        except DeskError as refusal:
            return self._refused(str(refusal))
        entered = RedirectResponse(DESK_PATH, status_code=303)
        remember(entered, self._desk, secret)
        return entered

    def _refused(self, why: str) -> Response:
        return notice("Not signed in", why, status=403, back=("/sign-in", "Sign in another way"))


def _off() -> Response:
    return notice("Not here", "Nobody signs in that way on this desk.", status=404)
