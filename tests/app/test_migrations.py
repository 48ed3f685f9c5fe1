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

WORDS = ("ticket_words", "article_words")
BY_EXPRESSION = {
    "ix_tickets_list",
    "ix_tickets_live_list",
    "ix_tickets_waiting",
    "ix_tickets_waiting_for",
}
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
        and not (each[0] == "remove_table" and each[1].name.startswith(WORDS))
        and not (
            each[0] == "remove_index" and each[1].name in {"ix_ticket_words", "ix_article_words"}
        )
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


async def _words_and_triggers(database: Database) -> list[Any]:
    """What keeps the full text: it is no table of the classes, so it is compared by its source."""
    source = (
        "select name, sql from sqlite_master where name like '%e%\\_words%' escape '\\' order by 1"
        if database.is_sqlite
        else "select proname, prosrc from pg_proc where proname ~ '^(ticket|article)_words' union all "
        "select tgname, pg_get_triggerdef(oid) from pg_trigger "
        "where tgname ~ '^(ticket|article)_words' union all "
        "select indexname, indexdef from pg_indexes where tablename ~ '^(ticket|article)_words' order by 1"
    )
    async with database.engine.connect() as connection:
        return [tuple(row) for row in await connection.exec_driver_sql(source)]


async def test_what_keeps_the_full_text_is_the_same_at_the_head_as_in_a_new_desk(
    empty: Database, server: Postgres | None, tmp_path: Path
) -> None:
    await migrate(empty)
    if server is not None:
        await server.drop("made")
        await server.create("made")
    made = Database(server.url("made") if server else f"sqlite:///{tmp_path}/made.db")
    async with made.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)

    kept = await _words_and_triggers(empty)

    assert len(kept) > 5
    assert kept == await _words_and_triggers(made)
    await made.close()


async def test_a_database_that_is_behind_is_refused_until_it_is_migrated(empty: Database) -> None:
    with pytest.raises(CannotStart, match="has never been migrated"):
        await require_current(empty)

    assert await migrate(empty) == head()
    assert await migrate(empty) == head()

    await require_current(empty)
