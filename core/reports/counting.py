"""What one ticket, or one enquiry, adds to the figures: values in, counts out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from core.model import Assignment, Enquiry, Fate, OfferedArticle, Stage, Survey, Target, Ticket
from core.model.report import PART_LENGTH
from core.reports.buckets import bucket


class Figure(StrEnum):
    """What is counted; behind it, by what it is divided."""

    OPENED = "opened"  # by category
    HOUR = "hour"  # opened, by weekday (0: Monday) and hour: 0-09
    FIRST_RESPONSE = "first response"  # by bucket of time
    RESOLUTION = "resolution"  # by bucket of time
    ASSIGNED = "assigned"  # by agent
    RESOLVED = "resolved"  # by agent
    REOPENED = "reopened"  # by agent
    MET = "met"  # by kind of target and priority: resolution:4
    BREACHED = "breached"  # by the same
    ASKED = "asked"  # surveys
    SCORE = "score"  # by agent and score: 7:5
    OFFERED = "offered"  # enquiries that got articles, by how they ended
    NO_ARTICLE = "no article"  # enquiries handed over without one
    ARTICLE = "article"  # by article and what customers made of it: helpful:returns


class Key(NamedTuple):
    """Where a count belongs."""

    day: date
    figure: str
    channel: str
    team_id: int
    part: str


Counts = Counter[Key]
Part = tuple[datetime, Figure, str]
NOBODY = "0"


@dataclass(frozen=True)
class TicketFacts:
    """A ticket with all that is counted of it."""

    ticket: Ticket
    assignments: list[Assignment] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    surveys: list[Survey] = field(default_factory=list)


def of_ticket(facts: TicketFacts) -> Counts:
    """What a ticket adds, as it stands now."""
    ticket = facts.ticket
    return Counter(
        _key(at, figure, ticket.channel, ticket.team_id or 0, part)
        for at, figure, part in (
            *_of_the_ticket(ticket),
            *((each.started_at, Figure.ASSIGNED, str(each.agent_id)) for each in facts.assignments),
            *(part for each in facts.targets for part in _of_target(each)),
            *(part for each in facts.surveys for part in _of_survey(each)),
        )
    )


def _of_the_ticket(ticket: Ticket) -> Iterator[Part]:
    opened = ticket.created_at
    yield opened, Figure.OPENED, ticket.category
    yield opened, Figure.HOUR, f"{opened.weekday()}-{opened.hour:02}"
    if ticket.first_response_at is not None:
        waited = ticket.first_response_at - opened
        yield ticket.first_response_at, Figure.FIRST_RESPONSE, str(bucket(waited))
    if ticket.resolved_at is not None:
        agent = str(ticket.assignee_id or NOBODY)
        yield ticket.resolved_at, Figure.RESOLUTION, str(bucket(ticket.resolved_at - opened))
        yield ticket.resolved_at, Figure.RESOLVED, agent
        if ticket.resolutions > 1:
            yield ticket.resolved_at, Figure.REOPENED, agent


def _of_target(target: Target) -> Iterator[Part]:
    part = f"{target.kind.value}:{target.priority}"
    if target.breached_at is not None:
        yield target.started_at, Figure.BREACHED, part
    elif target.met_at is not None:
        yield target.started_at, Figure.MET, part


def _of_survey(survey: Survey) -> Iterator[Part]:
    yield survey.asked_at, Figure.ASKED, ""
    if survey.score is not None:
        yield survey.asked_at, Figure.SCORE, f"{survey.agent_id or NOBODY}:{survey.score}"


MADE_OF_IT = {Fate.HELPFUL: "helpful", Fate.UNHELPFUL: "unhelpful"}


def of_enquiry(enquiry: Enquiry, offered: Iterable[OfferedArticle]) -> Counts:
    """What an enquiry adds, with the articles that were offered for it."""
    counts: Counts = Counter()

    def add(at: datetime, figure: Figure, part: str = "") -> None:
        counts[_key(at, figure, enquiry.channel, 0, part)] += 1

    if enquiry.offers:
        add(enquiry.created_at, Figure.OFFERED, enquiry.stage.value)
    elif enquiry.stage is Stage.HANDED_OVER:
        add(enquiry.created_at, Figure.NO_ARTICLE)
    for each in offered:
        add(each.offered_at, Figure.ARTICLE, f"{MADE_OF_IT.get(each.fate, 'other')}:{each.article}")
    return counts


def as_rows(counts: Counts) -> list[list[Any]]:
    """Counts as they are kept beside what they were counted of."""
    return [[key.day.isoformat(), *key[1:], count] for key, count in sorted(counts.items())]


def from_rows(rows: Sequence[Sequence[Any]]) -> Counts:
    """The same, read again."""
    return Counter({Key(date.fromisoformat(day), *rest[:-1]): rest[-1] for day, *rest in rows})


def _key(at: datetime, figure: Figure, channel: str, team_id: int, part: str) -> Key:
    return Key(at.date(), figure.value, channel, team_id, part[:PART_LENGTH])
