"""What agents say against intake: kept beside what it made of the ticket, for it to learn from."""

import re
from typing import Any

from core.channels import Who
from core.errors import Invalid
from core.events import ComplexityChanged, LanguageChanged
from core.model import Ticket
from core.people.actors import acting
from core.tickets import find
from core.work import Work

HARDEST = 5
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?")


class BadLanguage(Invalid):
    """It cannot be a language."""

    def __init__(self, said: str) -> None:
        super().__init__(
            f"“{said[:40]}” is no code of a language, such as de or pt-br; none says that it is not "
            "known. For example: /ticket language 42 de"
        )


class BadComplexity(Invalid):
    """It cannot be how hard a ticket is."""

    def __init__(self) -> None:
        super().__init__(
            f"Complexity is a number from 1 (simple) to {HARDEST} (hard). "
            "For example: /ticket complexity 42 4"
        )


def note(ticket: Ticket, what: str, value: Any, *, by: str, was: Any) -> None:
    """Keep that somebody set a value; what intake had judged stays beside it. Where both are the
    same again, there is nothing to correct."""
    entry = dict(ticket.enriched.get(what) or {"value": was, "why": []})
    entry.pop("corrected", None)
    if entry["value"] != value:
        entry["corrected"] = {"value": value, "by": by}
    ticket.enriched = {**ticket.enriched, what: entry}


def as_language(text: str) -> str:
    """A language's code as it is kept; none is the empty one. Raises `BadLanguage`."""
    code = text.strip().lower().replace("_", "-")
    if code in {"", "none"}:
        return ""
    if not _LANGUAGE.fullmatch(code):
        raise BadLanguage(text)
    return code


async def set_language(work: Work, by: Who, number: int, language: str) -> Ticket:
    """Say in which language a ticket is. Raises `BadLanguage`."""
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    wanted = as_language(language)
    if ticket.language != wanted:
        note(ticket, "language", wanted, by=actor.name, was=ticket.language)
        ticket.language = wanted
        ticket.updated_at = work.now
        work.emit(LanguageChanged(ticket_id=ticket.id, language=wanted))
    return ticket


async def set_complexity(work: Work, by: Who, number: int, complexity: int) -> Ticket:
    """Say how hard a ticket is, from 1 to 5. Raises `BadComplexity`."""
    actor = await acting(work, by)
    ticket = await find.ticket_for(work.session, actor, number)
    if not 1 <= complexity <= HARDEST:
        raise BadComplexity
    if ticket.complexity != complexity:
        note(ticket, "complexity", complexity, by=actor.name, was=ticket.complexity)
        ticket.complexity = complexity
        ticket.updated_at = work.now
        work.emit(ComplexityChanged(ticket_id=ticket.id, complexity=complexity))
    return ticket
