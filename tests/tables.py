"""An empty desk to copy from, made once for each run."""

import asyncio
import contextlib
from collections.abc import Iterator

import core.model  # noqa: F401 - the tables are known once their classes are
import knowledge_base.article  # noqa: F401 - the same
from core.storage.base import Base
from core.storage.database import Database
from tests import postgres
from tests.postgres import Postgres

TEMPLATE = "desk_template"


async def make_tables(url: str) -> None:
    """Every table of the mapped classes, in an empty database."""
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await database.close()


@contextlib.contextmanager
def postgres_with_template() -> Iterator[Postgres]:
    """A server of our own with an empty desk under the name `TEMPLATE`."""
    with postgres.running() as server:

        async def prepare() -> None:
            await server.create(TEMPLATE)
            await make_tables(server.url(TEMPLATE))

        asyncio.run(prepare())
        yield server
