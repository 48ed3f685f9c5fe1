"""Finding tickets by a filter: what it asks for becomes conditions, and a page costs the same anywhere."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select
from sqlalchemy import exists as there_is
from sqlalchemy.orm import InstrumentedAttribute

from core.channels import Who
from core.errors import Forbidden, NotFound
from core.model import (
    LIVE,
    Agent,
    Customer,
    Identity,
    Priority,
    Role,
    Tag,
    Team,
    Ticket,
    TicketKind,
    TicketLink,
    Tie,
)
from core.model import Target as SlaTarget
from core.model.ticket import WITH_PEOPLE
from core.people.actors import Actor, agent_meant
from core.speaking import Sentence
from core.storage import constant, fulltext
from core.tickets import by_field, customer_terms, filters, find
from core.tickets.filters import Cursor, Filter, Order, Sort, Span, Term
from core.work import Work

PAGE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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


class UnknownInFilter(NotFound):
    """A filter names somebody whom the desk does not know."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(
            f"There is no {name} called “{value[:60]}”. For example: {filters.EXAMPLES[name]}"
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
    for part in await _parts(work, asking, order, wanted.after, finding):
        left = size + 1 - len(tickets)
        if left > 0:
            tickets += (await work.session.scalars(ordered.where(part).limit(left))).all()
    if len(tickets) <= size:
        return Page(tickets)
    return Page(tickets[:size], _cursor(tickets[size - 1], order))


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
            await _refuse_unknown_kinds(work, term)
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
        key = _KEYS[sort.order]
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
        condition = await _condition(work, by, term)
        narrowed = narrowed.where(not_(condition) if term.negated else condition)
    return _Finding(narrowed, found)


async def _condition(work: Work, by: Who, term: Term) -> ColumnElement[bool]:
    if term.name.startswith(filters.FIELD):
        return await by_field.condition(work, term)
    return await _CONDITIONS[term.name](work, by, term)


def _refuse_what_is_for_staff(wanted: Filter) -> None:
    by_due = wanted.sort is not None and wanted.sort.order is Order.DUE
    names = {*(wanted.names - filters.FOR_CUSTOMERS), *(["sort:due"] if by_due else [])}
    if names:
        raise OnlyStaff(sorted(names))


def _all_that_can_be_sorted(wanted: Filter) -> Select[Ticket]:
    """All tickets; those that are due, where they are to come in that order."""
    by_due = wanted.sort is not None and wanted.sort.order is Order.DUE
    return select(Ticket).where(Ticket.due_at.is_not(None)) if by_due else select(Ticket)


async def _status(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    if len(term.values) == 1:
        return constant.equals(Ticket.status, term.values[0])
    return constant.among(Ticket.status, sorted(str(each) for each in term.values))


def _among(column: InstrumentedAttribute[Any]) -> "_Condition":
    async def condition(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
        return column.in_(term.values)

    return condition


async def _of_kind(work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    await _refuse_unknown_kinds(work, term)
    return Ticket.kind.in_(term.values)


async def _refuse_unknown_kinds(work: Work, term: Term) -> None:
    """One that was removed can still be looked for: tickets have it."""
    in_order = select(TicketKind).order_by(TicketKind.place, TicketKind.name)
    known = {each.name: each for each in await work.session.scalars(in_order)}
    there = [name for name, kind in known.items() if kind.removed_at is None]
    for value in map(str, term.values):
        if value not in known:
            raise filters.NotThere(f"kind:{value}", value, there)


async def _tagged(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    wanted = [value for value in term.values if value is not None]
    ways: list[ColumnElement[bool]] = []
    if wanted:
        ways.append(Ticket.id.in_(select(Tag.ticket_id).where(Tag.tag.in_(wanted))))
    if None in term.values:
        ways.append(not_(there_is().where(Tag.ticket_id == Ticket.id)))
    return or_(*ways)


async def _assigned(work: Work, by: Who, term: Term) -> ColumnElement[bool]:
    ids: list[int | None] = []
    for value in term.values:
        ids.append(None if value is None else (await _agent(work, by, str(value))).id)
    return _in_or_none(Ticket.assignee_id, ids)


async def _agent(work: Work, by: Who, said: str) -> Agent:
    channel, workspace, user = by.channel, by.workspace, said.removeprefix("@")
    if said.lower() == "me":
        return await agent_meant(work.session, by)
    if said.count(":") >= 2:
        channel, workspace, user = said.split(":", 2)
    return await agent_meant(work.session, Who(channel, workspace, user, user))


async def _of_customer(work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    ids: list[int] = []
    for value in map(str, term.values):
        found = (await work.session.scalars(_customers(value).limit(50))).all()
        if not found:
            raise UnknownInFilter("customer", value)
        ids += found
    return Ticket.customer_id.in_(ids)


def _customers(said: str) -> Select[int]:
    """By number (``c-17``), by ``channel:workspace:user``, or by their name or handle."""
    digits = said.lower().removeprefix("c-")
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        by_handle = select(Identity.customer_id).where(Identity.user == said)
        return select(Customer.id).where(
            or_(Customer.id == int(digits), Customer.id.in_(by_handle))
        )
    if said.count(":") >= 2:
        channel, workspace, user = said.split(":", 2)
        known = select(Identity.customer_id).where(
            Identity.channel == channel, Identity.workspace == workspace, Identity.user == user
        )
        return select(Customer.id).where(Customer.id.in_(known))
    name = said.removeprefix("@")
    by_handle = select(Identity.customer_id).where(Identity.user == name)
    return select(Customer.id).where(
        or_(func.lower(Customer.name) == name.lower(), Customer.id.in_(by_handle))
    )


async def _of_team(work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    ids: list[int | None] = []
    for value in term.values:
        if value is None:
            ids.append(None)
            continue
        named = select(Team.id).where(func.lower(Team.name) == str(value).lower())
        found = (await work.session.scalars(named)).first()
        if found is None:
            raise UnknownInFilter("team", str(value))
        ids.append(found)
    return _in_or_none(Ticket.team_id, ids)


async def _numbered(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    return Ticket.id.in_(_as_numbers(term))


async def _child_of(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    below = select(TicketLink.ticket_id).where(
        TicketLink.tie == Tie.CHILD, TicketLink.other_id.in_(_as_numbers(term))
    )
    return Ticket.id.in_(below)


async def _related_to(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    """Linked in any way: related, a child, or the parent."""
    numbers = _as_numbers(term)
    there = select(TicketLink.ticket_id).where(TicketLink.other_id.in_(numbers))
    back = select(TicketLink.other_id).where(TicketLink.ticket_id.in_(numbers))
    return Ticket.id.in_(there.union(back))


def _as_numbers(term: Term) -> list[int]:
    return [int(str(value)) for value in term.values]


async def _escalated(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    ways = {"yes": Ticket.escalated_at.is_not(None), "no": Ticket.escalated_at.is_(None)}
    return or_(*(ways[str(value)] for value in term.values))


async def _skilled(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    names = [value for value in term.values if value is not None]
    ways = [and_(Ticket.skill.is_not(None), Ticket.skill.in_(names))]
    return or_(*ways, *([Ticket.skill.is_(None)] if None in term.values else []))


def _in_or_none(
    column: InstrumentedAttribute[Any], ids: Sequence[int | None]
) -> ColumnElement[bool]:
    """Whether it is one of these, none included; never unknown, so that it can be negated."""
    known = [each for each in ids if each is not None]
    is_one = and_(column.is_not(None), column.in_(known)) if known else false()
    return or_(is_one, column.is_(None)) if None in ids else is_one


def _within(column: InstrumentedAttribute[Any]) -> "_Condition":
    async def condition(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
        ways = []
        for span in term.values:
            assert isinstance(span, Span)  # noqa: S101 - what the reading makes of it
            parts = [column >= span.begin] if span.begin else []
            parts += [column < span.end] if span.end else []
            ways.append(and_(*parts))
        return or_(*ways)

    return condition


async def _is_due(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    """When the next promise is due; of a ticket without a running clock only ``none`` is true."""
    ways: list[ColumnElement[bool]] = []
    for span in term.values:
        if span is None:
            ways.append(Ticket.due_at.is_(None))
            continue
        assert isinstance(span, Span)  # noqa: S101 - what the reading makes of it
        parts: list[ColumnElement[bool]] = [Ticket.due_at.is_not(None)]
        parts += [Ticket.due_at >= span.begin] if span.begin else []
        parts += [Ticket.due_at < span.end] if span.end else []
        ways.append(and_(*parts))
    return or_(*ways)


async def _breached(_work: Work, _by: Who, term: Term) -> ColumnElement[bool]:
    """Whether a promise on it was not kept, now or before."""
    is_breached = Ticket.id.in_(
        select(SlaTarget.ticket_id).where(SlaTarget.breached_at.is_not(None))
    )
    ways = [is_breached if value == "yes" else not_(is_breached) for value in term.values]
    return or_(*ways)


_Condition = Callable[[Work, Who, Term], Awaitable[ColumnElement[bool]]]

_CONDITIONS: Mapping[str, _Condition] = {
    "status": _status,
    "priority": _among(Ticket.priority),
    "kind": _of_kind,
    "category": _among(Ticket.category),
    "channel": _among(Ticket.channel),
    "tag": _tagged,
    "assignee": _assigned,
    "customer": _of_customer,
    "team": _of_team,
    "number": _numbered,
    "parent": _child_of,
    "linked": _related_to,
    "escalated": _escalated,
    "vip": customer_terms.vip,
    "company": customer_terms.company,
    "customer-tag": customer_terms.tagged,
    "language": _among(Ticket.language),
    "complexity": _among(Ticket.complexity),
    "tier": _among(Ticket.tier),
    "skill": _skilled,
    "created": _within(Ticket.created_at),
    "updated": _within(Ticket.updated_at),
    "due": _is_due,
    "breached": _breached,
}

_KEYS: Mapping[Order, InstrumentedAttribute[Any]] = {
    Order.PRIORITY: Ticket.priority,
    Order.CREATED: Ticket.created_at,
    Order.UPDATED: Ticket.updated_at,
    Order.DUE: Ticket.due_at,
}


def _key_of(ticket: Ticket, order: Order) -> int | None:
    if order is Order.NUMBER:
        return None
    value = getattr(ticket, _KEYS[order].key)
    if value is None:  # it was due when the page before was made, and is not any more
        raise filters.BadFilter(f"after:{ticket.id}", "no clock runs on that ticket any more.")
    return int(value) if order is Order.PRIORITY else _microseconds(value)


def _microseconds(moment: datetime) -> int:
    past = moment - EPOCH
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds


def _cursor(ticket: Ticket, sort: Sort) -> Cursor:
    return Cursor(ticket.id, _key_of(ticket, sort.order))


async def _parts(
    work: Work, asking: Actor, sort: Sort, after: Cursor | None, finding: _Finding
) -> Sequence[ColumnElement[bool]]:
    """What is left after a cursor: the rest of what is sorted the same, then what comes later; two
    ranges of one index, where a single condition over both would read its way there."""
    if after is None:
        return [Ticket.id.is_not(None)]
    if sort.order is Order.NUMBER:
        # Said of both sides of the join, so that neither is read from its beginning.
        both = (Ticket.id, finding.number)
        return [and_(*(n < after.number if sort.down else n > after.number for n in both))]
    key = after.key
    if key is None:
        last = await find.ticket_for(work.session, asking, after.number, to_look=True)
        key = _key_of(last, sort.order)
    column = _KEYS[sort.order]
    try:
        value = Priority(key or 0) if sort.order is Order.PRIORITY else _moment(key)
    except (ValueError, OverflowError):
        raise filters.BadFilter(f"after:{after}", "that is no place in this list.") from None
    tie_down = sort.down is not (sort.order is Order.PRIORITY)
    rest = Ticket.id < after.number if tie_down else Ticket.id > after.number
    later = column < value if sort.down else column > value
    return [and_(column == value, rest), later]


def _moment(key: int | None) -> datetime:
    return EPOCH + timedelta(microseconds=key or 0)
