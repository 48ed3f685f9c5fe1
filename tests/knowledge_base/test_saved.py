"""What was learned from the articles is kept: the next process starts in a moment."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.deflection import Suggestions
from knowledge_base import deflect
from knowledge_base.deflect import KnowledgeBase
from knowledge_base.index import Entry
from knowledge_base.tiers import Tier
from tests.knowledge_base.shop import SHOP

QUESTION = "wher is my pacel"


async def asked(
    folder: Path, entries: Sequence[Entry] = SHOP, question: str = QUESTION
) -> Suggestions:
    """What a process that starts now says."""
    desk = KnowledgeBase(tier=Tier.DEFAULT, folder=folder)
    await desk.rebuild(entries)
    return await desk.suggest(question)


def numbers(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.npy"))


async def test_the_next_process_uses_what_was_learned(tmp_path: Path) -> None:
    learned = await asked(tmp_path)
    written = {file: file.stat().st_mtime_ns for file in numbers(tmp_path)}

    assert written
    assert await asked(tmp_path) == learned
    assert {file: file.stat().st_mtime_ns for file in numbers(tmp_path)} == written


async def test_changed_articles_are_learned_anew(tmp_path: Path) -> None:
    await asked(tmp_path)
    bicycle = Entry(slug="repair", title="Bicycle repair", phrasings=("do you repair bicycles",))

    said = await asked(tmp_path, [*SHOP, bicycle], "do you repair bicycles")

    assert [each.article for each in said.suggestions] == ["repair"]


async def test_what_is_only_offered_need_not_be_learned_anew(tmp_path: Path) -> None:
    await asked(tmp_path)
    files = numbers(tmp_path)

    said = await asked(tmp_path, [replace(entry, offer_only=True) for entry in SHOP])

    assert said.verdict == "unsure"
    assert numbers(tmp_path) == files


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\x93NUMPY\x01\x00v\x00{'descr': '|O'"])
async def test_damaged_files_are_learned_anew(tmp_path: Path, damage: bytes) -> None:
    learned = await asked(tmp_path)
    for file in numbers(tmp_path):
        file.write_bytes(damage)

    assert await asked(tmp_path) == learned
    assert all(np.load(file).size for file in numbers(tmp_path))


async def test_numbers_of_other_articles_are_not_used(tmp_path: Path) -> None:
    learned = await asked(tmp_path)
    for file in numbers(tmp_path):
        np.save(file, np.zeros((2, 2), dtype=np.float32))

    assert await asked(tmp_path) == learned


async def test_old_states_are_deleted(tmp_path: Path) -> None:
    for count in range(2, 11):
        await asked(tmp_path, SHOP[:count])

    assert len({file.parent for file in numbers(tmp_path)}) == 4


async def test_a_folder_that_cannot_be_written_is_no_reason_not_to_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    assert (await asked(tmp_path / "file")).suggestions


async def test_much_is_learned_in_a_process_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await asked(tmp_path / "here")
    monkeypatch.setattr(deflect, "LARGE", 10)

    assert await asked(tmp_path / "apart") == here
    assert [file.name for file in numbers(tmp_path / "apart")] == [
        file.name for file in numbers(tmp_path / "here")
    ]
