"""The ledger, visible: ✓ ⏳ ✗ on the staff line of each reply, by what became of it at the customer's.

A line is put together when it is sent, so mostly it says ✓ from the start; it is edited only where
what it says is no longer so.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import cards
from core.cards import Button, Card, Tone
from core.delivery.about import reply_key
from core.delivery.outgoing import clock, owe
from core.model import Act, Delivery, Mark, Message, Progress
from core.work import Work

PATIENCE = timedelta(seconds=5)  # a line waits so long for the first attempt of what it speaks of


@dataclass(frozen=True)
class Fate:
    """What became of a reply at the customer's: the mark, the number of its delivery, and why."""

    mark: Mark
    delivery: int
    error: str


async def fates(session: AsyncSession, replies: Collection[Message]) -> Mapping[int, Fate]:
    """What became of replies, by the number of the message."""
    keys = {reply_key(each): each.id for each in replies}
    found = (await session.scalars(select(Delivery).where(Delivery.key.in_(keys)))).all()
    told = {keys[each.key]: (each, _mark_of(each)) for each in found}
    return {
        number: Fate(mark, each.id, each.error or "")
        for number, (each, mark) in told.items()
        if mark is not None
    }


async def marked(work: Work, key: str, card: Card) -> tuple[Mark | None, Card]:
    """The card with what became of a delivery; a failed one can be tried again from there."""
    tracked = (await work.session.scalars(select(Delivery).where(Delivery.key == key))).first()
    mark = _mark_of(tracked)
    if tracked is None or mark is None:
        return None, card
    if mark is Mark.SENT:
        said = f"{mark} delivered {clock(tracked.settled_at or work.now)}"
        return mark, replace(card, footnote=_beneath(card, said))
    if mark is Mark.WAITING:
        why = f": {tracked.error}" if tracked.error else ""
        return mark, replace(card, footnote=_beneath(card, f"{mark} waiting{why}"))
    again = Button("Try again", "delivery resend", str(tracked.id), Tone.PRIMARY)
    said = f"{mark} not delivered: {tracked.error or 'no reason given'}"
    return mark, replace(card, footnote=_beneath(card, said), buttons=(*card.buttons, again))


async def to_be_known_soon(work: Work, rows: Sequence[Delivery]) -> Collection[int]:
    """The lines among these that speak of a delivery which is about to be attempted."""
    keys = {row.tracks_key: row.id for row in rows if row.tracks_key}
    if not keys:
        return frozenset()
    untried = select(Delivery.key).where(
        Delivery.key.in_(keys),
        Delivery.progress == Progress.WAITING,
        Delivery.attempts == 0,
        Delivery.created_at > work.now - PATIENCE,
        Delivery.due_at <= work.now,
    )
    return {keys[key] for key in await work.session.scalars(untried)}


async def catch_up(work: Work, keys: Collection[str]) -> None:
    """Edit the lines that show another end of these deliveries than the one they have come to."""
    speaking = select(Delivery).where(Delivery.tracks_key.in_(sorted(keys))).order_by(Delivery.id)
    lines = (await work.session.scalars(speaking.execution_options(populate_existing=True))).all()
    if not lines:
        return
    wanted = select(Delivery).where(Delivery.key.in_({line.tracks_key for line in lines}))
    tracked = {
        each.key: each
        for each in await work.session.scalars(wanted.execution_options(populate_existing=True))
    }
    newest = {line.replaces_key or line.key: line for line in lines}
    for root, line in newest.items():
        shown = _mark_of(tracked.get(line.tracks_key or ""))
        if line.mark is not None and line.mark is not shown and not await _is_gone(work, root):
            owe(
                work,
                f"{root}:m{line.id}",
                line.address,
                cards.from_json(line.card),
                ticket_id=line.ticket_id,
                replaces=root,
                tracks=line.tracks_key,
            )


async def _is_gone(work: Work, key: str) -> bool:
    gone = select(Delivery.id).where(Delivery.replaces_key == key, Delivery.act == Act.DELETE)
    return (await work.session.scalars(gone.limit(1))).first() is not None


def _mark_of(tracked: Delivery | None) -> Mark | None:
    if tracked is None or tracked.progress is Progress.WITHDRAWN:
        return None
    if tracked.progress is Progress.SENT:
        return Mark.SENT
    return Mark.FAILED if tracked.progress is Progress.DEAD else Mark.WAITING


def _beneath(card: Card, said: str) -> str:
    return "\n".join(filter(None, [card.footnote, said]))
