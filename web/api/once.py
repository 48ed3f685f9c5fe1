"""Once: a POST with an ``Idempotency-Key`` is carried out once, however often it comes."""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from core.errors import DeskError
from core.vocabulary import Answer
from web.api import problems
from web.api.caller import desk_of, known

HEADER = "idempotency-key"


class Once(APIRoute):
    """A route that answers a repeated POST as it answered the first."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        carry_out = super().get_route_handler()

        async def answer(request: Request) -> Response:
            name = request.headers.get(HEADER)
            if request.method != "POST" or name is None:
                return await carry_out(request)
            program = await known(request)
            desk = desk_of(request)
            before = await desk.begin_repeatable(program.key, name, await _fingerprint(request))
            if before is not None:
                return _again(before)
            answered = await _answered(carry_out, request)
            kept = Answer(answered.status_code, bytes(answered.body))
            await desk.end_repeatable(program.key, name, kept)
            return answered

        return answer


async def _answered(
    carry_out: Callable[[Request], Coroutine[Any, Any, Response]], request: Request
) -> Response:
    """The answer, refusals included: they too are the same the second time."""
    try:
        return await carry_out(request)
    except DeskError as refusal:
        return problems.of_refusal(refusal)
    except RequestValidationError as error:
        return problems.of_validation(error)
    except HTTPException as error:
        return problems.of_exception(error)


async def _fingerprint(request: Request) -> str:
    said = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(said + await request.body()).hexdigest()


def _again(before: Answer) -> Response:
    media = "application/json" if before.status < 400 else problems.MEDIA_TYPE
    return Response(
        before.body,
        status_code=before.status,
        media_type=media,
        headers={"idempotent-replayed": "true"},
    )
