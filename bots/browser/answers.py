"""Answers as pages read them: JSON that nobody keeps, a refusal among them."""

from starlette.responses import JSONResponse

from bots.browser.translate import Json


def answer(said: Json) -> JSONResponse:
    """What a page asked for."""
    return JSONResponse(said, headers={"cache-control": "no-store"})


def refusal(status: int, error: str, text: str) -> JSONResponse:
    """A refusal as the page reads it."""
    return JSONResponse({"ok": False, "error": error, "text": text}, status_code=status)
