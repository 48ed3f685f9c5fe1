"""People's words as Markdown: read without the marks, and plain text written so that it stays."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cards import Author, Card, from_json, plain, to_json
from core.markdown import READ_AT_MOST, escaped, words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("**Help** me *now*, ~~later~~", "Help me now, later"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("see [this](https://a.example/b)", "see this (https://a.example/b)"),
        ("see <https://a.example>", "see https://a.example"),
        ("![a picture](https://a.example/p.png)", "a picture (https://a.example/p.png)"),
        ("- one\n- **two**", "• one\n• two"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("> quoted\n\nanswer", "> quoted\n\nanswer"),
        ("```\nx = *y*\n```", "x = *y*"),
        ("`x = *y*`", "x = *y*"),
        ("# Title\n\ntext", "Title\n\ntext"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("two\nlines", "two\nlines"),
        ("a\\*b\\*", "a*b*"),
        ("", ""),
    ],
)
def test_words_are_read_without_their_marks(written: str, read: str) -> None:
    assert words(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4 = 24 and *this* is not italic",
        "- not a list\n+ nor this\n1. nor this\n1) nor that",
        "# not a title",
        "> not a quote",
        "`not code` ~~not struck~~ [not](a link) <not@a.link>",
        "&amp; &#42; &lt;",
        "back\\slash \\* \\",
        "snake_case __init__ ___",
        "| a | b |\n|---|---|",
        "---",
        "===",
        "```\nnot code\n```",
    ],
)
def test_plain_text_stays_what_it_is(text: str) -> None:
    assert words(escaped(text)) == text


PLAIN = st.text(st.sampled_from(list("ab c*_`~[]()<>#-+=|\\!&;.1>\n")), max_size=60)


def _squeezed(text: str) -> str:
    """Spaces at the ends of lines and empty lines are nothing to Markdown."""
    lines = [re.sub(r"\s+", " ", line).strip() for line in text.split("\n")]
    return "\n".join(line for line in lines if line)


@settings(max_examples=500, deadline=None)
@given(PLAIN)
def test_whatever_is_escaped_reads_as_it_was(text: str) -> None:
    assert _squeezed(words(escaped(text))) == _squeezed(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_anything_at_all_can_be_read(text: str) -> None:
    words(text)
    words(escaped(text))


@pytest.mark.parametrize("grain", ["[", "*a ", "`", "> ", "![", "***a ", "[a](", "- ", "<a", "\\"])
def test_hostile_marks_are_read_or_left(grain: str) -> None:
    """Whatever is read is short enough to be read at once; longer texts are left alone."""
    words(grain * (READ_AT_MOST // len(grain)))
    assert words(grain * READ_AT_MOST * 2) == grain * READ_AT_MOST * 2


def test_a_card_with_an_author_carries_their_words_and_survives_the_ledger() -> None:
    card = Card(text="**hi** & <b>", author=Author("Grace", "https://a.example/g"), quote="*q*")

    assert from_json(to_json(card)) == card
    assert plain(card) == "hi & <b>\n> q"
    assert plain(Card(text="**hi**")) == "**hi**"
