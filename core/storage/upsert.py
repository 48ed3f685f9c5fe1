"""Inserting what may be there already: the same statement in two dialects."""

from collections.abc import Sequence

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from core.storage.base import Base


def insert_or_leave(session: AsyncSession, table: type[Base], *, unique: Sequence[str]) -> Insert:
    """A statement that inserts rows, leaving those whose ``unique`` columns are there already."""
    is_postgres = session.get_bind().dialect.name == "postgresql"
    into = postgresql.insert(table) if is_postgres else sqlite.insert(table)
    return into.on_conflict_do_nothing(index_elements=list(unique))
