"""A card as Discord's messages, within every limit of the platform: values in, values out.

https://discord.com/developers/docs/resources/message gives the limits: 2,000 characters of content,
10 embeds of 6,000 characters together, 5 rows of 5 buttons, 100 characters for a custom id.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bots.discord import markdown, markup
from core.cards import Button, Card, Field, Tone

CONTENT = 2_000
EMBEDS = 10
EMBED_CHARACTERS = 5_900  # of 6,000, over all embeds of a message
DESCRIPTION = 3_000  # of 4,096, so that fields and footer have room in the same message
FIELDS_CHARACTERS = 2_000
TITLE = 256
AUTHOR = 256
FIELD_NAME = 256
FIELD_VALUE = 1_000  # of 1,024
FIELDS = 25
FOOTER = 600  # of 2,048
ROW = 5
ROWS = 2
LABEL = 80
CUSTOM_ID = 100
OPTIONS = 25
OPTION = 100
MORE = "more"

NO_PREVIEWS = 1 << 2
NOBODY: Any = {"parse": []}
"""Allowed mentions: whatever a text says, it calls nobody."""

STYLES = {Tone.PRIMARY: 1, Tone.PLAIN: 2, Tone.DANGER: 4}

Json = dict[str, Any]


@dataclass
class Post:
    """One message on Discord."""

    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)

    @property
    def body(self) -> Json:
        """What Discord's API takes; the same for a new message and for an edit."""
        flags = {} if self.embeds else {"flags": NO_PREVIEWS}
        return {
            "content": self.content or ("" if self.embeds else "…"),
            "embeds": self.embeds,
            "components": self.components,
            "allowed_mentions": NOBODY,
            **flags,
        }

    def takes(self, embed: Json) -> bool:
        """Whether one more embed fits."""
        weight = sum(map(_weight, self.embeds)) + _weight(embed)
        return len(self.embeds) < EMBEDS and weight <= EMBED_CHARACTERS


def posts(card: Card) -> list[Post]:
    """The card as one message, or several where it is long.

    What changes with the ticket (title, fields, buttons, footnote) is in the first, so that
    editing that one shows the new state; what follows is only the rest of the words.
    """
    title, foot = _title(card), "" if _is_framed(card) else _small_print(card.footnote)
    room = CONTENT - markup.width(title) - markup.width(foot) - 2
    words = _words(card, room)
    lines = [title, *words[:1], foot]
    first = Post("\n".join(filter(None, lines)), components=_rows(card.buttons))
    pages = [first, *(Post(piece) for piece in words[1:])]
    framed, *more = [[*_frame(card)], *([each] for each in _excerpts(card))]
    first.embeds += framed[:1]
    for embed in [*framed[1:], *(each[0] for each in more)]:
        if not pages[-1].takes(embed):
            pages.append(Post())
        pages[-1].embeds.append(embed)
    return pages


def thread_name(card: Card) -> str:
    """What the thread beneath a card, or its post in a forum, is called."""
    return markup.cut(" ".join(markup.visible(card.title or card.text).split()) or "…", 100)


def action_of(custom_id: str) -> tuple[str, str]:
    """The command that a pressed button's id names, and its first argument."""
    action, _, value = custom_id.partition("#")
    return action, value.partition(":")[2]


def _is_framed(card: Card) -> bool:
    """Whether the card has more than words, and so an embed of its own."""
    return bool(card.quote.strip() or card.fields or _has_face(card))


def _has_face(card: Card) -> bool:
    return card.author is not None and bool(card.author.picture)


def _title(card: Card) -> str:
    title = card.title
    if card.author is not None and title in {"", card.author.name}:
        title = "" if card.author.picture else card.author.name
    line = " ".join(markup.escaped(title).split())
    return f"**{markup.split(line, 500)[0].strip()}**" if line else ""


def _words(card: Card, room: int) -> list[str]:
    """The text in pieces that a message has room for beside its title and small print."""
    if _has_face(card):
        return []
    if card.author is not None:
        return markdown.pieces(card.text, room)
    return [piece for piece in markup.split(markup.plain(card.text), room) if piece.strip()]


def _small_print(text: str) -> str:
    return markup.split(markup.small(text), 900)[0].rstrip() if text.strip() else ""


def _frame(card: Card) -> Iterator[Json]:
    """What people said, with the fields and the footnote; what did not fit comes after it."""
    if not _is_framed(card):
        return
    said = markdown.pieces(card.text, DESCRIPTION) if _has_face(card) else []
    said = [*said, *_quoted(card.quote)] or [""]
    first, *more = _grouped([_field(each) for each in card.fields])
    yield _bare(
        author=_face(card),
        description=said[0],
        fields=first,
        footer={"text": markup.cut(markup.visible(card.footnote).strip(), FOOTER)},
    )
    for fields in more:
        yield _bare(fields=fields)
    for each in card.fields:
        value = markup.plain(each.value)
        if markup.width(value) > FIELD_VALUE:
            said += [f"{markup.bold(each.label)}\n{part}" for part in markup.split(value, 2_500)]
    for piece in said[1:]:
        yield _bare(description=piece)


def _face(card: Card) -> Json:
    if card.author is None or not card.author.picture:
        return {}
    name = " ".join(markup.visible(card.author.name).split())
    return {"name": markup.cut(name, AUTHOR) or "…", "icon_url": card.author.picture}


def _excerpts(card: Card) -> Iterator[Json]:
    for excerpt in card.excerpts:
        title = " ".join(markup.escaped(excerpt.title).split())
        parts = markdown.pieces(excerpt.body, DESCRIPTION) or [""]
        yield _bare(title=markup.split(title, TITLE)[0], description=parts[0])
        for part in parts[1:]:
            yield _bare(description=part)


def _quoted(quote: str) -> list[str]:
    """Somebody's words with Discord's bar beside every line."""
    return [
        "\n".join(f"> {line}" for line in piece.split("\n"))
        for piece in markdown.pieces(quote, 1_900)
    ]


def _grouped(fields: list[Json]) -> list[list[Json]]:
    """The fields by the embed that has room for them."""
    groups: list[list[Json]] = [[]]
    for each in fields:
        if (
            len(groups[-1]) == FIELDS
            or _weight({"fields": [*groups[-1], each]}) > FIELDS_CHARACTERS
        ):
            groups.append([])
        groups[-1].append(each)
    return groups


def _field(of: Field) -> Json:
    name = markup.cut(" ".join(markup.visible(of.label).split()), FIELD_NAME)
    parts = markup.split(markup.plain(of.value), FIELD_VALUE)
    value = f"{parts[0].rstrip()}{' …' * (len(parts) > 1)}".strip()
    return {"name": name or markup.UNSEEN, "value": value or "–", "inline": len(value) <= 40}


def _bare(**parts: Any) -> Json:
    """An embed without its empty parts."""
    kept = {name: value for name, value in parts.items() if value and value != {"text": ""}}
    return kept or {"description": markup.UNSEEN}


def _weight(embed: Json) -> int:
    texts = [
        embed.get("title", ""),
        embed.get("description", ""),
        embed.get("footer", {}).get("text", ""),
        embed.get("author", {}).get("name", ""),
        *(each["name"] + each["value"] for each in embed.get("fields", ())),
    ]
    return sum(map(markup.width, texts))


def _rows(buttons: Sequence[Button]) -> list[Json]:
    """Buttons in two rows; what is more than that is in a menu beneath them."""
    room = ROW * ROWS
    shown = [_button(each, number) for number, each in enumerate(buttons[:room])]
    rows = [_row(shown[first : first + ROW]) for first in range(0, len(shown), ROW)]
    left = [
        {"label": _label(each.label, OPTION), "value": _id(each, number)}
        for number, each in enumerate(buttons[room : room + OPTIONS], room)
    ]
    if left:
        menu = {"type": 3, "custom_id": MORE, "placeholder": "More …", "options": left}
        rows.append(_row([menu]))
    return rows


def _row(components: list[Json]) -> Json:
    return {"type": 1, "components": components}


def _button(button: Button, number: int) -> Json:
    return {
        "type": 2,
        "style": STYLES[button.tone],
        "label": _label(button.label, LABEL),
        "custom_id": _id(button, number),
    }


def _id(button: Button, number: int) -> str:
    """Discord wants every id of a message to be another: the command, which button it is, and the
    command's first argument. All that a press needs is in it, so it works after any restart."""
    made = f"{button.action}#{number}:{button.value}"
    if markup.width(made) > CUSTOM_ID:
        raise ValueError(f"the value of the button {button.label!r} is too long for Discord")
    return made


def _label(text: str, longest: int) -> str:
    return markup.cut(" ".join(markup.visible(text).split()) or "…", longest)
