"""A crash at any step loses nothing, doubles nothing, and leaves every promise kept.

Here a part of the steps; `python -m tests.faults.run --full` takes them all.
"""

from pathlib import Path

import pytest

from tests.faults.crash_points import every_step
from tests.faults.scenes import PostgresScenes, Scenes, SqliteScenes
from tests.faults.stories import STORIES, Story

SOME = 8  # crashes in each story


@pytest.fixture(params=["sqlite", "postgresql"])
def scenes(request: pytest.FixtureRequest, tmp_path: Path) -> Scenes:
    """Each database in turn, to set scenes in."""
    if request.param == "sqlite":
        return SqliteScenes(request.getfixturevalue("sqlite_template"), tmp_path)
    return PostgresScenes(request.getfixturevalue("postgres_server"))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_a_crash_at_any_step_of(story: Story, scenes: Scenes) -> None:
    copies = await scenes.of(story)
    endings = [each async for each in every_step(story, copies, at_most=SOME)]

    assert len(endings) == SOME
    assert {each.step: each.broken for each in endings if each.broken} == {}
    assert [each.repeated for each in endings if each.repeated] == []


async def test_where_we_cannot_look_a_crash_repeats_only_what_was_not_settled(
    scenes: Scenes,
) -> None:
    [delivery] = [story for story in STORIES if story.name == "delivery"]
    copies = await scenes.of(delivery)
    crashes = every_step(delivery, copies, at_most=4 * SOME, can_find=False)
    endings = [each async for each in crashes]

    assert {each.step: each.broken for each in endings if each.broken} == {}
    assert any(each.repeated for each in endings)
