"""A ticket, found: by its number, or by where it is written on."""

from collections.abc import Collection

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import immediateload, joinedload

from core.channels import Address, Who
from core.errors import NotFound, Stale
from core.model import Role, Status, Ticket
from core.model.ticket import WITH_PEOPLE
from core.people.actors import Actor, actor
from core.speaking import Sentence
from core.storage import constant
from core.work import Work

# The people of a ticket that is locked are mostly at hand, or nobody. They are not joined: PostgreSQL
# has the row it waited for as it is now, with those who were joined to it before.
_WITH_ITS_PEOPLE = (
    immediateload(Ticket.customer),
    immediateload(Ticket.assignee),
    immediateload(Ticket.team),
)

# Intake asks these for every message, so they are put together once.
_LIVE_TICKET = (
    select(Ticket)
    .where(
        Ticket.channel == bindparam("channel"),
        Ticket.workspace == bindparam("workspace"),
        Ticket.conversation == bindparam("conversation"),
        constant.differs(Ticket.status, Status.CLOSED),
    )
    .order_by(Ticket.branch != 0, Ticket.updated_at.desc(), Ticket.id.desc())
    .limit(1)
    .options(*_WITH_ITS_PEOPLE)
    .with_for_update(of=Ticket)
)
_TICKET = (
    select(Ticket).where(Ticket.id == bindparam("number")).execution_options(populate_existing=True)
)
_TICKET_LOCKED = _TICKET.options(*_WITH_ITS_PEOPLE).with_for_update(of=Ticket)
_TICKET_TO_LOOK = _TICKET.options(
    joinedload(Ticket.customer), joinedload(Ticket.assignee), joinedload(Ticket.team)
)
_MERGED = (
    select(Ticket.id)
    .where(
        Ticket.channel == bindparam("channel"),
        Ticket.workspace == bindparam("workspace"),
        Ticket.conversation == bindparam("conversation"),
        Ticket.merged_into_id.is_not(None),
    )
    .order_by(Ticket.id.desc())
    .limit(1)
)


def place(address: Address) -> dict[str, str]:
    """An address as the parameters of a statement."""
    return {
        "channel": address.channel,
        "workspace": address.workspace,
        "conversation": address.conversation,
    }


class UnknownTicket(NotFound):
    """There is no such ticket, or none that this person may see."""

    def __init__(self, number: int) -> None:
        super().__init__(
            Sentence(
                "There is no ticket #{number}. /ticket list shows the open ones.", number=number
            )
        )


async def asking(work: Work, who: Who) -> Actor:
    """Whoever asks, customers included; what happens from here on is theirs in history."""
    found = await actor(work.session, who)
    work.actor = found.label
    return found


async def ticket_for(
    session: AsyncSession, actor: Actor, number: int, *, to_look: bool = False
) -> Ticket:
    """The ticket, with its people, if this actor may see it: locked for a change, or to look.

    Raises `UnknownTicket`; a stranger's ticket is as unknown as one that is not there.
    """
    if not 0 < number < 2**31:
        raise UnknownTicket(number)
    wanted = _TICKET_TO_LOOK if to_look else _TICKET_LOCKED
    if actor.role < Role.AGENT:
        wanted = wanted.where(Ticket.customer_id == actor.customer_id)
    found = (await session.scalars(wanted, {"number": number})).one_or_none()
    if found is None:
        raise UnknownTicket(number)
    return found


async def ticket_going_on(session: AsyncSession, actor: Actor, number: int) -> Ticket:
    """The ticket that a number stands for, locked: itself, or what it was merged into, however often.

    Raises `UnknownTicket`.
    """
    found = await ticket_for(session, actor, number)
    while found.merged_into_id is not None:
        found = await ticket_for(session, actor, found.merged_into_id)
    return found


async def refuse_stale(session: AsyncSession, number: int, versions: Collection[int]) -> None:
    """Lock a ticket and raise `Stale` where it is in none of these versions."""
    found = (await session.scalars(_TICKET_LOCKED, {"number": number})).one_or_none()
    if found is not None and found.version not in versions:
        whose = f", with {found.assignee.name}" if found.assignee else ""
        raise Stale(
            f"Ticket #{found.id} has changed since you looked: it is {found.status.value}{whose}. "
            "Look again, and say it again if it still holds.",
            version=found.version,
        )


async def live_ticket_at(session: AsyncSession, address: Address) -> Ticket | None:
    """The ticket that a new message in this conversation belongs to, locked: its own, else that of
    one of its branches, or, if its own was merged into another one, that one."""
    found = (await session.scalars(_LIVE_TICKET, place(address))).one_or_none()
    if found is not None:
        return found
    into = (await session.scalars(_MERGED, place(address))).first()
    return await live_ticket(session, into) if into is not None else None


async def place_taken_by(session: AsyncSession, ticket: Ticket) -> Ticket | None:
    """The live ticket that has the conversation, or the branch of it, which was this ticket's."""
    other = select(Ticket).where(
        Ticket.channel == ticket.channel,
        Ticket.workspace == ticket.workspace,
        Ticket.conversation == ticket.conversation,
        Ticket.branch == ticket.branch,
        Ticket.status != Status.CLOSED,
    )
    return (await session.scalars(other)).one_or_none()


async def live_ticket(session: AsyncSession, number: int) -> Ticket | None:
    """A ticket, or what it was merged into, locked; None where that is closed."""
    wanted = select(Ticket).where(
        Ticket.id == await merged_into(session, number), Ticket.status != Status.CLOSED
    )
    wanted = wanted.options(*WITH_PEOPLE).with_for_update(of=Ticket)
    return (await session.scalars(wanted)).one_or_none()


async def merged_into(session: AsyncSession, number: int) -> int:
    """The ticket that a number stands for now: the one it was merged into, however often."""
    seen = {number}
    while True:
        into = await session.scalar(select(Ticket.merged_into_id).where(Ticket.id == number))
        if into is None or into in seen:
            return number
        seen.add(into)
        number = into
