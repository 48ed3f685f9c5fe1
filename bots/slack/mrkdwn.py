"""Text in Slack's own markup: plain words escaped, links kept, long texts split.

https://docs.slack.dev/messaging/formatting-message-text: only ``& < >`` are special, and what
stands between angle brackets may be a link, a mention or a call to everybody. So none of it comes
from anybody's text but links to http addresses.
"""

import re
from collections.abc import Sequence

LONGEST_LINK = 2_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_URL = re.compile(r"(https?://[^\s<>|]*[^\s<>|.,;:!?)\]}'\"*_~])")
_GRAINS = (
    re.compile(r"[^\n]*\n|[^\n]+"),  # lines
    re.compile(r"(?:<[^<>\n]*>|[^\s<])+\s*|\s+|<"),  # words; a link is one
    re.compile(r"<[^<>\n]*>|(?:&(?:amp|lt|gt);){1,9}|[^<&]{1,50}|[<&]"),  # a few characters
)


def visible(text: str) -> str:
    """Text without control characters, but for line feeds and tabs."""
    return _CONTROL.sub("", text)


def escaped(text: str) -> str:
    """Text that Slack shows as it is, and that calls nobody."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> str:
    """Somebody's words: escaped, with their http addresses as links that show the address."""
    return "".join(
        link(part) if number % 2 else escaped(part) for number, part in enumerate(_URL.split(text))
    )


def link(url: str, label: str = "") -> str:
    """A link, where the address is one that may be pressed; its text and address, where not.

    ``label`` is mrkdwn already.
    """
    address = escaped(url).replace("|", "%7C")
    shown = label if label and label != address else ""
    if not re.match(r"(https?://|mailto:)\S+$", url) or len(address) + len(shown) > LONGEST_LINK:
        return f"{shown} ({address})" if shown else address
    return f"<{address}|{shown.replace('|', '¦')}>" if shown else f"<{address}>"


def bold(text: str) -> str:
    """A line of plain text in bold."""
    line = " ".join(escaped(text).split())
    return f"*{line}*" if line else ""


def quoted(text: str) -> str:
    """Somebody's words with Slack's bar beside every line."""
    return "\n".join(f"> {line}" for line in plain(text).split("\n"))


def split(text: str, longest: int, grains: Sequence[re.Pattern[str]] = _GRAINS) -> list[str]:
    """Markup in pieces of at most ``longest`` characters: cut between lines, else words, else
    characters, never within a link or an escape. Joined again, they are the text."""
    pieces = [""]
    for grain in grains[0].findall(text):
        fitting = [grain] if len(grain) <= longest else split(grain, longest, grains[1:])
        for part in fitting:
            if len(pieces[-1]) + len(part) > longest:
                pieces.append("")
            pieces[-1] += part
    return pieces
