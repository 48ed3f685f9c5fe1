"""Duplicates: the same customer asked much the same a little while ago, and that is live still."""

import re
from datetime import timedelta

from rapidfuzz import fuzz
from sqlalchemy import select

from core.model import LIVE, Kind, Message, Ticket
from core.storage import constant
from core.work import Work

WITHIN = timedelta(days=1)
ALIKE = 75.0  # of 100, by rapidfuzz's token set ratio
FEWEST_WORDS = 3  # in common, for fewer are in anything
CONSIDERED = 20
READ = 2_000  # characters of what was said
_WORD = re.compile(r"\w+")


async def like(work: Work, ticket: Ticket, words: str) -> int | None:
    """The number of the ticket that a new one most resembles, or None.

    ``words`` is what its customer wrote; compared with the first message of their other live
    tickets of the last day.
    """
    first = (
        select(Message.text)
        .where(Message.ticket_id == Ticket.id, Message.kind == Kind.MESSAGE)
        .order_by(Message.id)
        .limit(1)
        .scalar_subquery()
    )
    others = (
        select(Ticket.id, Ticket.subject, first.label("said"))
        .where(
            Ticket.customer_id == ticket.customer_id,
            Ticket.id != ticket.id,
            constant.among(Ticket.status, sorted(LIVE)),
            Ticket.created_at > work.now - WITHIN,
        )
        .order_by(Ticket.id.desc())
        .limit(CONSIDERED)
    )
    scored = [
        (likeness(f"{ticket.subject} {words}", f"{row.subject} {row.said or ''}"), row.id)
        for row in await work.session.execute(others)
    ]
    best = max(scored, default=(0.0, 0))
    return best[1] if best[0] >= ALIKE else None


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 100; 0 where they have too few words in common."""
    first, second = _words(one), _words(other)
    if len(set(first) & set(second)) < FEWEST_WORDS:
        return 0.0
    return fuzz.token_set_ratio(" ".join(first), " ".join(second))


def _words(text: str) -> list[str]:
    return _WORD.findall(text[:READ].casefold())
