"""Drawings: words and marks that change together, sent as one and compared by the browser.

NiceGUI keeps an object with its listeners for every element, and a message for each that changes: what
a queue, a conversation or a board that changes by the second in hundreds of windows costs is mostly
that. A drawing is one element, whatever is in it; what stays the same keeps its focus and its state.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

Node = str | tuple[str, dict[str, Any], "Nodes"]
"""Words, or an element: its tag, its attributes, and the nodes in it."""

Nodes = tuple[Node, ...]  # NiceGUI would watch each list for changes

Pressed = Callable[[str, bool], Awaitable[None]]
"""Is told which of a drawing's buttons or boxes was pressed, and whether it is a ticked box now."""


def node(tag: str, *inside: Node, classes: str = "", press: str = "", **attributes: Any) -> Node:
    """An element in a drawing; ``press`` is what its `Pressed` is told. What people wrote may be in
    values of attributes, but not decide which there are, nor be an address that is not checked."""
    given = _named(attributes)
    if classes:
        given["class"] = classes
    if press:
        given["press"] = press
    return tag, given, inside


def press_button(text: str, press: str, classes: str = "", **attributes: Any) -> Node:
    """A button in a drawing."""
    looks = f"button {classes}".rstrip()
    return node("button", text, classes=looks, press=press, type="button", **attributes)


class Drawing(ui.element, component="page/drawing.js"):
    """An element whose inside is drawn as a whole, with classes and attributes of its own."""

    def __init__(
        self, tag: str, classes: str = "", *, pressed: Pressed | None = None, **attributes: Any
    ) -> None:
        super().__init__()
        self._pressed = pressed
        self._nodes: Nodes = ()
        self._props.update({"of": tag, "nodes": (), **_named(attributes)})
        self.classes(classes)
        if pressed is not None:
            self.on("press", self._press)

    async def _press(self, event: GenericEventArguments) -> None:
        which, ticked = event.args
        if self._pressed is not None:
            await self._pressed(str(which), bool(ticked))

    def show(self, *nodes: Node) -> None:
        """Draw this in place of what was there, if it is different."""
        if nodes != self._nodes:
            self._nodes = self._props["nodes"] = nodes


def _named(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """As HTML calls them: ``aria_label`` is aria-label, ``for_`` is for."""
    return {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
