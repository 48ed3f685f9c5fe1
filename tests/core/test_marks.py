"""The ledger, visible: what became of each reply stands on its line beneath the ticket's card."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.cards import Button
from core.storage.database import Database
from core.vocabulary import OPERATOR
from tests.clock import FakeClock
from tests.core.bridge import DISCORD, SLACK, Bridge, bridged, someone

GRACE = someone("grace", SLACK)


@pytest.fixture
async def bridge(database: Database, clock: FakeClock, tmp_path: Path) -> Bridge:
    bridge = bridged(database, clock, tmp_path)
    await bridge.hire("grace")
    await bridge.write("the printer smokes")
    await bridge.settle()
    return bridge


def line(bridge: Bridge) -> tuple[str, tuple[Button, ...]]:
    post = bridge.post_of(SLACK, "staff", "→ customer")
    card = bridge.slack.posts[post]
    return card.footnote, card.buttons


def edits(bridge: Bridge) -> int:
    return len([each for each in bridge.slack.sent if ":m" in each.key])


async def test_a_reply_that_arrives_says_so_from_the_start(bridge: Bridge) -> None:
    await bridge.desk.reply(GRACE, 1, "Hello.")
    await bridge.settle()

    assert line(bridge)[0].startswith("✓ delivered ")
    assert edits(bridge) == 0


async def test_a_reply_that_waits_says_why_and_then_that_it_arrived(
    bridge: Bridge, clock: FakeClock
) -> None:
    bridge.discord.down = True
    await bridge.desk.reply(GRACE, 1, "Hello.")
    await bridge.settle()
    assert line(bridge) == ("⏳ waiting: the platform is down", ())
    for _ in range(5):
        clock.advance(timedelta(minutes=10))
        await bridge.settle()
    assert edits(bridge) == 0

    bridge.discord.down = False
    clock.advance(timedelta(minutes=10))
    await bridge.settle()

    assert line(bridge)[0].startswith("✓ delivered ")
    assert edits(bridge) == 1


async def test_a_reply_that_fails_can_be_tried_again_from_its_line(bridge: Bridge) -> None:
    bridge.discord.refuses = {"ana"}
    await bridge.desk.reply(GRACE, 1, "Hello.")
    await bridge.settle()

    footnote, buttons = line(bridge)
    assert footnote == "✗ not delivered: channel_not_found"
    assert [(each.label, each.action) for each in buttons] == [("Try again", "delivery resend")]

    bridge.discord.refuses = set()
    await bridge.desk.resend(OPERATOR, int(buttons[0].value))
    await bridge.settle()

    footnote, buttons = line(bridge)
    assert footnote.startswith("✓ delivered ")
    assert not buttons
    assert "Hello." in bridge.standing(DISCORD, "ana")[-1]


async def test_a_line_does_not_wait_for_a_reply_that_is_not_its_turn(
    bridge: Bridge, clock: FakeClock
) -> None:
    bridge.discord.down = True
    await bridge.desk.reply(GRACE, 1, "First.")
    await bridge.desk.reply(GRACE, 1, "Second.")
    await bridge.settle()
    clock.advance(timedelta(seconds=6))
    await bridge.settle()

    assert "> Second.\n⏳ waiting" in bridge.standing(SLACK)[-1]


async def test_an_edited_reply_keeps_its_mark(bridge: Bridge) -> None:
    bridge.discord.refuses = {"ana"}
    await bridge.desk.reply(GRACE, 1, "Helo.")
    await bridge.settle()
    await bridge.desk.correct(GRACE, 1, "Hello.")
    await bridge.settle()
    bridge.discord.refuses = set()
    failed = line(bridge)[1][0].value
    await bridge.desk.resend(OPERATOR, int(failed))
    await bridge.settle()

    post = bridge.slack.posts[bridge.post_of(SLACK, "staff", "→ customer")]
    assert post.quote == "Hello."
    assert post.footnote.startswith("✓ delivered")
    assert "Hello." in bridge.standing(DISCORD, "ana")[-1]
    assert "Helo." not in bridge.discord.all_text.replace("> Helo.", "")
