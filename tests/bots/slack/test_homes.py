"""The app's home: what each role sees there, and that it is drawn again when that has changed."""

import asyncio
from typing import Any

from bots.slack import homes
from bots.slack.connect import Slack
from core.desk import Desk
from core.vocabulary import Role
from tests.bots.slack.conftest import ALICE, BOB, GRACE, ROOT, eventually, hire
from tests.bots.slack.stand_in import RATE_LIMITED, StandIn, readable
from tests.bots.slack.workspace import Workspace


def shown(stand_in: StandIn, user: str) -> str:
    """The home of somebody as it stands."""
    return readable(stand_in.homes[user][-1])


def labels(stand_in: StandIn, user: str) -> list[str]:
    blocks = stand_in.homes[user][-1]["blocks"]
    buttons = [each for block in blocks for each in block.get("elements", ())]
    buttons += [block["accessory"] for block in blocks if "accessory" in block]
    return [each["text"]["text"] for each in buttons]


async def open_home(people: Workspace, slack: Slack, user: str) -> None:
    event = {"type": "app_home_opened", "user": user, "channel": "D1", "tab": "home"}
    assert await people.tell(event) == 200
    await slack.settle()


async def test_a_customer_sees_their_requests_and_can_begin_one(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await people.dm(BOB, "my parcel is late")
    await open_home(people, slack, ALICE)
    assert "You have no open requests." in shown(stand_in, ALICE)

    await people.dm(ALICE, "the lamp flickers <!channel>")
    await open_home(people, slack, ALICE)
    assert "the lamp flickers @channel" in shown(stand_in, ALICE)
    assert "parcel" not in shown(stand_in, ALICE)
    assert "✍️ New request" in labels(stand_in, ALICE)
    assert not stand_in.refusals


async def test_an_agent_sees_their_work_the_queue_a_switch_and_their_week(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    grace = await hire(desk, GRACE)
    await people.dm(ALICE, "the lamp flickers")
    await people.dm(BOB, "my parcel is late")
    await desk.reply(grace, 1, "hello")
    await open_home(people, slack, GRACE)

    home = shown(stand_in, GRACE)
    assert home.index("Your tickets") < home.index("lamp") < home.index("The queue")
    assert home.index("The queue") < home.index("parcel")
    assert "*0* resolved · *1* replies" in home
    assert "You are available" in home
    assert {"☕ Break", "🙌 Claim"} <= set(labels(stand_in, GRACE))
    assert "Escalated" not in home


async def test_a_lead_sees_what_was_escalated(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    lead = await hire(desk, ROOT, role=Role.LEAD)
    await people.dm(ALICE, "the lamp flickers")
    await desk.escalate(lead, 1, "they will sue")
    await open_home(people, slack, ROOT)

    home = shown(stand_in, ROOT)
    assert "lamp" in home[home.index("Escalated") :]


async def test_the_switch_works_from_the_home(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    grace = await hire(desk, GRACE)
    await open_home(people, slack, GRACE)
    [button] = [
        each
        for block in stand_in.homes[GRACE][-1]["blocks"]
        for each in block.get("elements", ())
        if each["text"]["text"] == "☕ Break"
    ]
    press: dict[str, Any] = {
        "type": "block_actions",
        "user": {"id": GRACE},
        "actions": [button],
        "trigger_id": "t",
        "view": {"type": "home"},
    }
    await people.interact(press)
    await slack.settle()

    agent = (await desk.whoever(grace)).agent
    assert agent is not None
    assert agent.availability.value == "on break"


async def test_open_homes_are_drawn_again_where_something_changed_in_them_and_only_there(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    await open_home(people, slack, ALICE)
    await open_home(people, slack, GRACE)
    drawing = asyncio.create_task(homes.keep_fresh(slack, every=0.01))
    try:
        await people.dm(BOB, "my parcel is late")
        await eventually(lambda: len(stand_in.homes[GRACE]) == 2)
        await people.dm(ALICE, "the lamp flickers")
        await eventually(lambda: len(stand_in.homes[ALICE]) == 2)
    finally:
        drawing.cancel()
        await asyncio.gather(drawing, return_exceptions=True)

    assert "parcel" in shown(stand_in, GRACE)
    assert "lamp" in shown(stand_in, ALICE)
    assert BOB not in stand_in.homes


async def test_a_home_that_slack_does_not_take_is_drawn_the_next_time(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    stand_in.will("views.publish", RATE_LIMITED)
    await open_home(people, slack, ALICE)
    assert ALICE not in stand_in.homes
    await open_home(people, slack, ALICE)
    assert ALICE in stand_in.homes


async def test_a_full_home_stays_within_slacks_limits(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await hire(desk, ROOT, role=Role.LEAD, capacity=50)
    for number in range(40):
        await people.dm(f"U{number:03d}", "<@U1> & " * 200)
    await open_home(people, slack, ROOT)

    assert not stand_in.refusals
    assert "There are more" in shown(stand_in, ROOT)
