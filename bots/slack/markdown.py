"""Articles and people's words are Markdown; Slack speaks a markup of its own. From one to the other."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from markdown_it.tree import SyntaxTreeNode as Node

from bots.markdown import FENCE, Walk, fenced
from bots.slack import mrkdwn

READ_AT_MOST = 12_000  # characters; longer texts are shown as they were written


def pieces(markdown: str, longest: int) -> list[str]:
    """A Markdown text as mrkdwn, in pieces of at most ``longest`` characters."""
    blocks = _WALK.blocks(mrkdwn.visible(markdown))
    return _packed((part for block in blocks for part in _cut(block, longest)), longest)


def spoken(markdown: str, longest: int) -> list[str]:
    """The same of a person's words, of whom nobody knows how long they go on."""
    if len(markdown) > READ_AT_MOST:
        return mrkdwn.split(mrkdwn.plain(markdown), longest)
    return pieces(markdown, longest)


def quoted(markdown: str, longest: int) -> list[str]:
    """Somebody's words with Slack's bar beside every line; a block of code stands without it."""
    if len(markdown) > READ_AT_MOST:
        return [_barred(piece) for piece in mrkdwn.split(mrkdwn.quoted(markdown), longest)]
    blocks = _WALK.blocks(mrkdwn.visible(markdown))
    return _packed((part for block in blocks for part in _cut_quote(block, longest)), longest)


def _packed(parts: Iterable[str], longest: int) -> list[str]:
    packed = [""]
    for part in parts:
        if packed[-1] and len(packed[-1]) + len(part) + 2 > longest:
            packed.append("")
        packed[-1] = f"{packed[-1]}\n\n{part}" if packed[-1] else part
    return [piece for piece in packed if piece.strip()]


def _cut_quote(block: str, longest: int) -> list[str]:
    if block.startswith(FENCE):
        return _cut(block, longest)
    barred = "\n".join(line if line.startswith("> ") else f"> {line}" for line in block.split("\n"))
    return [_barred(piece) for piece in mrkdwn.split(barred, longest - 2)]


def _barred(piece: str) -> str:
    """A piece of a quote that begins within a line has lost its bar."""
    return piece if piece.startswith(">") else f"> {piece}"


def _cut(block: str, longest: int) -> list[str]:
    """A block in pieces; a long one of code is fenced anew in each."""
    if len(block) <= longest or not block.startswith(FENCE):
        return mrkdwn.split(block, longest)
    code = block.removeprefix(FENCE).removesuffix(FENCE).strip("\n")
    return [fenced(part) for part in mrkdwn.split(code, longest - 8)]


class _Slack(Walk):
    marks: ClassVar[Mapping[str, str]] = {"strong": "*", "em": "_", "s": "~"}
    bullet = "• "
    indent = "    "

    def plain(self, text: str) -> str:
        return mrkdwn.plain(text)

    def escaped(self, text: str) -> str:
        return mrkdwn.escaped(text)

    def code(self, text: str) -> str:
        return mrkdwn.escaped(text).replace(FENCE, "'''")

    def code_inline(self, text: str) -> str:
        return f"`{mrkdwn.escaped(text)}`"

    def link(self, address: str, label: str) -> str:
        return mrkdwn.link(address, label)

    def label(self, node: Node) -> str:
        wrap = "`" if node.type == "code_inline" else self.marks.get(node.type, "")
        if not node.children:
            broken = "\n" * node.type.endswith("break")
            said = mrkdwn.escaped(node.content) if node.content else broken
            return f"{wrap}{said}{wrap}"
        return f"{wrap}{''.join(self.label(child) for child in node.children)}{wrap}"


_WALK = _Slack(html=True)
