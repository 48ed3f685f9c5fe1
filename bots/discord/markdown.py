"""Articles and people's words are Markdown; Discord has a dialect of its own. From one to the other."""

from collections.abc import Mapping
from typing import ClassVar

from markdown_it.tree import SyntaxTreeNode as Node

from bots.discord import markup
from bots.markdown import FENCE, Walk, fenced, flat
from core.markdown import READ_AT_MOST


def pieces(markdown: str, longest: int) -> list[str]:
    """A Markdown text as Discord's markup, in pieces of at most ``longest``."""
    if len(markdown) > READ_AT_MOST:
        return [piece for piece in markup.split(markup.plain(markdown), longest) if piece.strip()]
    packed = [""]
    for block in _WALK.blocks(markup.visible(markdown)):
        for part in _cut(block, longest):
            if packed[-1] and markup.width(packed[-1]) + markup.width(part) + 2 > longest:
                packed.append("")
            packed[-1] = f"{packed[-1]}\n\n{part}" if packed[-1] else part
    return [piece for piece in packed if piece.strip()]


def _cut(block: str, longest: int) -> list[str]:
    """A block in pieces; a long one of code is fenced anew in each, of a quote barred."""
    if markup.width(block) <= longest:
        return [block]
    if block.startswith(FENCE):
        code = block.removeprefix(FENCE).removesuffix(FENCE).strip("\n")
        return [fenced(part) for part in markup.split(code, longest - 8)]
    if block.startswith("> "):
        return [
            piece if piece.startswith(">") else f"> {piece}"
            for piece in markup.split(block, longest - 2)
        ]
    return markup.split(block, longest)


class _Discord(Walk):
    marks: ClassVar[Mapping[str, str]] = {"strong": "**", "em": "*", "s": "~~"}
    bullet = "- "
    indent = "  "

    def wrapped(self, mark: str, node: Node) -> str:
        inner = self.within(node)
        return f"{mark}{inner}{mark}" if inner.strip() else inner

    def plain(self, text: str) -> str:
        return markup.plain(text)

    def escaped(self, text: str) -> str:
        return markup.escaped(text)

    def code(self, text: str) -> str:
        return markup.visible(text).replace(FENCE, "`\u200b``")

    def code_inline(self, text: str) -> str:
        code = " ".join(markup.visible(text).split("\n"))
        return f"`` {code} ``" if "`" in code else f"`{code}`"

    def link(self, address: str, label: str) -> str:
        return markup.link(address, label)

    def label(self, node: Node) -> str:
        return "".join(
            markup.escaped(child.content) if child.type == "text" else self.inline(child)
            for child in flat(node.children)
        )


_WALK = _Discord(html=False)
