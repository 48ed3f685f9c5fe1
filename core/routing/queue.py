"""The queue: the tickets that nobody has yet, the most urgent first, then the longest waiting."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.model import Priority, Status, Ticket
from core.model.ticket import WITH_PEOPLE
from core.storage import constant

COUNTED_TO = 100


async def waiting(
    session: AsyncSession,
    *,
    lowest: Priority,
    at_most: int,
    passing_over: Collection[int] = (),
) -> Sequence[Ticket]:
    """The first waiting tickets, locked; those that another process is looking at are skipped."""
    line = (
        select(Ticket)
        .where(
            constant.equals(Ticket.status, Status.NEW),
            Ticket.priority >= lowest,
            Ticket.id.not_in(sorted(passing_over)),
        )
        .order_by(Ticket.priority.desc(), Ticket.waiting_since, Ticket.id)
        .limit(at_most)
        .options(*WITH_PEOPLE)
        .with_for_update(skip_locked=True, of=Ticket)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(line)).all()


async def place_of(session: AsyncSession, ticket: Ticket) -> int:
    """Where a ticket stands in the queue, from 1; counted to 100 at most."""
    values = {"priority": ticket.priority, "since": ticket.waiting_since}
    return 1 + (await session.scalar(_BEFORE, values) or 0)


_BEFORE = select(func.count()).select_from(
    select(Ticket.id)
    .where(
        constant.equals(Ticket.status, Status.NEW),
        (Ticket.priority > bindparam("priority"))
        | (
            (Ticket.priority == bindparam("priority")) & (Ticket.waiting_since < bindparam("since"))
        ),
    )
    .limit(COUNTED_TO)
    .subquery()
)
