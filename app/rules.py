"""Rules as a YAML file: a list of ``name``, ``rule`` and, where it is off, ``enabled: false``."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from core.errors import Invalid
from core.vocabulary import RuleSaid

LARGEST_FILE = 1_000_000  # bytes
PARTS = frozenset({"name", "rule", "enabled"})


def read_rules(path: Path) -> list[RuleSaid]:
    """The rules of a file. Raises `Invalid`, naming the place at fault."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    if len(content) > LARGEST_FILE:
        raise Invalid(f"{path} is larger than a megabyte.")
    try:
        listed = yaml.safe_load(content.decode())
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"{path} is no YAML: {str(error).splitlines()[0]}.") from error
    if not isinstance(listed, list):
        raise Invalid(
            f"{path} is no list of rules. `switchboard rules export` shows how one looks."
        )
    return [_rule(each, place) for place, each in enumerate(listed, 1)]


def write_rules(said: Sequence[RuleSaid]) -> str:
    """The same file."""
    listed = [
        {"name": each.name, "rule": each.text, **({} if each.is_on else {"enabled": False})}
        for each in said
    ]
    return str(yaml.safe_dump(listed, allow_unicode=True, sort_keys=False, width=1_000))


def _rule(said: Any, place: int) -> RuleSaid:
    parts = _mapping(said, place)
    wrong = sorted(str(name) for name in set(parts) - PARTS)
    if wrong:
        raise Invalid(f"Rule {place} has {', '.join(wrong)[:60]}; there is name, rule and enabled.")
    name, text, is_on = parts.get("name"), parts.get("rule"), parts.get("enabled", True)
    if not isinstance(name, str) or not isinstance(text, str) or not isinstance(is_on, bool):
        raise Invalid(
            f"Rule {place} needs a name and a rule, both texts; enabled is true or false."
        )
    return RuleSaid(name, text, is_on)


def _mapping(said: Any, place: int) -> Mapping[Any, Any]:
    if not isinstance(said, dict):
        raise Invalid(f"Rule {place} is no mapping of name, rule and enabled.")
    return said
