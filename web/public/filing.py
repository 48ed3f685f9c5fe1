"""A new request by form: articles are suggested while somebody writes; else it goes to the desk."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core import catalogue, page_words, speaking
from core.channels import Form
from core.desk import Desk
from core.errors import DeskError, Invalid
from core.speaking import Sentence
from core.vocabulary import Asked, Outcome
from web.origin import same_origin
from web.pace import Pace
from web.public.help import Help, Shelves
from web.public.look import Look, reader_of
from web.public.once import Once
from web.public.sent import Sent, incoming, read

ENOUGH = 12  # characters, to suggest something
LONGEST = 2_000
ORDER_LONGEST = 60
FIELD = "field."


class Lacking(Invalid):
    """A field that has to be there is empty."""

    def __init__(self, label: str) -> None:
        super().__init__(Sentence("{label} is missing.", label=label))


class Filing:
    """The form, and what becomes of it."""

    def __init__(
        self, desk: Desk, look: Look, shelves: Shelves, help_pages: Help, pace: Pace
    ) -> None:
        self._desk = desk
        self._look = look
        self._shelves = shelves
        self._help = help_pages
        self._pace = pace
        self._once = Once()

    def routes(self) -> list[Route]:
        return [
            Route("/help/new", self.show, methods=["GET"]),
            Route("/help/new", self.send, methods=["POST"]),
            Route("/help/new/suggested", self.suggested, methods=["GET"]),
            Route("/help/new/solved", self.solved, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        return await self._form(request, {})

    async def suggested(self, request: Request) -> Response:
        """The articles that may answer what is written so far: a part of a page."""
        text = request.query_params.get("text", "").strip()[:LONGEST]
        language = reader_of(request).language
        shelf = await self._shelves.now()
        leaves = []
        if len(text) >= ENOUGH:
            said = await self._desk.house.deflector.suggest(text, language=language or None)
            found = [shelf.article(each.article, language) for each in said.suggestions]
            leaves = [leaf for leaf in found if leaf]
        return self._look.page(request, "suggested.html", leaves=leaves, question=text)

    async def solved(self, request: Request) -> Response:
        """A suggested article did it: an enquiry without a ticket."""
        if not same_origin(request.headers):
            return self._look.elsewhere(request)
        if not await self._pace.allows(request):
            return self._look.page(request, "missing.html", status=429)
        sent = await read(request, self._desk)
        leaf = (await self._shelves.now()).article(
            sent.text("article"), reader_of(request).language
        )
        if leaf is None:
            return self._look.page(request, "missing.html", status=404)
        await self._help.keep(sent.text("question")[:LONGEST], leaf, helpful=True)
        with speaking.to(reader_of(request)):
            said = catalogue.solved()
        return self._look.page(request, "notice.html", title=said, text="")

    async def send(self, request: Request) -> Response:
        """Becomes a request; leads to its page."""
        fields: Mapping[str, str] = {}
        with speaking.to(reader_of(request)):
            if not same_origin(request.headers):
                return await self._form(request, {}, page_words.from_elsewhere(), 403)
            if not await self._pace.allows(request):
                return await self._form(request, {}, page_words.too_fast(), 429)
            try:
                sent = await read(request, self._desk)
                fields = sent.fields
                self._check(sent, await self._desk.asked_for())
                address = await self._once.of(
                    sent.text("once"), lambda: self._file(sent, reader_of(request).language)
                )
            except DeskError as refusal:
                return await self._form(request, fields, str(refusal), 422)
        return RedirectResponse(address, status_code=303)

    def _check(self, sent: Sent, own: Asked) -> None:
        """Raises `Lacking` where something has to be there, and is not."""
        words = catalogue.request_form()
        if not sent.text("words").strip() and not sent.files:
            raise Lacking(words.words)
        kind = sent.text("kind")
        for field in own.fields:
            is_wanted = field.is_required and field.kind in {None, kind}
            if is_wanted and not sent.text(f"{FIELD}{field.name}").strip():
                raise Lacking(field.label)

    async def _file(self, sent: Sent, language: str) -> str:
        name, email = sent.text("name").strip(), sent.text("email").strip()
        guest, secret = await self._desk.come(name=name, page="/help/new")
        await self._desk.introduce(guest, name=name, email=email, language=language)
        kind, order = sent.text("kind"), " ".join(sent.text("order").split())[:ORDER_LONGEST]
        text = sent.text("words").strip()
        details = catalogue.request_details(kind, order)
        form = Form(kind=kind, fields=sent.beneath(FIELD))
        whole = "\n\n".join(filter(None, [text, details]))
        message = await incoming(self._desk, guest, "form", whole, sent, form)
        received = await self._desk.ask(message)
        was_suggested = received.outcome is Outcome.SUGGESTED and sent.text("suggested") == "yes"
        if was_suggested and received.enquiry is not None:  # they have seen the articles already
            await self._desk.hand_over(guest.who, received.enquiry)
        return f"/requests/{secret}"

    async def _form(
        self, request: Request, begun: Mapping[str, str], fault: str = "", status: int = 200
    ) -> Response:
        own = await self._desk.asked_for()
        with speaking.to(reader_of(request)):
            words = catalogue.request_form()
        return self._look.page(
            request,
            "new.html",
            status=status,
            form=words,
            kinds={**words.kinds, **{kind.name: kind.about for kind in own.kinds}},
            fields=[_drawn(field) for field in own.fields],
            begun=begun,
            fault=fault,
            once=begun.get("once") or token_hex(16),
        )


def _drawn(field: Any) -> Mapping[str, Any]:
    """A field of the desk's own as a template draws it."""
    choices: Mapping[str, str] = {each: each for each in field.choices}
    kind = {"number": "number", "date": "date"}.get(field.type.value, "text")
    return {
        "name": f"{FIELD}{field.name}",
        "label": field.label,
        "type": kind,
        "choices": choices,
        "kind": field.kind or "",
        "required": field.is_required and field.kind is None,
    }
