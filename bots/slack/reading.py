"""What people write on Slack, from its own markup into Markdown: values in, values out.

https://docs.slack.dev/messaging/formatting-message-text: ``*bold* _italics_ ~struck~ `code` ``,
fences, quotes that begin with ``&gt;``, and between angle brackets links, people and channels.
Mentions become names, so that they ping nobody anywhere.
"""

import re
from collections.abc import Mapping

from bots.slack import emojis

_CODE = re.compile(r"```\n?(.*?)\n?```|`([^`\n]+)`", re.DOTALL)
_INLINE = re.compile(
    r"<(?P<marked>[^<>]+)>"
    r"|(?<![\w*])\*(?=[^\s*])(?P<bold>[^*\n]*[^\s*])\*(?![\w*])"
    r"|(?<![\w_])_(?=[^\s_])(?P<italics>[^_\n]*[^\s_])_(?![\w_])"
    r"|(?<![\w~])~(?=[^\s~])(?P<struck>[^~\n]*[^\s~])~(?![\w~])"
)
_WRAPS = {"bold": "**", "italics": "*", "struck": "~~"}
_MARKS = re.compile(r"([\\`*_\[\]<>~])|(&)(?=#?\w+;)")
_AT_LINE_START = re.compile(
    r"^(?P<space>[ \t]*)(?P<rest>#{1,6}(?=\s|$)|[=-]+[ \t]*$)", re.MULTILINE
)
_INDENTED = re.compile(r"^ {4,}", re.MULTILINE)
_BULLET = re.compile(r"^([ \u00a0]*)[•◦▪]\s+", re.MULTILINE)
_QUOTED = re.compile(r"&gt;(?!&gt;) ?")
_ALL_QUOTED = re.compile(r"^&gt;&gt;&gt; ?(.*)", re.MULTILINE | re.DOTALL)
_BEGUN = re.compile(r"> |\s*(?:-|\d+\.) ")
_GOES_ON = re.compile(r"\s*(?:[•◦▪-]|\d+\.)\s|\s*$")
_MENTION = re.compile(r"(<@[UW][A-Z0-9]+>)")
_SAFE_LINK = re.compile(r"(https?://|mailto:)[^\s<>]+")


def markdown(text: str, names: Mapping[str, str]) -> str:
    """A text of Slack's as Markdown; ``names`` are the display names known, by user id."""
    parts: list[str] = []
    end = 0
    for code in _CODE.finditer(text):
        parts.append(_words(text[end : code.start()], names))
        parts.append(_code(code, names, at_start=not "".join(parts).strip()))
        end = code.end()
    parts.append(_words(text[end:], names))
    return "".join(parts).strip("\n")


def typed(text: str, names: Mapping[str, str]) -> str:
    """Words as somebody typed them in a form or after a command, as Markdown: nothing in them is
    Slack's but mentions (``<@U1>``) and the marks of formatting."""
    parts = _MENTION.split(text)
    return markdown(
        "".join(part if n % 2 else escaped(part) for n, part in enumerate(parts)), names
    )


def with_names(text: str, names: Mapping[str, str]) -> str:
    """A text that was typed, with names for its mentions and nothing else changed."""
    return _MENTION.sub(lambda found: readable(found[1], names), text)


def readable(text: str, names: Mapping[str, str]) -> str:
    """A text of Slack's without its markers, as plain words; formatting is left as it was typed."""
    return unescaped(_MARKED.sub(lambda found: _spelled(found[1], names), text))


def plain(text: str) -> str:
    """Words without any markup of Slack's as Markdown that reads as exactly these words."""
    return _MARKS.sub(lambda found: f"\\{found[0]}", text)


def escaped(text: str) -> str:
    """As Slack would send it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """Slack escapes three characters."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


_MARKED = re.compile(r"<([^<>]+)>")


def _code(found: re.Match[str], names: Mapping[str, str], *, at_start: bool) -> str:
    if found[2] is not None:
        return f"`{readable(found[2], names)}`"
    before = "" if at_start else "\n"
    return f"{before}```\n{readable(found[1], names)}\n```\n"


def _words(text: str, names: Mapping[str, str]) -> str:
    lines: list[str] = []
    for line in _ALL_QUOTED.sub(lambda found: _with_bars(found[1]), text).split("\n"):
        quoted = _QUOTED.match(line)
        if not quoted and lines and _BEGUN.match(lines[-1]) and not _GOES_ON.match(line):
            lines.append("")  # else Markdown would take it for more of the quote or the list
        mark = "> " if quoted else ""
        lines.append(mark + _line(line[quoted.end() :] if quoted else line, names))
    return "\n".join(lines)


def _with_bars(text: str) -> str:
    return "\n".join(f"&gt; {line}" for line in text.split("\n"))


def _line(line: str, names: Mapping[str, str]) -> str:
    bullet = _BULLET.match(line)
    mark = f"{' ' * min(len(bullet[1]), 8)}- " if bullet else ""
    return mark + _inline(line[bullet.end() :] if bullet else line, names)


def _inline(text: str, names: Mapping[str, str]) -> str:
    said, end = [], 0
    for found in _INLINE.finditer(text):
        said.append(_plain(text[end : found.start()]))
        kind = str(found.lastgroup)
        if kind == "marked":
            said.append(_marked(found["marked"], names))
        else:
            wrap = _WRAPS[kind]
            said.append(f"{wrap}{_inline(found[kind], names)}{wrap}")
        end = found.end()
    said.append(_plain(text[end:]))
    return "".join(said)


def _plain(text: str) -> str:
    """Words that are only words, also where they look like marks of Markdown."""
    shown = emojis.shown(unescaped(text))
    shown = _MARKS.sub(lambda found: f"\\{found[0]}", shown)
    shown = _AT_LINE_START.sub(r"\g<space>\\\g<rest>", shown)
    return _INDENTED.sub(lambda found: "\u00a0" * len(found[0]), shown)


def _marked(marked: str, names: Mapping[str, str]) -> str:
    target, _, label = marked.partition("|")
    target = unescaped(target)
    if not _SAFE_LINK.fullmatch(target):
        return _plain(_spelled(marked, names))
    link = target.removeprefix("mailto:")
    if not label or unescaped(label) in link:
        return f"<{link}>"
    return f"[{_plain(label)}]({_address(target)})"


def _address(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29").replace("\\", "%5C")


def _spelled(marked: str, names: Mapping[str, str]) -> str:
    """What stands between angle brackets: a person, a channel, a group, a date or a link."""
    target, _, label = marked.partition("|")
    kind, name = target[:1], target[1:]
    if kind == "@":
        return f"@{label or names.get(name) or name}"
    if kind == "#":
        return f"#{label or name}"
    if kind == "!":
        return label or f"@{name.partition('^')[0]}"
    link = target.removeprefix("mailto:")
    return f"{label} ({link})" if label and label not in link else link
