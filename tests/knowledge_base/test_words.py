"""Full text over articles: every word of them is found, in every language, as they are now."""

import pytest

from core.channels import Who
from core.desk import Desk
from core.people.actors import NotStaff
from core.vocabulary import Role
from knowledge_base.article import Audience
from knowledge_base.library import Library
from knowledge_base.writing import Fields
from knowledge_base.written import Text, Written
from tests.scene import hire, person

ARTICLES = [
    Written(
        slug="care",
        title="Care for brass",
        body="Wipe it with a *microfibre* cloth; never use vinegar.\n\nEvery São Paulo lamp.",
        category="upkeep",
        phrasings=("how do I polish it?",),
        translations={"de": Text(title="Messing pflegen", body="Kein Essig, kein Öl.")},
    ),
    Written(slug="send-back", title="Send a lamp back", body="Within 30 days."),
    Written(slug="secret", title="For us", body="vinegar at cost", audience=Audience.STAFF),
]


@pytest.fixture
async def library(desk: Desk) -> Library:
    there = Library.beside(desk)
    await there.take_in(ARTICLES)
    return there


@pytest.fixture
async def lead(desk: Desk) -> Who:
    return await hire(desk, "lead", role=Role.LEAD)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("microfibre", {"care"}),
        ("MICROF", {"care"}),
        ("sao paulo", {"care"}),
        ("essig", {"care"}),
        ("ol", {"care"}),
        ("öl messing", {"care"}),
        ("polish", {"care"}),
        ("upkeep", {"care"}),
        ("vinegar", {"care", "secret"}),
        ("lamp", {"care", "send-back"}),
        ("lamp vinegar", {"care"}),
        ("la", set()),
        ("nowhere", set()),
        ("", set()),
        ('"* OR :(', set()),
        ("lamp' & !x | <->", set()),
        ('" lamp " NOT care*', set()),
    ],
)
async def test_what_is_found(library: Library, lead: Who, text: str, expected: set[str]) -> None:
    assert {each.slug for each in await library.containing(lead, text)} == expected


async def test_everybody_finds_only_what_everybody_may_read(library: Library, lead: Who) -> None:
    assert await library.public_with("vinegar") == ["care"]
    await library.archive(lead, "care")

    assert await library.public_with("vinegar") == []
    assert {each.slug for each in await library.containing(lead, "vinegar")} == {"care", "secret"}
    with pytest.raises(NotStaff):
        await library.containing(person("ana"), "vinegar")


async def test_words_come_and_go_with_every_change(library: Library, lead: Who) -> None:
    async def found(text: str) -> int:
        return len(await library.containing(lead, text))

    await library.edit(
        lead, "send-back", Fields(body="Within a fortnight.", phrasings=("refund?",))
    )
    assert [await found(text) for text in ("fortnight", "refund", "30")] == [1, 1, 0]
    said = Fields(language="fr", title="Renvoyer", body="Une quinzaine.")
    await library.translate(lead, "send-back", said)
    assert await found("quinzaine") == 1
    await library.edit(lead, "send-back", Fields(phrasings=("another",)))
    assert [await found(text) for text in ("refund", "another")] == [0, 1]
    await library.add(lead, Fields(title="Bulbs", body="A draft about tungsten."))
    assert await found("tungsten") == 1


async def test_the_best_comes_first(library: Library, lead: Who) -> None:
    await library.add(lead, Fields(title="Bulbs", body="A lamp. " + "Other words. " * 200))
    await library.add(lead, Fields(title="Lamp lamp", body="A lamp and a lamp."))

    assert (await library.containing(lead, "lamp"))[0].title == "Lamp lamp"
