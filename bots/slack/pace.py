"""The pace of sending: about a message a second in each channel, and pauses where Slack asks.

https://docs.slack.dev/apis/web-api/rate-limits: "1 per second per channel, short bursts allowed".
"""

import asyncio
from datetime import timedelta

from core.channels import TryLater

SECOND = timedelta(seconds=1)
LONGEST_WAIT = timedelta(seconds=5)
FORGOTTEN_OVER = 1_000  # channels


class Pacer:
    """Keeps the pace of one process. ``every`` is the pace, ``burst`` what may go out at once."""

    def __init__(self, every: timedelta = SECOND, *, burst: int = 3) -> None:
        self._every = every.total_seconds()
        self._ahead = (burst - 1) * self._every
        self._next: dict[str, float] = {}  # when each channel's next message would be on pace
        self._held: dict[tuple[str, str], float] = {}  # until when Slack asked us to wait

    async def turn(self, method: str, channel: str) -> None:
        """Wait until a call may be made. Raises `TryLater` where that is not soon."""
        now = asyncio.get_running_loop().time()
        held = self._held.get((method, channel), 0) - now
        if held > 0:
            raise TryLater("Slack asked for a pause here", after=timedelta(seconds=held))
        on_pace = max(self._next.get(channel, 0), now)
        wait = on_pace - self._ahead - now
        if wait > LONGEST_WAIT.total_seconds():
            raise TryLater("much is to be said here", after=timedelta(seconds=wait))
        self._next[channel] = on_pace + self._every
        self._forget(now)
        if wait > 0:
            await asyncio.sleep(wait)

    def hold(self, method: str, channel: str, pause: timedelta) -> None:
        """Slack answered 429: make no such call before the pause is over."""
        until = asyncio.get_running_loop().time() + pause.total_seconds()
        self._held[method, channel] = until

    def _forget(self, now: float) -> None:
        if len(self._next) > FORGOTTEN_OVER:
            self._next = {channel: then for channel, then in self._next.items() if then > now}
        if len(self._held) > FORGOTTEN_OVER:
            self._held = {call: then for call, then in self._held.items() if then > now}
