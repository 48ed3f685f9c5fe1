"""What is said, in a shape that every channel can render and no platform word in it.

All text is plain: a channel escapes it for its platform. Only an `Excerpt` is Markdown, because an
article is written in it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Tone(StrEnum):
    """How much a button wants to be pressed."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True)
class Button:
    """A command with its first argument filled in; the channel asks for what is missing.

    ``action`` names a command of the table (``ticket claim``), ``value`` is its first argument.
    """

    label: str
    action: str
    value: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Field:
    """A labelled value, a line long."""

    label: str
    value: str


@dataclass(frozen=True)
class Excerpt:
    """An article shown within a card; the body is Markdown."""

    title: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """One thing said. ``quote`` is somebody's own words, shown as theirs."""

    text: str
    title: str = ""
    quote: str = ""
    fields: tuple[Field, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    buttons: tuple[Button, ...] = ()
    footnote: str = ""


def to_json(card: Card) -> dict[str, Any]:
    """The card as plain values, without its empty parts."""
    return {name: value for name, value in asdict(card).items() if value}


def from_json(kept: Mapping[str, Any]) -> Card:
    """The card that `to_json` wrote."""
    return Card(
        text=kept.get("text", ""),
        title=kept.get("title", ""),
        quote=kept.get("quote", ""),
        fields=tuple(Field(**field) for field in kept.get("fields", ())),
        excerpts=tuple(Excerpt(**excerpt) for excerpt in kept.get("excerpts", ())),
        buttons=tuple(
            Button(**{**button, "tone": Tone(button["tone"])}) for button in kept.get("buttons", ())
        ),
        footnote=kept.get("footnote", ""),
    )


def plain(card: Card) -> str:
    """The card as plain text: for a terminal, a log line, a notification."""
    parts = [
        card.title,
        card.text,
        "\n".join(f"> {line}" for line in card.quote.splitlines()),
        "\n".join(f"{field.label}: {field.value}" for field in card.fields),
        *(f"{excerpt.title}\n{excerpt.body}" for excerpt in card.excerpts),
        "  ".join(f"[{button.label}]" for button in card.buttons),
        card.footnote,
    ]
    return "\n".join(part for part in parts if part)
