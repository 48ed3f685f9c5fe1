"""Where the app is installed: what is kept of each workspace, and what keeps it.

The store is given by whoever connects (`connect`), since it needs the database and the key that
tokens are kept under; here is only what is asked of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Installation:
    """The app in one workspace. ``refresh_token`` and ``expires_at`` are there where Slack rotates
    the token; none of the tokens is ever shown or logged."""

    team: str
    name: str
    bot_user: str
    bot_id: str
    bot_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    enterprise: str | None = None
    scopes: frozenset[str] = frozenset()
    installed_by: str = ""
    installed_at: datetime


class TooMany(Exception):
    """More people are on their way to Slack's page than ever would be."""


class Installs(Protocol):
    """Keeps installations, in every process the same."""

    async def keep(self, installation: Installation) -> None:
        """Remember, in place of what was there of this workspace."""
        ...

    async def of(self, team: str) -> Installation | None:
        """The installation in a workspace."""
        ...

    async def every(self) -> Sequence[Installation]:
        """All of them."""
        ...

    async def forget(self, team: str) -> None:
        """The app was removed: nothing is kept of it, tokens first of all."""
        ...

    async def begin_rotation(self, seen: Installation, at: datetime) -> bool:
        """Whether it is ours to get a new token in place of the one seen: one process at a time, for
        a minute, and none where it was renewed meanwhile."""
        ...

    async def issue_state(self, at: datetime) -> str:
        """A new secret for one way through Slack's page, good for ten minutes. Raises `TooMany`."""
        ...

    async def use_state(self, state: str, at: datetime) -> bool:
        """Use it up. True once, whoever races."""
        ...
