"""What happens on the desk, as server-sent events: from history, resumable, within a key's scopes."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Header, Request
from starlette.responses import StreamingResponse

from core.desk import Desk
from core.vocabulary import History, Program, Scope
from web.api.caller import known
from web.live import Behind, Follower, Live

router = APIRouter(tags=["events"])

SCOPES: tuple[tuple[tuple[str, ...], Scope], ...] = (
    (("Agent", "Availability", "Invitation", "Identity", "SignIn", "Signed"), Scope.PEOPLE_READ),
    (("Session", "ApiKey"), Scope.PEOPLE_READ),
    (("Webhook",), Scope.WEBHOOKS),
    (("Customer", "Blocked", "LinkCode", "LinkRefused"), Scope.CUSTOMERS_READ),
    (("Article", "Phrasing"), Scope.ARTICLES_READ),
)
"""By how an event's name begins; all else is about tickets."""
BREATHE = ": still here\n\n"
BREATH = 15.0  # seconds without a word before it says that it is there


@router.get("/events", response_class=StreamingResponse)
async def events(
    request: Request,
    program: Annotated[Program, Depends(known)],
    last_event_id: Annotated[int | None, Header(ge=0)] = None,
) -> StreamingResponse:
    """Every event from now on, or after ``Last-Event-ID``; one may come twice, none is left out."""
    desk = cast("Desk", request.app.state.desk)
    live = cast("Live", request.app.state.live)
    return StreamingResponse(
        _told(desk, live, request, program, last_event_id),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _told(
    desk: Desk, live: Live, request: Request, program: Program, after: int | None
) -> AsyncIterator[str]:
    with live.following() as follower:
        yield "retry: 2000\n\n"
        async for event in _happening(desk, follower, request, after):
            if event is None:
                yield BREATHE
            elif _ends(event, program):
                return
            elif readable(event, program):
                yield as_text(event)


async def _happening(
    desk: Desk, follower: Follower, request: Request, after: int | None
) -> AsyncIterator[History | None]:
    """What was missed, and what happens; None where nothing does for a while. It ends when the key
    works no more, or who reads is too slow: they come again, with the last number that they saw."""
    if after is not None:
        async for event in _missed(desk, after):
            yield event
    while True:
        try:
            async with asyncio.timeout(request.app.state.breath):
                event = await follower.next()
        except TimeoutError:
            if not await _works_still(desk, request):
                return
            yield None
        except Behind:
            return
        else:
            yield event


async def _works_still(desk: Desk, request: Request) -> bool:
    """Whether the key of a request works now: it may be over, by its days."""
    secret = request.headers.get("authorization", "").partition(" ")[2]
    return await desk.program(secret.strip()) is not None


def _ends(event: History, program: Program) -> bool:
    """Whether an event ends what the key of a stream may read."""
    if event.event == "ApiKeyEnded":
        return bool(event.facts["key_id"] == program.key)
    return event.event == "AgentRemoved" and bool(event.facts["agent_id"] == program.agent)


async def _missed(desk: Desk, after: int) -> AsyncIterator[History]:
    while rows := await desk.happened(after):
        for row in rows:
            yield row
        after = rows[-1].id


def readable(event: History, program: Program) -> bool:
    """Whether the key's scopes have room for an event."""
    for beginnings, scope in SCOPES:
        if event.event.startswith(beginnings):
            return scope in program.scopes
    return Scope.TICKETS_READ in program.scopes


def as_text(event: History) -> str:
    """An event as it is sent: its number, its name, and its facts as JSON."""
    told = {"at": event.at.isoformat(), "ticket": event.ticket_id, "by": event.actor}
    body = json.dumps(told | {"facts": event.facts}, ensure_ascii=False)
    return f"id: {event.id}\nevent: {event.event}\ndata: {body}\n\n"
