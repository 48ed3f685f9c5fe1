"""What people do to their posts on Slack reaches the other side: edits, deletions, files, emojis."""

from typing import Any

import pytest

from bots.slack.connect import Slack
from core.desk import Desk
from core.vocabulary import OPERATOR
from tests.bots.slack.conftest import ALICE, BOB, GRACE, hire
from tests.bots.slack.stand_in import STAFF, StandIn, direct
from tests.bots.slack.workspace import Json, Workspace

A = direct(ALICE)


@pytest.fixture
async def question(people: Workspace, desk: Desk) -> Json:
    """Alice's question, on ticket #1 that Grace has; shown in the staff channel."""
    await hire(desk, GRACE)
    await people.dm(ALICE, "hello, the lamp flickers")
    post = people.post(ALICE, A, "it is *green*", channel_type="im")
    await people.tell(post)
    await desk.courier.deliver_due()
    return post


def changed(post: Json, text: str, **more: Any) -> Json:
    """How Slack tells of an edit."""
    edited = {"user": post["user"], "ts": f"{float(post['ts']) + 60:.6f}"}
    return {
        "type": "message",
        "subtype": "message_changed",
        "channel": post["channel"],
        "channel_type": post.get("channel_type", "channel"),
        "message": {**post, "text": text, "edited": edited, **more},
        "previous_message": post,
        "ts": f"{float(post['ts']) + 61:.6f}",
    }


def deleted(post: Json) -> Json:
    """How Slack tells of a deletion."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "channel": post["channel"],
        "channel_type": post.get("channel_type", "channel"),
        "deleted_ts": post["ts"],
        "previous_message": post,
        "ts": f"{float(post['ts']) + 61:.6f}",
    }


async def messages(desk: Desk, number: int = 1) -> list[str]:
    return [each.text for each in (await desk.ticket(OPERATOR, number)).messages]


async def test_a_customers_edit_is_shown_to_staff_in_place(
    people: Workspace, desk: Desk, stand_in: StandIn, question: Json
) -> None:
    assert "it is *green*" in stand_in.texts(STAFF)[-1]
    for _ in range(2):
        assert await people.tell(changed(question, "it is *red*")) == 200
    await desk.courier.deliver_due()

    assert await messages(desk) == ["hello, the lamp flickers", "it is **red**"]
    shown = "\n".join(stand_in.texts(STAFF))
    assert "it is *red*" in shown
    assert "green" not in shown


async def test_a_preview_that_slack_adds_is_no_edit(
    people: Workspace, desk: Desk, stand_in: StandIn, question: Json
) -> None:
    told = changed(question, "it is *green*", attachments=[{"text": "a preview"}])
    del told["message"]["edited"]
    await people.tell(told)

    assert await messages(desk) == ["hello, the lamp flickers", "it is **green**"]


async def test_nobody_edits_for_another(
    people: Workspace, desk: Desk, stand_in: StandIn, question: Json
) -> None:
    await people.tell(changed({**question, "user": BOB}, "it is mine"))

    assert "it is mine" not in str(await messages(desk))


async def test_what_a_customer_deletes_is_gone_from_the_staff_channel(
    people: Workspace, desk: Desk, stand_in: StandIn, question: Json
) -> None:
    for _ in range(2):
        assert await people.tell(deleted(question)) == 200
    await desk.courier.deliver_due()

    assert "green" not in "\n".join(stand_in.texts(STAFF))


async def test_a_file_of_a_customer_comes_with_the_message_and_reaches_staff(
    people: Workspace, desk: Desk, stand_in: StandIn, question: Json
) -> None:
    known = stand_in.upload_by_person("lamp.png", b"\x89PNG\r\n\x1a\n" + b"x" * 100)
    await people.dm(ALICE, "", subtype="file_share", files=[known])

    whole = await desk.ticket(OPERATOR, 1)
    assert whole.messages[-1].files == 1


async def test_an_emoji_that_is_no_command_is_put_on_the_other_side(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn, question: Json
) -> None:
    on = {"type": "message", "channel": STAFF, "ts": stand_in.posts[STAFF][-1]["ts"]}
    for user in (GRACE, "U0BOT"):
        told = {"type": "reaction_added", "user": user, "reaction": "heart", "item": on}
        assert await people.tell(told) == 200
    await desk.courier.deliver_due()
    assert stand_in.emojis == [(A, question["ts"], "heart")]

    back = {"type": "reaction_removed", "user": GRACE, "reaction": "heart", "item": on}
    await people.tell(back)
    await desk.courier.deliver_due()
    assert stand_in.emojis == []


async def test_an_emoji_in_a_channels_thread_does_not_come_back_to_where_it_was_put(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    asked = people.post(ALICE, "C0ANY", "<@U0BOT> the lamp flickers")
    await people.tell({**asked, "type": "app_mention"})
    more = people.post(ALICE, "C0ANY", "it is red", thread_ts=asked["ts"])
    await people.tell(more)
    stand_in.posts["C0ANY"] += [asked, more]
    await desk.courier.deliver_due()
    on = {"type": "message", "channel": "C0ANY", "ts": more["ts"]}
    told = {"type": "reaction_added", "user": ALICE, "reaction": "heart", "item": on}
    await people.tell(told)
    await desk.courier.deliver_due()

    assert {channel for channel, _, _ in stand_in.emojis} == {STAFF}
