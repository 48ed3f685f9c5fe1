"""Web chat over HTTP: the widget's script, and what it asks, from any site or from those set."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from bots.browser import translate
from bots.browser.answers import answer, refusal
from bots.browser.asked import LARGEST_BODY, LARGEST_WITH_FILES, Asked, Unreadable, read_body
from bots.browser.files import kept_file
from bots.browser.translate import Json
from bots.commands import spoken_to
from bots.webchat import acts, script
from bots.webchat.channel import WebChannel
from bots.webchat.live import Live
from bots.webchat.pace import Limit, Pace
from bots.webchat.visiting import incoming, visitor, voucher
from core import page_words, speaking
from core.desk import Desk
from core.errors import DeskError
from core.speaking import Reader
from core.vocabulary import OPERATOR, Availability, Guest

PREFIX = "/widget"
CROWD = 5.0  # seconds between two looks at who is there
SHOWN = 300  # posts of a conversation, and as many deliveries

Say = Callable[[Guest, Asked], Awaitable[Json]]


def routes(desk: Desk, channel: WebChannel, *, origins: Sequence[str] = ()) -> list[BaseRoute]:
    """The widget's script and its requests. ``origins`` are the sites that may show it; none: any.

    A visitor is known by a secret in a header, which no browser sends by itself: no other site can
    use it, and so there are no cookies to protect.
    """
    web = _Web(desk, channel)
    sites = Middleware(
        CORSMiddleware,
        allow_origins=list(origins) or ["*"],
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type"],
        max_age=600,
    )
    asked = [
        Route("/words", web.words, methods=["GET"]),
        Route("/begin", web.begin, methods=["POST"]),
        Route("/introduce", web.saying(web.introduce), methods=["POST"]),
        Route("/state", web.state, methods=["GET"]),
        Route("/live", web.live, methods=["GET"]),
        Route("/say", web.saying(web.say, at_most=LARGEST_WITH_FILES), methods=["POST"]),
        Route("/press", web.saying(web.press), methods=["POST"]),
        Route("/submit", web.saying(web.submit), methods=["POST"]),
        Route("/files/{id}", partial(_file, desk), methods=["GET"]),
    ]
    return [
        Route("/widget.js", script.served, methods=["GET"]),
        Mount(PREFIX, routes=asked, middleware=[sites]),
    ]


class _Web:
    """What the widget can ask of the desk."""

    def __init__(self, desk: Desk, channel: WebChannel) -> None:
        self._desk = desk
        self._channel = channel
        self._pace = Pace()
        self._live = Live(desk, channel)
        self._looked: tuple[float, bool] = (-CROWD, False)

    async def words(self, request: Request) -> Response:
        """What the widget says, in the visitor's language, and whether anybody is there."""
        language = request.query_params.get("language", "")[:12]
        with speaking.to(Reader(language)):
            over = page_words.begins_anew(self._desk.house.policy.request_link.days)
            said = {**page_words.widget(), "over": over}
        return answer({"ok": True, "words": said, "open": await self._is_open()})

    async def _is_open(self) -> bool:
        """Whether an agent is available; looked up now and then, however many pages ask."""
        at, there = self._looked
        now = asyncio.get_running_loop().time()
        if now - at >= CROWD:
            listed = await self._desk.agents(OPERATOR)
            there = any(each.agent.availability is Availability.AVAILABLE for each in listed)
            self._looked = (now, there)
        return there

    async def begin(self, request: Request) -> Response:
        """A new visitor, and their secret."""
        address = request.client.host if request.client else "nobody"
        if not await self._pace.allows(Limit.BEGINNING, address):
            return _too_fast()
        try:
            asked = await read_body(request)
            guest, secret = await self._desk.come(
                name=asked.maybe("name") or "",
                page=asked.maybe("page") or "",
                voucher=voucher(asked),
            )
            await self._introduced(guest, asked)
        except Unreadable as error:
            return refusal(error.status, "Unreadable", str(error))
        except DeskError as error:
            return refusal(200, type(error).__name__, str(error))
        return answer({"ok": True, "secret": secret})

    def saying(
        self, act: Say, *, at_most: int = LARGEST_BODY
    ) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint for what a visitor does; a refusal is an answer, too."""

        async def endpoint(request: Request) -> Response:
            try:
                guest, _ = await visitor(self._desk, request)
                if not await self._pace.allows(Limit.SAYING, guest.account):
                    return _too_fast()
                asked = await read_body(request, at_most=at_most)
                async with spoken_to(self._desk, guest.who):
                    done = await act(guest, asked)
            except Unreadable as error:
                return refusal(error.status, "Unreadable", str(error))
            except DeskError as error:
                return refusal(200, type(error).__name__, str(error))
            self._channel.nudge()
            return answer(done)

        return endpoint

    async def state(self, request: Request) -> Response:
        """The visitor's conversation, both sides, as far back as a link to it would reach; ``over``
        where nothing of it is shown any more."""
        try:
            guest, _ = await visitor(self._desk, request)
        except Unreadable as error:
            return refusal(error.status, "Unreadable", str(error))
        if not await self._pace.allows(Limit.LOOKING, guest.account):
            return _too_fast()
        reach = await self._desk.reach(guest.address)
        posts = await self._desk.said_at(
            guest.address, last=SHOWN, since=reach.since, with_forms=True
        )
        shown = [translate.post(each, files_at=f"{PREFIX}/files") for each in posts]
        over = reach.is_over and not shown
        return answer({"ok": True, "name": guest.name, "posts": shown, "over": over})

    async def live(self, request: Request) -> Response:
        """Server-sent events: look again."""
        try:
            guest, _ = await visitor(self._desk, request)
        except Unreadable as error:
            return refusal(error.status, "Unreadable", str(error))
        if not await self._pace.allows(Limit.LOOKING, guest.account):
            return _too_fast()
        return StreamingResponse(
            self._live.moved(guest.address.conversation),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def introduce(self, guest: Guest, asked: Asked) -> Json:
        await self._introduced(guest, asked)
        return {"ok": True}

    async def _introduced(self, guest: Guest, asked: Asked) -> None:
        name, email = asked.maybe("name") or "", asked.maybe("email") or ""
        if name.strip() or email.strip():
            await self._desk.introduce(guest, name=name, email=email.strip())

    async def say(self, guest: Guest, asked: Asked) -> Json:
        message = await incoming(self._desk, guest, asked.post(), asked.text("text"), asked.files())
        received = await self._desk.receive(message)
        return {"ok": True, "outcome": received.outcome.value}

    async def press(self, guest: Guest, asked: Asked) -> Json:
        return await acts.press(self._desk, guest.who, asked.text("action"), asked.text("value"))

    async def submit(self, guest: Guest, asked: Asked) -> Json:
        action, value = asked.text("action"), asked.text("value")
        return await acts.submit(self._desk, guest.who, action, value, asked.answers())


async def _file(desk: Desk, request: Request) -> Response:
    """A file by its 128 random bits; any site that shows the widget may show a picture."""
    found = await kept_file(desk, request)
    found.headers["cross-origin-resource-policy"] = "cross-origin"
    return found


def _too_fast() -> Response:
    refused = refusal(429, "TooFast", "That was too fast. Wait a minute, and go on.")
    refused.headers["retry-after"] = "60"
    return refused
