"""`switchboard kb evaluate`, as somebody types it who wants to know how good the matching is."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.app.conftest import CommandLine

ARTICLES = [
    {"id": "password", "title": "", "phrasings": ["forgot my password", "reset password"]},
    {"id": "parcel", "title": "", "phrasings": ["where is my parcel", "track my order"]},
    {"id": "refund", "title": "", "phrasings": ["when is my refund", "money back"]},
]
QUESTIONS = [
    {"text": "I forgot my password", "article": "password"},
    {"text": "where is the parcel", "article": "parcel"},
    {"text": "what is the weather", "article": None},
]
KEYS = (
    "t1 t3 auroc s90 far answered_right in_scope oos_recall p50_ms p99_ms fit_seconds index_mb "
    "tier articles phrasings questions"
)


def written(path: Path, lines: Sequence[object]) -> str:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    return [
        *("--articles", written(tmp_path / "a.jsonl", ARTICLES)),
        *("--questions", written(tmp_path / "q.jsonl", QUESTIONS)),
    ]


def test_it_needs_no_database_and_prints_the_promised_figures(
    cli: CommandLine, files: list[str]
) -> None:
    figures = cli.json("kb", "evaluate", *files, "--tier", "default", "--target-far", "0.1")

    assert list(figures) == KEYS.split()
    assert (figures["t1"], figures["tier"], figures["questions"]) == (1.0, "default", 3)
    assert figures["in_scope"] is None
    assert not (cli.folder / "desk.db").exists()


def test_thresholds_come_from_a_validation_file(cli: CommandLine, files: list[str]) -> None:
    figures = cli.json("kb", "evaluate", *files, "--validation", files[-1], "--tier", "default")

    assert (figures["in_scope"], figures["oos_recall"]) == (1.0, 1.0)


@pytest.mark.parametrize(("suffix", "beginning"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_it_draws_precision_against_coverage(
    cli: CommandLine, files: list[str], tmp_path: Path, suffix: str, beginning: bytes
) -> None:
    picture = tmp_path / f"curve.{suffix}"

    assert cli("kb", "evaluate", *files, "--plot", str(picture)).exit_code == 0

    assert picture.read_bytes().startswith(beginning)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--plot", "curve.jpg"], "has to end in .png or .svg"),
        (["--plot", "nowhere/curve.svg"], "There is no folder nowhere"),
        (["--tier", "best"], "'best' is not a valid Tier"),
        (["--from-history"], "Give --articles and --questions, or --from-history."),
        (["--validation", "none.jsonl"], "none.jsonl cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    cli: CommandLine, files: list[str], words: list[str], reason: str
) -> None:
    refused = cli("kb", "evaluate", *files, *words)

    assert refused.exit_code == 1
    assert reason in refused.stderr
    assert not refused.stdout


def test_a_malformed_line_is_named_by_file_and_line(
    cli: CommandLine, files: list[str], tmp_path: Path
) -> None:
    (tmp_path / "q.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "a", "article": null}\n\xff\n')

    refused = cli("kb", "evaluate", *files)

    assert "q.jsonl, line 2: this is not UTF-8." in refused.stderr


def test_a_desk_without_history_says_that_there_is_too_little(desk_cli: CommandLine) -> None:
    desk_cli.json("say", "--as", "customer-1", "how do I reset my password?")
    desk_cli.json("do", "--as", "customer-1", "/enquiry solved")

    refused = desk_cli("kb", "evaluate", "--from-history")

    assert refused.exit_code == 1
    assert "Only 1 enquiries have come to a known end; 20 are needed" in refused.stderr


def test_a_desk_is_measured_on_its_own_enquiries(desk_cli: CommandLine) -> None:
    for number in range(10):
        desk_cli.json("say", "--as", f"solved-{number}", "how can I reset the password?")
        desk_cli.json("do", "--as", f"solved-{number}", "/enquiry solved")
        desk_cli.json("say", "--as", f"other-{number}", "the lamp that you sold me is on fire")

    figures = desk_cli.json("kb", "evaluate", "--from-history")

    assert (figures["questions"], figures["articles"]) == (20, 1)
    assert figures["t1"] == 1.0
