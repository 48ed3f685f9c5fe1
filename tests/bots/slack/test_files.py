"""Files on Slack: theirs come with the message and are fetched; ours go out beside the words."""

from typing import Any

import pytest

from bots.slack.connect import Slack
from core.cards import Author, Card
from core.channels import (
    Address,
    OutgoingDeletion,
    OutgoingFile,
    OutgoingMessage,
    OutgoingReaction,
    Posted,
    TryLater,
    Uncertain,
    Undeliverable,
)
from tests.bots.slack.stand_in import RESET_AFTER, RESET_BEFORE, TEAM, Fault, StandIn

PLACE = Address("slack", TEAM, "C1:5.5")
COMPLETE = "files.completeUploadExternal"


def file(name: str, content: bytes = b"content") -> OutgoingFile:
    async def read() -> bytes:
        return content

    return OutgoingFile(name=name, content_type="text/plain", size=len(content), read=read)


def outgoing(*files: OutgoingFile, text: str = "see", **more: Any) -> OutgoingMessage:
    return OutgoingMessage(key="k", address=PLACE, card=Card(text=text), files=files, **more)


def names(stand_in: StandIn) -> list[str]:
    """What hangs in the conversation, in order."""
    return [
        post["files"][0]["title"] if post.get("files") else post["text"]
        for post in stand_in.posts["C1"]
    ]


async def fetched(slack: Slack, source: str) -> bytes:
    return b"".join([chunk async for chunk in slack.channel.fetch(source)])


async def test_files_follow_the_words_in_order_and_in_the_thread(
    slack: Slack, stand_in: StandIn
) -> None:
    sent = await slack.channel.send(outgoing(file("a.txt", b"one"), file("b.txt", b"two")))

    assert names(stand_in) == ["see", "a.txt", "b.txt"]
    assert {post["thread_ts"] for post in stand_in.posts["C1"]} == {"5.5"}
    assert sent.rest == ("file:F1", "file:F2")
    assert [stand_in.contents[each] for each in ("F1", "F2")] == [b"one", b"two"]
    assert await slack.channel.find_sent(outgoing(file("a.txt"), file("b.txt"))) == sent


@pytest.mark.parametrize("fault", [RESET_AFTER, RESET_BEFORE, Fault(status=500, html=True)])
@pytest.mark.parametrize("at", [1, 2])
async def test_what_broke_while_sharing_is_looked_for_and_nothing_is_shown_twice(
    slack: Slack, stand_in: StandIn, fault: Fault, at: int
) -> None:
    message = outgoing(file("a.txt"), file("b.txt"))
    calls = 0

    def breaks(method: str, _: Any) -> Fault | None:
        nonlocal calls
        calls += method == COMPLETE
        return fault if method == COMPLETE and calls == at else None

    stand_in.fault_of = breaks
    with pytest.raises(Uncertain):
        await slack.channel.send(message)
    found = await slack.channel.find_sent(message)
    if found is None:
        await slack.channel.send(message)

    assert names(stand_in) == ["see", "a.txt", "b.txt"]


async def test_a_file_that_slack_does_not_take_is_named_and_the_words_go(
    slack: Slack, stand_in: StandIn
) -> None:
    stand_in.will("files.getUploadURLExternal", Fault(error="file_uploads_disabled"))
    message = outgoing(file("a.txt"), file("b.txt"))
    sent = await slack.channel.send(message)

    assert names(stand_in)[0] == "see"
    assert "a.txt could not be passed on" in names(stand_in)[1]
    assert names(stand_in)[2] == "b.txt"
    found = await slack.channel.find_sent(message)
    assert found is not None
    assert found.external_id == sent.external_id


async def test_an_edit_leaves_the_files_and_a_deletion_takes_them_along(
    slack: Slack, stand_in: StandIn
) -> None:
    sent = await slack.channel.send(outgoing(file("a.txt")))
    edit = outgoing(text="look", replaces=sent.external_id, rest=sent.rest)
    assert await slack.channel.send(edit) == sent
    assert names(stand_in) == ["look", "a.txt"]

    gone = OutgoingDeletion(key="d", address=PLACE, external_ids=(sent.external_id, *sent.rest))
    for _ in range(2):
        await slack.channel.delete(gone)
    assert names(stand_in) == []


async def test_an_edit_that_is_longer_or_shorter_has_the_posts_it_needs(
    slack: Slack, stand_in: StandIn
) -> None:
    long, longer = "word " * 4_000, "word " * 8_000
    sent = await slack.channel.send(outgoing(text=long))
    more = outgoing(text=longer, replaces=sent.external_id, rest=sent.rest)
    grown = await slack.channel.send(more)
    assert len(grown.rest) > len(sent.rest)
    assert grown.rest[: len(sent.rest)] == sent.rest
    assert "".join(stand_in.texts("C1")).count("word") == 8_000
    assert {post["thread_ts"] for post in stand_in.posts["C1"]} == {"5.5"}

    less = outgoing(text="short", replaces=grown.external_id, rest=grown.rest)
    assert await slack.channel.send(less) == Posted(sent.external_id)
    assert stand_in.texts("C1") == ["short"]


async def test_a_file_is_fetched_with_the_bots_token(slack: Slack, stand_in: StandIn) -> None:
    content = bytes(range(256)) * 1_000
    known = stand_in.upload_by_person("a.png", content)

    assert await fetched(slack, f"{TEAM}:{known['id']}") == content


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example/F1",
        "http://files.slack.com/F1",
        "https://slack.com.example/F1",
        "https://evilslack.com/F1",
        "file:///etc/passwd",
        "",
    ],
)
async def test_the_token_goes_to_slacks_own_hosts_only(
    slack: Slack, stand_in: StandIn, url: str
) -> None:
    known = stand_in.upload_by_person("a.png", b"x")
    stand_in.files[known["id"]]["url_private_download"] = url

    with pytest.raises(Undeliverable, match="not kept by Slack"):
        await fetched(slack, f"{TEAM}:{known['id']}")


async def test_a_file_that_does_not_come_says_why(slack: Slack, stand_in: StandIn) -> None:
    known = stand_in.upload_by_person("a.png", b"x")
    stand_in.signs_in = True
    with pytest.raises(TryLater, match="files:read"):
        await fetched(slack, f"{TEAM}:{known['id']}")
    with pytest.raises(Undeliverable, match="gone"):
        await fetched(slack, f"{TEAM}:F404")
    with pytest.raises(Undeliverable, match="not in this workspace"):
        await fetched(slack, "T9OTHER:F1")


async def test_emojis_are_put_on_and_taken_off_once(slack: Slack, stand_in: StandIn) -> None:
    def reaction(emoji: str, *, added: bool = True) -> OutgoingReaction:
        return OutgoingReaction(
            key="r", address=PLACE, external_id="C1:7.7", emoji=emoji, added=added
        )

    for _ in range(2):
        await slack.channel.react(reaction("👍"))
    await slack.channel.react(reaction("❤️"))
    assert stand_in.emojis == [("C1", "7.7", "thumbsup"), ("C1", "7.7", "heart")]
    for _ in range(2):
        await slack.channel.react(reaction("👍", added=False))
    assert stand_in.emojis == [("C1", "7.7", "heart")]
    with pytest.raises(Undeliverable):
        await slack.channel.react(reaction(":our_own:"))


async def test_somebodys_words_are_under_their_name_and_picture(
    slack: Slack, stand_in: StandIn
) -> None:
    author = Author("Ana", "https://pictures.example/ana.png")
    card = Card(title="Ana", author=author, text="it is **red**")
    await slack.channel.send(OutgoingMessage(key="k", address=PLACE, card=card))

    (post,) = stand_in.posts["C1"]
    assert (post["username"], post["icon_url"]) == ("Ana", "https://pictures.example/ana.png")
    assert stand_in.texts("C1") == ["it is *red*"]
