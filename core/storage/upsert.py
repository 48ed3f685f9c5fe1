"""Inserting what may be there already: the same statement in two dialects."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from core.storage.base import Base


def insert_or_leave(session: AsyncSession, table: type[Base], *, unique: Sequence[str]) -> Insert:
    """A statement that inserts rows, leaving those whose ``unique`` columns are there already."""
    # The bare table, not the class: one statement for all rows, in their order, whatever is null.
    bare = cast(Table, table.__table__)
    is_postgres = session.get_bind().dialect.name == "postgresql"
    into = postgresql.insert(bare) if is_postgres else sqlite.insert(bare)
    return into.on_conflict_do_nothing(index_elements=list(unique))


def insert_or_add(
    session: AsyncSession, table: type[Base], *, unique: Sequence[str], sums: Sequence[str]
) -> Insert:
    """A statement that inserts rows, adding their ``sums`` to those of a row that is there already."""
    bare = cast(Table, table.__table__)
    is_postgres = session.get_bind().dialect.name == "postgresql"
    into = postgresql.insert(bare) if is_postgres else sqlite.insert(bare)
    added = {name: bare.c[name] + into.excluded[name] for name in sums}
    return into.on_conflict_do_update(index_elements=list(unique), set_=added)
