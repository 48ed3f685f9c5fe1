"""What every staff page is drawn with: plain elements with words in them, never markup."""

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

Press = Callable[[], Awaitable[None]]

SUBMITTED = "(e) => { e.preventDefault(); emit(Object.fromEntries(new FormData(e.target))) }"
"""Hands the fields of a form over, by name."""


def words(text: str, tag: str = "span", classes: str = "") -> TextElement:
    """Text in an element, shown as it is."""
    return TextElement(tag=tag, text=text).classes(classes)


def element(tag: str, classes: str = "", **attributes: Any) -> ui.element:
    """An element with attributes, whose values may be people's words."""
    drawn = ui.element(tag).classes(classes)
    for name, value in attributes.items():
        drawn.props[name.strip("_").replace("_", "-")] = value
    return drawn


def link(text: str, href: str, classes: str = "", **attributes: Any) -> ui.element:
    """A link to a page of ours."""
    with element("a", classes, href=href, **attributes) as drawn:
        words(text)
    return drawn


def button(text: str, press: Press | None, classes: str = "", **attributes: Any) -> ui.element:
    """A button; without ``press`` it submits the form that it is in."""
    kind = "button" if press else "submit"
    with element("button", f"button {classes}", type=kind, **attributes) as drawn:
        words(text)
    if press is not None:
        drawn.on("click", press, args=[])
    return drawn


def form(submit: Callable[[dict[str, str]], Awaitable[None]], classes: str = "") -> ui.element:
    """A form; ``submit`` is given its fields. Ctrl+Enter submits from any of them."""
    drawn = element("form", classes, data_form=True)

    async def hand_over(event: Any) -> None:
        await submit({name: str(value) for name, value in dict(event.args).items()})

    drawn.on("submit", hand_over, js_handler=SUBMITTED)
    return drawn


@contextmanager
def labelled(text: str, classes: str = "") -> Iterator[ui.element]:
    """A label around the field that is drawn in it."""
    with element("label", f"field {classes}") as drawn:
        words(text, classes="label")
        yield drawn


def area(name: str, text: str = "", *, rows: int = 4, **attributes: Any) -> ui.element:
    """A field for several lines. What it has in it belongs to the browser, from then on."""
    return element("textarea", name=name, rows=rows, defaultValue=text, **attributes)


def line(name: str, text: str = "", **attributes: Any) -> ui.element:
    """A field for one line."""
    drawn = element("input", type="text", name=name, autocomplete="off", **attributes)
    drawn.props["defaultValue"] = text
    return drawn


def search(name: str, text: str = "", **attributes: Any) -> ui.element:
    """A field for what is looked for."""
    drawn = line(name, text, **attributes)
    drawn.props["type"] = "search"
    return drawn


def choice(name: str, choices: dict[str, str], chosen: str = "", **attributes: Any) -> ui.element:
    """One of several, each with what it is called."""
    with element("select", name=name, **attributes) as drawn:
        for value, text in choices.items():
            option = words(text, "option")
            option.props["value"] = value
            if value == chosen:
                option.props["selected"] = True
    return drawn


def go_to(address: str) -> None:
    """Open another page of the site in this window."""
    ui.run_javascript(f"location.assign({json.dumps(address)})")


def age(then: datetime, now: datetime) -> str:
    """How long ago, or in how long: ``3 min ago``, ``in 2 h``."""
    gap = abs(now - then)
    said = (
        f"{gap.days} d"
        if gap >= timedelta(days=2)
        else f"{round(gap.total_seconds() / 3600)} h"
        if gap >= timedelta(minutes=90)
        else f"{round(gap.total_seconds() / 60)} min"
    )
    if said == "0 min":
        return "now"
    return f"in {said}" if then > now else f"{said} ago"
