"""The knowledge base learns: from thumbs, from pleas for a person, and never behind one's back."""

import asyncio

import pytest

from core.cards import plain
from core.desk import Desk
from core.vocabulary import OPERATOR, House, Outcome, Policy, Role
from knowledge_base.deflect import KnowledgeBase
from knowledge_base.learning import Decided, UnknownProposal
from knowledge_base.library import Library
from knowledge_base.writing import Fields
from tests.conftest import OpenDesk
from tests.knowledge_base.conftest import Refresh
from tests.outbox import Outbox
from tests.scene import hire, message, person

ASKED = "how do I send back my shoes"


@pytest.fixture
async def article(desk: Desk, library: Library, refresh: Refresh) -> str:
    """An article that Grace wrote, and customers are answered with."""
    grace = await hire(desk, "grace", role=Role.LEAD)
    said = Fields(
        title="Return a purchase",
        body="Within 30 days.",
        phrasings=("how do I return my shoes", "send back shoes", "return an item", "send it back"),
    )
    written = await library.add(grace, said)
    await library.publish(grace, written.slug)
    await refresh()
    return written.slug


async def asks(desk: Desk, by: str, text: str = ASKED) -> int:
    received = await desk.receive(message(text, by=by))
    assert received.outcome is Outcome.SUGGESTED
    assert received.enquiry is not None
    return received.enquiry


async def test_a_solved_question_becomes_a_phrasing_after_a_leads_yes(
    desk: Desk, library: Library, article: str
) -> None:
    question = f"{ASKED}, Grace? my order is A-10423, mail ana@example.org"
    await desk.solve_enquiry(person("ana"), await asks(desk, "ana", question))
    await library.digest()

    [proposal] = await library.proposals(OPERATOR)
    assert proposal.text.startswith(ASKED)
    assert not {"A-10423", "ana@example.org"} & set(proposal.text.split())
    decided = await library.decide(OPERATOR, proposal.id, accept=True)
    shown = (await library.article(OPERATOR, article)).article
    assert decided.text in [each.text for each in shown.phrasings]
    with pytest.raises(Decided):
        await library.decide(OPERATOR, proposal.id, accept=False)
    with pytest.raises(UnknownProposal):
        await library.decide(OPERATOR, 99, accept=True)


async def test_what_is_declined_is_not_proposed_again(
    desk: Desk, library: Library, article: str
) -> None:
    for customer in ("ana", "ben"):
        await desk.solve_enquiry(person(customer), await asks(desk, customer))
        await library.digest()
        for proposal in await library.proposals(OPERATOR):
            await library.decide(OPERATOR, proposal.id, accept=False)

    assert not await library.proposals(OPERATOR)
    shown = (await library.article(OPERATOR, article)).article
    assert (shown.helpful, len(shown.phrasings)) == (2, 4)


async def test_a_question_sure_enough_is_learned_at_once_if_the_desk_is_set_so(
    open_desk: OpenDesk, deflector: KnowledgeBase, article: str
) -> None:
    trusting = open_desk(House(deflector=deflector, policy=Policy(learn_above=0.01)))
    await trusting.solve_enquiry(person("ana"), await asks(trusting, "ana"))
    library = Library.beside(trusting)

    await library.digest()

    shown = (await library.article(OPERATOR, article)).article
    assert ASKED in [each.text for each in shown.phrasings]
    assert not await library.proposals(OPERATOR)


async def test_an_article_that_does_not_help_is_only_offered_and_its_writer_told(
    desk: Desk, library: Library, article: str, refresh: Refresh, outbox: Outbox
) -> None:
    for customer in ("ana", "ben", "cleo", "dan"):
        await desk.hand_over(person(customer), await asks(desk, customer))
    await library.digest()
    await refresh()
    await desk.courier.deliver_due()

    shown = (await library.article(OPERATOR, article)).article
    assert (shown.unhelpful, shown.offered_only) == (4, True)
    assert any("does not help" in text for text in outbox.texts("grace"))
    offered = (await desk.receive(message("how do I return my shoes", by="eve"))).suggestions
    await desk.courier.deliver_due()
    if offered:
        assert "Did you mean" in plain(outbox.to("eve")[-1].card)


async def test_an_edit_of_the_answer_gives_it_a_new_chance(
    desk: Desk, library: Library, article: str
) -> None:
    for customer in ("ana", "ben", "cleo", "dan"):
        await desk.hand_over(person(customer), await asks(desk, customer))
    await library.digest()

    edited = await library.edit(OPERATOR, article, Fields(body="Print the label, within 30 days."))

    assert (edited.offered_only, edited.unhelpful) == (False, 0)


async def test_nothing_is_counted_twice(desk: Desk, library: Library, article: str) -> None:
    await desk.solve_enquiry(person("ana"), await asks(desk, "ana"))

    assert await library.digest() == 1
    assert await library.digest() == 0
    assert (await library.article(OPERATOR, article)).article.helpful == 1


async def test_of_many_sweeps_at_once_each_opinion_is_counted_by_one(
    desk: Desk, library: Library, article: str
) -> None:
    for name in ("ana", "ben", "cleo"):
        await desk.solve_enquiry(person(name), await asks(desk, name))

    done = await asyncio.gather(*(library.digest() for _ in range(4)))

    assert sum(done) == 3
    assert (await library.article(OPERATOR, article)).article.helpful == 3
    assert len(await library.proposals(OPERATOR)) == 1


async def test_silence_is_no_opinion(desk: Desk, library: Library, article: str) -> None:
    await asks(desk, "ana")

    assert await library.digest() == 0


async def test_figures_count_by_week_and_by_article(
    desk: Desk, library: Library, article: str
) -> None:
    await desk.solve_enquiry(person("ana"), await asks(desk, "ana"))
    await desk.hand_over(person("ben"), await asks(desk, "ben"))
    await desk.receive(message("my cat ate the parcel's ribbon", by="cleo"))

    found = await library.figures(OPERATOR, weeks=2)

    before, now = found.weeks
    assert (before.asked, now.asked, now.offered, now.solved, now.handed_over) == (0, 3, 2, 1, 2)
    [figures] = found.articles
    assert (figures.offered, figures.helpful, figures.unhelpful) == (2, 1, 1)
    assert found.deflection.share == pytest.approx(1 / 3)
    low, high = found.deflection.interval or (0, 0)
    assert [low, high] == pytest.approx([0.0615, 0.7923], abs=1e-3)
