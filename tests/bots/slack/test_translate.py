"""From Slack's events to the desk's messages: tables of values in and values out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bots.slack.reading import readable
from bots.slack.translate import (
    Home,
    Thread,
    command_line,
    people,
    thread_of,
    to_deletion,
    to_edit,
    to_incoming,
    to_reaction,
)
from core import markdown
from core.channels import Address, IncomingFile, Who

HOME = Home(team="T1", bot_user="U0BOT", enterprise="E1")
POST = {"type": "message", "user": "U1", "channel": "C1", "ts": "1700000000.000100", "text": "help"}


def event(**changes: Any) -> dict[str, Any]:
    return {**POST, **changes}


def test_a_post_is_taken_in_with_its_place_its_author_and_its_moment() -> None:
    incoming = to_incoming(event(), HOME, {"U1": "Ana"})

    assert incoming is not None
    assert incoming.address == Address("slack", "T1", "C1:1700000000.000100")
    assert incoming.sender == Who("slack", "T1", "U1", "Ana")
    assert incoming.external_id == "C1:1700000000.000100"
    assert incoming.sent_at == datetime(2023, 11, 14, 22, 13, 20, 100, UTC)
    assert incoming.text == "help"


@pytest.mark.parametrize(
    ("changes", "conversation"),
    [
        ({"thread_ts": "1.5"}, "C1:1.5"),
        ({"channel": "D1", "channel_type": "im"}, "U1"),
        ({"channel": "D1"}, "U1"),
        ({"channel": "D1", "thread_ts": "1.5"}, "D1:1.5"),
        ({"channel": "D1", "thread_ts": "1.5", "parent_user_id": "U0BOT"}, "U1"),
        ({"channel": "C1", "thread_ts": "1.5", "parent_user_id": "U0BOT"}, "C1:1.5"),
    ],
)
def test_the_conversation_a_post_belongs_to(changes: dict[str, Any], conversation: str) -> None:
    incoming = to_incoming(event(**changes), HOME)

    assert incoming is not None
    assert incoming.address.conversation == conversation


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B1"},
        {"user": "U0BOT"},
        {"user": "USLACKBOT"},
        {"user": None},
        {"ts": None},
        {"ts": "yesterday"},
        {"channel": ""},
        *(
            {"subtype": subtype}
            for subtype in (
                "message_changed",
                "message_deleted",
                "channel_join",
                "channel_leave",
                "channel_topic",
                "bot_message",
                "reminder_add",
                "something_new",
            )
        ),
    ],
)
def test_what_is_not_a_person_talking_is_left_out(changes: dict[str, Any]) -> None:
    assert to_incoming(event(**changes), HOME) is None


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_a_person_may_talk_in_other_ways(subtype: str) -> None:
    assert to_incoming(event(subtype=subtype), HOME) is not None


@pytest.mark.parametrize(
    ("changes", "team"),
    [
        ({}, "T1"),
        ({"team": "T1"}, "T1"),
        ({"team": "E1"}, "T1"),
        ({"user_team": "T2", "team": "T1"}, "T2"),
        ({"source_team": "T2", "team": "T1"}, "T2"),
        ({"user_team": "E2"}, "E2"),
    ],
)
def test_somebody_is_known_by_their_own_workspace(changes: dict[str, Any], team: str) -> None:
    incoming = to_incoming(event(**changes), HOME)

    assert incoming is not None
    assert incoming.sender.workspace == team
    assert incoming.address.workspace == "T1"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("<@U0BOT> hello", "hello"),
        ("<@U0BOT|switchboard>: hello <@U0BOT>", "hello @U0BOT"),
        ("ask <@U2> or <@U3|carl>", "ask @Bea or @carl"),
        ("in <#C2|general> and <#C3>", "in #general and #C3"),
        (
            "<!channel> <!here|here> <!subteam^S1|@team> <!date^1^{date}|today>",
            "@channel here @team today",
        ),
        ("<https://x.example/?a=1&amp;b=2>", "https://x.example/?a=1&b=2"),
        ("<https://x.example|the page>", "the page (https://x.example)"),
        ("<https://x.example|x.example>", "https://x.example"),
        ("<mailto:a@x.example|a@x.example>", "a@x.example"),
        ("", ""),
    ],
)
def test_text_is_read_as_a_person_reads_it(written: str, read: str) -> None:
    incoming = to_incoming(event(text=written), HOME, {"U2": "Bea"})

    assert incoming is not None
    assert markdown.words(incoming.text) == read


def test_files_come_with_their_names_and_where_to_fetch_them() -> None:
    files = [
        {
            "id": "F1",
            "name": "a.png",
            "mimetype": "image/png",
            "size": 7,
            "url_private": "https://x",
        },
        {"name": "without an id"},
    ]
    incoming = to_incoming(event(text="see", subtype="file_share", files=files), HOME)

    assert incoming is not None
    assert incoming.text == "see"
    assert incoming.files == (
        IncomingFile(name="a.png", source="T1:F1", content_type="image/png", size=7),
    )


def test_a_command_keeps_its_mentions_and_reads_all_else() -> None:
    line, names = command_line("agent add <@U2|bea> skills:a &amp; <https://x.example>")

    assert line == "agent add <@U2> skills:a & https://x.example"
    assert names == {"U2": "bea"}
    assert people(HOME, names)("<@U2>") == Who("slack", "T1", "U2", "bea")
    assert people(HOME, {})("@bea") is None
    assert readable("hello <@U2>", names) == "hello @bea"


@pytest.mark.parametrize(
    ("conversation", "thread"),
    [("C1:1.5", Thread("C1", "1.5")), ("C1", Thread("C1")), ("U1", Thread("U1"))],
)
def test_a_conversation_is_found_again_on_slack(conversation: str, thread: Thread) -> None:
    assert thread_of(Address("slack", "T1", conversation)) == thread


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*bold* _slanted_ ~gone~ `code *x*`", "**bold** *slanted* ~~gone~~ `code *x*`"),
        ("*bold _and slanted_*", "**bold *and slanted***"),
        ("2*3*4, snake_case_name, a ~ b ~ c", r"2\*3\*4, snake\_case\_name, a \~ b \~ c"),
        ("[no](link) # no &amp;amp; &lt;b&gt;", r"\[no\](link) # no \&amp; \<b\>"),
        ("# no heading\n---", "\\# no heading\n\\---"),
        ("&gt; said\nnot said", "> said\n\nnot said"),
        ("&gt;&gt;&gt; all\nof it", "> all\n> of it"),
        ("• one\n• two", "- one\n- two"),
        ("• one\n    ◦ two\nthanks", "- one\n    - two\n\nthanks"),
        ("1. one\n2. two\nthanks", "1. one\n2. two\n\nthanks"),
        ("see ```a *b*\n<@U2>``` there", "see \n```\na *b*\n@Bea\n```\n there"),
        ("<https://x.example/a_b|the *page*>", r"[the \*page\*](https://x.example/a_b)"),
        ("<https://x.example/(a)|page>", "[page](https://x.example/%28a%29)"),
        ("<javascript:alert(1)|page>", "page (javascript:alert(1))"),
        (":tada: :our_own: :+1::skin-tone-3:", "🎉 :our\\_own: 👍🏼"),
    ],
)
def test_what_is_formatted_is_read_as_markdown(written: str, read: str) -> None:
    incoming = to_incoming(event(text=written), HOME, {"U2": "Bea"})

    assert incoming is not None
    assert incoming.text == read


CHANGED: dict[str, Any] = {
    "type": "message",
    "subtype": "message_changed",
    "channel": "C1",
    "message": {**POST, "text": "help *me*", "edited": {"user": "U1", "ts": "1700000009.000000"}},
    "previous_message": POST,
}


def test_an_edit_is_the_whole_new_text_and_when() -> None:
    edit = to_edit(CHANGED, HOME)

    assert edit is not None
    assert (edit.external_id, edit.text) == ("C1:1700000000.000100", "help **me**")
    assert edit.edited_at == datetime(2023, 11, 14, 22, 13, 29, tzinfo=UTC)
    assert edit.by == Who("slack", "T1", "U1")
    assert not edit.to_us


@pytest.mark.parametrize("inner", [{"edited": None}, {"bot_id": "B1"}, {"user": "U0BOT"}])
def test_previews_and_edits_of_bots_are_none(inner: dict[str, Any]) -> None:
    assert to_edit({**CHANGED, "message": {**CHANGED["message"], **inner}}, HOME) is None


@pytest.mark.parametrize(
    "gone",
    [
        {"subtype": "message_deleted", "deleted_ts": POST["ts"]},
        {"subtype": "message_changed", "message": {"subtype": "tombstone", "ts": POST["ts"]}},
    ],
)
def test_a_deletion_is_told_with_its_place(gone: dict[str, Any]) -> None:
    told = {"type": "message", "channel": "D1", "channel_type": "im", "previous_message": POST}
    deletion = to_deletion({**told, **gone}, HOME)

    assert deletion is not None
    assert deletion.external_id == "D1:1700000000.000100"
    assert deletion.address == Address("slack", "T1", "U1")
    assert deletion.to_us
    assert to_deletion({**told, **gone, "previous_message": {**POST, "bot_id": "B1"}}, HOME) is None


def test_a_reaction_is_told_by_its_character() -> None:
    told = {
        "type": "reaction_added",
        "user": "U1",
        "reaction": "+1::skin-tone-2",
        "item": {"type": "message", "channel": "D1", "ts": "1.5"},
    }
    reaction = to_reaction(told, HOME)

    assert reaction is not None
    assert (reaction.emoji, reaction.added) == ("👍🏻", True)
    assert reaction.address.conversation == "U1"
    assert to_reaction({**told, "user": "U0BOT"}, HOME) is None
    assert to_reaction({**told, "item": {"type": "file"}}, HOME) is None
