"""Enrichment: what intake makes of a new ticket before anybody sees it, each with its reasons."""

from collections.abc import Sequence
from functools import cache

from babel.core import Locale, UnknownLocaleError

from core.enrichment import judging
from core.enrichment.judged import Asked, Before, Judged
from core.enrichment.words import LONGEST
from core.model import Message, Priority, Ticket
from core.tickets import applying
from core.tickets.applying import Applied
from core.tickets.known import known
from core.work import Work


async def enrich(work: Work, ticket: Ticket, said: Sequence[Message]) -> Sequence[Applied]:
    """Judge a ticket that is not written yet, then let the rules have their say.

    What was judged is kept in ``ticket.enriched``, before any rule. It costs one statement.
    """
    spoken = [message.words for message in said]
    text = _joined(spoken if _is_said(ticket.subject, spoken) else [ticket.subject, *spoken])
    with work.session.no_autoflush:
        there = await known(work, ticket.customer.id, text)
    asked = Asked(
        text=text,
        length=sum(map(len, spoken)),
        files=sum(message.files or 0 for message in said),
        kind=ticket.kind,
        is_vip=bool(ticket.customer.is_vip),
        before=there.before,
    )
    _judge(work, ticket, asked)
    return applying.apply(ticket, applying.case_of(ticket, spoken), there.rules)


def _is_said(subject: str, spoken: Sequence[str]) -> bool:
    """Whether a subject was taken from the words that follow it."""
    return any(subject.removesuffix("…") in text[:LONGEST] for text in spoken)


def _joined(texts: Sequence[str]) -> str:
    """The beginning of what was said; more is not read."""
    kept, left = [], 2 * LONGEST
    for text in texts:
        kept.append(text[:left])
        left -= len(text)
        if left <= 0:
            break
    return "\n".join(kept)


def _judge(work: Work, ticket: Ticket, asked: Asked) -> None:
    learned = work.house.learned
    priority = judging.priority(asked, learned)
    complexity = judging.complexity(asked)
    judged = {"priority": priority, "complexity": complexity}
    language = _language(work, ticket, asked.text)
    if language is not None:
        judged["language"] = language
        ticket.language = language.value
    category = judging.category(asked, learned)
    if category is not None:
        judged["category"] = category
        ticket.category = category.value
    if asked.before != Before():
        judged["customer"] = judging.history(asked.before)
    ticket.priority = Priority(priority.value)
    ticket.complexity = complexity.value
    ticket.enriched = {name: each.as_json() for name, each in judged.items()}


def _language(work: Work, ticket: Ticket, text: str) -> Judged | None:
    """The language of the text, where that can be told; else the customer's."""
    code = work.house.language_of(text)
    if code:
        return Judged(code, [f"written in {_in_english(code)}"])
    if ticket.customer.language:
        return Judged(ticket.customer.language, ["what its customer wrote in before"])
    return None


@cache
def _in_english(code: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except (ValueError, UnknownLocaleError):
        return code
