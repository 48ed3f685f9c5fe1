"""The beginning of a story, played once and then copied for every crash."""

import contextlib
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from core.desk import Desk
from core.storage.database import Database
from tests.clock import FakeClock
from tests.faults.machine import Machine
from tests.faults.stories import HOUSE, Story, World
from tests.outbox import Outbox
from tests.postgres import Postgres
from tests.scene import CHANNEL
from tests.tables import TEMPLATE

Copies = Callable[[], AbstractAsyncContextManager[Database]]
"""Hands out a fresh copy, and removes it afterwards.

All copies of a scene come under one address and through one `Database`, which is closed in between
and so keeps nothing but its compiled statements.
"""

_numbers = itertools.count(1)


class Scenes(Protocol):
    """A database that scenes can be set in."""

    async def of(self, story: Story) -> Copies:
        """Play the beginning of a story; copies of it."""
        ...


class SqliteScenes:
    """Scenes as files in a folder, copied from the file of an empty desk."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._template = template
        self._folder = folder

    async def of(self, story: Story) -> Copies:
        scene = self._folder / f"scene-{next(_numbers)}.db"
        shutil.copyfile(self._template, scene)
        await _play(story, f"sqlite:///{scene}")

        path = self._folder / f"copy-{next(_numbers)}.db"
        database = Database(f"sqlite:///{path}")

        @contextlib.asynccontextmanager
        async def copy() -> AsyncIterator[Database]:
            shutil.copyfile(scene, path)
            yield database
            await database.close()
            for left in self._folder.glob(f"{path.name}*"):
                left.unlink()

        return copy


class PostgresScenes:
    """Scenes as databases of a server that has an empty desk to copy."""

    def __init__(self, server: Postgres) -> None:
        self._server = server

    async def of(self, story: Story) -> Copies:
        scene = f"scene_{os.getpid()}_{next(_numbers)}"
        await self._server.create(scene, like=TEMPLATE)
        await _play(story, self._server.url(scene))

        name = f"{scene}_copy"
        database = Database(self._server.url(name))

        @contextlib.asynccontextmanager
        async def copy() -> AsyncIterator[Database]:
            await self._server.create(name, like=scene)
            yield database
            await database.close()
            await self._server.drop(name)

        return copy


async def _play(story: Story, url: str) -> None:
    database, clock = Database(url), FakeClock()
    desk = Desk(database, HOUSE, channels={CHANNEL: Outbox()}, clock=clock)
    await story.before(desk, World(clock, Machine()))
    await database.close()
