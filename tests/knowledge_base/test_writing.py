"""Agents write, leads publish; every change is a revision, and none is lost to another."""

import asyncio

import pytest

from core.desk import Desk
from core.errors import Conflict, Invalid
from core.people.actors import NotStaff, RoleTooLow
from core.vocabulary import OPERATOR, Outcome, Role
from knowledge_base.article import Audience, Publication
from knowledge_base.library import Library
from knowledge_base.reading import UnknownArticle
from knowledge_base.writing import Fields, NothingSaid, Outdated, UnknownRevision
from tests.knowledge_base.conftest import Refresh
from tests.scene import hire, message, open_ticket, person

PICK_UP = Fields(
    title="Can I pick it up?",
    body="Yes, at Hill Street 5.",
    phrasings=("pick up in the shop", "collect my order myself", "can I come by and get it"),
)


async def test_an_agent_drafts_and_a_lead_publishes(
    desk: Desk, library: Library, refresh: Refresh
) -> None:
    agent, lead = await hire(desk, "grace"), await hire(desk, "linus", role=Role.LEAD)

    draft = await library.add(agent, PICK_UP)
    assert (draft.slug, draft.publication) == ("can-i-pick-it-up", Publication.DRAFT)
    assert not await library.published()
    with pytest.raises(RoleTooLow):
        await library.publish(agent, draft.slug)
    await library.publish(lead, draft.slug)
    await refresh()

    received = await desk.receive(message("can I pick up my order in the shop?"))
    assert received.outcome is Outcome.SUGGESTED
    with pytest.raises(RoleTooLow):
        await library.edit(agent, draft.slug, Fields(title="Mine"))


async def test_customers_write_nothing_and_read_what_is_public(
    desk: Desk, library: Library
) -> None:
    draft = await library.add(OPERATOR, PICK_UP)
    ana = person("ana")

    with pytest.raises(NotStaff):
        await library.add(ana, PICK_UP)
    with pytest.raises(NotStaff):
        await library.articles(ana)
    with pytest.raises(UnknownArticle):
        await library.article(ana, draft.slug)
    await library.publish(OPERATOR, draft.slug)
    shown = await library.article(ana, draft.slug)
    assert (shown.article.title, shown.revisions) == ("Can I pick it up?", ())
    await library.edit(OPERATOR, draft.slug, Fields(audience=Audience.STAFF))
    with pytest.raises(UnknownArticle):
        await library.article(ana, draft.slug)


async def test_what_is_for_staff_advises_agents_and_reaches_no_customer(
    desk: Desk, library: Library, refresh: Refresh
) -> None:
    article = await library.add(
        OPERATOR,
        Fields(
            title="Vouchers for angry customers",
            body="Up to 20 euros.",
            phrasings=("how much may I give an angry customer", "voucher for an angry customer"),
            audience=Audience.STAFF,
        ),
    )
    await library.publish(OPERATOR, article.slug)
    await refresh()

    received = await desk.receive(message("how much may I give an angry customer"))
    assert received.outcome is Outcome.TICKET
    assert received.ticket is not None
    [advised] = (await desk.ticket(OPERATOR, received.ticket)).ticket.advice
    assert (advised["article"], advised["for_staff"]) == (article.slug, True)
    assert not (await library.search(person("ana"), "voucher for an angry customer")).nearest


async def test_every_change_is_a_revision_and_can_be_gone_back_to(
    desk: Desk, library: Library
) -> None:
    grace = await hire(desk, "grace", role=Role.LEAD)
    article = await library.add(grace, PICK_UP)
    await library.edit(grace, article.slug, Fields(body="No."))
    await library.publish(grace, article.slug)

    revisions = (await library.article(OPERATOR, article.slug)).revisions
    assert [(each.number, each.change) for each in revisions] == [
        (3, "published"),
        (2, "edited"),
        (1, "added"),
    ]
    assert all("Grace" in each.by for each in revisions)
    back = await library.restore(grace, article.slug, 1)
    assert (back.body, back.publication) == ("Yes, at Hill Street 5.", Publication.PUBLISHED)
    with pytest.raises(UnknownRevision):
        await library.restore(grace, article.slug, 9)


async def test_a_form_opened_before_somebody_elses_change_is_refused(library: Library) -> None:
    article = await library.add(OPERATOR, PICK_UP)
    seen = article.version
    await library.edit(OPERATOR, article.slug, Fields(body="No."), {seen})

    with pytest.raises(Outdated, match="Somebody changed"):
        await library.edit(OPERATOR, article.slug, Fields(body="Perhaps."), {seen})
    assert (await library.article(OPERATOR, article.slug)).article.body == "No."


async def test_many_writers_at_once_lose_nothing(library: Library) -> None:
    article = await library.add(OPERATOR, PICK_UP)

    await asyncio.gather(
        *(library.edit(OPERATOR, article.slug, Fields(body=f"Version {n}")) for n in range(8)),
        *(library.add(OPERATOR, PICK_UP) for _ in range(4)),
    )

    revisions = (await library.article(OPERATOR, article.slug)).revisions
    assert [each.number for each in revisions] == [9, 8, 7, 6, 5]
    slugs = {each.slug for each in await library.articles(OPERATOR)}
    assert slugs == {"can-i-pick-it-up", *(f"can-i-pick-it-up-{n}" for n in (2, 3, 4, 5))}


async def test_a_translation_answers_in_its_language(
    desk: Desk, library: Library, refresh: Refresh
) -> None:
    article = await library.add(OPERATOR, PICK_UP)
    german = Fields(
        language="de",
        title="Kann ich es abholen?",
        body="Ja, in der Hügelstraße 5.",
        phrasings=("im Laden abholen", "kann ich meine Bestellung selbst abholen"),
    )
    await library.translate(OPERATOR, article.slug, german)
    await library.publish(OPERATOR, article.slug)
    await refresh()

    received = await desk.receive(message("kann ich meine Bestellung im Laden abholen?"))
    assert [each["title"] for each in received.suggestions] == ["Kann ich es abholen?"]
    asked = await desk.receive(message("can I pick up my order in the shop?", by="ben"))
    assert [each["title"] for each in asked.suggestions] == ["Can I pick it up?"]


async def test_publishing_without_phrasings_warns(library: Library) -> None:
    bare = await library.add(OPERATOR, Fields(title="Opening hours", body="Nine to five."))
    good = await library.add(OPERATOR, PICK_UP)

    _, warning = await library.publish(OPERATOR, bare.slug)
    _, none = await library.publish(OPERATOR, good.slug)

    assert "no phrasings" in warning
    assert none == ""


async def test_what_cannot_be_kept_is_refused_with_a_sentence(library: Library) -> None:
    article = await library.add(OPERATOR, PICK_UP)

    with pytest.raises(Invalid, match="needs a title and a body"):
        await library.add(OPERATOR, Fields(title="x"))
    with pytest.raises(Invalid, match="longer than 200"):
        await library.add(OPERATOR, Fields(title="x" * 201, body="y"))
    with pytest.raises(Invalid, match="no code such as en"):
        await library.edit(OPERATOR, article.slug, Fields(language="English"))
    with pytest.raises(NothingSaid):
        await library.edit(OPERATOR, article.slug, Fields(title=article.title))
    with pytest.raises(UnknownArticle, match="Did you mean can-i-pick-it-up"):
        await library.edit(OPERATOR, "can-i-pick-it-upp", Fields(title="x"))
    await library.archive(OPERATOR, article.slug)
    with pytest.raises(Conflict, match="archived already"):
        await library.archive(OPERATOR, article.slug)


async def test_long_titles_of_one_beginning_get_names_of_their_own(library: Library) -> None:
    long = Fields(title=f"{'a' * 109} {'b' * 80}", body="Yes.")

    slugs = [(await library.add(OPERATOR, long)).slug for _ in range(3)]

    assert slugs == [f"{'a' * 109}-{'b' * 10}", f"{'a' * 109}-2", f"{'a' * 109}-3"]


async def test_an_article_is_not_in_one_language_twice(library: Library) -> None:
    article = await library.add(OPERATOR, PICK_UP)
    await library.translate(OPERATOR, article.slug, Fields(language="de", title="Ä", body="Ja."))

    with pytest.raises(Invalid, match="one of its translations"):
        await library.edit(OPERATOR, article.slug, Fields(language="de"))


async def test_a_translation_keeps_its_phrasings_if_none_are_said(library: Library) -> None:
    article = await library.add(OPERATOR, PICK_UP)
    german = Fields(language="de", title="Ä", body="Ja.", phrasings=("kann ich abholen",))
    await library.translate(OPERATOR, article.slug, german)

    await library.translate(OPERATOR, article.slug, Fields(language="de", title="Ö", body="Ja."))

    [kept] = await library.everything()
    assert kept.translations["de"].phrasings == ("kann ich abholen",)


@pytest.mark.parametrize("meant", ["secret-pric", "secret-prices", "can-i-pick-it-u"])
async def test_no_hint_tells_a_customer_of_what_they_may_not_read(
    library: Library, meant: str
) -> None:
    secret = Fields(title="Secret prices", body="Half.", audience=Audience.STAFF)
    await library.publish(OPERATOR, (await library.add(OPERATOR, secret)).slug)
    await library.add(OPERATOR, PICK_UP)  # a draft

    with pytest.raises(UnknownArticle) as refused:
        await library.article(person("ana"), meant)

    assert str(refused.value) == f"There is no article {meant}. /kb search finds them."


async def test_a_customer_is_sent_an_article_in_their_language(
    desk: Desk, library: Library, refresh: Refresh
) -> None:
    grace = await hire(desk, "grace")
    article = await library.add(OPERATOR, PICK_UP)
    german = Fields(
        language="de",
        title="Kann ich abholen?",
        body="Ja, in der Hill Street 5.",
        phrasings=("kann ich meine Bestellung im Laden abholen", "Abholung im Laden"),
    )
    await library.translate(OPERATOR, article.slug, german)
    await library.publish(OPERATOR, article.slug)
    await refresh()
    number = await open_ticket(desk, "qwertz asdf")
    assert (await library.for_customer(grace, number, article.slug)).title == "Can I pick it up?"

    await desk.edit_customer(OPERATOR, f"#{number}", {"language": "de-AT"})

    text = await library.for_customer(grace, number, article.slug)
    assert text.title == "Kann ich abholen?"
