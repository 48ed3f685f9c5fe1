"""What the desk's own enquiries say of the matching: questions whose end is known."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select

from core.errors import Invalid
from core.model.enquiry import Enquiry, Stage
from core.work import Work
from knowledge_base.evaluate import Asked
from knowledge_base.index import Entry

MOST = 5_000  # enquiries, the latest
FEWEST = 20  # enquiries of which anything can be said


class TooLittleHistory(Invalid):
    """So few enquiries have come to an end that figures would say nothing."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"Only {count} enquiries have come to a known end; {FEWEST} are needed, of which some "
            "were solved by an article."
        )


async def ended(work: Work) -> Sequence[Asked]:
    """The latest questions that an article solved, by the customer's word, or that a person got."""
    known = (
        select(Enquiry.question, Enquiry.stage, Enquiry.solved_by)
        .where(Enquiry.stage.in_([Stage.SOLVED, Stage.HANDED_OVER]))
        .order_by(Enquiry.id.desc())
        .limit(MOST)
    )
    rows = (await work.session.execute(known)).all()
    return [
        Asked(question, solved_by if stage is Stage.SOLVED else None)
        for question, stage, solved_by in rows
        if stage is Stage.HANDED_OVER or solved_by is not None
    ]


def to_rows(entries: Sequence[Entry], asked: Sequence[Asked]) -> dict[str, Any]:
    """Articles and questions in the form of JSON, from the process that has the database."""
    return {
        "entries": [asdict(entry) for entry in entries],
        "asked": [asdict(each) for each in asked],
    }


def from_rows(rows: Mapping[str, Any]) -> tuple[list[Entry], list[Asked]]:
    """The same again, fit for measuring. Raises `TooLittleHistory`."""
    asked = [Asked(**each) for each in rows["asked"]]
    return unlearned([Entry(**each) for each in rows["entries"]], asked), asked


def unlearned(entries: Sequence[Entry], asked: Sequence[Asked]) -> list[Entry]:
    """The entries without the phrasings that were learned from these very questions.

    Raises `TooLittleHistory`.
    """
    if len(asked) < FEWEST or not any(each.article for each in asked):
        raise TooLittleHistory(len(asked))
    questions = {each.text.strip().casefold() for each in asked}
    return [
        replace(
            entry,
            phrasings=tuple(
                each for each in entry.phrasings if each.strip().casefold() not in questions
            ),
        )
        for entry in entries
    ]
