"""Pace: so many forms, or ways in, a minute from one address. Each process counts for itself."""

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.requests import Request

A_MINUTE = 30


class Pace:
    """Counts what is sent, and says when it is too much."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(A_MINUTE)

    async def allows(self, request: Request) -> bool:
        """Whether another one may come from there now; it is counted."""
        address = request.client.host if request.client else "nobody"
        return await self._limiter.hit(self._limit, address)
