"""`switchboard simulate`, as somebody types it who plans next week's staff."""

import json
from pathlib import Path

import pytest

from tests.app.conftest import CommandLine

SMALL = ("simulate", "--agents", "6", "--load", "1.1")


def test_a_generated_day_needs_no_database_and_is_told_as_a_table(cli: CommandLine) -> None:
    told = cli(*SMALL)

    assert told.exit_code == 0
    assert "in time" in told.stdout
    assert "wait, p95 min" in told.stdout
    assert "what if" not in told.stdout
    assert not (cli.folder / "desk.db").exists()


def test_other_staff_and_skills_stand_beside_it(cli: CommandLine) -> None:
    words = ("--staff", "+2 billing 9-13", "--staff", "-1 13-18", "--skill", "agent-1 returns:3")
    answer = cli.json(*SMALL, *words, "--days", "2", "--seed", "3")

    assert answer["days"] == 2
    before, after = answer["as_it_is"], answer["what_if"]
    assert before["figures"]["tickets"] == after["figures"]["tickets"]
    on_duty = {hour["starts"]: hour["on_duty"] for hour in after["hours"]}
    assert (on_duty["08:00"], on_duty["09:00"], on_duty["13:00"]) == (6.0, 8.0, 5.0)


def test_other_policies_come_from_a_file(cli: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "policies.json"
    file.write_text(json.dumps([{"weights": {"time_left": 0, "skill": 9}}]), encoding="utf-8")
    answer = cli.json(*SMALL, "--policies", str(file))

    kept = [answer[side]["figures"]["attainment"] for side in ("as_it_is", "what_if")]
    assert kept[1] < kept[0]


@pytest.mark.parametrize(("suffix", "beginning"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_the_hours_are_drawn(
    cli: CommandLine, tmp_path: Path, suffix: str, beginning: bytes
) -> None:
    picture = tmp_path / f"hours.{suffix}"

    assert cli(*SMALL, "--staff", "+1", "--plot", str(picture)).exit_code == 0
    assert picture.read_bytes().startswith(beginning)


def test_the_desks_own_days_are_played_again(desk_cli: CommandLine) -> None:
    desk_cli.json("say", "--as", "customer-1", "my toaster sings at night, a person please")
    answer = desk_cli.json("simulate", "--replay", "1")

    assert answer["as_it_is"]["figures"]["tickets"] == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--staff", "two more"), "is no change of staff"),
        (("--load", "99"), "The load is from 0.05 to 5"),
        (("--days", "0"), "From 1 to 60 days"),
        (("--days", "100000"), "From 1 to 60 days"),
        (("--seed", "-1"), "A seed is 0 or more"),
        (("--capacity", "0"), "from 1 to 100"),
        (("--policies", "/nowhere.json"), "cannot be read"),
        (("--plot", "hours.pdf"), "has to end in .png or .svg"),
        (("--plot", "/nowhere/hours.png"), "There is no folder"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    cli: CommandLine, words: tuple[str, ...], says: str
) -> None:
    told = cli(*SMALL, *words)

    assert told.exit_code == 1
    assert says in told.stderr


@pytest.mark.parametrize(
    ("text", "says"), [("{", "is no JSON"), ("{}", "list of policies"), ('[{"x": 1}]', "has no x")]
)
def test_a_file_of_policies_with_a_fault_is_refused(
    cli: CommandLine, tmp_path: Path, text: str, says: str
) -> None:
    file = tmp_path / "policies.json"
    file.write_text(text, encoding="utf-8")

    assert says in cli(*SMALL, "--policies", str(file)).stderr
