"""What the connection to Discord remembers over restarts, in a small file.

Discord resets the token of a bot that begins 1,000 sessions within a day, and a process that is
restarted in a loop would not know how often it has tried.
"""

import json
import logging
import random
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

A_DAY = timedelta(days=1).total_seconds()
SESSIONS = 500  # in a day, of 1,000
FIRST_PAUSE = 1.0  # seconds; doubled up to the longest
LONGEST_PAUSE = 300.0


class Memory:
    """Kept in ``path``; a file that cannot be read or written is said in the log and done without."""

    def __init__(
        self,
        path: Path | None,
        *,
        clock: Callable[[], float] = time.time,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self._path = path
        self._clock = clock
        self._first_pause = first_pause
        self._kept: dict[str, Any] = self._read()

    @property
    def wait(self) -> float:
        """Seconds until a session may be begun: after failures, and where there were too many."""
        now = self._clock()
        begun = self._begun(now)
        too_many = len(begun) >= SESSIONS
        over = begun[-SESSIONS] + A_DAY if too_many else 0.0
        paused: float = self._kept.get("not_before", 0.0)
        wait: float = max(over, paused) - now
        return max(wait, 0.0)

    @property
    def sessions_begun(self) -> int:
        """How many sessions were begun within the last day."""
        return len(self._begun(self._clock()))

    def begins(self) -> None:
        """A session is about to be begun (IDENTIFY)."""
        now = self._clock()
        self._keep(begun=[*self._begun(now), now])

    def failed(self) -> float:
        """The connection could not be made or was lost for good; seconds to wait before the next."""
        failures = int(self._kept.get("failures", 0)) + 1
        pause: float = min(self._first_pause * 2 ** min(failures - 1, 16), LONGEST_PAUSE)
        pause *= random.uniform(0.8, 1.2)  # noqa: S311 - spread, not secret
        self._keep(failures=failures, not_before=self._clock() + pause)
        return pause

    def succeeded(self) -> None:
        """A session is there."""
        if self._kept.get("failures"):
            self._keep(failures=0, not_before=0)

    def recall(self, name: str) -> str | None:
        """Something that was kept under a name."""
        found = self._kept.get(f"kept:{name}")
        return found if isinstance(found, str) else None

    def keep(self, name: str, value: str) -> None:
        """Keep something under a name."""
        if self.recall(name) != value:
            self._keep(**{f"kept:{name}": value})

    def _begun(self, now: float) -> list[float]:
        begun: list[float] = self._kept.get("begun", [])
        return [each for each in begun if now - A_DAY < each <= now]

    def _read(self) -> dict[str, Any]:
        if self._path is None or not self._path.exists():
            return {}
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read and begins anew: %s", self._path, error)
            return {}
        return found if isinstance(found, dict) else {}

    def _keep(self, **values: Any) -> None:
        self._kept |= values
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            written = self._path.with_suffix(".new")
            written.write_text(json.dumps(self._kept), encoding="utf-8")
            written.replace(self._path)
        except OSError as error:
            log.warning("%s cannot be written: %s", self._path, error)
