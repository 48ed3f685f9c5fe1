"""Filing tickets: tags and categories."""

import asyncio

import pytest

from core.desk import Desk
from core.errors import Forbidden, Invalid
from core.storage.database import Database
from core.tickets.tagging import BadCategory, BadTag, TooManyTags
from core.vocabulary import OPERATOR
from tests.rows import all_rows
from tests.scene import hire, open_ticket, person

GRACE = person("grace")


async def test_tags_are_put_on_and_taken_off_and_kept_in_one_spelling(desk: Desk) -> None:
    await hire(desk, "grace")
    number = await open_ticket(desk)

    await desk.tag(GRACE, number, add=["VIP", "#lamp", "old"])
    await desk.tag(GRACE, number, add=["vip"], remove=["Old", "never-there"])

    assert await desk.tags(GRACE, number) == ["lamp", "vip"]


async def test_what_is_so_already_happens_to_nobody(desk: Desk, database: Database) -> None:
    await hire(desk, "grace")
    number = await open_ticket(desk)
    await desk.tag(GRACE, number, add=["vip"])
    await desk.set_category(GRACE, number, "billing")
    before = await all_rows(database)

    await desk.tag(GRACE, number, add=["VIP"], remove=["old"])
    await desk.set_category(GRACE, number, " Billing ")

    assert await all_rows(database) == before


async def test_a_category_is_set_and_taken_off(desk: Desk) -> None:
    await hire(desk, "grace")
    number = await open_ticket(desk)

    assert (await desk.set_category(GRACE, number, "Late  Delivery")).category == "late delivery"
    assert (await desk.set_category(GRACE, number, "none")).category == ""


async def test_of_twenty_who_tag_at_once_none_is_lost(desk: Desk) -> None:
    number = await open_ticket(desk)

    await asyncio.gather(*(desk.tag(OPERATOR, number, add=[f"t{n}", "all"]) for n in range(19)))

    assert len(await desk.tags(OPERATOR, number)) == 20


@pytest.mark.parametrize(
    "tag", ["", " ", "two words", "a,b", "-x", "x" * 41, "a:b", "\x00", "#", "🔥"]
)
async def test_what_cannot_be_a_tag_is_refused(desk: Desk, tag: str) -> None:
    number = await open_ticket(desk)

    with pytest.raises(BadTag, match="cannot be a tag"):
        await desk.tag(OPERATOR, number, add=["fine", tag])

    assert await desk.tags(OPERATOR, number) == []


@pytest.mark.parametrize("category", ["x" * 61, "a:b", "🔥", "-x", '"', "a\x00b", "<b>"])
async def test_what_cannot_be_a_category_is_refused(desk: Desk, category: str) -> None:
    number = await open_ticket(desk)

    with pytest.raises(BadCategory, match="cannot be a category"):
        await desk.set_category(OPERATOR, number, category)


async def test_twenty_tags_are_enough(desk: Desk) -> None:
    number = await open_ticket(desk)
    await desk.tag(OPERATOR, number, add=[f"t{n}" for n in range(20)])

    with pytest.raises(TooManyTags):
        await desk.tag(OPERATOR, number, add=["one-more"])
    await desk.tag(OPERATOR, number, add=["another"], remove=["t0"])


async def test_customers_file_nothing(desk: Desk) -> None:
    number = await open_ticket(desk, by="ana")

    with pytest.raises((Forbidden, Invalid)):
        await desk.tag(person("ana"), number, add=["vip"])
    with pytest.raises((Forbidden, Invalid)):
        await desk.set_category(person("ana"), number, "billing")
    with pytest.raises((Forbidden, Invalid)):
        await desk.tags(person("ana"), number)
