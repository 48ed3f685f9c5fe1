"""A return by form: show whose order it is by a code from a mail, choose what comes back, say why."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from core import catalogue, page_words, speaking
from core.desk import Desk
from core.errors import DeskError
from core.speaking import say
from core.vocabulary import Guest, Proof, ProofAsked, Reason, ReturnWanted, Wish
from web.origin import same_origin
from web.pace import Pace
from web.public.look import Look, reader_of
from web.public.sent import Sent, kept_files, read

QUANTITY = "quantity."
LONGEST = 40


class Returning:
    """Three short pages: the order and the address, the code, the pieces."""

    def __init__(self, desk: Desk, look: Look, pace: Pace) -> None:
        self._desk = desk
        self._look = look
        self._pace = pace

    def routes(self) -> list[Route]:
        return [
            Route("/help/return", self.begin, methods=["GET"]),
            Route("/help/return", self.prove, methods=["POST"]),
            Route("/help/return/{secret}", self.show, methods=["GET"]),
            Route("/help/return/{secret}", self.go_on, methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        return self._begin(request, {})

    def _begin(
        self, request: Request, begun: Mapping[str, str], fault: str = "", status: int = 200
    ) -> Response:
        return self._look.page(request, "return.html", begun=begun, fault=fault, status=status)

    async def prove(self, request: Request) -> Response:
        """Which order, and the address it was placed with: a code goes there, if it was."""
        begun: Mapping[str, str] = {}
        with speaking.to(reader_of(request)):
            if not same_origin(request.headers):
                return self._begin(request, {}, page_words.from_elsewhere(), 403)
            if not await self._pace.allows(request):
                return self._begin(request, {}, page_words.too_fast(), 429)
            try:
                sent = await read(request, self._desk)
                begun = sent.fields
                number, email = sent.text("order").strip()[:LONGEST], sent.text("email").strip()
                guest, secret = await self._desk.come(page="/help/return")
                asked = await self._desk.prove_order(guest.who, number, email, guest.address)
                language = reader_of(request).language
                await self._desk.introduce(guest, email=email, language=language)
            except DeskError as refusal:
                return self._begin(request, begun, str(refusal), 422)
            if asked.how is ProofAsked.TOO_MANY:
                said = catalogue.proof_asked(
                    asked.how.value, number, ticket=None, life=self._desk.house.policy.link_code
                )
                return self._begin(request, begun, said.text, 429)
        if asked.how is ProofAsked.PERSON:
            return RedirectResponse(f"/requests/{secret}", status_code=303)
        order = urlencode({"order": asked.number})
        return RedirectResponse(f"/help/return/{secret}?{order}", status_code=303)

    async def show(self, request: Request) -> Response:
        """The code, as long as the order is not theirs; then what of it can come back."""
        guest = await self._desk.guest(request.path_params["secret"])
        if guest is None:
            return self._look.page(request, "missing.html", status=404)
        return await self._page(request, guest, request.query_params.get("order", "")[:LONGEST], {})

    async def go_on(self, request: Request) -> Response:
        """The code was typed, or the pieces were chosen."""
        guest = await self._desk.guest(request.path_params["secret"])
        if guest is None:
            return self._look.page(request, "missing.html", status=404)
        order, begun = "", {}
        with speaking.to(reader_of(request)):
            if not same_origin(request.headers):
                return self._look.elsewhere(request)
            if not await self._pace.allows(request):
                said = page_words.too_fast()
                return self._look.page(request, "notice.html", status=429, title=said, text="")
            try:
                sent = await read(request, self._desk)
                order, begun = sent.text("order")[:LONGEST], dict(sent.fields)
                if sent.text("code"):
                    return await self._code(request, guest, order, sent.text("code"))
                return await self._request(request, guest, order, sent)
            except DeskError as refusal:
                return await self._page(request, guest, order, begun, str(refusal), 422)

    async def _code(self, request: Request, guest: Guest, order: str, code: str) -> Response:
        ended = await self._desk.use_order_code(guest.who, code[:LONGEST], order)
        end = ended.end if ended else Proof.REFUSED
        if end is Proof.PROVED:
            return RedirectResponse(_at(request, order), status_code=303)
        said = catalogue.proof_ended(end.value, order).text
        return await self._page(request, guest, order, {}, said, 422)

    async def _request(self, request: Request, guest: Guest, order: str, sent: Sent) -> Response:
        quantities = {
            sku: int(many)
            for sku, many in sent.beneath(QUANTITY).items()
            if many.isascii() and many.isdigit() and len(many) < 5 and int(many)
        }
        if not quantities:
            return await self._page(
                request, guest, order, dict(sent.fields), page_words.nothing_chosen(), 422
            )
        reasons, wishes = {each.value for each in Reason}, {each.value for each in Wish}
        reason, wish = sent.text("reason"), sent.text("wish")
        wanted = ReturnWanted(
            quantities=quantities,
            reason=Reason(reason) if reason in reasons else Reason.OTHER,
            wish=Wish(wish) if wish in wishes else Wish.REFUND,
            note=sent.text("note"),
            files=await kept_files(self._desk, guest, f"return-{order}", sent),
        )
        await self._desk.request_return(guest.who, order, wanted, guest.address)
        secret = quote(request.path_params["secret"], safe="")
        return RedirectResponse(f"/requests/{secret}", status_code=303)

    async def _page(
        self,
        request: Request,
        guest: Guest,
        order: str,
        begun: Mapping[str, str],
        fault: str = "",
        status: int = 200,
    ) -> Response:
        there = None
        reader = reader_of(request)
        with speaking.to(reader):
            try:
                there = await self._desk.returnable(guest.who, order)
            except DeskError as refusal:
                theirs = {each.number for each in await self._desk.latest_orders(guest.who)}
                if order in theirs:  # it is theirs, and nothing of it can come back
                    return self._look.page(request, "notice.html", title=str(refusal), text="")
            reasons = {each.value: say(each.value) for each in Reason}
            wishes = {each.value: say(each.value) for each in Wish}
        return self._look.page(
            request,
            "pieces.html" if there else "code.html",
            status=status,
            order=order,
            begun=begun,
            fault=fault,
            there=there,
            reasons=reasons,
            wishes=wishes,
            once="",
        )


def _at(request: Request, order: str) -> str:
    secret = quote(request.path_params["secret"], safe="")
    return f"/help/return/{secret}?{urlencode({'order': order})}"
