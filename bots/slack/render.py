"""A card as Slack's blocks, within every limit of the platform: values in, values out.

https://docs.slack.dev/reference/block-kit/blocks gives the limits; the one on all blocks of a
post together is not documented (bolt-js #2509: about 13,200 characters).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bots.slack import markdown, mrkdwn
from core.cards import Button, Card, Field, Tone, plain

TEXT_AT_MOST = 3_900  # Slack advises 4,000, and cuts at 40,000; the blocks hold all of it
SECTION = 2_900  # of 3,000
HEADER = 150
LINE = 1_000  # a title or a footnote; what is longer goes on among the words
FIELD = 500  # of 2,000, its label included; what is longer gets a section
FIELDS = 10
BUTTONS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
BLOCKS = 50
BLOCK_CHARACTERS = 12_500  # of 13,200, counted as JSON

Block = dict[str, Any]


@dataclass(frozen=True)
class Post:
    """One message on Slack; ``text`` is what notifications and screen readers get."""

    text: str
    blocks: Sequence[Block]


def posts(card: Card, *, named: bool = False) -> list[Post]:
    """The card as one post, or several where it is long; ``named`` says that it is posted under its
    author's name, which the title then need not say again.

    What changes with the ticket (title, fields, buttons, footnote) is in the first, so that
    editing that one shows the new state; what follows is only the rest of the words.
    """
    title = [] if named and card.author and card.title == card.author.name else _title(card)
    footnote = mrkdwn.split(mrkdwn.plain(card.footnote), LINE)
    top, bottom = title[:1], [*_buttons(card.buttons), *_context(footnote[0])]
    words = [*title[1:], *_words(card), *_sections(footnote[1:])]
    pages = _paged(words, room_taken=[*top, *bottom])
    text = mrkdwn.split(mrkdwn.plain(plain(card)), TEXT_AT_MOST)[0].strip() or "…"
    first = Post(text, [*top, *pages[0], *bottom] or [_section("…")])
    return [first, *(Post("…", page) for page in pages[1:])]


def _title(card: Card) -> list[Block]:
    line = " ".join(mrkdwn.visible(card.title).split())
    if not line:
        return []
    if len(line) <= HEADER and (card.fields or card.buttons):
        return [{"type": "header", "text": _plain_text(line)}]
    pieces = mrkdwn.split(mrkdwn.escaped(line), LINE)
    return _sections([f"*{piece.strip()}*" for piece in pieces])


def _words(card: Card) -> list[Block]:
    texts = _text(card)
    if card.quote.strip():
        texts += markdown.quoted(card.quote, SECTION)
    for excerpt in card.excerpts:
        texts += mrkdwn.split(mrkdwn.bold(excerpt.title), SECTION)
        texts += markdown.pieces(excerpt.body, SECTION)
    return [*_fields(card.fields), *_sections(texts)]


def _text(card: Card) -> list[str]:
    """What the desk says is plain, what a person said is Markdown."""
    if card.author is not None:
        return markdown.spoken(card.text, SECTION)
    return mrkdwn.split(mrkdwn.plain(card.text), SECTION)


def _fields(fields: Sequence[Field]) -> list[Block]:
    shown = [f"{mrkdwn.bold(field.label)}\n{mrkdwn.plain(field.value)}" for field in fields]
    short = [markup(text) for text in shown if len(text) <= FIELD and text.strip()]
    long = [piece for text in shown if len(text) > FIELD for piece in mrkdwn.split(text, SECTION)]
    rows = [short[first : first + FIELDS] for first in range(0, len(short), FIELDS)]
    return [
        *({"type": "section", "fields": row} for row in rows),
        *_sections(long),
    ]


def _buttons(buttons: Sequence[Button]) -> list[Block]:
    shown = [button(each, number) for number, each in enumerate(buttons)]
    rows = [shown[first : first + BUTTONS] for first in range(0, len(shown), BUTTONS)]
    return [{"type": "actions", "elements": row} for row in rows]


def button(button: Button, number: int) -> Block:
    """Slack wants every action id of a post to be another: the command, and which button it is."""
    if len(button.value) > BUTTON_VALUE:
        raise ValueError(f"the value of the button {button.label!r} is too long for Slack")
    shown: Block = {
        "type": "button",
        "action_id": f"{button.action}#{number}",
        "text": _plain_text(_label(button.label)),
        **({"value": button.value} if button.value else {}),
    }
    return shown if button.tone is Tone.PLAIN else {**shown, "style": button.tone.value}


def action_of(action_id: str) -> str:
    """The command that a pressed button's id names."""
    return action_id.rpartition("#")[0]


def _context(text: str) -> list[Block]:
    return [{"type": "context", "elements": [markup(text)]}] if text.strip() else []


def _paged(blocks: Sequence[Block], *, room_taken: Sequence[Block]) -> list[list[Block]]:
    """The blocks in pages that Slack takes; the first shares its page with others."""
    pages: list[list[Block]] = [[]]
    count, weight = len(room_taken), sum(map(_weight, room_taken))
    for block in blocks:
        if count + 1 > BLOCKS or weight + _weight(block) > BLOCK_CHARACTERS:
            pages.append([])
            count = weight = 0
        pages[-1].append(block)
        count, weight = count + 1, weight + _weight(block)
    return pages


def _weight(block: Block) -> int:
    return len(json.dumps(block, ensure_ascii=False))


def _sections(texts: Sequence[str]) -> list[Block]:
    return [_section(text) for text in texts if text.strip()]


def _section(text: str) -> Block:
    return {"type": "section", "text": markup(text)}


def markup(text: str) -> Block:
    """``verbatim`` keeps Slack from making mentions of what merely looks like one."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _plain_text(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": True}


def _label(text: str) -> str:
    shown = " ".join(mrkdwn.visible(text).split()) or "…"
    return shown if len(shown) <= BUTTON_TEXT else shown[: BUTTON_TEXT - 1] + "…"
