"""The breaker: Discord bans an address for an hour after 10,000 invalid requests in ten minutes.

https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans:
401, 403 and 429 count, but for those 429 that are shared with others.
"""

import asyncio
import logging
from collections import deque
from datetime import timedelta
from types import SimpleNamespace

import aiohttp

from core.channels import TryLater

log = logging.getLogger(__name__)

WINDOW = timedelta(minutes=10)
MOST = 1_000  # of 10,000: a tenth, since other programs may share the address
INVALID = {401, 403, 429}


class Breaker:
    """Counts invalid requests; above `MOST` none is made until the oldest are ten minutes old.

    After a 401 none is made at all: the token is not taken, and each try counts.
    """

    def __init__(self, window: timedelta = WINDOW, most: int = MOST) -> None:
        self._window = window.total_seconds()
        self._most = most
        self._invalid: deque[float] = deque()
        self.refused = asyncio.Event()  # Discord does not take the token

    def check(self) -> None:
        """Raises `TryLater` where no request may be made now."""
        if self.refused.is_set():
            raise TryLater(
                "Discord does not take the token: see switchboard doctor", after=self._minute
            )
        now = asyncio.get_running_loop().time()
        self._forget(now)
        if len(self._invalid) >= self._most:
            wait = self._invalid[0] + self._window - now
            raise TryLater(
                "too many requests were refused by Discord lately", after=timedelta(seconds=wait)
            )

    def count(self, status: int, *, shared: bool = False, by_token: bool = True) -> None:
        """A request was answered with this status. ``by_token`` says that the bot's own token was
        what let it in: an interaction has one of its own, which ends after 15 minutes."""
        if status not in INVALID or shared:
            return
        now = asyncio.get_running_loop().time()
        self._forget(now)
        self._invalid.append(now)
        if len(self._invalid) == self._most:
            log.error("Discord refused %s requests within ten minutes: pausing", self._most)
        if status == 401 and by_token:
            self.refused.set()

    @property
    def trace(self) -> aiohttp.TraceConfig:
        """Counts every answer of an aiohttp session."""

        async def ended(
            _: aiohttp.ClientSession, __: SimpleNamespace, end: aiohttp.TraceRequestEndParams
        ) -> None:
            shared = end.response.headers.get("X-RateLimit-Scope") == "shared"
            by_token = not {"webhooks", "interactions"} & set(end.url.parts)
            self.count(end.response.status, shared=shared, by_token=by_token)

        config = aiohttp.TraceConfig()
        config.on_request_end.append(ended)
        return config

    _minute = timedelta(minutes=1)

    def _forget(self, now: float) -> None:
        while self._invalid and self._invalid[0] <= now - self._window:
            self._invalid.popleft()
