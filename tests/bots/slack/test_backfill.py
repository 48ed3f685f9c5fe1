"""What was said while nobody listened is read afterwards, each post once."""

from typing import Any

from bots.slack import backfill
from bots.slack.connect import Slack
from core.desk import Desk
from core.vocabulary import OPERATOR
from tests.bots.slack.conftest import ALICE, BOB, ON_BOTH
from tests.bots.slack.stand_in import RATE_LIMITED, Fault, StandIn, direct
from tests.bots.slack.workspace import Json, Workspace

A = direct(ALICE)


def unheard(stand_in: StandIn, people: Workspace, channel: str, text: str, **more: Any) -> Json:
    """A post that Slack has and never told us of."""
    post = people.post(more.pop("user", ALICE), channel, text, **more)
    stand_in.posts[channel].append(post)
    return post


async def said(desk: Desk, number: int) -> list[str]:
    return [each.text for each in (await desk.ticket(OPERATOR, number)).messages]


@ON_BOTH
async def test_a_hundred_posts_of_an_outage_are_read_once_and_in_order(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    first = people.post(ALICE, A, "the lamp flickers", channel_type="im")
    stand_in.posts[A].append(first)
    await people.tell(first)
    await desk.courier.deliver_due()
    missed = [unheard(stand_in, people, A, f"missed {number}") for number in range(100)]
    for post in missed[40:43]:
        await people.tell({**post, "channel_type": "im"})  # Slack sends some of them again

    await backfill.catch_up(slack)
    await backfill.catch_up(slack)
    await people.tell({**missed[99], "channel_type": "im"})

    posts = await desk.said_at((await desk.ticket(OPERATOR, 1)).ticket.address)
    heard = [post.card.text for post in posts if post.author == "them"]
    assert sorted(heard) == sorted(["the lamp flickers", *(f"missed {n}" for n in range(100))])


async def test_a_thread_in_a_channel_is_read_on_and_nothing_else_in_it(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    asked = people.post(ALICE, "C0ANY", "<@U0BOT> the lamp flickers")
    stand_in.posts["C0ANY"].append(asked)
    await people.tell({**asked, "type": "app_mention"})
    unheard(stand_in, people, "C0ANY", "it is the red one", thread_ts=asked["ts"])
    unheard(stand_in, people, "C0ANY", "somebody else's talk", user=BOB)

    await backfill.catch_up(slack)

    assert await said(desk, 1) == ["the lamp flickers", "it is the red one"]


async def test_what_slack_does_not_let_us_read_holds_nothing_up(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    for user in (ALICE, BOB):
        await people.dm(user, "the lamp flickers")
    unheard(stand_in, people, direct(ALICE), "missed")
    unheard(stand_in, people, direct(BOB), "missed", user=BOB)
    stand_in.will("conversations.history", Fault(error="missing_scope"))

    await backfill.catch_up(slack)

    assert sorted([await said(desk, 1), await said(desk, 2)], key=len) == [
        ["the lamp flickers"],
        ["the lamp flickers", "missed"],
    ]


async def test_pauses_that_slack_asks_for_are_kept_and_nothing_is_left_out(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await people.dm(ALICE, "the lamp flickers")
    unheard(stand_in, people, A, "missed")
    stand_in.will("conversations.history", RATE_LIMITED, RATE_LIMITED)

    await backfill.catch_up(slack)

    assert await said(desk, 1) == ["the lamp flickers", "missed"]


async def test_our_own_posts_are_not_read_as_somebodys(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await people.dm(ALICE, "the lamp flickers")
    await desk.courier.deliver_due()
    await backfill.catch_up(slack)

    assert await said(desk, 1) == ["the lamp flickers"]
