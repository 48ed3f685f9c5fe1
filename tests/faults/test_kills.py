"""kill -9 at any moment: every acknowledged message is on exactly one ticket, or answered.

Here a few; `python -m tests.faults.run --full` kills 200 times on each database.
"""

from pathlib import Path

from tests.faults.kills import kill_again_and_again

A_FEW = 3


async def test_kill_9_loses_nothing_that_was_acknowledged(
    database_url: str, tmp_path: Path
) -> None:
    toll = await kill_again_and_again(database_url, tmp_path / "posts", times=A_FEW, seed=1)

    assert toll.kills == A_FEW
    assert toll.acknowledged
    assert toll.broken == []
    assert toll.repeated == []
