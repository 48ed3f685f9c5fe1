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


def test_the_ways_to_sign_in_are_told_with_where_they_lead_back_to(desk_cli: CommandLine) -> None:
    off = desk_cli("doctor")
    half = desk_cli("doctor", SLACK_SIGN_IN_ID="1.2")
    whole = desk_cli(
        "doctor",
        SLACK_SIGN_IN_ID="1.2",
        SLACK_SIGN_IN_SECRET="x",
        PUBLIC_URL="https://desk.example",
    )

    assert "Staff sign in by one-time links only" in off.stdout
    assert half.exit_code == 1
    assert "✗ SLACK_SIGN_IN_ID needs SLACK_SIGN_IN_SECRET." in half.stdout
    assert "https://desk.example/sign-in/with/slack/back" in whole.stdout.replace("\n", "")


def test_a_digest_that_cannot_be_mailed_is_a_fault(desk_cli: CommandLine) -> None:
    found = desk_cli("doctor", DIGEST_EMAILS="lead@shop.example")
    wrong = desk_cli("doctor", DIGEST_EMAILS="lead@shop.example, nobody")

    assert found.exit_code == 1
    assert "DIGEST_EMAILS needs SMTP_HOST" in found.stdout
    assert "nobody is no e-mail address" in wrong.stdout
