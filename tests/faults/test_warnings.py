"""Targets in danger: each is warned of once, whoever sweeps and whoever is killed.

Here a few; `python -m tests.faults.run --full` kills 50 sweepers among 1,000 targets on each database.
"""

from tests.faults.warnings import finish, kill_sweepers, lay_out, look, sweep_together

TARGETS = 300
A_FEW = 3
PROCESSES = 2


async def test_sweepers_that_are_killed_in_the_middle_warn_of_each_target_once(
    database_url: str,
) -> None:
    await lay_out(database_url, targets=TARGETS)

    assert await kill_sweepers(database_url, times=A_FEW, seed=1) == A_FEW
    await finish(database_url)

    left = await look(database_url)
    assert (left.warnings, left.targets, left.twice, left.untold) == (TARGETS, TARGETS, [], 0)


async def test_processes_that_sweep_at_once_warn_of_each_target_once(postgres_url: str) -> None:
    await lay_out(postgres_url, targets=TARGETS)

    await sweep_together(postgres_url, processes=PROCESSES)
    await finish(postgres_url)

    left = await look(postgres_url)
    assert (left.warnings, left.targets, left.twice, left.untold) == (TARGETS, TARGETS, [], 0)
