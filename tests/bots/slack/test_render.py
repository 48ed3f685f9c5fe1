"""From cards to blocks: nothing calls anybody, nothing is too long, nothing is lost."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bots.slack import markdown, mrkdwn, render
from core.cards import Button, Card, Excerpt, Field, Tone
from tests.bots.slack.limits import refused
from tests.bots.slack.stand_in import readable

CALLS = re.compile(r"<[!@#]|<[^<>]*javascript:")
LINK = re.compile(r"<((?:https?://|mailto:)[^<>|]*)(?:\|([^<>]*))?>")
SNIPPETS = (
    "<!channel>", "<!here>", "<@U0123>", "<#C0123|general>", "<https://evil.example|your bank>",
    "@channel", "@everyone", "&lt;!channel&gt;", "&amp;", "&", "<", ">", "|", "```", "`", "*", "_",
    "~", "> ", "\n", "\n\n", "- ", "1. ", "# ", "[a](javascript:alert(1))", "[a](https://x.example)",
    "[<!here>](https://x.example)", "[a](https://x.example/<!channel>)", "![i](https://x.example/i)",
    "<javascript:alert(1)>", "| a | b |\n|---|---|\n| <!here> | c |\n", "<b>bold</b>",
    "https://x.example/?a=1&b=<!here>", "https://x.example|label", "http://", "👩‍👩‍👧", "شكرا", "‮abc",
    "\x00", "\x07", "\r\n", "日本語", "a" * 200, "word " * 60, "é", "$&", "\\", "    code\n", "\t",
)  # fmt: skip


def hostile(count: int, longest: int = 60) -> Iterator[str]:
    """Texts put together from what platforms stumble over; the same ones every time."""
    dice = random.Random(20)
    for _ in range(count):
        yield "".join(dice.choices(SNIPPETS, k=dice.randint(1, longest)))


def in_order(text: str) -> str:
    """What must survive of a text: every character that is seen, in order."""
    return re.sub(r"[\s\x00-\x1f\x7f]", "", text)


def shown(markup: str) -> str:
    """Plain mrkdwn as Slack shows it."""
    linked = LINK.sub(lambda found: found[2] or found[1], markup)
    return linked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def markup(node: Any) -> Iterator[str]:
    """The texts that Slack reads as markup; it shows a header's and a button's as they are."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        node = list(node.values())
    if isinstance(node, (list, tuple)):
        for each in node:
            yield from markup(each)


def everything(card: Card) -> str:
    """All words of all posts of a card, each within Slack's limits."""
    posts = render.posts(card)
    for post in posts:
        assert refused({"text": post.text, "blocks": list(post.blocks)}) is None
    parsed = [text for post in posts for text in (post.text, *markup(post.blocks))]
    assert not [text for text in parsed if CALLS.search(LINK.sub("", text))]
    return "\n".join(readable({"blocks": post.blocks}) for post in posts)


def test_a_thousand_hostile_texts_call_nobody_and_are_all_there() -> None:
    for text in hostile(1_000):
        assert in_order(shown(everything(Card(text=text)))).removesuffix("…") == in_order(text)


def test_a_thousand_hostile_cards_keep_every_limit() -> None:
    for number, text in enumerate(hostile(1_000, 25)):
        everything(
            Card(
                title=text[: number * 2],
                text=text,
                quote=text,
                fields=tuple(Field(text[:50], text) for _ in range(number % 13)),
                excerpts=(Excerpt(text, text),) * (number % 3),
                buttons=tuple(Button(text, "ticket claim", str(n)) for n in range(number % 9)),
                footnote=text,
            )
        )


@pytest.mark.parametrize(
    "text", ["x" * 200_000, "word " * 40_000, "&" * 100_000, "line\n" * 30_000, "👍" * 60_000]
)
def test_a_very_long_text_is_split_and_whole(text: str) -> None:
    assert in_order(shown(everything(Card(text=text)))) == in_order(text)
    quote = everything(Card(text="", quote=text)).replace(">", "")
    assert in_order(shown(quote)) == in_order(text)


def test_a_link_is_cut_nowhere() -> None:
    words = "see https://shop.example/a?b=1&c=2, " * 500
    links = re.findall("<[^>]*>", everything(Card(text=words)))

    assert links == ["<https://shop.example/a?b=1&amp;c=2>"] * 500


def test_what_changes_with_the_ticket_is_in_the_first_post() -> None:
    card = Card(
        title="🎫 #1 help",
        text="long " * 5_000,
        fields=(Field("Status", "open"),),
        buttons=(Button("Claim", "ticket claim", "1", Tone.PRIMARY),),
        footnote="a note",
    )
    first, *rest = render.posts(card)

    kinds = [block["type"] for block in first.blocks]
    assert kinds[0] == "header"
    assert kinds[-2:] == ["actions", "context"]
    assert "*Status*\nopen" in readable({"blocks": first.blocks})
    assert rest
    assert {block["type"] for post in rest for block in post.blocks} == {"section"}


def test_a_button_names_its_command_and_carries_its_value() -> None:
    card = Card(
        text="x",
        buttons=(
            Button("A" * 100, "ticket claim", "1", Tone.DANGER),
            Button("B", "ticket claim", "2"),
        ),
    )
    first, second = render.posts(card)[0].blocks[-1]["elements"]

    assert [render.action_of(each["action_id"]) for each in (first, second)] == ["ticket claim"] * 2
    assert first["action_id"] != second["action_id"]
    assert (first["value"], first["style"], len(first["text"]["text"])) == ("1", "danger", 75)
    assert "style" not in second
    with pytest.raises(ValueError, match="too long for Slack"):
        render.posts(Card(text="", buttons=(Button("A", "ticket claim", "1" * 2_001),)))


@pytest.mark.parametrize("card", [Card(text=""), Card(text=" \n "), Card(text="\x00", quote=" ")])
def test_a_card_without_words_is_still_a_post(card: Card) -> None:
    (post,) = render.posts(card)

    assert readable({"blocks": post.blocks}) == "…"


ARTICLE = """\
# Reset your *password*

Press **Forgot** on the [sign-in page](https://shop.example/a?b=1&c=2), _then_ wait.
~~Never~~ `a < b` it.

1. One
2. Two
   - nested **bold**

   more of two
3. Three

> Quoted
> twice

```python
if a < b:
    print("```")
```

| Plan | Price |
|------|-------|
| Free | 0 |

---
<script>alert(1)</script>

Line one\\
line two ![a cat](https://shop.example/cat.png) <!here>
"""

TRANSLATED = """\
*Reset your _password_*

Press *Forgot* on the <https://shop.example/a?b=1&amp;c=2|sign-in page>, _then_ wait.
~Never~ `a &lt; b` it.

1. One
2. Two
    • nested *bold*
    more of two
3. Three

> Quoted
> twice

```
if a &lt; b:
    print("'''")
```

Plan · Price
Free · 0

———

&lt;script&gt;alert(1)&lt;/script&gt;

Line one
line two <https://shop.example/cat.png|a cat> &lt;!here&gt;"""


def test_an_article_is_translated() -> None:
    assert markdown.pieces(ARTICLE, 3_000) == [TRANSLATED]


def test_long_code_is_fenced_anew_in_each_piece() -> None:
    pieces = markdown.pieces("```\n" + "line of code\n" * 500 + "```", 1_000)

    assert all(each.startswith("```\n") and each.endswith("\n```") for each in pieces)
    assert sum(each.count("line of code") for each in pieces) == 500
    assert max(map(len, pieces)) <= 1_000


def test_pieces_are_no_longer_than_they_may_be() -> None:
    for text in hostile(300, 200):
        for piece in [*markdown.pieces(text, 500), *mrkdwn.split(mrkdwn.plain(text), 500)]:
            assert len(piece) <= 500 or LINK.fullmatch(piece)


@pytest.mark.parametrize(
    ("url", "made"),
    [
        ("https://x.example/a|b", "<https://x.example/a%7Cb|here>"),
        ("javascript:alert(1)", "here (javascript:alert(1))"),
        ("https://x.example/ two", "here (https://x.example/ two)"),
        ("mailto:a@x.example", "<mailto:a@x.example|here>"),
    ],
)
def test_only_what_may_be_pressed_is_a_link(url: str, made: str) -> None:
    assert mrkdwn.link(url, "here") == made
