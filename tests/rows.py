"""Every row of every table, to say that something changed them or did not."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from core.storage.base import Base
from core.storage.database import Database

Rows = dict[str, Sequence[tuple[Any, ...]]]


async def all_rows(database: Database) -> Rows:
    """The rows by table, in the order of their keys."""
    async with database.reading() as session:
        return {
            table.name: [
                tuple(row)
                for row in await session.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
        }
