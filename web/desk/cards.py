"""A card on a staff page: its words as text, its buttons as buttons."""

from collections.abc import Awaitable, Callable

from core.cards import Button, Card, Tone
from web.desk.draw import button, element, words

Pressed = Callable[[Button], Awaitable[None]]
TONES = {Tone.PLAIN: "", Tone.PRIMARY: "primary", Tone.DANGER: "danger"}


def draw_card(card: Card, pressed: Pressed) -> None:
    """Draw it here; ``pressed`` is told which of its buttons was."""
    with element("div", "card"):
        for text, tag, look in (
            (card.title, "h3", ""),
            (card.text, "p", "text"),
            (card.quote, "blockquote", "text"),
        ):
            if text:
                words(text, tag, look)
        _draw_fields(card)
        for excerpt in card.excerpts:
            with element("section", "excerpt"):
                words(excerpt.title, "h4")
                words(excerpt.body, "p", "text")
        _draw_buttons(card, pressed)
        if card.footnote:
            words(card.footnote, "p", "text footnote")


def _draw_fields(card: Card) -> None:
    if card.fields:
        with element("dl"):
            for each in card.fields:
                words(each.label, "dt")
                words(each.value, "dd", "text")


def _draw_buttons(card: Card, pressed: Pressed) -> None:
    if card.buttons:
        with element("div", "buttons"):
            for each in card.buttons:
                button(each.label, _press(each, pressed), TONES[each.tone])


def _press(each: Button, pressed: Pressed) -> Callable[[], Awaitable[None]]:
    async def press() -> None:
        await pressed(each)

    return press
