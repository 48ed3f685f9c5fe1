"""`switchboard run`: it starts, says why it does not, shares its database, and stops."""

import signal
import urllib.request
from pathlib import Path

import pytest

from tests.app.conftest import CommandLine, Starter, free_port

STOP_WITHIN = 15  # seconds


def test_the_command_line_works_while_the_desk_runs(
    desk_cli: CommandLine, running: Starter
) -> None:
    running()

    asked = desk_cli.json("say", "--as", "customer-1", "the parcel arrived soaked in milk")
    added = desk_cli.json("do", "/agent add @agent-1")
    refused = desk_cli("do", "--as", "agent-1", "/ticket claim 99", "--json")

    assert asked["outcome"] == "ticket"
    assert asked["replies"]
    assert added["ok"]
    assert refused.exit_code == 1
    assert "UnknownTicket" in refused.stdout


def test_an_article_imported_while_the_desk_runs_is_answered_with(
    cli: CommandLine, running: Starter
) -> None:
    cli("migrate")
    running()
    folder = cli.folder / "late"
    folder.mkdir()
    (folder / "hours.md").write_text(
        "---\ntitle: Opening hours\nphrasings:\n  - when are you open\n---\nNine to five.\n",
        encoding="utf-8",
    )

    cli("kb", "import", str(folder))

    answer = cli.json("say", "--as", "customer-1", "when are you open?")
    assert answer["outcome"] == "suggested"


def test_a_second_desk_on_the_same_file_is_refused(desk_cli: CommandLine, running: Starter) -> None:
    running()

    second = desk_cli.start("run", PORT=str(free_port()))
    said, _ = second.communicate(timeout=60)

    assert second.returncode == 1
    assert "The database is open in process" in said
    assert "Traceback" not in said


def test_a_port_in_use_is_said_in_a_sentence(
    desk_cli: CommandLine, running: Starter, tmp_path: Path
) -> None:
    running()
    other = {"DATABASE_URL": f"sqlite:///{tmp_path}/other.db"}
    desk_cli("migrate", **other)

    second = desk_cli.start("run", **other)
    said, _ = second.communicate(timeout=60)

    assert second.returncode == 1
    assert f"Port {desk_cli.env['PORT']} on 127.0.0.1 cannot be opened" in said
    assert "Traceback" not in said


def test_it_prints_where_to_look_and_a_link_for_the_first_admin(
    desk_cli: CommandLine, running: Starter
) -> None:
    process = running(CONSOLE="1")
    port = desk_cli.env["PORT"]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/console", timeout=10) as console:
        assert console.status == 200

    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=STOP_WITHIN)

    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}/console" in said
    assert f"http://127.0.0.1:{port}/admin/" in said


def test_after_kill_9_it_starts_again_with_everything_it_had_acknowledged(
    desk_cli: CommandLine, running: Starter
) -> None:
    process = running()
    said = desk_cli.json("say", "--as", "customer-1", "the parcel arrived soaked in milk")
    process.send_signal(signal.SIGKILL)
    process.wait(10)

    running()

    shown = desk_cli.json("do", f"/ticket show {said['ticket']}")
    assert "soaked in milk" in shown["text"]


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"PORT": "many"}, "PORT: "),
        ({"DATABASE_URL": "mysql://localhost/desk"}, "DATABASE_URL begins with mysql://"),
        ({"DATABASE_URL": "postgresql://u:secret@127.0.0.1:1/x"}, "The database does not answer"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL names no file"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "wrong"}, "SLACK_BOT_TOKEN is not a bot's token"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL: use DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_a_wrong_setting_is_said_in_a_sentence(
    desk_cli: CommandLine, env: dict[str, str], sentence: str
) -> None:
    process = desk_cli.start("run", **{"PORT": str(free_port()), **env})
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert sentence in said
    assert "secret" not in said
    assert "Traceback" not in said


def test_a_file_that_is_no_database_is_left_alone(desk_cli: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "letters.db"
    path.write_text("not a database, but a letter\n" * 50, encoding="utf-8")

    refused = desk_cli("migrate", DATABASE_URL=f"sqlite:///{path}")

    assert refused.exit_code == 1
    assert "cannot be opened as a database" in refused.stderr
    assert path.read_text(encoding="utf-8").startswith("not a database")
