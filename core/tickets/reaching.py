"""How far back a conversation is shown to whoever has its secret link: to what ended long ago."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, select

from core.channels import Address
from core.model import Ticket
from core.work import Work

MOST_TICKETS = 20
_NOT_YET = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Reach:
    """How far back a conversation is shown to whoever has its link: to ``since``, or, where that is
    None, to its beginning. ``is_over`` says that no ticket came after that."""

    since: datetime | None = None
    is_over: bool = False


def reach_of(
    spans: Iterable[tuple[datetime, datetime | None]], rest: timedelta, now: datetime
) -> Reach:
    """The reach of a conversation whose tickets were opened and closed then, in the order in which
    they were opened: its link ends where all of them have been closed for longer than ``rest``, and
    what comes later begins anew."""
    since, ended = None, None
    for opened, closed in spans:
        if ended is not None and opened - ended > rest:
            since = ended + rest
        ended = max(filter(None, (ended, closed or _NOT_YET)))
    if ended is not None and now - ended > rest:
        return Reach(ended + rest, is_over=True)
    return Reach(since)


async def reach(work: Work, address: Address) -> Reach:
    """How far back a conversation is shown now; one without tickets is never over."""
    rest = work.house.policy.request_link
    if not rest:
        return Reach()
    lives = select(Ticket.created_at, Ticket.closed_at).where(*_at(address)).order_by(Ticket.id)
    return reach_of(
        [(each[0], each[1]) for each in await work.session.execute(lives)], rest, work.now
    )


async def is_over(work: Work, address: Address) -> bool:
    """Whether everything in a conversation has been closed for so long that its link opens it no
    more."""
    return (await reach(work, address)).is_over


async def tickets_at(work: Work, address: Address) -> Sequence[Ticket]:
    """The tickets of a conversation as far back as it is shown, the newest first; for whoever the
    conversation belongs to."""
    since = (await reach(work, address)).since
    there = select(Ticket).where(*_at(address))
    if since is not None:
        there = there.where(Ticket.created_at > since)
    newest = there.order_by(Ticket.id.desc()).limit(MOST_TICKETS)
    return (await work.session.scalars(newest)).all()


def _at(address: Address) -> tuple[ColumnElement[bool], ...]:
    return (
        Ticket.channel == address.channel,
        Ticket.workspace == address.workspace,
        Ticket.conversation == address.conversation,
    )
