"""Finding tickets by a filter: a page of them, their numbers, or how many."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, not_, select

from core.channels import Who
from core.errors import Forbidden
from core.model import LIVE, Role, Ticket
from core.model.ticket import WITH_PEOPLE
from core.people.actors import Actor
from core.speaking import Sentence
from core.storage import constant, fulltext
from core.tickets import filters
from core.tickets.filters import Cursor, Filter, Order, Sort
from core.tickets.search import by_field, conditions, paging
from core.work import Work

PAGE = 20
URGENT_FIRST = Sort(Order.PRIORITY, down=True)
NEWEST_FIRST = Sort(Order.NUMBER, down=True)


class OnlyStaff(Forbidden):
    """A customer narrows a list by how staff file tickets."""

    def __init__(self, names: Sequence[str]) -> None:
        there = ", ".join(name for name in filters.NAMES if name in filters.FOR_CUSTOMERS)
        super().__init__(
            Sentence(
                "You cannot look by {names}. There is {there}, and words.",
                names=", ".join(names),
                there=there,
            )
        )


@dataclass(frozen=True)
class Page:
    """Tickets in order, and the cursor after which there are more, if there are."""

    tickets: Sequence[Ticket]
    next: Cursor | None = None

    @property
    def more(self) -> bool:
        return self.next is not None


async def page(work: Work, asking: Actor, by: Who, wanted: Filter, *, size: int = PAGE) -> Page:
    """A page of the tickets that a filter asks for, as far as whoever asks may see them: customers
    their own, by what they can see of them.

    Live ones where it names no status. The most urgent come first, then the oldest; with words to
    look for, the newest. Raises `OnlyStaff`, `UnknownInFilter`, `UnknownTicket`, `NotStaff`.
    """
    finding = await _finding(work, asking, by, wanted)
    order = wanted.sort or (NEWEST_FIRST if finding.found else URGENT_FIRST)
    ordered = finding.ordered(order).options(*WITH_PEOPLE)
    tickets: list[Ticket] = []
    for part in await paging.parts(work, asking, order, wanted.after, finding.number):
        left = size + 1 - len(tickets)
        if left > 0:
            tickets += (await work.session.scalars(ordered.where(part).limit(left))).all()
    if len(tickets) <= size:
        return Page(tickets)
    return Page(tickets[:size], paging.cursor(tickets[size - 1], order))


async def numbers(
    work: Work, asking: Actor, by: Who, wanted: Filter, *, at_most: int
) -> Sequence[int]:
    """The numbers of the tickets that a filter asks for, in order, so many at most."""
    finding = await _finding(work, asking, by, wanted)
    found = finding.narrowed.with_only_columns(Ticket.id).order_by(Ticket.id).limit(at_most)
    return (await work.session.scalars(found)).all()


async def count(work: Work, asking: Actor, by: Who, wanted: Filter) -> int:
    """How many tickets a filter asks for, wherever its page begins."""
    finding = await _finding(work, asking, by, wanted)
    found = finding.narrowed.with_only_columns(func.count())
    return await work.session.scalar(found) or 0


async def refuse_unknown(work: Work, wanted: Filter) -> None:
    """Raise `BadFilter` for what a filter names and this desk does not have."""
    for term in wanted.terms:
        if term.name == "kind":
            await conditions.refuse_unknown_kinds(work, term)
        elif term.name.startswith(filters.FIELD):
            await by_field.named(work, term)


@dataclass(frozen=True)
class _Finding:
    """The tickets, narrowed; and where their words are looked for, if they are."""

    narrowed: Select[Ticket]
    found: fulltext.Found | None

    @property
    def number(self) -> ColumnElement[int]:
        """The ticket's number where it is read first: the words' own, if there are words."""
        return self.found.number if self.found is not None else Ticket.id.expression

    def ordered(self, sort: Sort) -> Select[Ticket]:
        """In order. Priorities are read from their index, where the oldest come first in each."""
        if sort.order is Order.NUMBER:
            return self.narrowed.order_by(self.number.desc() if sort.down else self.number)
        key = paging.KEYS[sort.order]
        tie_down = sort.down is not (sort.order is Order.PRIORITY)
        return self.narrowed.order_by(
            key.desc() if sort.down else key, Ticket.id.desc() if tie_down else Ticket.id
        )


async def _finding(work: Work, asking: Actor, by: Who, wanted: Filter) -> _Finding:
    is_customer = asking.role is Role.CUSTOMER
    if is_customer:
        _refuse_what_is_for_staff(wanted)
    narrowed = _all_that_can_be_sorted(wanted)
    if is_customer:
        narrowed = narrowed.where(Ticket.customer_id == (asking.customer_id or 0))
    sqlite = work.session.get_bind().dialect.name == "sqlite"
    found = None
    if any(not phrase.negated for phrase in wanted.phrases):
        found = fulltext.where(wanted.phrases, sqlite=sqlite, with_notes=not is_customer)
        narrowed = narrowed.join(found.source, found.number == Ticket.id).where(found.condition)
    else:
        for phrase in wanted.phrases:
            bare = fulltext.Phrase(phrase.words, phrase.prefix)
            said = fulltext.where([bare], sqlite=sqlite, with_notes=not is_customer)
            inside = select(said.number).select_from(said.source).where(said.condition)
            narrowed = narrowed.where(Ticket.id.not_in(inside))
    if "status" not in wanted.names:
        narrowed = narrowed.where(constant.among(Ticket.status, sorted(LIVE)))
        if not is_customer:  # what is put away is no work of today
            narrowed = narrowed.where(Ticket.snoozed_at.is_(None))
    for term in wanted.terms:
        condition = await conditions.condition(work, by, term)
        narrowed = narrowed.where(not_(condition) if term.negated else condition)
    return _Finding(narrowed, found)


def _refuse_what_is_for_staff(wanted: Filter) -> None:
    by_due = wanted.sort is not None and wanted.sort.order is Order.DUE
    names = {*(wanted.names - filters.FOR_CUSTOMERS), *(["sort:due"] if by_due else [])}
    if names:
        raise OnlyStaff(sorted(names))


def _all_that_can_be_sorted(wanted: Filter) -> Select[Ticket]:
    """All tickets; those that are due, where they are to come in that order."""
    by_due = wanted.sort is not None and wanted.sort.order is Order.DUE
    return select(Ticket).where(Ticket.due_at.is_not(None)) if by_due else select(Ticket)
