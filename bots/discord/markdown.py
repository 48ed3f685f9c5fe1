"""People's words between Discord's dialect and the Markdown that the desk keeps (`core.markdown`)."""

import re
from collections.abc import Callable, Iterable, Mapping

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode as Node

from bots.discord import markup
from core.markdown import READ_AT_MOST

FENCE = "```"
_READER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])

# From Discord

_CODE = re.compile(r"```(?:([\w+#.-]+)\n)?(.*?)```|(``?)(?!`)(.+?)\3", re.DOTALL)
_URL = re.compile(r"(?<![<(\w])(https?://[^\s<>]*[^\s<>.,;:!?)\]}'\"])")
_NOT_MEANT = re.compile(
    r"^(?P<space> {4,}|\t+)|^(?P<rule>\s{0,3}(?:[-=_*]\s*){2,}|\s{0,3}[-=*+])$"
    r"|^(?P<mark>#{4,}|\+)(?=\s)"
    r"|^(?P<label>\[)(?=[^\]\n]*\]:)|(?P<entity>&)(?=#?\w+;)",
    re.MULTILINE,
)
_BLOCK_QUOTE = re.compile(r"^>>> (.*)\Z", re.DOTALL | re.MULTILINE)
_NESTED = re.compile(r"(?:[-*]|\d+\.) ")
_LISTED = re.compile(r"\s*(?:[-*]|\d+\.) ")
_GOES_ON = re.compile(r"[>\s]|(?:[-*]|\d+\.) |```")
_SMALL = re.compile(r"^-# ", re.MULTILINE)


def kept(native: str) -> str:
    """What somebody wrote on Discord, as the desk keeps it. Mentions are names in it already."""
    done, last = [], 0
    for found in _CODE.finditer(native):
        done += [_from_text(native[last : found.start()]), _from_code(found)]
        last = found.end()
    whole = "".join([*done, _from_text(native[last:])])
    whole = _BLOCK_QUOTE.sub(lambda found: _barred(found[1]), whole)
    return "\n".join(_ended(whole.split("\n"))).strip("\n")


def _ended(lines: Iterable[str]) -> Iterable[str]:
    """A line beneath a quote or a list stands apart: Markdown would take it for more of that."""
    before, in_code = "", False
    for line in lines:
        ends_quote = before.startswith(">") and not line.startswith(">")
        ends_list = _LISTED.match(before) and not _GOES_ON.match(line)
        if line.strip() and not in_code and (ends_quote or ends_list):
            yield ""
        in_code ^= line.startswith(FENCE)
        before = line
        yield line


def _from_code(found: re.Match[str]) -> str:
    """A fence stands on lines of its own, wherever it stood on Discord, but for one in a quote."""
    if found[2] is None or ("\n" not in found[2] and not found[1]) or _is_quoted(found):
        return found[0]
    fenced = f"{FENCE}{found[1] or ''}\n{found[2].strip(chr(10))}\n{FENCE}"
    before = found.string[: found.start()].rstrip(" ")
    opening = "" if not before or before.endswith(("\n", ">")) else "\n"
    closing = "" if found.string[found.end() : found.end() + 1] in {"", "\n"} else "\n"
    return f"{opening}{fenced}{closing}"


def _is_quoted(found: re.Match[str]) -> bool:
    """Whether every line of the code has the bar of a quote."""
    begins = found.string.rfind("\n", 0, found.start()) + 1
    lines = found.string[begins : found.end()].split("\n")
    return all(line.startswith("> ") or line == ">" for line in lines)


def _from_text(text: str) -> str:
    """Text outside code, where what only Markdown gives a meaning loses it."""
    text = _NOT_MEANT.sub(_taken_as_words, _SMALL.sub("", text))
    return _URL.sub(lambda found: f"<{found[0]}>" if set(found[0]) & set("*_~") else found[0], text)


def _taken_as_words(found: re.Match[str]) -> str:
    if found["space"]:
        in_a_list = _NESTED.match(found.string, found.end()) and _NESTED.match(
            found.string[: found.start()].rstrip("\n").rpartition("\n")[2].lstrip()
        )
        return found["space"] if in_a_list else "   "
    if found["rule"]:
        bare = found["rule"].lstrip()
        return found["rule"][: -len(bare)] + "\\" + bare
    return f"\\{found[0]}"


def _barred(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


# To Discord


def pieces(markdown: str, longest: int) -> list[str]:
    """A Markdown text as Discord's markup, in pieces of at most ``longest``."""
    if len(markdown) > READ_AT_MOST:
        return [piece for piece in markup.split(markup.plain(markdown), longest) if piece.strip()]
    packed = [""]
    for block in _blocks(Node(_READER.parse(markup.visible(markdown)))):
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
        return [_fenced(part) for part in markup.split(code, longest - 8)]
    if block.startswith("> "):
        return [
            piece if piece.startswith(">") else f"> {piece}"
            for piece in markup.split(block, longest - 2)
        ]
    return markup.split(block, longest)


def _fenced(code: str) -> str:
    return f"{FENCE}\n{code.rstrip()}\n{FENCE}"


def _blocks(node: Node) -> list[str]:
    return [text for child in node.children if (text := _block(child)).strip()]


def _block(node: Node) -> str:
    known = _BLOCKS.get(node.type)
    return known(node) if known else "\n".join(_blocks(node))


def _heading(node: Node) -> str:
    return f"**{_within(node).replace('**', '')}**"


def _code(node: Node) -> str:
    return _fenced(markup.visible(node.content).replace(FENCE, "`\u200b``"))


def _quote(node: Node) -> str:
    return _barred("\n\n".join(_blocks(node)))


def _bullets(node: Node) -> str:
    return "\n".join(_item(item, "- ") for item in node.children)


def _numbers(node: Node) -> str:
    first = int(node.attrs.get("start", 1))
    return "\n".join(_item(item, f"{number}. ") for number, item in enumerate(node.children, first))


def _item(node: Node, mark: str) -> str:
    return mark + "\n".join(_blocks(node)).replace("\n", "\n  ")


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
    return known(node) if known else markup.plain(node.content)


def _around(mark: str) -> Callable[[Node], str]:
    def marked(node: Node) -> str:
        inner = _within(node)
        return f"{mark}{inner}{mark}" if inner.strip() else inner

    return marked


def _code_inline(node: Node) -> str:
    code = " ".join(markup.visible(node.content).split("\n"))
    return f"`` {code} ``" if "`" in code else f"`{code}`"


def _link(node: Node) -> str:
    return markup.link(str(node.attrs.get("href", "")), _text_of(node))


def _text_of(node: Node) -> str:
    """A link's label: without links in it, since a label that is an address is not shown as one."""
    return "".join(
        markup.escaped(child.content) if child.type == "text" else _inline(child)
        for child in _flat(node.children)
    )


def _image(node: Node) -> str:
    return markup.link(str(node.attrs.get("src", "")), markup.escaped(node.content))


_BLOCKS: Mapping[str, Callable[[Node], str]] = {
    "paragraph": _within,
    "heading": _heading,
    "fence": _code,
    "code_block": _code,
    "blockquote": _quote,
    "bullet_list": _bullets,
    "ordered_list": _numbers,
    "tr": _row,
    "hr": lambda _: "———",
}

_INLINES: Mapping[str, Callable[[Node], str]] = {
    "strong": _around("**"),
    "em": _around("*"),
    "s": _around("~~"),
    "code_inline": _code_inline,
    "softbreak": lambda _: "\n",
    "hardbreak": lambda _: "\n",
    "link": _link,
    "image": _image,
}
