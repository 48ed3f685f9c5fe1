"""Migrations: from nothing to the head is what the mapped classes say, on both databases."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.engine import Connection

from app.errors import CannotStart
from app.migrate import head, migrate, require_current
from core.storage.base import Base
from core.storage.database import Database
from knowledge_base.article import Article
from tests.postgres import Postgres

assert Article.__table__ is not None

BY_EXPRESSION = {"ix_tickets_waiting", "ix_tickets_live_list"}
"""Alembic cannot compare these; that they are there is asserted by their names."""


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> Postgres | None:
    """The server to use, or none for SQLite."""
    wanted = request.param == "postgresql"
    return request.getfixturevalue("postgres_server") if wanted else None


@pytest.fixture
async def empty(server: Postgres | None, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with nothing in it."""
    url = f"sqlite:///{tmp_path}/empty.db"
    if server is not None:
        name = f"empty_{os.getpid()}"
        await server.drop(name)
        await server.create(name)
        url = server.url(name)
    database = Database(url)
    yield database
    await database.close()


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [
        each
        for each in compare_metadata(context, Base.metadata)
        if not (each[0] in {"add_index", "remove_index"} and each[1].name in BY_EXPRESSION)
    ]


def _indexes(connection: Connection) -> set[str]:
    look = inspect(connection)
    return {
        str(each["name"]) for table in look.get_table_names() for each in look.get_indexes(table)
    }


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
async def test_the_head_has_exactly_the_tables_of_the_classes(empty: Database) -> None:
    await migrate(empty)

    async with empty.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
        there = await connection.run_sync(_indexes)
        if empty.is_sqlite:
            query = "select name from sqlite_master where type = 'index'"
            there |= set((await connection.exec_driver_sql(query)).scalars())
    named = {str(index.name) for table in Base.metadata.tables.values() for index in table.indexes}
    assert named <= there


async def test_a_database_that_is_behind_is_refused_until_it_is_migrated(empty: Database) -> None:
    with pytest.raises(CannotStart, match="has never been migrated"):
        await require_current(empty)

    assert await migrate(empty) == head()
    assert await migrate(empty) == head()

    await require_current(empty)
