"""A return on Slack, from the customer's words through photo and decision to refunded and closed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bots.slack.connect import Slack
from core.desk import Desk
from tests.bots.slack.conftest import ALICE, GRACE, hire
from tests.bots.slack.stand_in import STAFF, TEAM, StandIn, direct
from tests.bots.slack.test_story import settled
from tests.bots.slack.workspace import Workspace
from tests.core.test_returns import ORDER

A = direct(ALICE)
FIVE_DAYS = timedelta(days=5)


async def test_from_words_to_refunded_and_closed(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    await hire(desk, GRACE)
    then = datetime.now(UTC) - FIVE_DAYS
    await desk.take_in_orders(
        [replace(ORDER, placed_at=then, delivered_at=then, identity=f"slack:{TEAM}:{ALICE}")]
    )

    await people.dm(ALICE, "I want to return order A-1001")
    await settled(desk, slack)
    await _asked_for(people, desk, slack, stand_in)
    await people.press(GRACE, STAFF, "Ask")
    await slack.settle()
    await people.submit(GRACE, stand_in.views[-1], question="At night, too?")
    await settled(desk, slack)
    assert "At night, too?" in stand_in.texts(A)[-1]
    await people.dm(ALICE, "yes, all night")
    await people.command(GRACE, "/ticket resolve 1")
    await settled(desk, slack)
    assert "is not decided" in str(stand_in.ephemeral[-1])

    await _decided(people, desk, slack, stand_in)
    await people.command(GRACE, "/ticket resolve 1 Enjoy the quiet.")
    await settled(desk, slack)
    await people.press(ALICE, A, "That solved it")
    await settled(desk, slack)
    assert "Ticket #1 is closed." in "\n".join(stand_in.texts(A))
    assert not stand_in.refusals


async def _decided(people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn) -> None:
    """Grace goes the way of the return by its buttons, and Alice is told each step."""
    for label, told in (
        ("Accept", "You can send it back: 1 × Nordlys lamp."),
        ("Received", "It has arrived: 1 × Nordlys lamp. We refund you."),
        ("Refunded", "The refund is on its way to you."),
    ):
        await people.press(GRACE, STAFF, label)
        await settled(desk, slack)
        assert told in stand_in.texts(A)[-1]


async def _asked_for(people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn) -> None:
    """Alice fills the form in, with a photo."""
    await people.press(ALICE, A, "Return something")
    await slack.settle()
    form = stand_in.views[-1]
    photo = stand_in.upload_by_person("lamp.jpg", b"jpg")
    values = {
        "items": {"answer": {"value": "1 × LAMP"}},
        "reason": {"answer": {"selected_option": {"value": "defective"}}},
        "wish": {"answer": {"selected_option": {"value": "refund"}}},
        "note": {"answer": {"value": "It hums."}},
        "files": {"answer": {"files": [photo]}},
    }
    assert (await people.submit_values(ALICE, form, values)).status_code == 200
    await settled(desk, slack)
    await desk.fetcher.fetch_due()
    await settled(desk, slack)
    assert "We have your request to return 1 × Nordlys lamp" in "\n".join(stand_in.texts(A))
    assert "lamp.jpg" in str(stand_in.posts[STAFF])
