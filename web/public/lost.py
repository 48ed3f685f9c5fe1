"""Who has lost the link to a request says an e-mail address, and new ones go there by mail."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import page_words, speaking
from core.desk import Desk
from core.errors import DeskError
from web.origin import same_origin
from web.pace import Pace
from web.public.look import Look, reader_of
from web.public.sent import read


class Lost:
    """One short page, and an answer that is the same whoever's address it is; only where the desk
    sends mail."""

    def __init__(self, desk: Desk, look: Look, pace: Pace) -> None:
        self._desk = desk
        self._look = look
        self._pace = pace

    def routes(self) -> list[Route]:
        return [
            Route("/requests", self.show, methods=["GET"]),
            Route("/requests", self.send, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        return self._page(request)

    async def send(self, request: Request) -> Response:
        """Sends new links to the address, if anybody is known by it."""
        email = ""
        with speaking.to(reader_of(request)):
            if not same_origin(request.headers):
                return self._look.elsewhere(request)
            if not await self._pace.allows(request):
                return self._page(request, fault=page_words.too_fast(), status=429)
            if not self._desk.house.sends_mail:
                return self._page(request)
            try:
                email = (await read(request, self._desk)).text("email").strip()
                await self._desk.send_links(email)
            except DeskError as refusal:
                return self._page(request, email, str(refusal), 422)
            title, text = page_words.links_sent()
        return self._look.page(request, "notice.html", title=title, text=text)

    def _page(
        self, request: Request, email: str = "", fault: str = "", status: int = 200
    ) -> Response:
        if not self._desk.house.sends_mail:
            return self._look.page(request, "missing.html", status=404)
        return self._look.page(request, "lost.html", email=email, fault=fault, status=status)
