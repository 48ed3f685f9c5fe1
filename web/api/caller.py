"""Who calls: the program behind a key, and what its key is for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from core.channels import Who
from core.desk import Desk
from core.vocabulary import Program, Scope

_BEARER = HTTPBearer(
    auto_error=False, scheme_name="key", description="A key made by `/key add`: `sbk_…`."
)


@dataclass(frozen=True)
class Caller:
    """A program at work: the desk, and as whom it acts there."""

    desk: Desk
    program: Program

    @property
    def who(self) -> Who:
        return self.program.who


async def known(request: Request) -> Program:
    """The program behind the request's key. Raises 401."""
    cached = getattr(request.state, "program", None)
    if cached is not None:
        return cast("Program", cached)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    desk = desk_of(request)
    found = await desk.program(secret.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise HTTPException(
            401,
            "Send a key that works: Authorization: Bearer sbk_… An admin makes one by /key add.",
            headers={"www-authenticate": "Bearer"},
        )
    if found.stale:
        await desk.key_used(secret.strip())
    request.state.program = found
    return found


def allowed(scope: Scope) -> Callable[..., Awaitable[Caller]]:
    """A dependency: the caller, if their key has this scope. Raises 401, 403."""

    async def caller(
        request: Request,
        _: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)] = None,
    ) -> Caller:
        program = await known(request)
        if scope not in program.scopes:
            raise HTTPException(403, f"This key is not for {scope}. /key add makes one that is.")
        return Caller(desk_of(request), program)

    return caller


Reader = Annotated[Caller, Depends(allowed(Scope.TICKETS_READ))]
Writer = Annotated[Caller, Depends(allowed(Scope.TICKETS_WRITE))]
Intake = Annotated[Caller, Depends(allowed(Scope.INTAKE))]


def desk_of(request: Request) -> Desk:
    """The desk that this API is of."""
    return cast("Desk", request.app.state.desk)
