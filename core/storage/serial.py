"""One at a time where order matters: a lock by name, held until the transaction ends."""

import zlib

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession


async def serialise(session: AsyncSession, name: str) -> None:
    """Wait for other transactions that hold the same name.

    SQLite has one writer at a time, so there it is nothing. Correctness never rests on this: the
    constraints hold without it; it only spares the losers of a race from starting over.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(zlib.crc32(name.encode()))))
