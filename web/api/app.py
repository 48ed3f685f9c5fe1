"""The API put together: its resources, its refusals, its pace, and its documentation."""

import re

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from core.desk import Desk
from core.errors import DeskError
from web.api import (
    articles,
    customers,
    files,
    filing,
    intake,
    orders,
    people,
    problems,
    promises,
    reference,
    reports,
    returns,
    stream,
    teams,
    tickets,
    webhooks,
)
from web.api.pace import WITH_KEY, Pace
from web.api.size import Size
from web.live import Live

PREFIX = "/api/v1"
VERSION = "1"
PARTS = (  # asked in this order: what is called most comes first
    intake,
    tickets,
    filing,
    promises,
    customers,
    orders,
    returns,
    people,
    teams,
    articles,
    reports,
    webhooks,
    files,
    stream,
)


def api(
    desk: Desk, live: Live, *, a_minute: int = WITH_KEY, breath: float = stream.BREATH
) -> Mount:
    """The API under its prefix."""
    app = FastAPI(
        title="Switchboard",
        version=VERSION,
        description="Everything that a program can do with the desk. Keys: `/key add` in chat.",
        docs_url=None,
        redoc_url=None,
        responses={"4XX": {"description": "A problem: RFC 9457", "content": _PROBLEM}},
    )
    app.state.desk, app.state.live, app.state.breath = desk, live, breath
    for part in PARTS:
        app.include_router(part.router)
    app.include_router(reference.router)
    app.add_exception_handler(DeskError, _refusal)
    app.add_exception_handler(HTTPException, _exception)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(Exception, _fault)
    app.add_middleware(Size, file_size=desk.house.policy.file_size)
    app.add_middleware(Pace, a_minute=a_minute)
    under = Mount(PREFIX, app=app)
    # An address may have a line's end in it (%0A), which is ours to refuse as well.
    under.path_regex = re.compile(under.path_regex.pattern, re.DOTALL)
    return under


_PROBLEM = {
    problems.MEDIA_TYPE: {
        "schema": {
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string", "examples": ["AlreadyClaimed"]},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
            },
        }
    }
}


async def _refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, DeskError)  # noqa: S101 - what it is registered for
    return problems.of_refusal(error)


async def _exception(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    return problems.of_exception(error)


async def _validation(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    return problems.of_validation(error)


async def _fault(_: Request, _error: Exception) -> Response:
    """A fault of ours, or a database that is not there: it goes on into the log."""
    return problems.of_fault()
