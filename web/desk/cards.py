"""A card on a staff page: its words as text, its buttons as buttons."""

from collections.abc import Awaitable, Callable, Iterator

from core.cards import Button, Card, Tone
from web.desk.drawing import Drawing, Node, node, press_button

Pressed = Callable[[Button], Awaitable[None]]
TONES = {Tone.PLAIN: "", Tone.PRIMARY: "primary", Tone.DANGER: "danger"}


def draw_card(card: Card, pressed: Pressed) -> None:
    """Draw it here; ``pressed`` is told which of its buttons was."""

    async def press(which: str, _ticked: bool) -> None:
        if which.isdecimal() and int(which) < len(card.buttons):
            await pressed(card.buttons[int(which)])

    Drawing("div", "card", pressed=press).show(*_parts(card))


def _parts(card: Card) -> Iterator[Node]:
    for text, tag, look in (
        (card.title, "h3", ""),
        (card.text, "p", "text"),
        (card.quote, "blockquote", "text"),
    ):
        if text:
            yield node(tag, text, classes=look)
    if card.fields:
        yield node("dl", *_fields(card))
    for excerpt in card.excerpts:
        body = node("p", excerpt.body, classes="text")
        yield node("section", node("h4", excerpt.title), body, classes="excerpt")
    if card.buttons:
        buttons = [
            press_button(each.label, str(place), TONES[each.tone])
            for place, each in enumerate(card.buttons)
        ]
        yield node("div", *buttons, classes="buttons")
    if card.footnote:
        yield node("p", card.footnote, classes="text footnote")


def _fields(card: Card) -> Iterator[Node]:
    for each in card.fields:
        yield node("dt", each.label)
        yield node("dd", each.value, classes="text")
