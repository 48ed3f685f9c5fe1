"""The tickets that belong to one: its parent, its children, and those it relates to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.model import LIVE, Status, Ticket, TicketLink, Tie


@dataclass(frozen=True)
class Kin:
    """Another ticket, as it is named beside one."""

    number: int
    subject: str
    status: Status


@dataclass(frozen=True, kw_only=True)
class Family:
    """What belongs to a ticket; each in the order of their numbers."""

    parent: Kin | None = None
    children: Sequence[Kin] = ()
    related: Sequence[Kin] = ()


NO_KIN = Family()


async def family(session: AsyncSession, ticket: Ticket) -> Family:
    """The tickets that belong to this one; nothing is looked up where it has no links."""
    if not ticket.links:
        return NO_KIN
    number = ticket.id
    rows = await session.execute(
        select(TicketLink, Ticket.id, Ticket.subject, Ticket.status)
        .join(
            Ticket,
            or_(
                (TicketLink.ticket_id == number) & (Ticket.id == TicketLink.other_id),
                (TicketLink.other_id == number) & (Ticket.id == TicketLink.ticket_id),
            ),
        )
        .order_by(Ticket.id)
    )
    found = [(link, Kin(other, subject, status)) for link, other, subject, status in rows]
    parents = [kin for link, kin in found if link.tie is Tie.CHILD and link.ticket_id == number]
    return Family(
        parent=parents[0] if parents else None,
        children=[kin for link, kin in found if link.tie is Tie.CHILD and link.other_id == number],
        related=[kin for link, kin in found if link.tie is Tie.RELATES],
    )


async def live_below(session: AsyncSession, number: int) -> list[int]:
    """The live children of a ticket and theirs, parents before children."""
    found: list[int] = []
    parents = [number]
    while parents:
        below = (
            select(Ticket.id, Ticket.status)
            .join(TicketLink, TicketLink.ticket_id == Ticket.id)
            .where(TicketLink.tie == Tie.CHILD, TicketLink.other_id.in_(parents))
            .order_by(Ticket.id)
        )
        rows = [row for row in await session.execute(below) if row.id not in found]
        found += [row.id for row in rows if row.status in LIVE]
        parents = [row.id for row in rows]
    return found
