"""Markdown as HTML in which nothing runs: no markup of its own, no pictures, no odd links."""

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

READ_AT_MOST = 100_000  # characters; what is longer is shown as it was written

_READER = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])
_READER.disable("image")
_READER.validateLink = lambda url: url.lower().startswith(("http://", "https://", "mailto:"))  # type: ignore[method-assign]


def html(text: str) -> Markup:
    """The text as HTML; its headings are beneath that of the page."""
    if len(text) > READ_AT_MOST:
        return Markup("<p class='words'>{}</p>").format(escape(text))
    tokens = _READER.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    rendered = _READER.renderer.render(tokens, _READER.options, {})
    return Markup(rendered)  # noqa: S704 - markdown-it has escaped all that is not its own
