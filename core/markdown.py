"""The one format of people's words: a small Markdown that every channel can be translated to.

Kept texts (`core.model.Message.text`) are CommonMark with strikethrough, in what chat platforms have
of it: bold, italics, strikethrough, code in a line and in blocks, links, quotes, lists, headings.
HTML is text like any other, an image is a link, and a mention is the name of whoever was meant.
"""

import re
from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.token import Token

READ_AT_MOST = 8_000  # characters; longer texts are shown as they were written

_SPECIAL = re.compile(r"[\\`*_\[\]<>~#|]|^\s*(?:[-+]|\d+[.)])\s|&\w+;|^ {4}", re.MULTILINE)
_ESCAPED = re.compile(
    r"(?P<mark>[\\`*_\[\]<>~|])"
    r"|^(?P<indent>[ \t]*)(?:(?P<begins>[#+=-])|(?P<number>\d+)(?P<point>[.)]))"
    r"|(?P<entity>&)(?=#?\w+;)",
    re.MULTILINE,
)
_READER = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")


def escaped(plain: str) -> str:
    """Plain text as Markdown that reads as exactly that text."""
    return _ESCAPED.sub(_with_backslash, plain)


def words(markdown: str) -> str:
    """The text without its marks: for a subject, a search, a terminal, a notification.

    A link is its text and its address; the lines stay lines. What is too long to be read is left
    as it is, and so is what has no marks.
    """
    if len(markdown) > READ_AT_MOST or not _SPECIAL.search(markdown):
        return markdown
    lines = _lines(_READER.parse(markdown))
    return re.sub(r"\n{3,}", "\n\n", "".join(lines)).strip("\n")


def _with_backslash(found: re.Match[str]) -> str:
    if found["begins"]:
        return f"{found['indent']}\\{found['begins']}"
    if found["number"]:
        return f"{found['indent']}{found['number']}\\{found['point']}"
    return f"\\{found[0]}"


def _lines(tokens: Iterable[Token]) -> list[str]:
    said: list[str] = []
    quotes, marks = 0, [""]
    for token in tokens:
        if token.type == "blockquote_open":
            quotes += 1
        elif token.type == "blockquote_close":
            quotes -= 1
        elif token.type == "list_item_open":
            marks.append(f"{token.info}{token.markup} " if token.info else "• ")
        elif token.type == "list_item_close":
            marks.pop()
        elif token.type in {"inline", "fence", "code_block"}:
            text = _inline(token.children) if token.type == "inline" else token.content.rstrip("\n")
            bar = "> " * quotes
            said += [f"{bar}{marks[-1]}{line}\n" for line in text.split("\n")]
            marks[-1] = " " * len(marks[-1])
        elif token.type in {"paragraph_close", "heading_close"} and not token.hidden:
            said.append("\n")
    return said


def _inline(tokens: Iterable[Token] | None) -> str:
    text, links = "", []
    for token in tokens or ():
        if token.type == "link_open":
            links.append((str(token.attrs.get("href", "")), len(text)))
        elif token.type == "link_close":
            address, start = links.pop()
            text += "" if _shows(text[start:], address) else f" ({address})"
        elif token.type == "image":
            text += f"{token.content} ({token.attrs.get('src', '')})".strip()
        elif token.type in {"softbreak", "hardbreak"}:
            text += "\n"
        else:
            text += token.content
    return text


def _shows(label: str, address: str) -> bool:
    return label == address or f"mailto:{label}" == address
