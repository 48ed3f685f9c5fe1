"""CSAT: once a ticket is closed its customer says how it was, with a number and a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from core.channels import Who
from core.errors import Conflict, Invalid
from core.events import SurveyAnswered, SurveyAsked, SurveyCommented
from core.model import Agent, Role, Survey, Ticket
from core.model.survey import SCORES
from core.people.actors import staff
from core.speaking import Sentence
from core.storage.text import clean
from core.tickets import find
from core.work import Work

LONGEST_COMMENT = 2_000
LONGEST_LOOK = 3_650


class NotAsked(Conflict):
    """The ticket is not closed yet, or was closed without a question."""

    def __init__(self, number: int) -> None:
        super().__init__(
            Sentence(
                "Ticket #{number} can be rated once it is closed and we have asked you.",
                number=number,
            )
        )


class RatedAlready(Conflict):
    """A ticket is rated once."""

    def __init__(self, number: int) -> None:
        super().__init__(
            Sentence("You have rated ticket #{number} already. Thank you!", number=number)
        )


class NotRated(Conflict):
    """First the number, then the words."""

    def __init__(self, number: int) -> None:
        super().__init__(
            Sentence("Say a number from 1 to 5 first: /survey rate {number} 5", number=number)
        )


def begin(work: Work, ticket: Ticket) -> None:
    """Ask how it was, as part of closing a ticket; nothing where surveys are off."""
    if not work.house.policy.surveys:
        return
    work.session.add(
        Survey(
            ticket_id=ticket.id,
            agent_id=ticket.assignee_id,
            category=ticket.category,
            article=ticket.article,
            asked_at=work.now,
        )
    )
    work.emit(SurveyAsked(ticket_id=ticket.id))


async def rate(work: Work, by: Who, number: int, score: int) -> Survey:
    """The customer says how it was, from 1 to 5. The same number twice is the same answer.

    Raises `Invalid`, `UnknownTicket`, `NotAsked`, and `RatedAlready` for another number.
    """
    if score not in SCORES:
        raise Invalid(
            Sentence("A score is a number from 1 to 5: /survey rate {number} 5", number=number)
        )
    survey = await _theirs(work, by, number)
    if survey.score not in {None, score}:
        raise RatedAlready(number)
    if survey.score is None:
        survey.score, survey.answered_at = score, work.now
        work.emit(SurveyAnswered(ticket_id=number, score=score))
    return survey


async def comment(work: Work, by: Who, number: int, text: str) -> Survey:
    """A word to the score, once. Raises `Invalid`, `NotRated`, `RatedAlready`."""
    said = clean(text).strip()[:LONGEST_COMMENT]
    if not said:
        example = f"/survey comment {number} so quick!"
        raise Invalid(Sentence("There is nothing to send. For example: {example}", example=example))
    survey = await _theirs(work, by, number)
    if survey.score is None:
        raise NotRated(number)
    if survey.comment is not None:
        raise RatedAlready(number)
    survey.comment = said
    work.emit(SurveyCommented(ticket_id=number))
    return survey


@dataclass(frozen=True)
class Scored:
    """Of one agent, category or article: how many answered, and how good it was, from 1 to 5."""

    name: str
    answered: int
    average: float


@dataclass(frozen=True, kw_only=True)
class Satisfaction:
    """The surveys asked in the last ``days``. ``satisfied`` is the share of 4 and 5 among the
    answers, ``average`` from 1 to 5; None without an answer."""

    days: int
    asked: int
    answered: int
    average: float | None
    satisfied: float | None
    counts: dict[int, int]
    by_agent: Sequence[Scored]
    by_category: Sequence[Scored]
    by_article: Sequence[Scored]


async def satisfaction(work: Work, by: Who, *, days: int = 30) -> Satisfaction:
    """How satisfied customers were, for leads. Raises `RoleTooLow`, `Invalid`."""
    await staff(work.session, by, at_least=Role.LEAD)
    if not 0 < days <= LONGEST_LOOK:
        raise Invalid(f"Say for how many days, from 1 to {LONGEST_LOOK}: /survey stats days:30")
    lately = Survey.asked_at > work.now - timedelta(days=days)
    counted = select(Survey.score, func.count()).where(lately).group_by(Survey.score)
    by_score = {row[0]: row[1] for row in await work.session.execute(counted)}
    counts = {score: by_score.get(score, 0) for score in SCORES}
    answered = sum(counts.values())
    total = sum(score * count for score, count in counts.items())
    return Satisfaction(
        days=days,
        asked=sum(by_score.values()),
        answered=answered,
        average=total / answered if answered else None,
        satisfied=(counts[4] + counts[5]) / answered if answered else None,
        counts=counts,
        by_agent=await _scored(work, lately, Agent.name),
        by_category=await _scored(work, lately & (Survey.category != ""), Survey.category),
        by_article=await _scored(work, lately & Survey.article.is_not(None), Survey.article),
    )


async def _scored(work: Work, lately: ColumnElement[bool], name: Any) -> list[Scored]:
    """The answers by some name, the best first."""
    average = func.avg(Survey.score)
    rows = (
        select(name, func.count(), average)
        .select_from(Survey)
        .outerjoin(Agent, Agent.id == Survey.agent_id)
        .where(lately, Survey.score.is_not(None), name.is_not(None))
        .group_by(name)
        .order_by(average.desc(), name)
    )
    return [Scored(row[0], row[1], float(row[2])) for row in await work.session.execute(rows)]


async def _theirs(work: Work, by: Who, number: int) -> Survey:
    """The survey of a ticket of whoever asks, locked with the ticket."""
    asking = await find.asking(work, by)
    ticket = await find.ticket_for(work.session, asking, number)
    if ticket.customer_id != asking.customer_id:
        raise find.UnknownTicket(number)
    survey = await work.session.get(Survey, number, populate_existing=True)
    if survey is None:
        raise NotAsked(number)
    return survey
