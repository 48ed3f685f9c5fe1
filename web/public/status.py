"""A request by its secret link: the conversation, and everything a customer can do in it."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Protocol
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core import catalogue, page_words, speaking
from core.cards import Card, from_json
from core.channels import Who
from core.desk import Desk
from core.errors import DeskError, NotFound
from core.files import NotKept, for_browsers
from core.speaking import Reader
from core.vocabulary import Guest
from web.origin import same_origin
from web.pace import Pace
from web.public.look import Look, reader_of
from web.public.sent import Sent, incoming, read

SHOWN = 500  # posts of a conversation
ANSWER = "answer."
PRIVATE = {"x-robots-tag": "noindex, nofollow", "referrer-policy": "same-origin"}
"""The address is the secret: no search engine keeps it, and no other site is told of it."""


class Acts(Protocol):
    """Carries out what the buttons of cards mean; commands belong to channels. The answer has a
    ``card``, or a ``form`` that has to be filled first. Raises the desk's refusals."""

    def press(self, by: Who, action: str, value: str) -> Awaitable[Mapping[str, Any]]: ...

    def submit(
        self, by: Who, action: str, value: str, answers: Mapping[str, str]
    ) -> Awaitable[Mapping[str, Any]]: ...


@dataclass(frozen=True)
class _Shown:
    """What stands above the conversation: an answer, a form, or a fault."""

    card: Card | None = None
    form: Mapping[str, Any] | None = None
    fault: str = ""
    text: str = ""


class Status:
    """The page of a request."""

    def __init__(self, desk: Desk, look: Look, acts: Acts, pace: Pace) -> None:
        self._desk = desk
        self._look = look
        self._acts = acts
        self._pace = pace

    def routes(self) -> list[Route]:
        at = "/requests/{secret}"
        return [
            Route(at, self.show, methods=["GET"]),
            Route(at, self.say, methods=["POST"]),
            Route(f"{at}/press", self.press, methods=["POST"]),
            Route(f"{at}/submit", self.submit, methods=["POST"]),
            Route(f"{at}/transcript/{{number:int}}", self.transcript, methods=["GET"]),
            Route("/files/{id}", self.file, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        guest = await self._guest(request)
        return await (self._page(request, guest, _Shown()) if guest else self._unknown(request))

    async def say(self, request: Request) -> Response:
        """The customer writes, or adds a file."""
        return await self._sent(request, self._said)

    async def _said(self, request: Request, guest: Guest, sent: Sent) -> Response:
        if not sent.text("text").strip() and not sent.files:
            fault = _Shown(fault=catalogue.nothing_said())
            return await self._page(request, guest, fault, status=422)
        post = sent.text("once")[:64] or token_hex(8)
        message = await incoming(self._desk, guest, post, sent.text("text").strip(), sent)
        await self._desk.receive(message)
        return RedirectResponse(f"{_at(request)}#end", status_code=303)

    async def press(self, request: Request) -> Response:
        """They press a button of a card."""
        return await self._sent(request, self._pressed)

    async def _pressed(self, request: Request, guest: Guest, sent: Sent) -> Response:
        done = await self._acts.press(guest.who, sent.text("action"), sent.text("value"))
        return await self._page(request, guest, _answered(done))

    async def submit(self, request: Request) -> Response:
        """They send the form that a button asked for."""
        return await self._sent(request, self._submitted)

    async def _submitted(self, request: Request, guest: Guest, sent: Sent) -> Response:
        action, value = sent.text("action"), sent.text("value")
        try:
            done = await self._acts.submit(guest.who, action, value, sent.beneath(ANSWER))
        except DeskError as refusal:
            asked = await self._acts.press(guest.who, action, value)
            again = _Shown(form=_begun(asked.get("form"), sent), fault=str(refusal))
            return await self._page(request, guest, again, status=422)
        return await self._page(request, guest, _answered(done))

    async def transcript(self, request: Request) -> Response:
        """The conversation of a ticket as a file."""
        guest = await self._guest(request)
        if guest is None:
            return await self._unknown(request)
        number = request.path_params["number"]
        try:
            if number not in {each.id for each in await self._desk.tickets_at(guest.address)}:
                return await self._unknown(request)
            written = await self._desk.transcript(guest.who, number)
        except DeskError:
            return await self._unknown(request)
        name = quote(written.name, safe="")
        return Response(
            written.content,
            media_type="application/octet-stream",
            headers={"content-disposition": f"attachment; filename*=utf-8''{name}", **PRIVATE},
        )

    async def file(self, request: Request) -> Response:
        """A file by its 128 random bits."""
        try:
            file = await self._desk.file(request.path_params["id"])
            content = await file.read()
        except (NotFound, NotKept):
            return await self._unknown(request)
        return Response(content, headers=for_browsers(file.name, file.content_type))

    async def _guest(self, request: Request) -> Guest | None:
        """Whoever the link is of; None where it is of nobody, or opens its request no more."""
        secret = request.path_params["secret"]
        guest = await self._desk.guest(secret)
        if guest is None or await self._desk.is_over(guest.address):
            return None
        if guest.stale:
            await self._desk.seen(secret)
        return guest

    async def _sent(self, request: Request, act: Any) -> Response:
        """What a form of the page does; a refusal stands above the conversation."""
        guest = await self._guest(request)
        if guest is None:
            return await self._unknown(request)
        with speaking.to(await self._reader(request, guest)):
            if not same_origin(request.headers):
                fault = _Shown(fault=page_words.from_elsewhere())
                return await self._page(request, guest, fault, status=403)
            if not await self._pace.allows(request):
                fault = _Shown(fault=page_words.too_fast())
                return await self._page(request, guest, fault, status=429)
            try:
                sent = await read(request, self._desk)
                answer: Response = await act(request, guest, sent)
            except DeskError as refusal:
                return await self._page(request, guest, _Shown(fault=str(refusal)), status=422)
            return answer

    async def _reader(self, request: Request, guest: Guest) -> Reader:
        known = await self._desk.reader(guest.who)
        chosen = request.query_params.get("lang")
        return known if known.language and not chosen else reader_of(request)

    async def _page(
        self, request: Request, guest: Guest, shown: _Shown, *, status: int = 200
    ) -> Response:
        since = (await self._desk.reach(guest.address)).since
        posts = await self._desk.said_at(guest.address, last=SHOWN, since=since, with_forms=True)
        tickets = await self._desk.tickets_at(guest.address)
        reader = await self._reader(request, guest)
        with speaking.to(reader):
            states = [(each.id, each.subject, speaking.say(each.status.value)) for each in tickets]
            when = {post.id: speaking.moment(post.at) for post in posts}
        answer = self._look.page(
            request,
            "status.html",
            status=status,
            language=reader.language,
            posts=posts,
            when=when,
            tickets=states,
            at=_at(request),
            shown=shown,
            name=guest.name,
            once=token_hex(8),
        )
        answer.headers.update(PRIVATE)
        return answer

    async def _unknown(self, request: Request) -> Response:
        """No such request, or one that ended long ago, as whoever has its link may know."""
        guest = await self._desk.guest(request.path_params.get("secret", ""))
        if guest is None or not await self._desk.is_over(guest.address):
            return self._look.page(request, "missing.html", status=404)
        reader = await self._reader(request, guest)
        with speaking.to(reader):
            title, text = page_words.over(self._desk.house.policy.request_link.days)
        values = {"language": reader.language, "title": title, "text": text}
        answer = self._look.page(request, "notice.html", status=410, **values)
        answer.headers.update(PRIVATE)
        return answer


def _at(request: Request) -> str:
    return f"/requests/{quote(request.path_params['secret'], safe='')}"


def _answered(done: Mapping[str, Any]) -> _Shown:
    if done.get("form"):
        return _Shown(form=done["form"])
    return _Shown(card=from_json(done["card"]))


def _begun(form: Mapping[str, Any] | None, sent: Sent) -> Mapping[str, Any] | None:
    """The form again, with what was filled in."""
    if form is None:
        return None
    answers = sent.beneath(ANSWER)
    fields = [
        {**each, "value": answers.get(each["name"], each["value"])} for each in form["fields"]
    ]
    return {**form, "fields": fields}
