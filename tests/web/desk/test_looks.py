"""Looks that pages share: one question at a moment, and everybody's own rights."""

import asyncio
from collections.abc import Sequence

import pytest

from core.desk import Desk
from core.vocabulary import History
from web.desk.looks import Look, Looks
from web.live import Live


class Asked:
    """Counts how often it is asked, and may refuse."""

    def __init__(self) -> None:
        self.times = 0
        self.refuses = False

    async def __call__(self) -> int:
        self.times += 1
        await asyncio.sleep(0)
        if self.refuses:
            raise PermissionError
        return self.times


NOTHING: Sequence[History] = ()


async def test_pages_with_the_same_question_ask_it_once_a_moment(desk: Desk) -> None:
    live, asked = Live(desk), Asked()
    looks = Looks(live)
    pages = [Look(looks, asked) for _ in range(20)]
    for page in pages:
        await page.alone()

    first = await asyncio.gather(*(page.together("queue", NOTHING) for page in pages))
    live.moment += 1
    second = await asyncio.gather(*(page.together("queue", NOTHING) for page in pages))

    assert (set(first), set(second), asked.times) == ({21}, {22}, 22)


@pytest.mark.parametrize("event", ["SessionEnded", "AgentRemoved", "AgentChanged"])
async def test_who_may_have_lost_their_rights_asks_alone(desk: Desk, event: str) -> None:
    asked = Asked()
    page = Look(Looks(Live(desk)), asked)
    await page.alone()
    await page.together("queue", NOTHING)
    asked.refuses = True

    assert await page.together("queue", NOTHING) == 2
    with pytest.raises(PermissionError):
        await page.together("queue", [History(event=event)])


async def test_a_question_of_ones_own_is_never_shared(desk: Desk) -> None:
    asked = Asked()
    looks = Looks(Live(desk))
    one, two = Look(looks, asked), Look(looks, asked)

    assert [await each.together(None, NOTHING) for each in (one, two, one)] == [1, 2, 3]
