"""A walk over Markdown: blocks and words in the same order on every channel, each in its own marks."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import ClassVar

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node

FENCE = "```"


def fenced(code: str) -> str:
    """A block of code."""
    return f"{FENCE}\n{code.rstrip()}\n{FENCE}"


def barred(text: str) -> str:
    """A quote."""
    return "\n".join(f"> {line}" for line in text.split("\n"))


class Walk:
    """Writes Markdown as a platform has it, block by block. A platform says what it has: its marks,
    its bullet and how far the lines beneath it stand in, and the few things that it writes otherwise.
    """

    marks: ClassVar[Mapping[str, str]]
    bullet: str
    indent: str

    def __init__(self, *, html: bool) -> None:
        options = {"html": html}
        self._reader = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
        self._blocks: Mapping[str, Callable[[Node], str]] = {
            "paragraph": self.within,
            "heading": self.heading,
            "fence": lambda node: fenced(self.code(node.content)),
            "code_block": lambda node: fenced(self.code(node.content)),
            "blockquote": lambda node: barred("\n\n".join(self._texts(node))),
            "bullet_list": self._bullets,
            "ordered_list": self._numbers,
            "tr": lambda node: " · ".join(self.within(cell) for cell in node.children),
            "hr": lambda _: "———",
            "html_block": lambda node: self.escaped(node.content.strip()),
        }
        self._inlines: Mapping[str, Callable[[Node], str]] = {
            **{kind: partial(self.wrapped, mark) for kind, mark in self.marks.items()},
            "code_inline": lambda node: self.code_inline(node.content),
            "softbreak": lambda _: "\n",
            "hardbreak": lambda _: "\n",
            "link": lambda node: self.link(_address(node, "href"), self.label(node)),
            "image": lambda node: self.link(_address(node, "src"), self.escaped(node.content)),
        }

    def blocks(self, markdown: str) -> list[str]:
        """The blocks of a text, in its order."""
        return self._texts(Node(self._reader.parse(markdown)))

    def within(self, node: Node) -> str:
        """The words of a node."""
        return "".join(self.inline(child) for child in flat(node.children))

    def inline(self, node: Node) -> str:
        """A piece of a line."""
        known = self._inlines.get(node.type)
        return known(node) if known else self.plain(node.content)

    def wrapped(self, mark: str, node: Node) -> str:
        """Words between marks."""
        return f"{mark}{self.within(node)}{mark}"

    def heading(self, node: Node) -> str:
        """A heading: a line that is strong, and in which nothing else is."""
        mark = self.marks["strong"]
        return f"{mark}{self.within(node).replace(mark, '')}{mark}"

    def plain(self, text: str) -> str:
        """Words as they are."""
        raise NotImplementedError

    def escaped(self, text: str) -> str:
        """Words as they are, an address among them included."""
        raise NotImplementedError

    def code(self, text: str) -> str:
        """What stands in a block of code."""
        raise NotImplementedError

    def code_inline(self, text: str) -> str:
        """Code within a line."""
        raise NotImplementedError

    def link(self, address: str, label: str) -> str:
        """A link, where the platform shows it as one."""
        raise NotImplementedError

    def label(self, node: Node) -> str:
        """What a link says: in it, an address is only words, since a link within a link is none."""
        raise NotImplementedError

    def _texts(self, node: Node) -> list[str]:
        return [text for child in node.children if (text := self._block(child)).strip()]

    def _block(self, node: Node) -> str:
        known = self._blocks.get(node.type)
        return known(node) if known else "\n".join(self._texts(node))

    def _bullets(self, node: Node) -> str:
        return "\n".join(self._item(item, self.bullet) for item in node.children)

    def _numbers(self, node: Node) -> str:
        numbered = enumerate(node.children, int(node.attrs.get("start", 1)))
        return "\n".join(self._item(item, f"{number}. ") for number, item in numbered)

    def _item(self, node: Node, mark: str) -> str:
        return mark + "\n".join(self._texts(node)).replace("\n", f"\n{self.indent}")


def flat(nodes: Iterable[Node]) -> Iterable[Node]:
    """The pieces of lines among nodes."""
    for node in nodes:
        if node.type == "inline":
            yield from node.children
        else:
            yield node


def _address(node: Node, name: str) -> str:
    return str(node.attrs.get(name, ""))
