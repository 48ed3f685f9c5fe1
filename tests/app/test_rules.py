"""Rules as files: taken out and in again, all or none, with every fault named by its place."""

from pathlib import Path

import pytest

from app.rules import read_rules, write_rules
from core.errors import Invalid
from core.vocabulary import RuleSaid
from tests.app.conftest import CommandLine

RULES = """- name: vip first
  rule: vip:yes => priority:high tag:vip stop
- name: lamps
  rule: '"my lamp" -chair => category:lamps'
  enabled: false
"""


def test_what_is_written_is_read_as_the_same_rules(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    said = read_rules(path)

    assert said == [
        RuleSaid("vip first", "vip:yes => priority:high tag:vip stop"),
        RuleSaid("lamps", '"my lamp" -chair => category:lamps', is_on=False),
    ]
    path.write_text(write_rules(said))
    assert read_rules(path) == said


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "is no list of rules"),
        ("name: x", "is no list of rules"),
        ("- x", "Rule 1 is no mapping"),
        ("- {name: x}", "Rule 1 needs a name and a rule"),
        ("- {rule: x}", "Rule 1 needs a name and a rule"),
        ("- {name: 3, rule: x}", "Rule 1 needs a name and a rule"),
        ("- {name: x, rule: y, enabled: perhaps}", "enabled is true or false"),
        ("- {name: x, rule: y, off: true}", "Rule 1 has"),
        ("- {name: x, rule: y}\n- [x]", "Rule 2 is no mapping"),
        ("- {name: x", "is no YAML"),
        ("- !!python/object/apply:os.system [ls]", "is no YAML"),
    ],
)
def test_what_is_no_file_of_rules_is_said_so(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(content)

    with pytest.raises(Invalid, match=fault):
        read_rules(path)


def test_rules_go_out_and_in(desk_cli: CommandLine) -> None:
    path = desk_cli.folder / "rules.yaml"
    path.write_text(RULES)

    tried = desk_cli.json("rules", "import", str(path), "--dry-run")
    assert "No rules yet" in desk_cli("do", "/rule list").stdout
    taken = desk_cli.json("rules", "import", str(path))
    again = desk_cli.json("rules", "import", str(path))

    assert tried == taken
    assert taken["added"] == ["vip first", "lamps"]
    assert again["unchanged"] == ["vip first", "lamps"]
    assert desk_cli("rules", "export").stdout == RULES
    assert "2. lamps (off)" in desk_cli("do", "/rule list").stdout


def test_a_file_comes_first_or_replaces_what_was_there(desk_cli: CommandLine) -> None:
    path = desk_cli.folder / "rules.yaml"
    path.write_text(RULES)
    desk_cli("do", "/rule add mine: chair => tag:chair")
    desk_cli("rules", "import", str(path))
    assert "3. mine" in desk_cli("do", "/rule list").stdout

    path.write_text("- {name: lamps, rule: 'lamp => tag:lamp'}")
    taken = desk_cli.json("rules", "import", str(path), "--replace")

    assert taken["removed"] == ["vip first", "mine"]
    assert taken["changed"] == ["lamps"]
    assert desk_cli("rules", "export").stdout == "- name: lamps\n  rule: lamp => tag:lamp\n"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("- {name: x, rule: 'lamp'}", "Rule 1 of the file: There is one => between"),
        ("- {name: x, rule: 'lamp => team:gone'}", "There is no team gone"),
        ("- {name: x, rule: 'vpi:yes => tag:a'}", "did you mean vip:?"),
        ("- {name: a, rule: 'b => tag:a'}\n- {name: A, rule: 'c => tag:a'}", "is there twice"),
    ],
)
def test_one_bad_rule_and_none_is_taken_in(desk_cli: CommandLine, content: str, fault: str) -> None:
    path = desk_cli.folder / "rules.yaml"
    path.write_text(f"- {{name: fine, rule: 'lamp => tag:lamp'}}\n{content}")

    answer = desk_cli.json("rules", "import", str(path))

    assert not answer["ok"]
    assert fault.replace("Rule 1", "Rule 2") in answer["text"]
    assert desk_cli("rules", "export").stdout.strip() == "[]"
