"""The figures of reports, from the command line."""

from tests.app.conftest import CommandLine


def test_figures_are_counted_anew_by_a_command(desk_cli: CommandLine) -> None:
    desk_cli("say", "--as", "customer-1", "my lamp smokes")
    desk_cli("say", "--as", "customer-1", "a person please")

    first = desk_cli.json("reports", "rebuild")
    again = desk_cli("reports", "rebuild")

    assert first["counted"] == 2
    assert again.stdout == "2 tickets and enquiries counted.\n"
