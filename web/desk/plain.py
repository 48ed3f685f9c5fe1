"""What pages with figures are drawn with: parts, tables, and times in words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from nicegui import ui

from web.desk.draw import element, words
from web.desk.drawing import Drawing, Node, node
from web.sign_in import DESK_PATH


def style() -> None:
    """The looks of these pages."""
    ui.add_head_html(f'<link rel="stylesheet" href="{DESK_PATH}/static/dashboard.css">')


@contextmanager
def part(title: str, classes: str = "") -> Iterator[ui.element]:
    """A part of a page under a heading of its own."""
    with element("section", f"part {classes}") as drawn:
        words(title, "h2")
        yield drawn


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table of words; the first column says what each row is about."""
    head = node("tr", *(node("th", each, scope="col") for each in heads))
    wide = Drawing("div", "wide", tabindex="0", role="region", aria_label=caption)
    wide.show(
        node(
            "table",
            node("caption", caption, classes="away"),
            node("thead", head),
            node("tbody", *map(_line, rows)),
            classes="figures",
        )
    )


def _line(row: Sequence[str]) -> Node:
    first, *rest = row
    return node("tr", node("th", first, scope="row"), *(node("td", each) for each in rest))


def moment(at: datetime | None) -> str:
    """A moment as staff read it."""
    return at.strftime("%d %b %H:%M UTC") if at else "–"
