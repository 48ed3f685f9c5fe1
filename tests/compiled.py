"""Statements compiled once for all desks of a process, as for the one desk of an operator's.

SQLAlchemy compiles a statement once for each engine. Every test opens engines of its own, so that
compiling again what the test before had compiled took most of the time of all tests.
"""

from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine import Dialect, Engine

_compiled: dict[Any, Any] = {}


class _Alike(Dialect):
    """Statements are kept by their dialect; one is as good as another of the same database."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_compiled)


class Sqlite(_Alike, SQLiteDialect_aiosqlite):
    """SQLite as the desk opens it."""

    supports_statement_cache = True


class Postgresql(_Alike, PGDialect_asyncpg):
    """PostgreSQL as the desk opens it."""

    supports_statement_cache = True


def once() -> None:
    """From here on, every engine shares what was compiled for another of the same database."""
    registry.register("sqlite.aiosqlite", __name__, Sqlite.__name__)
    registry.register("postgresql.asyncpg", __name__, Postgresql.__name__)
