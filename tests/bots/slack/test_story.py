"""The whole story over signed HTTP, against the stand-in: what everybody sees on Slack."""

import logging

import pytest

from bots.slack.connect import Slack
from core.desk import Desk
from tests.bots.slack.conftest import ALICE, BOB, GRACE, ON_BOTH, hire
from tests.bots.slack.stand_in import BOT_TOKEN, SECRET, STAFF, Fault, StandIn, direct
from tests.bots.slack.workspace import Workspace

A, B, G = direct(ALICE), direct(BOB), direct(GRACE)


async def settled(desk: Desk, slack: Slack) -> None:
    """Until what was asked is done and what follows is sent."""
    await slack.settle()
    await desk.courier.deliver_due()


@ON_BOTH
async def test_a_question_becomes_a_ticket_and_is_resolved(
    people: Workspace, desk: Desk, slack: Slack, stand_in: StandIn
) -> None:
    assert await people.dm(ALICE, "how do I reset my password?") == 200
    await settled(desk, slack)
    assert (
        "Press *Forgot password* on the <https://shop.example/login|sign-in page>."
        in (stand_in.texts(A)[0])
    )

    await people.press(ALICE, A, "Talk to a person")
    await settled(desk, slack)
    assert "A person takes over: ticket #1" in stand_in.texts(A)[0]
    assert "This is ticket #1" in stand_in.texts(A)[-1]
    assert stand_in.posts[STAFF][0]["blocks"][0]["type"] == "header"

    await hire(desk, GRACE)
    await settled(desk, slack)
    await people.press(GRACE, STAFF, "Reply")
    await stand_in.until(lambda: stand_in.views)
    await people.submit(GRACE, stand_in.views[-1], text="I sent you a link & a <code>")
    await settled(desk, slack)
    assert "I sent you a link &amp; a &lt;code&gt;" in stand_in.texts(A)[-1]

    await people.dm(ALICE, "thanks, that <@U3GRACE> is great")
    await settled(desk, slack)
    beneath = stand_in.posts[STAFF][-1]
    assert beneath["thread_ts"] == stand_in.posts[STAFF][0]["ts"]
    assert "that @Grace is great" in stand_in.texts(STAFF)[-1]

    await people.dm(BOB, "the lamp flickers")
    await people.command(GRACE, "/ticket resolve 1 enjoy")
    await settled(desk, slack)
    assert "#1 is resolved. Next: #2 the lamp flickers" in str(stand_in.ephemeral[-1])
    assert "Ticket #1 is resolved." in stand_in.texts(A)[-1]
    assert "#2 is yours" in stand_in.texts(G)[-1]


async def test_no_secret_and_nobodys_words_are_in_the_log(
    people: Workspace,
    desk: Desk,
    slack: Slack,
    stand_in: StandIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    await hire(desk, GRACE)
    await people.dm(ALICE, "canary: my lamp flickers")
    await settled(desk, slack)
    stand_in.will("chat.postMessage", Fault(error="fatal_error"), Fault(status=500, html=True))
    await people.command(GRACE, "/ticket reply 1 canary: we send a new one")
    await settled(desk, slack)
    await people.interact({"type": "new", "user": {"id": ALICE}, "text": "canary"})

    assert "canary" in str(stand_in.posts)
    ours = [
        each for each in caplog.records if not each.name.startswith(("aiosqlite", "sqlalchemy"))
    ]
    for each in ours:
        for secret in (BOT_TOKEN, SECRET, "canary"):
            assert secret not in each.getMessage(), each.name
