"""From Slack's events to the desk's messages: tables of values in and values out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bots.slack.translate import (
    Home,
    Thread,
    command_line,
    people,
    readable,
    thread_of,
    to_incoming,
)
from core.channels import Address, Who

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
    assert incoming.text == read


def test_files_are_named_and_never_linked() -> None:
    files = [{"name": "a.png", "url_private": "https://files.slack.com/x"}, {}]
    incoming = to_incoming(event(text="see", subtype="file_share", files=files), HOME)

    assert incoming is not None
    assert incoming.text == "see\n📎 a.png\n📎 a file"


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
