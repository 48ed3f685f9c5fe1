"""Pace: so many requests a minute for each address and each visitor. Each process counts for itself."""

from enum import Enum

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter


class Limit(Enum):
    """How often something may be done in a minute."""

    BEGINNING = 30  # new visitors, for each address
    SAYING = 60  # messages and buttons, for each visitor
    LOOKING = 240  # anything else, for each visitor


class Pace:
    """Counts, and says when it is too much."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def allows(self, limit: Limit, whose: str) -> bool:
        """Whether somebody may do it now; it is counted."""
        return await self._limiter.hit(RateLimitItemPerMinute(limit.value), limit.name, whose)
