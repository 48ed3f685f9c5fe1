"""Trying a rule on the tickets that came before: what it would have changed. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from core.channels import Who
from core.model import Kind, Message, Priority, Role, Tag, Ticket
from core.people.actors import staff
from core.tickets import applying, cases, drafts, rules
from core.tickets.cases import Case
from core.work import Work

LOOKED_AT = 500  # tickets, the latest
PAGE = 10
FIRST_WORDS = 5_000  # characters of each message that are read


@dataclass(frozen=True)
class Changed:
    """A ticket that would be different now, and how: ``priority high, tags vip``."""

    ticket: Ticket
    how: str


@dataclass(frozen=True)
class Tried:
    """What a rule would have done to the ``seen`` latest tickets: how many it fits, and how many of
    those would be different now; a page of them, the latest first, and the number of the next page
    (0: there is none)."""

    text: str
    seen: int
    fits: int
    changed: int
    page: Sequence[Changed]
    next: int


async def try_on(work: Work, by: Who, text: str, page: int = 1) -> Tried:
    """Try a rule, by its number or as it would be written (with or without a name), on its own.

    Tickets are as intake saw them, before any rule; what would be different is against how they are
    now. For leads. Raises `UnknownRule`, `BadRule`, `BadFilter`.
    """
    await staff(work.session, by, at_least=Role.LEAD)
    rule = await _meant(work, by, text.strip())
    wanted = cases.condition(rule["condition"])
    then_and_now = await _past(work)
    fitting = [each for each in then_and_now if cases.fits(wanted, each[1])]
    changed = [
        Changed(ticket, applying.in_words(rule, given))
        for ticket, _, now in fitting
        if (given := applying.changes(rule, now))
    ]
    first = (max(page, 1) - 1) * PAGE
    return Tried(
        text=rule["text"],
        seen=len(then_and_now),
        fits=len(fitting),
        changed=len(changed),
        page=changed[first : first + PAGE],
        next=max(page, 1) + 1 if first + PAGE < len(changed) else 0,
    )


async def _meant(work: Work, by: Who, text: str) -> dict[str, Any]:
    digits = text.removeprefix("#")
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        shown = await rules.rule(work, by, int(digits))
        kept = {name: getattr(shown.rule, name) for name in (*rules.COLUMNS, "tags")}
        return kept | {"text": shown.text}
    draft = drafts.read_either(text)
    draft = await rules.checked(work, draft)
    return {**asdict(draft), "tags": list(draft.tags)} | {"text": drafts.in_words(draft)}


async def _past(work: Work) -> Sequence[tuple[Ticket, Case, Case]]:
    """The latest tickets, each as intake saw it and as it is now."""
    latest = (
        select(Ticket)
        .order_by(Ticket.id.desc())
        .limit(LOOKED_AT)
        .options(selectinload(Ticket.customer), selectinload(Ticket.team))
    )
    tickets = (await work.session.scalars(latest)).all()
    numbers = [ticket.id for ticket in tickets]
    said = await _said(work, numbers)
    tags = await _tags(work, numbers)
    return [
        (ticket, _then(now, ticket), now)
        for ticket in tickets
        for now in [_now(ticket, said.get(ticket.id, ()), tags.get(ticket.id, frozenset()))]
    ]


def _now(ticket: Ticket, said: Sequence[str], tags: frozenset[str]) -> Case:
    team = ticket.team.name if ticket.team else ""
    return replace(applying.case_of(ticket, said), team=team, tags=tags)


def _then(now: Case, ticket: Ticket) -> Case:
    """As it was before any rule: what intake judged, and nothing that only staff or rules say."""
    judged: Mapping[str, Any] = ticket.enriched
    before = {
        name: judged[name]["value"]
        for name in ("category", "language", "complexity")
        if name in judged
    }
    if "priority" in judged:
        before["priority"] = Priority(judged["priority"]["value"])
    return replace(now, **before, team="", skill="", tier=1, tags=frozenset())


async def _said(work: Work, numbers: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """What their customers wrote until they were opened."""
    words = (
        select(Message.ticket_id, func.substr(Message.text, 1, FIRST_WORDS).label("text"))
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(
            Message.ticket_id.in_(numbers),
            Message.kind == Kind.MESSAGE,
            Message.received_at <= Ticket.created_at,
        )
        .order_by(Message.id)
    )
    found: dict[int, list[str]] = {}
    for row in await work.session.execute(words):
        found.setdefault(row.ticket_id, []).append(row.text)
    return found


async def _tags(work: Work, numbers: Sequence[int]) -> Mapping[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for row in await work.session.execute(
        select(Tag.ticket_id, Tag.tag).where(Tag.ticket_id.in_(numbers))
    ):
        found.setdefault(row.ticket_id, set()).add(row.tag)
    return {number: frozenset(those) for number, those in found.items()}
