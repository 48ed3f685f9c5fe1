"""A thousand hostile strings: none pings, none breaks the markup, none goes beyond a limit."""

import random
import re

import pytest
from markdown_it import MarkdownIt

from bots.slack import reading, render
from core.cards import Author, Button, Card, Excerpt, Field
from tests.bots.slack.limits import refused
from tests.bots.slack.stand_in import readable

PIECES = (
    *("<!channel>", "<!here>", "<!everyone>", "<!subteam^S1|@team>", "<@U1ALICE>", "<#C1|x>"),
    *(
        "&lt;!channel&gt;",
        "&amp;lt;!here&amp;gt;",
        "<",
        ">",
        "&",
        "|",
        "<<@U1>>",
        "<!date^1^{date}|x>",
    ),
    *(
        "*",
        "_",
        "~",
        "`",
        "```",
        "> ",
        "&gt; ",
        "\n",
        "\n\n",
        "  ",
        "    ",
        "\t",
        "- ",
        "1. ",
        "# ",
    ),
    *(
        "<https://evil.example|https://bank.example>",
        "[x](javascript:alert(1))",
        "[",
        "](",
        ")",
        "![",
    ),
    *(
        "https://x.example/a_b*c*?q=<!here>",
        "mailto:<@U1>",
        "\\",
        "\\*",
        "\u202e",
        "\x00",
        "\x1b[2J",
    ),
    *(
        "\ufeff",
        "‎",
        "👩‍👩‍👧",
        "é̂̃",
        "ﷺ",
        ":tada:",
        ":our_own:",
        "@here",
        "@channel",
        "a",
        "word ",
        "x" * 400,
    ),
)
STRINGS = 1_000
LINK = re.compile(r"<(?:https?://|mailto:)[^<>\n]*>")


def hostile(seed: int) -> str:
    dice = random.Random(seed)
    text = "".join(dice.choice(PIECES) for _ in range(dice.choice((3, 12, 40))))
    return text * dice.choice((1, 1, 1, 1, 1, 1, 1, 30))


def card(text: str) -> Card:
    return Card(
        title=text,
        author=Author(text[:120], ""),
        text=text,
        quote=text,
        fields=(Field(text[:300], text), Field("a", text)),
        excerpts=(Excerpt(text, text),),
        buttons=(Button(text, "ticket claim", "1"),),
        footnote=text,
    )


@pytest.mark.parametrize("first", range(0, STRINGS, 100))
def test_nothing_pings_breaks_or_goes_beyond_a_limit(first: int) -> None:
    for seed in range(first, first + 100):
        text = hostile(seed)
        for shown in (card(text), Card(text=text, title=text, quote=text)):
            for post in render.posts(shown):
                assert refused({"text": post.text, "blocks": list(post.blocks)}) is None, seed
                for words in (post.text, *mrkdwn_of(list(post.blocks))):
                    assert "<" not in LINK.sub("", words), (seed, words)
                    assert not re.search(r"[\x00-\x08\x0b-\x1f]", words), seed


def mrkdwn_of(node: object) -> list[str]:
    """Every text that Slack reads as markup; plain text it shows as it is."""
    if isinstance(node, list):
        return [word for each in node for word in mrkdwn_of(each)]
    if not isinstance(node, dict):
        return []
    if node.get("type") == "mrkdwn":
        return [str(node["text"])]
    return [word for each in node.values() for word in mrkdwn_of(each)]


@pytest.mark.parametrize("first", range(0, STRINGS, 250))
def test_what_people_write_is_read_without_losing_or_pinging_anybody(first: int) -> None:
    for seed in range(first, first + 250):
        text = hostile(seed)
        read = reading.markdown(text, {"U1ALICE": "Alice <!here>"})
        for token in MarkdownIt("commonmark").parse(read):
            for inner in token.children or ():
                assert re.match(r"https?://|mailto:", str(inner.attrs.get("href", "mailto:"))), seed
        assert text.count("word") == read.count("word"), seed


def test_a_post_of_hostile_words_still_says_them() -> None:
    text = "<!channel> *bold* & <b>"
    [post] = render.posts(Card(text=text))

    assert readable({"blocks": post.blocks}) == "&lt;!channel&gt; *bold* &amp; &lt;b&gt;"
