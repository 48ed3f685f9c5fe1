"""Gaps: what customers ask and no article answers, grouped by meaning, the largest first."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from core.channels import Who
from core.deflection import Verdict
from core.errors import NotFound
from core.model import Customer, Enquiry, Stage
from core.people.actors import staff
from core.tickets.phrases import asks_for_person, says_no, small_talk
from core.work import Work
from knowledge_base import private, text
from knowledge_base.tiers import NotInstalled, Reading, Tier, encoder_for
from knowledge_base.vectors import Space

MOST = 1_000  # questions looked at, the latest
EXAMPLES = 5
MOST_DAYS = 3_650
LONGEST = 300  # characters of a question that are compared
ALIKE = 0.68  # distance up to which two groups are one; nine of ten then mean the same


@dataclass(frozen=True)
class Gap:
    """A group of questions. ``number`` is that of the question in its middle, which ``question``
    is; ``examples`` are some of them, all without what was somebody's own."""

    number: int
    question: str
    count: int
    customers: int
    examples: Sequence[str]


class NoSuchGap(NotFound):
    """No question of that number is without an answer."""

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no gap {number} any more. /kb gaps shows what there is.")


@dataclass(frozen=True)
class _Asked:
    number: int
    customer: int
    question: str


async def gaps(work: Work, by: Who, *, days: int = 90) -> Sequence[Gap]:
    """What went to a person within so many days, but for what an article would answer by now."""
    await staff(work.session, by)
    asked = await _unanswered(work, min(days, MOST_DAYS))
    groups = await asyncio.to_thread(group, [each.question for each in asked])
    return [_gap([asked[place] for place in places]) for places in groups]


async def gap(work: Work, by: Who, number: int) -> Gap:
    """The gap around one question. Raises `NoSuchGap`."""
    await staff(work.session, by)
    asked = await _unanswered(work, days=365)
    groups = await asyncio.to_thread(group, [each.question for each in asked])
    for places in groups:
        members = [asked[place] for place in places]
        if any(each.number == number for each in members):
            return _gap(sorted(members, key=lambda each: each.number != number))
    raise NoSuchGap(number)


def group(questions: Sequence[str]) -> list[list[int]]:
    """The places of questions that mean the same, the largest group first, and in each group the
    one in its middle first. Average linkage over cosines of words and, where a tier has them, of
    meanings."""
    if len(questions) < 2:
        return [[place] for place in range(len(questions))]
    # A running desk that is never asked for its gaps need not hold the 30 MB of these.
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    likeness = _likeness([question[:LONGEST] for question in questions])
    distances = np.clip(1 - likeness, 0, 2)
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), method="average")
    labels = fcluster(tree, ALIKE, criterion="distance")
    found = []
    for label in np.unique(labels):
        places = np.flatnonzero(labels == label)
        middle = likeness[np.ix_(places, places)].sum(axis=1)
        found.append([int(place) for place in places[np.argsort(-middle, kind="stable")]])
    return sorted(found, key=lambda places: (-len(places), places[0]))


def _likeness(questions: Sequence[str]) -> NDArray[np.float64]:
    """Cosines of all pairs."""
    words = Space().learn([text.words(question) for question in questions])
    likeness: NDArray[np.float64] = (words @ words.T).toarray().astype(np.float64)
    with suppress(NotInstalled):
        encoder = encoder_for(Reading(Tier.STATIC))
        if encoder is not None:
            meanings = encoder.encode(questions)
            likeness = (likeness + meanings @ meanings.T) / 2
    return likeness


async def _unanswered(work: Work, days: int) -> list[_Asked]:
    """The questions that went to a person and that no article answers today either."""
    handed_over = (
        select(Enquiry.id, Enquiry.customer_id, Enquiry.question, Customer.name)
        .join(Customer, Customer.id == Enquiry.customer_id)
        .where(
            Enquiry.stage == Stage.HANDED_OVER,
            Enquiry.updated_at > work.now - timedelta(days=days),
        )
        .order_by(Enquiry.id.desc())
        .limit(MOST)
    )
    asked = []
    for number, customer, question, name in await work.session.execute(handed_over):
        bare = private.phrasing(_the_matter(question), [name])
        if not bare:
            continue
        said = await work.house.deflector.suggest(bare)
        if said.verdict is not Verdict.SURE:
            asked.append(_Asked(number, customer, bare))
    return asked


def _the_matter(question: str) -> str:
    """A question without the lines that only ask for a person, say no, or are polite."""
    lines = question.splitlines()
    return "\n".join(
        line
        for line in lines
        if not (asks_for_person(line) or says_no(line) or small_talk(line) is not None)
    )


def _gap(members: Sequence[_Asked]) -> Gap:
    questions = list(dict.fromkeys(each.question[:LONGEST] for each in members))
    return Gap(
        number=members[0].number,
        question=questions[0],
        count=len(members),
        customers=len({each.customer for each in members}),
        examples=questions[:EXAMPLES],
    )
