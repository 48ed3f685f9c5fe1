"""Articles and people's words are Markdown; Slack speaks a markup of its own. From one to the other."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node

from bots.slack import mrkdwn

FENCE = "```"
READ_AT_MOST = 12_000  # characters; longer texts are shown as they were written
_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def pieces(markdown: str, longest: int) -> list[str]:
    """A Markdown text as mrkdwn, in pieces of at most ``longest`` characters."""
    blocks = _blocks(Node(_READER.parse(mrkdwn.visible(markdown))))
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
    blocks = _blocks(Node(_READER.parse(mrkdwn.visible(markdown))))
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
    return [_fenced(part) for part in mrkdwn.split(code, longest - 8)]


def _fenced(code: str) -> str:
    return f"{FENCE}\n{code.rstrip()}\n{FENCE}"


def _blocks(node: Node) -> list[str]:
    return [text for child in node.children if (text := _block(child)).strip()]


def _block(node: Node) -> str:
    known = _BLOCKS.get(node.type)
    return known(node) if known else "\n".join(_blocks(node))


def _paragraph(node: Node) -> str:
    return _within(node)


def _heading(node: Node) -> str:
    return f"*{_within(node).replace('*', '')}*"


def _code(node: Node) -> str:
    return _fenced(mrkdwn.escaped(node.content).replace(FENCE, "'''"))


def _quote(node: Node) -> str:
    return "\n".join(f"> {line}" for line in "\n\n".join(_blocks(node)).split("\n"))


def _bullets(node: Node) -> str:
    return "\n".join(_item(item, "• ") for item in node.children)


def _numbers(node: Node) -> str:
    first = int(node.attrs.get("start", 1))
    return "\n".join(_item(item, f"{number}. ") for number, item in enumerate(node.children, first))


def _item(node: Node, mark: str) -> str:
    return mark + "\n".join(_blocks(node)).replace("\n", "\n    ")


def _row(node: Node) -> str:
    return " · ".join(_within(cell) for cell in node.children)


def _within(node: Node) -> str:
    return "".join(_inline(child) for child in _flat(node.children))


def _flat(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        if node.type == "inline":
            yield from node.children
        else:
            yield node


def _inline(node: Node) -> str:
    known = _INLINES.get(node.type)
    return known(node) if known else mrkdwn.plain(node.content)


def _wrapped(mark: str, node: Node) -> str:
    return f"{mark}{_within(node)}{mark}"


def _link(node: Node) -> str:
    return mrkdwn.link(str(node.attrs.get("href", "")), _label(node))


def _label(node: Node) -> str:
    """What a link says: in it, an address is only words, since a link within a link is none."""
    wrap = _MARKS.get(node.type, "")
    if not node.children:
        said = mrkdwn.escaped(node.content) if node.content else "\n" * node.type.endswith("break")
        return f"{wrap}{said}{wrap}"
    return f"{wrap}{''.join(_label(child) for child in node.children)}{wrap}"


def _image(node: Node) -> str:
    return mrkdwn.link(str(node.attrs.get("src", "")), mrkdwn.escaped(node.content))


_BLOCKS: Mapping[str, Callable[[Node], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "fence": _code,
    "code_block": _code,
    "blockquote": _quote,
    "bullet_list": _bullets,
    "ordered_list": _numbers,
    "tr": _row,
    "hr": lambda _: "———",
    "html_block": lambda node: mrkdwn.escaped(node.content.strip()),
}

_MARKS: Mapping[str, str] = {"strong": "*", "em": "_", "s": "~", "code_inline": "`"}

_INLINES: Mapping[str, Callable[[Node], str]] = {
    **{kind: partial(_wrapped, mark) for kind, mark in _MARKS.items() if kind != "code_inline"},
    "code_inline": lambda node: f"`{mrkdwn.escaped(node.content)}`",
    "softbreak": lambda _: "\n",
    "hardbreak": lambda _: "\n",
    "link": _link,
    "image": _image,
}
