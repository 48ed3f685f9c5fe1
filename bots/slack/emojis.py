"""Emojis: Slack names them (``:tada:``), everybody else writes the character (🎉)."""

import re
from functools import cache

import emoji

_NAMED = re.compile(r":([a-z0-9_+'-]{1,100}):(?::(skin-tone-[2-6]):)?")
_TONES = {f"skin-tone-{number}": chr(0x1F3F9 + number) for number in range(2, 7)}


def character(name: str) -> str:
    """The character of a name such as ``+1::skin-tone-3``; ``:name:`` where only Slack has it."""
    short, _, tone = name.partition("::")
    found = emoji.emojize(f":{short}:", language="alias")
    return found if found.startswith(":") else found + _TONES.get(tone, "")


def name(character: str) -> str | None:
    """What Slack calls a character; None where it has no name for it."""
    return _names().get(character.replace("\ufe0f", ""))


def shown(text: str) -> str:
    """A text of Slack's with the characters instead of their names; unknown names stay."""
    return _NAMED.sub(_character_of, text)


def _character_of(found: re.Match[str]) -> str:
    known = character(found[1] + (f"::{found[2]}" if found[2] else ""))
    return found[0] if known.startswith(":") else known


@cache
def _names() -> dict[str, str]:
    """Slack's short names are those that others call aliases, where there are any."""
    known: dict[str, str] = {}
    for char, about in emoji.EMOJI_DATA.items():
        names = [*about.get("alias", ()), about["en"]]
        known.setdefault(char.replace("\ufe0f", ""), names[0].strip(":"))
    return known
