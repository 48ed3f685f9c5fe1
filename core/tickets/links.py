"""Links: tickets that have to do with each other, and a ticket that is a part of another one."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select

from core.channels import Who
from core.delivery.family import live_below
from core.errors import Conflict, Invalid
from core.events import TicketLinked, TicketUnlinked
from core.model import Ticket, TicketLink, Tie
from core.people.actors import acting
from core.storage.serial import serialise
from core.tickets import find, lifecycle, merging
from core.work import Work

RELATED, CHILD_OF, PARENT_OF = "related to", "child of", "parent of"


class LinkedAlready(Conflict):
    """They are linked."""

    def __init__(self, number: int, how: str, other: int) -> None:
        super().__init__(
            f"Ticket #{number} is {how} #{other} already. "
            f"/ticket unlink {number} {other} takes that away."
        )


class SecondParent(Conflict):
    """A ticket is a part of one other ticket at most."""

    def __init__(self, number: int, parent: int) -> None:
        super().__init__(
            f"Ticket #{number} is a child of #{parent}. One parent is all a ticket can have: "
            f"/ticket unlink {number} {parent} comes first."
        )


class Circle(Conflict):
    """A ticket would be a part of itself."""

    def __init__(self, number: int, of: int) -> None:
        super().__init__(f"#{of} is a part of #{number}; so #{number} cannot be a part of it.")


class MergedAway(Conflict):
    """What it stood for goes on as another ticket."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(
            f"Ticket #{ticket.id} was merged into #{ticket.merged_into_id}. Link that one."
        )


class NotLinked(Conflict):
    """There is nothing to take away."""

    def __init__(self, number: int, other: int) -> None:
        super().__init__(f"Ticket #{number} is not linked to #{other}. /ticket show {number} says.")


class ChildrenLive(Conflict):
    """A ticket is not resolved over the heads of its children."""

    def __init__(self, number: int, children: Sequence[int]) -> None:
        named = ", ".join(f"#{each}" for each in children)
        super().__init__(
            f"#{number} has children that are not resolved: {named}. "
            f"/ticket resolve {number} with:children resolves them too, each with the same words; "
            f"/ticket resolve {number} with:none leaves them."
        )


async def link(work: Work, by: Who, number: int, other: int) -> Ticket:
    """Say that two tickets have to do with each other. Raises `Invalid`, `LinkedAlready`,
    `MergedAway`."""
    actor = await acting(work, by)
    if number == other:
        raise Invalid(f"#{number} cannot be linked to itself.")
    ticket, its_other = await merging.both(work, actor, number, other)
    _refuse_merged(ticket, its_other)
    await _refuse_linked(work, number, other)
    first, second = sorted((number, other))
    work.session.add(TicketLink(ticket_id=first, other_id=second, tie=Tie.RELATES))
    await _say(work, TicketLinked, (ticket, RELATED), (its_other, RELATED))
    return ticket


async def make_child(work: Work, by: Who, number: int, of: int) -> Ticket:
    """Say that a ticket is a part of another one, which is live. Raises `Invalid`, `LinkedAlready`,
    `SecondParent`, `Circle`, `AlreadyResolved`, `MergedAway`.

    That nobody is their own ancestor is what no constraint can say, so links of this kind are made
    one at a time.
    """
    actor = await acting(work, by)
    if number == of:
        raise Invalid(f"#{number} cannot be a part of itself.")
    await serialise(work.session, "parents of tickets")
    ticket, parent = await merging.both(work, actor, number, of)
    _refuse_merged(ticket, parent)
    lifecycle.refuse_ended(parent)
    has = await _parent(work, number)
    if has is not None and has != of:
        raise SecondParent(number, has)
    await _refuse_linked(work, number, of, but=Tie.RELATES)
    if number in await _above(work, of):
        raise Circle(number, of)
    related = await _forget(work, number, of)
    work.session.add(TicketLink(ticket_id=number, other_id=of, tie=Tie.CHILD))
    if related:
        ticket.links -= 1
        parent.links -= 1
    await _say(work, TicketLinked, (ticket, CHILD_OF), (parent, PARENT_OF))
    return ticket


async def unlink(work: Work, by: Who, number: int, other: int) -> Ticket:
    """Take the link between two tickets away, whichever it is. Raises `Invalid`, `NotLinked`."""
    actor = await acting(work, by)
    if number == other:
        raise Invalid(f"#{number} cannot be linked to itself.")
    ticket, its_other = await merging.both(work, actor, number, other)
    found = await _between(work, number, other)
    if found is None:
        raise NotLinked(number, other)
    await _forget(work, number, other)
    how, back = _names(found, number)
    await _say(work, TicketUnlinked, (ticket, how), (its_other, back))
    return ticket


async def resolve(
    work: Work, by: Who, number: int, resolution: str = "", *, children: bool | None = None
) -> Ticket:
    """`lifecycle.resolve`, for a ticket that may have children: with them, each by the same last word
    to its own customer, or without them, if somebody says so.

    Raises `ChildrenLive` where nobody did, and what resolving any one of them is refused for.
    """
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    live = await live_below(work.session, number) if ticket.links else []
    if live and children is None:
        raise ChildrenLive(number, live)
    for child in reversed(live if children else []):
        await lifecycle.resolve(work, by, child, resolution)
    return await lifecycle.resolve(work, by, number, resolution)


async def _say(
    work: Work,
    kind: type[TicketLinked | TicketUnlinked],
    one: tuple[Ticket, str],
    other: tuple[Ticket, str],
) -> None:
    """Note on both tickets that a link came or went, and say so."""
    step = 1 if kind is TicketLinked else -1
    for ticket, _ in (one, other):
        ticket.links += step
        ticket.updated_at = work.now
    await work.session.flush()
    for (ticket, how), (its_other, _) in ((one, other), (other, one)):
        work.emit(kind(ticket_id=ticket.id, other=its_other.id, how=how))


async def _refuse_linked(work: Work, number: int, other: int, *, but: Tie | None = None) -> None:
    found = await _between(work, number, other)
    if found is None or (but is not None and found.tie is but):
        return
    how, _ = _names(found, number)
    raise LinkedAlready(number, how, other)


def _names(link: TicketLink, number: int) -> tuple[str, str]:
    """How a ticket stands to the other one of a link, and how that one stands to it."""
    if link.tie is Tie.RELATES:
        return RELATED, RELATED
    return (CHILD_OF, PARENT_OF) if link.ticket_id == number else (PARENT_OF, CHILD_OF)


def _refuse_merged(*tickets: Ticket) -> None:
    for ticket in tickets:
        if ticket.merged_into_id is not None:
            raise MergedAway(ticket)


async def _between(work: Work, number: int, other: int) -> TicketLink | None:
    wanted = select(TicketLink).where(_of_both(number, other))
    return (await work.session.scalars(wanted.limit(1))).one_or_none()


async def _forget(work: Work, number: int, other: int) -> bool:
    """Take away what is between two tickets; whether there was something."""
    found = await _between(work, number, other)
    if found is not None:
        await work.session.delete(found)
        await work.session.flush()
    return found is not None


def _of_both(number: int, other: int) -> ColumnElement[bool]:
    return or_(
        (TicketLink.ticket_id == number) & (TicketLink.other_id == other),
        (TicketLink.ticket_id == other) & (TicketLink.other_id == number),
    )


async def _parent(work: Work, number: int) -> int | None:
    wanted = select(TicketLink.other_id).where(
        TicketLink.ticket_id == number, TicketLink.tie == Tie.CHILD
    )
    return await work.session.scalar(wanted)


async def _above(work: Work, number: int) -> set[int]:
    """A ticket's parent, and that one's, and so on."""
    above: set[int] = set()
    parent = await _parent(work, number)
    while parent is not None and parent not in above:
        above.add(parent)
        parent = await _parent(work, parent)
    return above
