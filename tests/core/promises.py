"""A desk that promises times: what ships, and the targets of a ticket as they are kept."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from core.desk import Desk
from core.model import Target, TargetKind, Ticket
from core.storage.database import Database

FIRST, NEXT, RESOLUTION = TargetKind


async def targets(database: Database, number: int) -> Sequence[Target]:
    async with database.reading() as session:
        theirs = select(Target).where(Target.ticket_id == number).order_by(Target.id)
        return (await session.scalars(theirs)).all()


async def target(database: Database, number: int, kind: TargetKind) -> Target:
    """The last one of its kind."""
    return [each for each in await targets(database, number) if each.kind is kind][-1]


async def due(database: Database, number: int) -> datetime | None:
    async with database.reading() as session:
        return await session.scalar(select(Ticket.due_at).where(Ticket.id == number))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def swept(desk: Desk) -> int:
    """Sweep until nothing is due; how many targets were looked at."""
    looked_at = 0
    while number := await desk.sweep_promises():
        looked_at += number
    return looked_at
