"""Size: a body that is too large is refused before it is read to its end."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.problems import problem

LARGEST = 2_000_000  # bytes of JSON
FILES = "/files"


class TooLarge(Exception):
    """More came than is taken."""


class Size:
    """Lets bodies through up to so many bytes; files up to the size that the desk takes."""

    def __init__(self, app: ASGIApp, *, file_size: int) -> None:
        self._app = app
        self._file_size = file_size

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._file_size if scope["path"].endswith(FILES) else LARGEST
        said = Headers(scope=scope).get("content-length", "")
        too_large = problem(413, f"At most {most:,} bytes are taken here.")
        if said.isdecimal() and int(said) > most:
            await too_large(scope, receive, send)
            return
        taken, begun = 0, False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except TooLarge:
            if begun:
                raise
            await too_large(scope, receive, send)
