"""What staff file a ticket under: its category and its tags."""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.channels import Who
from core.errors import Conflict, Invalid
from core.events import CategoryChanged, TicketTagged
from core.model import Tag, Ticket
from core.model.ticket import CATEGORY_LENGTH, TAG_LENGTH
from core.people.actors import acting
from core.tickets import correcting, find
from core.work import Work

TAGS_AT_MOST = 20
_TAG = re.compile(rf"\w[\w.-]{{0,{TAG_LENGTH - 1}}}")
_CATEGORY = re.compile(rf"\w[\w .&/-]{{0,{CATEGORY_LENGTH - 1}}}")


class BadTag(Invalid):
    """It cannot be a tag."""

    def __init__(self, tag: str) -> None:
        super().__init__(
            f"“{tag[:60]}” cannot be a tag: one word of letters, digits, - . and _, "
            f"{TAG_LENGTH} at most. For example: /ticket tag 42 +vip -old"
        )


class BadCategory(Invalid):
    """It cannot be a category."""

    def __init__(self, category: str) -> None:
        super().__init__(
            f"“{category[:80]}” cannot be a category: letters, digits, spaces, and - . & /, "
            f"{CATEGORY_LENGTH} at most. For example: /ticket category 42 billing"
        )


class TooManyTags(Conflict):
    """So many tags find nothing any more."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Ticket #{number} would have more than {TAGS_AT_MOST} tags.")


class BothWays(Invalid):
    """The same tag is to come and to go."""

    def __init__(self, tags: Iterable[str]) -> None:
        named = ", ".join(sorted(tags))
        super().__init__(f"{named} cannot be put on and taken off at once. Say one of the two.")


def as_tag(text: str) -> str:
    """A tag as it is kept. Raises `BadTag`."""
    tag = text.strip().removeprefix("#").lower()
    if not _TAG.fullmatch(tag):
        raise BadTag(text)
    return tag


def as_category(text: str) -> str:
    """A category as it is kept; none is the empty one. Raises `BadCategory`."""
    category = " ".join(text.lower().split())
    if category in {"", "none"}:
        return ""
    if not _CATEGORY.fullmatch(category):
        raise BadCategory(text)
    return category


async def tag(
    work: Work, by: Who, number: int, *, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> Ticket:
    """Put tags on a ticket and take tags off; what is so already stays so.

    Raises `BadTag`, `BothWays`, `TooManyTags`.
    """
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    coming, going = set(map(as_tag, add)), set(map(as_tag, remove))
    if coming & going:
        raise BothWays(coming & going)
    await retag(work, ticket, add=coming, remove=going)
    return ticket


async def retag(
    work: Work, ticket: Ticket, *, add: Iterable[str], remove: Iterable[str]
) -> tuple[Sequence[str], Sequence[str]]:
    """The same on a locked ticket, with tags as they are kept: which came, and which went. What is
    to come stays, although it is to go."""
    has = set(await tags_of(work.session, ticket.id))
    removed = sorted((has & set(remove)) - set(add))
    added = sorted(set(add) - has)
    if len(has) - len(removed) + len(added) > TAGS_AT_MOST:
        raise TooManyTags(ticket.id)
    if added or removed:
        gone = delete(Tag).where(Tag.ticket_id == ticket.id, Tag.tag.in_(removed))
        await work.session.execute(gone)
        work.session.add_all(Tag(ticket_id=ticket.id, tag=each) for each in added)
        ticket.updated_at = work.now
        work.emit(
            TicketTagged(ticket_id=ticket.id, added=",".join(added), removed=",".join(removed))
        )
    return added, removed


async def set_category(work: Work, by: Who, number: int, category: str) -> Ticket:
    """Say what a ticket is about; the empty category takes it off. Raises `BadCategory`."""
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    wanted = as_category(category)
    if ticket.category != wanted:
        correcting.note(ticket, "category", wanted, by=actor.name, was=ticket.category)
        ticket.category = wanted
        ticket.updated_at = work.now
        work.emit(CategoryChanged(ticket_id=ticket.id, category=wanted))
    return ticket


async def tags_of(session: AsyncSession, number: int) -> Sequence[str]:
    """The tags of a ticket, by the alphabet."""
    kept = select(Tag.tag).where(Tag.ticket_id == number).order_by(Tag.tag)
    return (await session.scalars(kept)).all()
