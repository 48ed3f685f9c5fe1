"""Cards as Discord's messages: everything is in them, within every limit, and calls nobody."""

import random
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.discord import markdown, markup, reading, render
from core.cards import Author, Button, Card, Excerpt, Field, Tone
from tests.bots.discord.limits import calls_somebody, refused
from tests.bots.discord.world import Json, readable

HOSTILE = (
    "@everyone", "@here", "<@101>", "<@!101>", "<@&55>", "<#77>", "</ban:1>", "<id:home>",
    "[free](https://evil.example)", "https://evil.example/a_b_*c*", "**bold", "`code", "```", "||",
    "# big", "-# small", ">>> all", "> one", "1. a", "\\", "\u202e", "\x00", "😀", "a" * 300,
    "\n", "\n\n", "    indented", "<t:1:R>", "&lt;", "<http://x.example>", "~~s~~", "__u__", "- x",
)  # fmt: skip
PING = re.compile(r"(?<!\\)<(?:@[!&]?|#)\d+>|@everyone|@here")


def bodies(card: Card) -> list[Json]:
    return [post.body for post in render.posts(card)]


def shown(card: Card) -> str:
    return "\n".join(readable(body) for body in bodies(card))


def test_an_offer_is_embeds_with_buttons() -> None:
    card = Card(
        text="This should help:",
        excerpts=(
            Excerpt("Reset your password", "Press **Forgot** on the [page](https://x.y/z)."),
        ),
        buttons=(
            Button("Solved", "enquiry solved", "7", Tone.PRIMARY),
            Button("Person", "enquiry person", "7"),
        ),
    )
    (body,) = bodies(card)

    assert body["content"] == "This should help:"
    assert body["embeds"] == [
        {
            "title": "Reset your password",
            "description": "Press **Forgot** on the [page](<https://x.y/z>).",
        }
    ]
    (row,) = body["components"]
    assert [(each["style"], each["custom_id"]) for each in row["components"]] == [
        (1, "enquiry solved#0:7"),
        (2, "enquiry person#1:7"),
    ]
    assert render.action_of("enquiry person#1:7") == ("enquiry person", "7")


def test_a_ticket_is_a_title_a_quote_fields_and_a_footnote() -> None:
    card = Card(
        title="🎫 #42 a *lamp*",
        text="",
        quote="it **flickers**\n<@101>",
        fields=(Field("Customer", "Ana_B"), Field("Status", "new")),
        footnote="What is said beneath stays here.",
    )
    (body,) = bodies(card)

    assert body["content"] == "**🎫 #42 a \\*lamp\\***"
    (embed,) = body["embeds"]
    assert embed["description"] == "> it **flickers**\n> \\<@101\\>"
    assert embed["fields"][0] == {"name": "Customer", "value": "Ana\\_B", "inline": True}
    assert embed["footer"] == {"text": "What is said beneath stays here."}


def test_a_reply_is_words_under_a_name() -> None:
    card = Card(title="Grace", author=Author("Grace"), text="it is **new**", footnote="Ticket #42")

    assert bodies(card)[0]["content"] == "**Grace**\nit is **new**\n-# Ticket #42"
    assert bodies(card)[0]["flags"] == 4


def test_more_buttons_than_two_rows_are_in_a_menu() -> None:
    card = Card(text="x", buttons=tuple(Button(f"B{n}", "ticket show", str(n)) for n in range(30)))
    (body,) = bodies(card)

    assert [len(row["components"]) for row in body["components"]] == [5, 5, 1]
    menu = body["components"][-1]["components"][0]
    assert [each["label"] for each in menu["options"]] == [f"B{n}" for n in range(10, 30)]
    assert render.action_of(menu["options"][0]["value"]) == ("ticket show", "10")


def test_a_value_that_does_not_fit_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="too long"):
        render.posts(Card(text="x", buttons=(Button("B", "ticket show", "9" * 100),)))


def test_long_words_are_split_and_nothing_is_lost() -> None:
    words = [f"w{n}" for n in range(4_000)]
    card = Card(
        title="long",
        text=" ".join(words),
        quote=" ".join(words),
        fields=(Field("f", " ".join(words)),),
        excerpts=(Excerpt("e", " ".join(words)),),
        buttons=(Button("B", "ticket show", "1"),),
        footnote="the end",
    )
    for body in bodies(card):
        assert refused(body) is None
    found = Counter(re.findall(r"w\d+", shown(card)))
    assert all(found[word] >= 4 for word in words)
    assert bodies(card)[0]["components"]
    assert not any(body["components"] for body in bodies(card)[1:])


def test_a_thousand_hostile_strings_ping_nobody_and_keep_every_limit() -> None:
    dice = random.Random(7)
    for _ in range(1_000):
        text = "".join(
            dice.choice(HOSTILE) + dice.choice(("", " ", "\n")) for _ in range(dice.randrange(40))
        )
        card = Card(
            title=text,
            text=text,
            author=dice.choice((None, Author(text[:50] or "x"), Author("A", "https://x.y/z.png"))),
            quote=text,
            fields=(Field(text[:80], text),),
            excerpts=(Excerpt(text[:300], text),),
            buttons=(Button(text, "ticket show", "1"),),
            footnote=text,
        )
        for body in bodies(card):
            assert refused(body) is None, text
            assert not calls_somebody(body)
            if "`" not in text:  # in code everything stands as it is
                assert not PING.search(body["content"]), text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=3_000), st.integers(200, 2_000))
def test_pieces_of_any_text_are_the_text(text: str, longest: int) -> None:
    pieces = markup.split(markup.plain(text), longest)

    assert "".join(pieces) == markup.plain(text)
    assert all(markup.width(piece) <= longest for piece in pieces)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="*_`~[]()<>#- \n>|abc\\1.", max_size=400))
def test_any_markdown_keeps_its_limit(text: str) -> None:
    assert all(markup.width(piece) <= 120 for piece in markdown.pieces(text, 120))
    reading.kept(text)


@pytest.mark.parametrize(
    ("native", "kept"),
    [
        ("**b** *i* _i_ ~~s~~ `c`", "**b** *i* _i_ ~~s~~ `c`"),
        ("look: ```py\nprint(1)``` done", "look: \n```py\nprint(1)\n```\n done"),
        (">>> one\ntwo", "> one\n> two"),
        ("-# small", "small"),
        ("    no code", "   no code"),
        ("a\n---\nb", "a\n\\---\nb"),
        ("[a]: https://x.example", "\\[a]: https://x.example"),
        ("&lt;", "\\&lt;"),
        ("https://x.example/_a_", "<https://x.example/_a_>"),
        ("`__init__` and ``a`b``", "`__init__` and ``a`b``"),
        ("> when is it?\nat `9`\n> and\nnever", "> when is it?\n\nat `9`\n> and\n\nnever"),
        ("> see `x`\nyes", "> see `x`\n\nyes"),
        ("> ```\n> code\n> ```\nyes", "> ```\n> code\n> ```\n\nyes"),
        ("```\n> a\nb\n```", "```\n> a\nb\n```"),
        ("- a\n  - b\n    - c\n      - d", "- a\n  - b\n    - c\n      - d"),
        ("text\n    - c", "text\n   - c"),
        ("- a\n- b\nthanks", "- a\n- b\n\nthanks"),
        ("1. a\n   more\n2. b\n", "1. a\n   more\n2. b"),
        ("*", "\\*"),
        ("-", "\\-"),
    ],
)
def test_what_discord_means_is_what_is_kept(native: str, kept: str) -> None:
    assert reading.kept(native) == kept


@pytest.mark.parametrize(
    ("kept", "native"),
    [
        ("**b** *i* ~~s~~ `c`", "**b** *i* ~~s~~ `c`"),
        ("# Head\n\n- a\n- b\n\n1. x", "**Head**\n\n- a\n- b\n\n1. x"),
        ("```py\nx = 1\n```", "```\nx = 1\n```"),
        ("> a\n> b", "> a\n> b"),
        ("[shop](https://x.example)", "[shop](<https://x.example>)"),
        ("<https://x.example/_a_>", "<https://x.example/_a_>"),
        ("[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"),
        ("![cat](https://x.example/c.png)", "[cat](<https://x.example/c.png>)"),
        ("<b>no</b>", "\\<b\\>no\\</b\\>"),
        ("@everyone", "@\u200beveryone"),
        ("<ana@shop.example>", "ana@shop.example"),
        ("[write](mailto:ana@shop.example)", "write (ana@shop.example)"),
    ],
)
def test_what_is_kept_is_shown_as_discord_means_it(kept: str, native: str) -> None:
    assert markdown.pieces(kept, 2_000) == [native]
