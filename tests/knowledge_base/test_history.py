"""A desk measures its matching on its own customers' questions."""

import pytest

from core.desk import Desk
from core.vocabulary import Role
from knowledge_base import history
from knowledge_base.evaluate import Asked, measure
from knowledge_base.history import TooLittleHistory
from knowledge_base.index import Entry
from knowledge_base.library import Library
from knowledge_base.writing import Fields
from tests.knowledge_base.conftest import Refresh
from tests.scene import hire, message, person


async def test_what_was_solved_and_what_a_person_got_are_told_apart(
    desk: Desk, library: Library, refresh: Refresh
) -> None:
    grace = await hire(desk, "grace", role=Role.LEAD)
    said = Fields(
        title="Return a purchase",
        body="Within 30 days.",
        phrasings=("how do I return my shoes", "send back shoes", "return an item"),
    )
    written = await library.add(grace, said)
    await library.publish(grace, written.slug)
    await refresh()
    solved = await desk.receive(message("how do I send back my shoes", by="ana"))
    assert solved.enquiry is not None
    await desk.solve_enquiry(person("ana"), solved.enquiry)
    await desk.receive(message("the lamp you sold me is on fire", by="ben"))
    await desk.receive(message("how do I return shoes", by="cem"))  # offered; nothing said yet

    asked = await library.history()

    assert Asked("how do I send back my shoes", written.slug) in asked
    assert Asked("the lamp you sold me is on fire", None) in asked
    assert len(asked) == 2


ENTRIES = [
    Entry(slug="returns", title="Return a purchase", phrasings=("send it back", "return an item")),
    Entry(slug="parcel", title="Where is it", phrasings=("track my parcel", "where is my order")),
]


def test_a_question_is_not_measured_against_the_phrasing_learned_from_it() -> None:
    asked = [Asked(f"question {i}", None) for i in range(30)] + [Asked("Send it back ", "returns")]

    entries, questions = history.from_rows(history.to_rows(ENTRIES, asked))

    assert entries[0].phrasings == ("return an item",)
    assert entries[1].phrasings == ENTRIES[1].phrasings
    assert measure(entries, questions).questions == 31


@pytest.mark.parametrize("articles", [[None] * 40, ["returns"] * 3, []])
def test_too_little_is_said(articles: list[str | None]) -> None:
    asked = [Asked(f"question {i}", article) for i, article in enumerate(articles)]

    with pytest.raises(TooLittleHistory, match=f"Only {len(asked)} enquiries"):
        history.from_rows(history.to_rows(ENTRIES, asked))
