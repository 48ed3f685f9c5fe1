"""Nudges: every open page of this process looks again when something may be new."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Nudges:
    """Whoever listens has an event that is set by each nudge."""

    def __init__(self) -> None:
        self._listening: set[asyncio.Event] = set()
        self.closed = False

    def nudge(self) -> None:
        """Something may be new: let every open page look."""
        for event in self._listening:
            event.set()

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that is set by each nudge, for as long as a page is open."""
        event = asyncio.Event()
        self._listening.add(event)
        try:
            yield event
        finally:
            self._listening.discard(event)

    def close(self) -> None:
        """End every live stream, so that a server that stops need not wait for them."""
        self.closed = True
        self.nudge()
