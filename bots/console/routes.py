"""The console over HTTP: the page, and the few questions and requests that it makes."""

from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bots.browser import translate as shown
from bots.browser.answers import answer as _json
from bots.browser.answers import refusal
from bots.browser.asked import LARGEST_BODY, LARGEST_WITH_FILES, Unreadable
from bots.browser.files import kept_file
from bots.browser.translate import Json
from bots.commands import COMMANDS, begun, carry_out, spoken_to
from bots.commands.parse import Call, Missing, filled, pressed, wanted
from bots.commands.parse import read as read_command
from bots.console import live, translate
from bots.console.asked import STAFF_ROOM, Asked, mentioned, read_body
from bots.console.channel import NAME, WORKSPACE, ConsoleChannel
from bots.console.guard import OWN_HOSTS, Guard
from core.channels import (
    Address,
    IncomingDeletion,
    IncomingEdit,
    IncomingFile,
    IncomingMessage,
    IncomingReaction,
    Who,
)
from core.desk import Desk
from core.errors import DeskError, Invalid, NotFound
from core.speaking import Sentence
from core.vocabulary import OPERATOR

PAGE = Path(__file__).parent / "page"
SHARED = Path(__file__).parent.parent / "browser" / "page"
MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
FILES = {
    path.name: path
    for folder in (PAGE, SHARED)
    for path in folder.iterdir()
    if path.suffix in MEDIA_TYPES
}
FILES_AT = "/console/files"
SHOWN = 500  # posts of a conversation, and as many deliveries and edits


class NothingSaid(Invalid):
    """There are no words in it."""

    def __init__(self) -> None:
        super().__init__(Sentence("There is nothing to send yet. Write something first."))


class NotACard(NotFound):
    """What was written beneath is no ticket's card, or whoever wrote is not staff."""

    def __init__(self) -> None:
        super().__init__(Sentence("Only agents can write here, beneath a ticket's card."))


def routes(desk: Desk, channel: ConsoleChannel, *, hosts: Collection[str] = ()) -> list[BaseRoute]:
    """The console under ``/console``. ``hosts`` are names it is served under beside localhost."""
    console = _Console(desk, channel)
    guard = [Middleware(Guard, hosts={*OWN_HOSTS, *hosts})]

    def get(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, endpoint, methods=["GET"], middleware=guard)

    def post(path: str, answer: Callable[[Asked], Awaitable[Json]]) -> Route:
        taking = console.answering(answer)
        return Route(path, taking, methods=["POST"], middleware=guard)

    def post_with_files(path: str, answer: Callable[[Asked], Awaitable[Json]]) -> Route:
        taking = console.answering(answer, at_most=LARGEST_WITH_FILES)
        return Route(path, taking, methods=["POST"], middleware=guard)

    return [
        get("/console", _page),
        get("/console/static/{name}", _file),
        get("/console/api/state", console.state),
        get("/console/api/live", console.live),
        get("/console/api/people", console.people),
        get("/console/api/commands", _commands),
        get(f"{FILES_AT}/{{id}}", partial(kept_file, desk)),
        post_with_files("/console/api/say", console.say),
        post("/console/api/press", console.press),
        post("/console/api/submit", console.submit),
        post_with_files("/console/api/thread", console.thread),
        post("/console/api/edit", console.edit),
        post("/console/api/delete", console.delete),
        post("/console/api/react", console.react),
    ]


class _Console:
    """What the page can ask of the desk."""

    def __init__(self, desk: Desk, channel: ConsoleChannel) -> None:
        self._desk = desk
        self._channel = channel

    def answering(
        self, answer: Callable[[Asked], Awaitable[Json]], *, at_most: int = LARGEST_BODY
    ) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that reads the request, answers, and says a refusal as an answer, too."""

        async def endpoint(request: Request) -> Response:
            try:
                asked = await read_body(request, at_most=at_most)
                async with spoken_to(self._desk, asked.who()):
                    answered = await answer(asked)
            except Unreadable as error:
                return refusal(error.status, "Unreadable", str(error))
            except DeskError as error:
                return refusal(200, type(error).__name__, str(error))
            self._channel.nudge()
            return _json(answered)

        return endpoint

    async def state(self, request: Request) -> Response:
        room = request.query_params.get("room", "")
        if room != STAFF_ROOM.conversation and mentioned(room) is None:
            return refusal(400, "BadRoom", "“room” has to be a person's name, or “staff”.")
        posts = await self._desk.said_at(Address(NAME, WORKSPACE, room), last=SHOWN)
        listed = [shown.post(each, files_at=FILES_AT) for each in posts]
        return _json({"ok": True, "room": room, "posts": listed})

    async def live(self, _: Request) -> Response:
        return StreamingResponse(
            live.moved(self._desk, self._channel),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def people(self, _: Request) -> Response:
        listed = [translate.agent(each) for each in await self._desk.agents(OPERATOR)]
        return _json({"ok": True, "agents": [each for each in listed if each is not None]})

    async def say(self, asked: Asked) -> Json:
        who, text = asked.who(), asked.text("text")
        if text.startswith("/"):
            return await self._command(who, text)
        incoming = self._incoming(asked, who, Address(NAME, WORKSPACE, who.user))
        received = await self._desk.receive(incoming)
        return {"ok": True, "outcome": received.outcome.value, "ticket": received.ticket}

    async def press(self, asked: Asked) -> Json:
        who = asked.who()
        call = pressed(COMMANDS, asked.text("action"), asked.text("value"), by=who)
        if wanted(call, was_pressed=True):
            return await self._form(who, call)
        return await self._carry_out(who, filled(call, {}, by=who))

    async def submit(self, asked: Asked) -> Json:
        who = asked.who()
        call = pressed(COMMANDS, asked.text("action"), asked.text("value"), by=who)
        answered = filled(call, asked.answers(), by=who, people=mentioned)
        return await self._carry_out(who, answered)

    async def thread(self, asked: Asked) -> Json:
        incoming = self._incoming(asked, asked.who(), STAFF_ROOM)
        number = await self._desk.hear(incoming, root=asked.text("root"))
        if number is None:
            raise NotACard
        return {"ok": True, "ticket": number}

    async def edit(self, asked: Asked) -> Json:
        who = asked.who()
        text = asked.text("text")
        if not text.strip():
            raise NothingSaid
        edit = IncomingEdit(
            address=asked.place(who),
            external_id=asked.text("post"),
            by=who,
            text=text,
            edited_at=datetime.now(UTC),
        )
        return {"ok": True, "done": await self._desk.message_edited(edit)}

    async def delete(self, asked: Asked) -> Json:
        who = asked.who()
        deletion = IncomingDeletion(
            address=asked.place(who), external_id=asked.text("post"), by=who
        )
        return {"ok": True, "done": await self._desk.message_deleted(deletion)}

    async def react(self, asked: Asked) -> Json:
        who = asked.who()
        reaction = IncomingReaction(
            address=asked.place(who),
            external_id=asked.text("post"),
            by=who,
            emoji=asked.text("emoji"),
            added=asked.flag("added"),
        )
        return {"ok": True, "done": await self._desk.reacted(reaction)}

    def _incoming(self, asked: Asked, who: Who, address: Address) -> IncomingMessage:
        """What somebody wrote and attached. Raises `NothingSaid`."""
        text, files = asked.text("text"), asked.files()
        if not text.strip() and not files:
            raise NothingSaid
        if len(text) > LARGEST_BODY:
            raise Unreadable("That is more than a megabyte of words.", status=413)
        return IncomingMessage(
            address=address,
            sender=who,
            external_id=asked.post_id(who),
            text=text,
            sent_at=datetime.now(UTC),
            under=asked.maybe("under"),
            files=tuple(
                IncomingFile(
                    name=file.name,
                    source=self._channel.hold(file.content),
                    content_type=file.content_type,
                    size=len(file.content),
                )
                for file in files
            ),
        )

    async def _command(self, who: Who, text: str) -> Json:
        try:
            call = read_command(COMMANDS, text, by=who, people=mentioned)
        except Missing as missing:
            if not wanted(missing.call, was_pressed=False):
                raise
            call = missing.call
        if wanted(call, was_pressed=False):
            return await self._form(who, call)
        return await self._carry_out(who, call)

    async def _form(self, who: Who, call: Call) -> Json:
        return shown.form(call, await begun(self._desk, who, call))

    async def _carry_out(self, who: Who, call: Call) -> Json:
        return shown.said(await carry_out(self._desk, who, call))


async def _commands(_: Request) -> Response:
    return _json({"ok": True, "commands": translate.commands(COMMANDS)})


async def _page(_: Request) -> Response:
    return FileResponse(PAGE / "console.html", headers={"cache-control": "no-cache"})


async def _file(request: Request) -> Response:
    path = FILES.get(request.path_params["name"])
    if path is None:
        return refusal(404, "NoSuchFile", "There is no such file.")
    kind = MEDIA_TYPES[path.suffix]
    return FileResponse(path, media_type=kind, headers={"cache-control": "no-cache"})
