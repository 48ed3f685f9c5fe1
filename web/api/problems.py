"""Refusals as programs read them: problem details. RFC 9457."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from core.errors import Conflict, DeskError, Forbidden, Invalid, NotFound, Stale

STATUS: Mapping[type[DeskError], int] = {Invalid: 422, Forbidden: 403, NotFound: 404, Conflict: 409}
TITLES = {
    400: "Not understood",
    401: "No key",
    403: "Not allowed",
    404: "Not there",
    405: "Not done that way",
    409: "Not in a state for it",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Not JSON",
    422: "Not valid",
    428: "Version missing",
    429: "Too many requests",
    500: "Our fault",
}
AGAIN = 5  # seconds after which to ask again where the fault is ours
MEDIA_TYPE = "application/problem+json"


def problem(
    status: int,
    detail: str,
    *,
    kind: str = "about:blank",
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """A problem: ``kind`` names the refusal for a program, ``detail`` is for a person."""
    told = {"type": kind, "title": TITLES.get(status, "Refused"), "status": status}
    return JSONResponse(
        told | {"detail": detail} | more,
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def of_refusal(refusal: DeskError) -> JSONResponse:
    """A refusal of the desk; its class is the ``type``, as ``AlreadyClaimed``."""
    if isinstance(refusal, Stale):
        return problem(412, str(refusal), kind=type(refusal).__name__, version=refusal.version)
    status = next((code for kind, code in STATUS.items() if isinstance(refusal, kind)), 400)
    return problem(status, str(refusal), kind=type(refusal).__name__)


def of_exception(error: HTTPException) -> JSONResponse:
    """What the framework refuses: no such address, no such method, a body that is no JSON."""
    return problem(error.status_code, str(error.detail), headers=error.headers)


def of_validation(error: RequestValidationError) -> JSONResponse:
    """What does not have the shape that was asked for: each fault with where it is."""
    faults = [{"at": _where(each["loc"]), "fault": each["msg"]} for each in error.errors()[:20]]
    first = first_faults(error.errors())
    return problem(422, f"The request is not as it has to be. {first}.", errors=faults)


def of_fault() -> JSONResponse:
    """What went wrong is ours."""
    said = "That went wrong on our side. Ask again in a moment, with the same Idempotency-Key."
    return problem(500, said, kind="Fault", headers={"retry-after": str(AGAIN)})


def first_faults(errors: Sequence[Any]) -> str:
    """The first three faults that a shape has found, in words."""
    return "; ".join(f"{_where(each['loc'])}: {each['msg']}" for each in errors[:3])


def _where(place: Sequence[Any]) -> str:
    return ".".join(str(each) for each in place if each != "body") or "body"
