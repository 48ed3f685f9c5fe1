"""`switchboard doctor`: plain words, and an exit status for scripts."""

from tests.app.conftest import CommandLine


def test_a_fresh_desk_is_told_what_is_missing(cli: CommandLine) -> None:
    before = cli("doctor")
    cli("migrate")
    after = cli("doctor")

    assert before.exit_code == 1
    assert "switchboard migrate" in before.stdout
    assert after.exit_code == 0
    assert "Slack is off: SLACK_BOT_TOKEN is not set." in after.stdout
    assert "There is no admin yet: switchboard admin-link" in after.stdout


def test_a_console_that_others_can_reach_is_a_fault(desk_cli: CommandLine) -> None:
    found = desk_cli("doctor", CONSOLE="1", HOST="0.0.0.0")  # noqa: S104 - looked at, not bound

    assert found.exit_code == 1
    assert "others can reach it" in found.stdout


def test_a_wrong_setting_is_named(desk_cli: CommandLine) -> None:
    found = desk_cli("doctor", PORT="many")

    assert found.exit_code == 1
    assert "✗ PORT" in found.stdout
