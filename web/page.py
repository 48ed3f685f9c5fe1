"""A small page of ours: one column, a heading, a form at most."""

from html import escape
from pathlib import Path
from string import Template

from starlette.responses import HTMLResponse, Response

HERE = Path(__file__).parent


def page(content: str, *, status: int = 200) -> Response:
    """The page around ``content``, which is HTML: whatever people wrote in it is escaped before."""
    whole = Template((HERE / "page.html").read_text(encoding="utf-8"))
    return HTMLResponse(whole.substitute(content=content), status_code=status)


def notice(
    title: str, text: str, *, status: int = 200, back: tuple[str, str] | None = None
) -> Response:
    """A page that says one thing, in plain text, and may lead ``back``: to where, and what it says."""
    link = f'<p><a href="{escape(back[0])}">{escape(back[1])}</a></p>' if back else ""
    return page(f"<h1>{escape(title)}</h1><p>{escape(text)}</p>{link}", status=status)
