"""What is said, in a shape that every channel can render and no platform word in it.

What the desk says is plain text: a channel escapes it for its platform. People's own words are
Markdown (`core.markdown`): the text of a card that has an `Author`, a card's ``quote``, and the
body of an `Excerpt`, because an article is written in it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from core import markdown


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


@dataclass(frozen=True)
class Author:
    """The person whose words a card carries; ``picture`` is an https address, or nothing.

    A channel that can post under a name and a picture does, and then leaves out a title that only
    says the name again.
    """

    name: str
    picture: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """One thing said. With an ``author`` the text is that person's own words, in Markdown; without
    one it is the desk's, and plain. ``quote`` is somebody's words shown as theirs, in Markdown."""

    text: str
    title: str = ""
    author: Author | None = None
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
        author=Author(**kept["author"]) if kept.get("author") else None,
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
        markdown.words(card.text) if card.author else card.text,
        "\n".join(f"> {line}" for line in markdown.words(card.quote).splitlines()),
        "\n".join(f"{field.label}: {field.value}" for field in card.fields),
        *(f"{excerpt.title}\n{excerpt.body}" for excerpt in card.excerpts),
        "  ".join(f"[{button.label}]" for button in card.buttons),
        card.footnote,
    ]
    return "\n".join(part for part in parts if part)
