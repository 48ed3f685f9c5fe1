"""What whoever watches a ticket is told: a few lines at once, and at most once a minute."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from core import cards
from core.cards import Button, Card
from core.delivery import to_staff
from core.delivery.about import agent_author, ticket_of
from core.delivery.mirror import UNTRIED
from core.delivery.outgoing import direct_address, owe
from core.events import AgentRemoved, TicketClosed, TicketEvent, TicketMerged, TicketRejoined
from core.model import Agent, Delivery, Message, Ticket, Watcher
from core.storage.upsert import insert_or_leave
from core.work import Work

PAUSE = timedelta(minutes=1)
LINES = 8
LONGEST = 160  # characters of somebody's words

_HAPPENED: Mapping[str, str] = {
    "TicketReturned": "♻️ Back in the queue: {why}",
    "TicketEscalated": "🚨 Escalated: {reason}",
    "TicketHeld": "⏸ On hold: {waits_for}",
    "TicketResumed": "▶️ Goes on: {why}",
    "TicketReopened": "♻️ Reopened: {why}",
    "TicketResolved": "✅ Resolved. {resolution}",
    "TicketClosed": "🔒 Closed. You watch it no more.",
    "TicketMerged": "🔀 Merged into #{into}, which you watch now.",
    "TicketRejoined": "✂️ Part of #{into} again, which you watch now.",
    "TicketSplit": "✂️ A message was split off; it is #{into}.",
}
_SAID = {"MessageReceived": "{who}: {words}", "AgentReplied": "💬 {who}: {words}"} | {
    "NoteAdded": "📝 {who}, note: {words}"
}


async def tell_watchers(work: Work, event: TicketEvent) -> None:
    """A line about what happened to everybody who watches the ticket, but for who did it."""
    ticket = await ticket_of(work, event.ticket_id)
    if not ticket.watched:
        return
    watching = (
        select(Watcher)
        .join(Agent, Agent.id == Watcher.agent_id)
        .where(Watcher.ticket_id == ticket.id, Agent.removed_at.is_(None))
        .order_by(Watcher.agent_id)
        .with_for_update(of=Watcher)
    )
    rows = (await work.session.scalars(watching)).all()
    others = [each for each in rows if not work.actor.startswith(f"agent {each.agent_id} ")]
    if others:
        line = await _line(work, ticket, event)
        for each in others:
            await _tell(work, ticket, each, line)


async def end_watching(work: Work, event: TicketClosed | TicketMerged | TicketRejoined) -> None:
    """Nothing more happens on it; whoever watched a ticket that was merged goes along."""
    gone = delete(Watcher).where(Watcher.ticket_id == event.ticket_id).returning(Watcher.agent_id)
    gone = gone.execution_options(synchronize_session=False)
    agents = [row.agent_id for row in await work.session.execute(gone)]
    if isinstance(event, TicketClosed) or not agents:
        return
    into = await ticket_of(work, event.into)
    into.watched = True
    rows = [
        {"ticket_id": into.id, "agent_id": each, "since": work.now, "digests": 0} for each in agents
    ]
    along = insert_or_leave(work.session, Watcher, unique=["ticket_id", "agent_id"])
    await work.session.execute(along, rows)


async def end_watching_of(work: Work, event: AgentRemoved) -> None:
    await work.session.execute(delete(Watcher).where(Watcher.agent_id == event.agent_id))


async def _tell(work: Work, ticket: Ticket, watcher: Watcher, line: str) -> None:
    """Add a line to what still waits to be sent, or begin with one that is due a minute after the
    last."""
    key = f"watch:{ticket.id}:{watcher.agent_id}:{watcher.digests}"
    if key in work.owed:
        kept = cards.from_json(work.owed[key]["card"])
        work.owed[key]["card"] = cards.to_json(_with(kept, line))
        return
    untried = select(Delivery).where(Delivery.key == key, UNTRIED).with_for_update()
    waits = (await work.session.scalars(untried)).one_or_none()
    if waits is not None:
        waits.card = cards.to_json(_with(cards.from_json(waits.card), line))
        return
    address = await direct_address(work, watcher.agent_id)
    if address is None:
        return
    watcher.digests += 1
    watcher.told_at = max(work.now, watcher.told_at + PAUSE) if watcher.told_at else work.now
    key = f"watch:{ticket.id}:{watcher.agent_id}:{watcher.digests}"
    owe(work, key, address, _digest(ticket, line), ticket_id=ticket.id)
    work.owed[key] |= {"due_at": watcher.told_at, "lane": f"watch {ticket.id}"}


def _digest(ticket: Ticket, line: str) -> Card:
    return Card(
        title=f"👀 #{ticket.id} {ticket.subject}",
        text=line,
        buttons=(
            Button("Show", "ticket show", str(ticket.id)),
            Button("Stop watching", "ticket unwatch", str(ticket.id)),
        ),
    )


def _with(card: Card, line: str) -> Card:
    """The same with one more line; the oldest ones go where it is too much."""
    lines = [*card.text.split("\n"), line]
    return replace(
        card, text="\n".join(lines if len(lines) <= LINES else ["…", *lines[1 - LINES :]])
    )


async def _line(work: Work, ticket: Ticket, event: TicketEvent) -> str:
    name = type(event).__name__
    if name in _SAID:
        facts: Any = event
        message = await work.session.get_one(Message, facts.message_id)
        is_customer = name == "MessageReceived"
        who = (
            ticket.customer.name if is_customer else (await agent_author(work, facts.agent_id)).name
        )
        return _one_line(_SAID[name].format(who=who, words=message.words or "📎 a file"))
    if name == "TicketAssigned":
        return f"🙌 With {ticket.assignee.name if ticket.assignee else 'nobody'}."
    if name == "TicketSnoozed":
        return f"💤 Snoozed until {to_staff.until_in_words(vars(event)['until'])}."
    return _one_line(_HAPPENED[name].format_map(vars(event)))


def _one_line(text: str) -> str:
    line = " ".join(text[: LONGEST * 4].split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
