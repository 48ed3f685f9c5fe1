"""Learning from tickets: what is to be learned from, when it is worth it, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select

from core.events import LessonLearned
from core.model import History, Kind, Lesson, Message, Status, Ticket
from core.work import Work

TICKETS_AT_MOST = 4_000
FIRST_WORDS = 2_000  # characters of each message that are read
CORRECTION = 10  # resolved tickets that one correction is worth
WORTH_IT = 20  # resolved tickets for the first lesson, or a tenth of what there was
KEPT = 3  # lessons
_COUNTED = 5_000
_WORTH: Mapping[str, int] = {
    "TicketResolved": 1,
    "CategoryChanged": CORRECTION,
    "PriorityChanged": CORRECTION,
}


@dataclass(frozen=True)
class Example:
    """A resolved ticket: its words, its category in the end (empty: none), whether an agent gave it
    that, or a lesson and nobody said otherwise, and what intake had made of it."""

    text: str
    category: str
    by_agent: bool
    by_lesson: bool
    judged: Mapping[str, Any]


@dataclass(frozen=True)
class Exercise:
    """What is to be learned from, the latest first; the version before, and how far history went."""

    before: int
    up_to: int
    examples: Sequence[Example]


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What came of an exercise; see `core.model.lesson.Lesson`."""

    before: int
    up_to: int
    tickets: int
    words: Mapping[str, float]
    measures: Mapping[str, Any] | None
    model: bytes | None


async def exercise(work: Work) -> Exercise | None:
    """What there is to learn from, or None where too little has happened since the last lesson."""
    newest = (await work.session.scalars(_newest())).first()
    since = newest.up_to if newest else 0
    happened = (
        select(History.event)
        .where(History.id > since, History.event.in_(list(_WORTH)))
        .limit(_COUNTED)
    )
    worth = sum(_WORTH[event] for event in await work.session.scalars(happened))
    if worth < max(WORTH_IT, (newest.tickets if newest else 0) // 10):
        return None
    up_to = await work.session.scalar(select(func.max(History.id))) or 0
    return Exercise(newest.id if newest else 0, up_to, await _examples(work))


async def keep_lesson(work: Work, learnt: Learnt) -> bool:
    """Keep a lesson as the newest; whether it is, for another process may have been faster."""
    work.actor = "sweep: learning"
    newest = (await work.session.scalars(_newest())).first()
    if (newest.id if newest else 0) != learnt.before:
        return False
    version = learnt.before + 1
    work.session.add(
        Lesson(
            id=version,
            learned_at=work.now,
            up_to=learnt.up_to,
            tickets=learnt.tickets,
            words=dict(learnt.words),
            measures=None if learnt.measures is None else dict(learnt.measures),
            model=learnt.model,
        )
    )
    await work.session.execute(delete(Lesson).where(Lesson.id <= version - KEPT))
    categories = learnt.measures["categories"] if learnt.measures else 0
    work.emit(LessonLearned(version=version, tickets=learnt.tickets, categories=categories))
    return True


async def newest_lesson(work: Work, after: int) -> Lesson | None:
    """The newest lesson, if it came after this version."""
    return (await work.session.scalars(_newest().where(Lesson.id > after))).first()


def _newest() -> Any:
    return select(Lesson).order_by(Lesson.id.desc()).limit(1)


async def _examples(work: Work) -> Sequence[Example]:
    """The latest resolved tickets with what their customers wrote until they were opened."""
    latest = (
        select(Ticket.id, Ticket.subject, Ticket.category, Ticket.enriched)
        .where(Ticket.status.in_([Status.RESOLVED, Status.CLOSED]), Ticket.merged_into_id.is_(None))
        .order_by(Ticket.id.desc())
        .limit(TICKETS_AT_MOST)
    )
    tickets = (await work.session.execute(latest)).all()
    said = await _said(work, tickets[-1].id if tickets else 0)
    return [
        Example(
            text=said.get(each.id, each.subject),
            category=each.category,
            by_agent="corrected" in (judged := each.enriched.get("category", {})),
            by_lesson="share" in judged and "corrected" not in judged,
            judged=each.enriched,
        )
        for each in tickets
    ]


async def _said(work: Work, first: int) -> Mapping[int, str]:
    words = (
        select(Message.ticket_id, func.substr(Message.text, 1, FIRST_WORDS).label("text"))
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(
            Message.ticket_id >= first,
            Ticket.status.in_([Status.RESOLVED, Status.CLOSED]),
            Message.kind == Kind.MESSAGE,
            Message.deleted_at.is_(None),
            Message.received_at <= Ticket.created_at,
        )
        .order_by(Message.id)
    )
    found: dict[int, str] = {}
    for row in await work.session.execute(words):
        before = found.get(row.ticket_id)
        found[row.ticket_id] = row.text if before is None else f"{before}\n{row.text}"
    return found
