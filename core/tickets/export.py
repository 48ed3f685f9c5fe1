"""Tickets as plain values, a page at a time: for files that other programs read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from core.channels import Who
from core.model import Agent, Kind, Message, Tag, Team, Ticket
from core.people.actors import staff
from core.tickets import fields, filling, filters, search
from core.tickets.listing import Wanted, reading
from core.work import Work

PAGE = 200
ByTicket = Mapping[int, Sequence[Any]]


@dataclass(frozen=True)
class ExportPage:
    """Some tickets as plain values, the cursor of those that follow ("" at the end), how many there
    are in all, on the first page, and the names of the desk's own fields."""

    tickets: Sequence[Mapping[str, Any]]
    after: str
    total: int | None
    fields: Sequence[str] = ()


async def page(
    work: Work, by: Who, text: str, *, after: str = "", with_notes: bool = False
) -> ExportPage:
    """A page of what a filter finds, of any status unless it names one, by number unless it says
    otherwise; what was taken back is left out, and notes are unless they are asked for.

    For staff. Raises `BadFilter`, `UnknownInFilter`.
    """
    asking = await staff(work.session, by)
    wanted = reading(work, Wanted(filter=text, any_status=True))
    if wanted.sort is None:
        wanted = replace(wanted, sort=filters.Sort(filters.Order.NUMBER, down=False))
    total = None
    if after:
        wanted = replace(wanted, after=filters.read(f"after:{after}", work.now).after)
    else:
        total = await search.count(work, asking, by, wanted)
    found = await search.page(work, asking, by, wanted, size=PAGE)
    numbers = [ticket.id for ticket in found.tickets]
    tags = await _by_ticket(
        work, select(Tag.ticket_id, Tag.tag).where(Tag.ticket_id.in_(numbers)).order_by(Tag.tag)
    )
    own = await filling.filled(work.session, numbers)
    said = await _said(work, numbers, with_notes=with_notes)
    teams = {row.id: row.name for row in await work.session.execute(select(Team.id, Team.name))}
    rows = [
        _row(each, tags.get(each.id, ()), said.get(each.id, ()), teams)
        | {"fields": {filled.name: filled.text for filled in own.get(each.id, ())}}
        for each in found.tickets
    ]
    names = [field.name for field in await fields.current(work.session)]
    return ExportPage(rows, str(found.next) if found.next else "", total, names)


async def _by_ticket(work: Work, rows: Any) -> ByTicket:
    grouped: dict[int, list[Any]] = {}
    for number, *rest in await work.session.execute(rows):
        grouped.setdefault(number, []).append(rest[0] if len(rest) == 1 else tuple(rest))
    return grouped


async def _said(work: Work, numbers: Sequence[int], *, with_notes: bool) -> ByTicket:
    said = (
        select(Message.ticket_id, Message.kind, Message.sent_at, Agent.name, Message.text)
        .outerjoin(Agent, Agent.id == Message.agent_id)
        .where(Message.ticket_id.in_(numbers), Message.deleted_at.is_(None))
        .order_by(Message.id)
    )
    return await _by_ticket(work, said if with_notes else said.where(Message.kind != Kind.NOTE))


def _row(
    ticket: Ticket, tags: Sequence[str], said: Sequence[Any], teams: Mapping[int, str]
) -> dict[str, Any]:
    moments = ("created_at", "updated_at", "first_response_at", "resolved_at", "closed_at")
    return {
        "number": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status.value,
        "kind": ticket.kind,
        "priority": ticket.priority.label,
        "category": ticket.category,
        "tags": list(tags),
        "customer": ticket.customer.name,
        "customer_number": ticket.customer_id,
        "assignee": ticket.assignee.name if ticket.assignee else None,
        "team": teams.get(ticket.team_id or 0),
        "channel": ticket.channel,
        **{each: at.isoformat() if (at := getattr(ticket, each)) else None for each in moments},
        "resolution": ticket.resolution,
        "messages": [
            {"kind": kind.value, "sent_at": sent_at.isoformat(), "agent": agent, "text": text}
            for kind, sent_at, agent, text in said
        ],
    }
