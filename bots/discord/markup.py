"""Text in Discord's own markup: plain words escaped, links kept, mentions inert, long texts split.

https://discord.com/developers/docs/reference#message-formatting and
https://support.discord.com/hc/en-us/articles/210298617 give the marks. A backslash takes the
meaning from any of them; ``@everyone`` and ``@here`` have no mark and get an invisible space.
"""

import re
from collections.abc import Sequence

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_URL = re.compile(r"(https?://[^\s<>]*[^\s<>|.,;:!?)\]}'\"*_~\\`])")
_MARKS = re.compile(
    r"[\\*_~`|<>\[\]]|^\s*(?:#{1,3}|-#?|\+|\d{1,9}\.)(?=\s)|@(?=everyone|here)", re.MULTILINE
)
_GRAINS = (
    re.compile(r"[^\n]*\n|[^\n]+"),  # lines
    re.compile(r"(?:<[^<>\n]*>|\\.|[^\s<\\])+\s*|\s+|[<\\]"),  # words; a link is one
    re.compile(r"<https?://[^<>\s]*>|(?:\\.){1,9}|[^<\\]{1,50}|[<\\]"),  # a few characters
    re.compile(r"\\?."),
)
_CALL = re.compile(r"@(?=everyone|here)")
UNSEEN = "\u200b"


def visible(text: str) -> str:
    """Text without control characters, but for line feeds and tabs."""
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


def escaped(text: str) -> str:
    """Text that Discord shows as it is, and that calls nobody."""
    return _MARKS.sub(_escape, visible(text))


def plain(text: str) -> str:
    """Somebody's words: escaped, with their http addresses as links without a preview."""
    parts = _URL.split(visible(text))
    return "".join(link(part) if n % 2 else escaped(part) for n, part in enumerate(parts))


def link(url: str, label: str = "") -> str:
    """A link, where the address is one that may be pressed; its text and address, where not.

    ``label`` is markup already. Angle brackets keep Discord from showing a preview.
    """
    if url.startswith("mailto:"):
        return label if label == escaped(url[7:]) else f"{label} ({escaped(url[7:])})"
    address = visible(url).replace("(", "%28").replace(")", "%29")
    address = _CALL.sub("%40", address)
    if not re.fullmatch(r"https?://[^\s<>\\]+", address) or len(address) > 1_500:
        return f"{label} ({escaped(url)})" if label and label != url else escaped(url)
    shown = label if label not in {"", url, escaped(url)} else ""
    return f"[{shown}](<{address}>)" if shown else f"<{address}>"


def bold(text: str) -> str:
    """A line of plain text in bold."""
    line = " ".join(escaped(text).split())
    return f"**{line}**" if line else ""


def small(text: str) -> str:
    """Plain text in Discord's small print."""
    return "\n".join(f"-# {line}" for line in plain(text).split("\n") if line.strip())


def width(text: str) -> int:
    """How long a text is for Discord's limits: in UTF-16 units, the larger of the ways to count."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, longest: int) -> str:
    """A line of at most so many characters, with an ellipsis where something is missing."""
    if width(text) <= longest:
        return text
    kept = text[: longest - 1]
    while width(kept) > longest - 1:
        kept = kept[:-1]
    return kept + "…"


def split(text: str, longest: int, grains: Sequence[re.Pattern[str]] = _GRAINS) -> list[str]:
    """Markup in pieces of at most ``longest``: cut between lines, else words, else characters,
    never within a link or an escape. Joined again, they are the text."""
    pieces, used = [""], 0
    for grain in grains[0].findall(text):
        fits = width(grain) <= longest or len(grains) == 1
        for part in [grain] if fits else split(grain, longest, grains[1:]):
            if used + width(part) > longest:
                pieces.append("")
                used = 0
            pieces[-1] += part
            used += width(part)
    return pieces


def _escape(found: re.Match[str]) -> str:
    mark = found[0]
    if mark == "@":
        return f"@{UNSEEN}"
    bare = mark.lstrip()
    if bare[:1].isdigit():
        return f"{mark[:-1]}\\."
    return f"{mark[: len(mark) - len(bare)]}\\{bare}"
