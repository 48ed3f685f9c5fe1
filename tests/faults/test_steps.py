"""Escalation steps that are due: each once and in its order, whoever sweeps and whoever is killed.

Here a few; `python -m tests.faults.run --full` kills 50 sweepers among 1,000 steps on each database.
"""

import asyncio

from core.desk import Desk
from core.storage.database import Database
from tests.faults.steps import finish, kill_sweepers, lay_out, sum_up
from tests.faults.stories import HOUSE

STEPS = 300
A_FEW = 4
DESKS = 8


async def test_sweepers_that_are_killed_in_the_middle_leave_no_step_undone_and_none_done_twice(
    database_url: str,
) -> None:
    await lay_out(database_url, steps=STEPS)

    assert await kill_sweepers(database_url, times=A_FEW, seed=1) == A_FEW
    before = await sum_up(database_url)
    rest = await finish(database_url)

    assert before.ended + rest == STEPS
    left = await sum_up(database_url)
    assert (left.steps, left.ended) == (STEPS, STEPS)
    assert (left.taken_twice, left.out_of_order, left.untold) == ([], [], 0)


async def test_eight_desks_at_once_take_each_step_once_and_in_its_order(database_url: str) -> None:
    await lay_out(database_url, steps=STEPS)
    databases = [Database(database_url) for _ in range(DESKS)]

    ended = await asyncio.gather(*(Desk(each, HOUSE).escalate_due() for each in databases))
    rest = await finish(database_url)
    for each in databases:
        await each.close()

    left = await sum_up(database_url)
    assert (sum(ended) + rest, left.steps, left.ended) == (STEPS, STEPS, STEPS)
    assert (left.taken_twice, left.out_of_order, left.untold) == ([], [], 0)
