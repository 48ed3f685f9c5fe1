"""One at a time where order matters: a lock by name, held until the transaction ends."""

import zlib

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession


def one_writer(session: AsyncSession) -> bool:
    """Whether the database lets only one transaction write at a time, so that nothing needs a lock."""
    return session.get_bind().dialect.name == "sqlite"


async def serialise(session: AsyncSession, name: str) -> None:
    """Wait for other transactions that hold the same name.

    SQLite has one writer at a time, so there it is nothing. Correctness never rests on this: the
    constraints hold without it; it only spares the losers of a race from starting over. The one
    exception is that no ticket is its own ancestor, which no constraint can say
    (`core.tickets.links.make_child`).
    """
    if not one_writer(session):
        await session.execute(select(func.pg_advisory_xact_lock(zlib.crc32(name.encode()))))
