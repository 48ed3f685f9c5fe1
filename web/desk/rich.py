"""Markdown on a staff page: every mark becomes an element of ours, every word stays text."""

from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.token import Token
from nicegui import ui

from web.desk.draw import element, words

_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("strikethrough")
TAGS = frozenset({"p", "ul", "ol", "li", "blockquote", "strong", "em", "s"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


LONGEST = 100_000  # characters; longer texts are shown as they were written


def draw_markdown(text: str, classes: str = "", *, breaks: bool = False) -> None:
    """Draw it here. HTML in it is text, pictures are their words, links lead only to the web; in what
    people write in chat the line ``breaks`` where they broke it."""
    with element("div", f"rich {classes}"):
        if len(text) > LONGEST:
            words(text)
        else:
            _draw(_PARSER.parse(text), breaks=breaks)


def _draw(tokens: Iterable[Token], *, breaks: bool) -> None:
    open_elements: list[ui.element] = []
    for token in tokens:
        if token.nesting == 1:
            drawn = _opened(token)
            drawn.__enter__()
            open_elements.append(drawn)
        elif token.nesting == -1:
            open_elements.pop().__exit__(None, None, None)
        else:
            _leaf(token, breaks=breaks)


def _opened(token: Token) -> ui.element:
    if token.tag == "a":
        address = str(token.attrGet("href") or "")
        if address.startswith(("https://", "http://", "mailto:")):
            return element("a", href=address, rel="noopener noreferrer", target="_blank")
        return element("span")
    if token.tag in HEADINGS:  # the page has an h1 of its own, and no level may be left out
        return element("h2", token.tag)
    return element(token.tag if token.tag in TAGS else "div")


def _leaf(token: Token, *, breaks: bool) -> None:
    if token.type == "inline":
        _draw(token.children or (), breaks=breaks)
    elif token.type in {"fence", "code_block"}:
        words(token.content, "pre")
    elif token.type == "code_inline":
        words(token.content, "code")
    elif token.type == "hardbreak" or (token.type == "softbreak" and breaks):
        element("br")
    elif token.type == "softbreak":
        words(" ")
    elif token.type == "hr":
        element("hr")
    else:  # words, the words of a picture, and HTML, which is none here
        words(token.content)
