"""Pace: so many requests a minute for each key, or for each address that has none."""

import hashlib
import time

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.problems import problem

WITH_KEY = 600
WITHOUT_KEY = 60


class Pace:
    """Refuses who is too fast, and tells everybody how much is left.

    https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ (the separate fields).
    Each process counts for itself.
    """

    def __init__(self, app: ASGIApp, *, a_minute: int = WITH_KEY) -> None:
        self._app = app
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._with_key = RateLimitItemPerMinute(a_minute)
        self._without_key = RateLimitItemPerMinute(WITHOUT_KEY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        key = Headers(scope=scope).get("authorization", "")
        limit = self._with_key if key else self._without_key
        client = scope.get("client") or ("nobody", 0)
        counted = hashlib.sha256(key.encode()).hexdigest() if key else client[0]
        fits = await self._limiter.hit(limit, counted)
        window = await self._limiter.get_window_stats(limit, counted)
        reset = max(0, round(window.reset_time - time.time()))
        told = {
            "ratelimit-limit": str(limit.amount),
            "ratelimit-remaining": str(window.remaining),
            "ratelimit-reset": str(reset),
        }
        if not fits:
            refused = problem(
                429,
                f"At most {limit.amount} requests a minute. Go on in {reset} seconds.",
                headers={**told, "retry-after": str(max(1, reset))},
            )
            await refused(scope, receive, send)
            return

        async def send_telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        await self._app(scope, receive, send_telling)
