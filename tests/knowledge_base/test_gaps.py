"""What customers ask and no article answers is found, grouped, and made an article of."""

import pytest

from core.desk import Desk
from core.errors import Invalid, NotFound
from core.tickets.find import UnknownTicket
from core.vocabulary import OPERATOR, Outcome
from knowledge_base.article import Publication
from knowledge_base.drafts import NotResolved
from knowledge_base.gaps import group
from knowledge_base.library import Library
from knowledge_base.writing import Fields
from tests.knowledge_base.conftest import Refresh
from tests.scene import hire, message, open_ticket, person

WARRANTY = (
    "do you repair lamps that are out of warranty",
    "can you repair my lamp, it is out of warranty",
    "repair of a lamp out of warranty?",
)


async def ask_and_get_a_person(desk: Desk, by: str, text: str) -> None:
    received = await desk.receive(message(text, by=by))
    assert received.outcome is Outcome.TICKET


async def test_questions_that_mean_the_same_are_one_gap_and_the_largest_comes_first(
    desk: Desk, library: Library
) -> None:
    await ask_and_get_a_person(desk, "zoe", "is there a discount for students")
    for customer, question in zip(("ana", "ben", "cleo"), WARRANTY, strict=True):
        await ask_and_get_a_person(desk, customer, f"{question} order A-1041, {customer}@mail.org")

    first, second = await library.gaps(OPERATOR)

    assert (first.count, first.customers, second.count) == (3, 3, 1)
    assert "warranty" in first.question
    assert "A-1041" not in " ".join(first.examples)
    assert "@" not in " ".join(first.examples)
    assert second.question == "is there a discount for students"
    assert (await library.gap(OPERATOR, first.number)).count == 3
    with pytest.raises(NotFound):
        await library.gap(OPERATOR, 999)


async def test_a_gap_is_closed_by_its_article(
    desk: Desk, library: Library, refresh: Refresh
) -> None:
    for customer, question in zip(("ana", "ben", "cleo"), WARRANTY, strict=True):
        await ask_and_get_a_person(desk, customer, question)
    [gap] = await library.gaps(OPERATOR)

    said = Fields(title=gap.question, body="Yes, for 20 euros.", phrasings=tuple(gap.examples))
    article = await library.add(OPERATOR, said)
    await library.publish(OPERATOR, article.slug)
    await refresh()

    assert not await library.gaps(OPERATOR)


async def test_what_an_article_solved_is_no_gap(desk: Desk, library: Library) -> None:
    await desk.receive(message("thanks!"))

    assert not await library.gaps(OPERATOR)


SAID = {
    "warranty": (
        *WARRANTY,
        "is a repair possible after the warranty",
        "my warranty is over, repair?",
    ),
    "students": ("discount for students", "do students get a discount", "student discount code?"),
    "gift": (
        "can you wrap it as a gift",
        "gift wrapping possible?",
        "please wrap my order as a gift",
    ),
    "shop": ("when is your shop open", "opening hours of the shop", "is the shop open on sunday"),
    "glass": ("my glass shade is broken", "the glass shade broke, can I buy a new glass shade"),
    "invoice": ("change the name on my invoice", "wrong name on the invoice, please change it"),
    "bulb": ("which bulb fits the lamp", "what bulb does the lamp need", "bulb for the lamp?"),
}


def test_groups_hold_together_what_belongs_together() -> None:
    asked = [(text, about) for about, texts in SAID.items() for text in texts]
    groups = group([text for text, _ in asked])

    abouts = [[asked[place][1] for place in places] for places in groups]
    assert sorted(place for places in groups for place in places) == list(range(len(asked)))
    assert all(len(set(about)) == 1 for about in abouts)
    assert len(groups) <= len(SAID) + 4
    assert [len(about) for about in abouts] == sorted(map(len, abouts), reverse=True)


async def test_a_resolved_ticket_becomes_a_draft_without_what_is_private(
    desk: Desk, library: Library
) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk, "Hi, my lamp from order A-1041 hums. ana@mail.org", by="ana")
    await desk.note(grace, number, "known fault of the May batch, do not tell")
    await desk.reply(grace, number, "Hello Ana,\nturn the bulb tighter.\n\nBest,\nGrace")
    with pytest.raises(NotResolved):
        await library.draft(grace, number)
    await desk.resolve(grace, number, "If it hums still, we replace order A-1041.")

    article = await library.draft(grace, number)

    said = " ".join([article.title, article.body, *(each.text for each in article.phrasings)])
    assert article.publication is Publication.DRAFT
    assert "turn the bulb tighter." in article.body
    assert "If it hums still" in article.body
    for private in ("A-1041", "ana@mail.org", "Ana", "Grace", "May batch"):
        assert private not in said


async def test_a_draft_needs_a_ticket_and_an_answer(desk: Desk, library: Library) -> None:
    grace = await hire(desk, "grace")
    number = await open_ticket(desk, "my lamp hums")
    await desk.resolve(grace, number, "")

    with pytest.raises(Invalid, match="Nobody answered"):
        await library.draft(grace, number)
    with pytest.raises(UnknownTicket):
        await library.draft(grace, 99)
    with pytest.raises(Exception, match="support team"):
        await library.draft(person("ana"), number)


async def test_no_number_of_days_is_too_many(library: Library) -> None:
    assert await library.gaps(OPERATOR, days=2**31 - 1) == []
