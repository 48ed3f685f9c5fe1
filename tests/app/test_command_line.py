"""`switchboard say`, `do`, `kb` and `admin-link`, as a user types them."""

from pathlib import Path

import pytest

from tests.app.conftest import CommandLine


def test_a_question_with_an_article_is_answered_by_it(desk_cli: CommandLine) -> None:
    answer = desk_cli.json("say", "--as", "customer-1", "how do I reset my password?")

    assert answer["outcome"] == "suggested"
    assert answer["ticket"] is None
    [suggestion] = answer["suggestions"]
    assert suggestion["article"] == "reset-password"
    assert suggestion["title"] == "Reset your password"
    assert 0 < suggestion["confidence"] <= 1
    [reply] = answer["replies"]
    assert "follow the link" in reply


def test_the_second_miss_becomes_a_ticket(desk_cli: CommandLine) -> None:
    desk_cli.json("say", "--as", "customer-1", "how do I reset my password?")

    answers = [
        desk_cli.json("say", "--as", "customer-1", text)
        for text in ("that did not help me", "still not")
    ]

    assert "ticket" in {answer["outcome"] for answer in answers}


def test_a_question_without_an_article_becomes_a_ticket_and_more_goes_onto_it(
    desk_cli: CommandLine,
) -> None:
    first = desk_cli.json("say", "--as", "customer-1", "the parcel arrived soaked in milk")
    more = desk_cli.json("say", "--as", "customer-1", "and it smells")

    assert (first["outcome"], first["ticket"]) == ("ticket", 1)
    assert "#1" in first["replies"][0]
    assert (more["outcome"], more["ticket"]) == ("appended", 1)


def test_hello_and_thanks_open_nothing(desk_cli: CommandLine) -> None:
    outcomes = [
        desk_cli.json("say", "--as", "customer-1", text) for text in ("hi", "thanks a lot!")
    ]

    assert [(each["outcome"], each["ticket"]) for each in outcomes] == [
        ("small_talk", None),
        ("small_talk", None),
    ]


def test_a_ticket_is_worked_on_by_command(desk_cli: CommandLine) -> None:
    added = desk_cli.json(
        "do", "/agent add @agent-1 skills:billing,returns languages:en,de capacity:2 tier:1"
    )
    desk_cli.json("say", "--as", "customer-1", "the parcel arrived soaked in milk")

    resolved = desk_cli.json("do", "--as", "agent-1", "/ticket resolve 1 a new one is on its way")

    assert added["ok"]
    assert resolved["ok"]
    assert resolved["ticket"]["status"] == "resolved"
    assert resolved["ticket"]["assignee"] == "agent-1"


def test_a_refusal_says_its_name_and_exits_with_1(desk_cli: CommandLine) -> None:
    for name in ("agent-1", "agent-2"):
        desk_cli.json("do", f"/agent add @{name}")
    desk_cli.json("say", "--as", "customer-1", "the parcel arrived soaked in milk")

    refused = desk_cli("do", "--as", "agent-2", "/ticket claim 1", "--json")

    assert refused.exit_code == 1
    assert '"ok": false' in refused.stdout
    assert '"error": "AlreadyClaimed"' in refused.stdout


@pytest.mark.parametrize(
    ("by", "command", "sentence"),
    [
        ("agent-1", "/ticket claim 99", "There is no ticket #99."),
        ("agent-1", "/ticket claim", "The number of a ticket is missing."),
        ("agent-1", "/ticket claim seven", "“seven” is not the number of a ticket."),
        ("agent-1", "/ticket clame 1", "Did you mean /ticket claim?"),
        ("agent-1", "/ticket transfer 1 skill:juggling", "No agent has the skill juggling."),
        ("agent-1", "/ticket transfer 1 @nobody", "There is no agent @nobody."),
        ("agent-1", "/agent add @agent-9", "Only admins may do that."),
        ("customer-1", "/ticket claim 1", "That is for the support team."),
        ("customer-2", "/ticket show 1", "There is no ticket #1."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    desk_cli: CommandLine, by: str, command: str, sentence: str
) -> None:
    desk_cli.json("do", "/agent add @agent-1 skills:billing")
    desk_cli.json("say", "--as", "customer-1", "the parcel arrived soaked in milk")

    refused = desk_cli("do", "--as", by, command)

    assert refused.exit_code == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_who_is_named_in_the_settings_is_admin(desk_cli: CommandLine) -> None:
    allowed = desk_cli("do", "--as", "root", "/agent add @agent-1", ADMINS="console:root")
    stranger = desk_cli("do", "--as", "other", "/agent add @agent-2", ADMINS="console:root")

    assert allowed.exit_code == 0
    assert stranger.exit_code == 1


def test_the_code_of_the_admin_link_makes_one_admin(desk_cli: CommandLine) -> None:
    link = desk_cli.json("admin-link")

    first = desk_cli("do", "--as", "ada", link["command"])
    second = desk_cli("do", "--as", "eve", link["command"])

    assert link["url"].endswith(link["command"].split()[-1])
    assert first.exit_code == 0
    assert second.exit_code == 1
    assert desk_cli("do", "--as", "ada", "/agent add @agent-1").exit_code == 0


def test_an_import_with_a_fault_imports_nothing_and_names_the_file(
    desk_cli: CommandLine, tmp_path: Path
) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "good.md").write_text("# Opening hours\n\nFrom nine to five.\n", encoding="utf-8")
    (folder / "broken.md").write_text("---\ntitle: [\n---\nbody\n", encoding="utf-8")
    (folder / "untitled.md").write_text("just words\n", encoding="utf-8")

    refused = desk_cli("kb", "import", str(folder))
    found = desk_cli.json("kb", "search", "opening hours")

    assert refused.exit_code == 1
    assert "broken.md: line" in refused.stderr
    assert "untitled.md: has no title" in refused.stderr
    assert [each["title"] for each in found["suggestions"]] != ["Opening hours"]


def test_an_import_again_changes_nothing(desk_cli: CommandLine, tmp_path: Path) -> None:
    again = desk_cli.json("kb", "import", str(tmp_path / "articles"))

    assert (again["added"], again["changed"], again["unchanged"]) == ([], [], ["reset-password"])


def test_nothing_is_said_on_a_database_that_was_never_migrated(cli: CommandLine) -> None:
    refused = cli("say", "--as", "customer-1", "hi")

    assert refused.exit_code == 1
    assert (
        refused.stderr.strip() == "The database has never been migrated. Run: switchboard migrate"
    )


def test_a_program_is_told_in_json_why_not(cli: CommandLine) -> None:
    answer = cli.json("say", "--as", "customer-1", "hi")

    assert answer["ok"] is False
    assert answer["error"] == "CannotStart"


@pytest.mark.parametrize(("by", "text"), [("customer-1", " "), ("bad\nname", "hi"), ("a b", "hi")])
def test_nothing_is_made_of_nothing_and_of_nobody(
    desk_cli: CommandLine, by: str, text: str
) -> None:
    refused = desk_cli("say", "--as", by, text)

    assert refused.exit_code == 1
    assert desk_cli.json("do", "/ticket list")["text"] == "No tickets. 🎉"


def test_the_offered_article_is_confirmed_by_command_and_counted(desk_cli: CommandLine) -> None:
    desk_cli.json("say", "--as", "customer-1", "how do I reset my password?")

    solved = desk_cli.json("do", "--as", "customer-1", "/enquiry solved")
    again = desk_cli("do", "--as", "customer-1", "/enquiry solved")

    assert solved["ok"]
    assert again.exit_code == 1
    assert "100% of 1 questions were solved" in desk_cli.json("do", "/kb stats")["text"]


def test_asking_for_a_person_by_command_gives_the_ticket(desk_cli: CommandLine) -> None:
    desk_cli.json("say", "--as", "customer-1", "how do I reset my password?")

    answer = desk_cli.json("do", "--as", "customer-1", "/enquiry person")

    assert answer["ticket"]["number"] == 1


def test_no_to_an_article_is_never_met_with_silence(desk_cli: CommandLine) -> None:
    desk_cli.json("say", "--as", "customer-1", "how do I reset my password?")

    answer = desk_cli.json("say", "--as", "customer-1", "no")

    assert answer["outcome"] == "ticket"


def test_what_a_customer_wrote_does_not_move_the_cursor_of_a_terminal(
    desk_cli: CommandLine,
) -> None:
    desk_cli.json("say", "--as", "customer-1", "red \x1b[31m and \x1b]0;title\x07 milk")

    shown = desk_cli("do", "/ticket show 1")

    assert "milk" in shown.stdout
    assert "\x1b" not in shown.stdout
    assert "\x07" not in shown.stdout


def test_two_command_lines_at_once_both_get_through(desk_cli: CommandLine) -> None:
    talking = [
        desk_cli.start("say", "--as", f"customer-{n}", "the parcel arrived soaked in milk")
        for n in range(3)
    ]
    for process in talking:
        process.communicate(timeout=60)

    assert [process.returncode for process in talking] == [0, 0, 0]
    assert len(desk_cli.json("do", "/ticket list")["text"].splitlines()) == 4


def test_a_folder_without_articles_and_what_is_no_file_are_said(
    desk_cli: CommandLine, tmp_path: Path
) -> None:
    empty, odd = tmp_path / "empty", tmp_path / "odd"
    empty.mkdir()
    (odd / "folder.md").mkdir(parents=True)
    (odd / "dangling.md").symlink_to("nowhere")

    assert "no Markdown files" in desk_cli("kb", "import", str(empty)).stderr
    refused = desk_cli("kb", "import", str(odd)).stderr
    assert "folder.md: cannot be read" in refused
    assert "dangling.md: cannot be read" in refused


def test_the_database_is_readable_for_its_owner_alone(desk_cli: CommandLine) -> None:
    assert (desk_cli.folder / "desk.db").stat().st_mode & 0o077 == 0


def test_a_dry_run_says_what_an_import_would_do_and_does_nothing(
    desk_cli: CommandLine, tmp_path: Path
) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "gifts.md").write_text("# Gift wrapping\n\nFor two euros.")

    would = desk_cli("kb", "import", str(folder), "--dry-run").stdout
    assert "added: gifts" in would
    assert "Nothing was changed" in would
    assert "No phrasings" in would
    assert desk_cli.json("kb", "import", str(folder))["added"] == ["gifts"]
    assert desk_cli.json("kb", "import", str(folder))["unchanged"] == ["gifts"]


def test_what_is_exported_can_be_imported_and_changes_nothing(
    desk_cli: CommandLine, tmp_path: Path
) -> None:
    files = desk_cli.json("kb", "export", str(tmp_path / "out"))["files"]

    again = desk_cli.json("kb", "import", str(tmp_path / "out"))
    assert len(again["unchanged"]) == len(files) > 0
    assert again["added"] == again["changed"] == []


def test_a_table_is_imported_and_its_faults_are_named_by_line(
    desk_cli: CommandLine, tmp_path: Path
) -> None:
    table = tmp_path / "faq.csv"
    table.write_bytes("question,answer\nDo you wrap gifts?,Für 2 €.\n".encode("cp1252"))

    refused = desk_cli("kb", "import", str(table)).stderr
    taken = desk_cli.json("kb", "import", str(table), "--encoding", "cp1252")

    assert "faq.csv line 2: is not UTF-8" in refused
    assert taken["added"] == ["do-you-wrap-gifts"]


def test_an_article_is_written_by_command(desk_cli: CommandLine) -> None:
    desk_cli.json(
        "do", '/kb add title:"Do you wrap gifts?" body:"For 2 euros." phrasings:"wrap it"'
    )
    desk_cli.json("do", "/kb publish do-you-wrap-gifts")

    shown = desk_cli.json("do", "/kb show do-you-wrap-gifts")
    [first, *_] = desk_cli.json("kb", "search", "can you wrap it as a gift")["suggestions"]

    assert "For 2 euros." in shown["text"]
    assert first["article"] == "do-you-wrap-gifts"
