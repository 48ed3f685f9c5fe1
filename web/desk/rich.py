"""Markdown on a staff page: every mark becomes a node of ours, every word stays text."""

from collections.abc import Iterable, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from web.desk.drawing import Node, node

_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("strikethrough")
TAGS = frozenset({"p", "ul", "ol", "li", "blockquote", "strong", "em", "s"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

LONGEST = 100_000  # characters; longer texts are shown as they were written


def markdown(text: str, classes: str = "", *, breaks: bool = False) -> Node:
    """What it looks like. HTML in it is text, pictures are their words, links lead only to the web; in
    what people write in chat the line ``breaks`` where they broke it."""
    looks = f"rich {classes}".rstrip()
    if len(text) > LONGEST:
        return node("div", text, classes=looks)
    return node("div", *_nodes(_PARSER.parse(text), breaks=breaks), classes=looks)


def _nodes(tokens: Iterable[Token], *, breaks: bool) -> Sequence[Node]:
    open_tokens: list[Token] = []
    within: list[list[Node]] = [[]]
    for token in tokens:
        if token.nesting == 1:
            open_tokens.append(token)
            within.append([])
        elif token.nesting == -1:
            inside = within.pop()
            within[-1].append(_around(open_tokens.pop(), inside))
        elif token.type == "inline":
            within[-1].extend(_nodes(token.children or (), breaks=breaks))
        else:
            within[-1].append(_leaf(token, breaks=breaks))
    return within[0]


def _around(token: Token, inside: Sequence[Node]) -> Node:
    if token.tag == "a":
        address = str(token.attrGet("href") or "")
        if not address.startswith(("https://", "http://", "mailto:")):
            return node("span", *inside)
        return node("a", *inside, href=address, rel="noopener noreferrer", target="_blank")
    if token.tag in HEADINGS:  # the page has an h1 of its own, and no level may be left out
        return node("h2", *inside, classes=token.tag)
    return node(token.tag if token.tag in TAGS else "div", *inside)


def _leaf(token: Token, *, breaks: bool) -> Node:
    if token.type in {"fence", "code_block"}:
        return node("pre", token.content)
    if token.type == "code_inline":
        return node("code", token.content)
    if token.type == "hardbreak" or (token.type == "softbreak" and breaks):
        return node("br")
    if token.type == "softbreak":
        return " "
    if token.type == "hr":
        return node("hr")
    return token.content  # words, the words of a picture, and HTML, which is none here
