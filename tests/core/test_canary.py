"""What is said among staff never reaches a customer, by whatever way: a canary in every note."""

from pathlib import Path

import pytest

from core.cards import plain
from core.channels import OutgoingMessage
from core.storage.database import Database
from core.vocabulary import OPERATOR, Form, Kind, Role, Target
from tests.clock import FakeClock
from tests.core.bridge import (
    DISCORD,
    ROOMS,
    SLACK,
    Bridge,
    a_file,
    bridged,
    direct,
    room,
    someone,
)

CANARY = "canary-7f3a"


@pytest.fixture
def bridge(database: Database, clock: FakeClock, tmp_path: Path) -> Bridge:
    return bridged(database, clock, tmp_path)


def outward(bridge: Bridge) -> list[OutgoingMessage]:
    """Everything that was sent to a place where customers read."""
    staff = {*(each.conversation for each in ROOMS), "grace", "linus", "lea"}
    return [
        each
        for box in (bridge.discord, bridge.slack)
        for each in box.sent
        if each.address.conversation not in staff
    ]


async def test_a_canary_in_every_internal_word_is_in_no_outward_one(bridge: Bridge) -> None:
    grace, linus = await bridge.hire("grace"), await bridge.hire("linus", DISCORD)
    await bridge.hire("lea", role=Role.LEAD)
    bridge.slack.files["s1"] = CANARY.encode()
    asked = await bridge.write("the printer smokes")
    await bridge.settle()

    noted = await bridge.discuss(f"said on Slack {CANARY}", "grace", SLACK)
    await bridge.discuss(f"said on Discord {CANARY}", "linus", DISCORD)
    await bridge.discuss("", "grace", SLACK, files=(a_file(f"{CANARY}.txt", "s1"),))
    await bridge.desk.note(grace, 1, f"by command {CANARY}", files=[a_file("x.txt", "s1")])
    await bridge.edit(noted, f"edited {CANARY}", grace, room(SLACK))
    await bridge.settle()
    await bridge.react(bridge.post_of(DISCORD, "staff", "edited"), "🤫", linus, room(DISCORD))
    await bridge.delete(noted, room(SLACK))
    await bridge.desk.escalate(grace, 1, f"because {CANARY}")
    await bridge.desk.reply(grace, 1, "We are looking into it.")
    await bridge.settle()

    await _goes_on_elsewhere(bridge, asked)
    sent = outward(bridge)
    assert len(sent) > 10
    assert not [each for each in sent if CANARY in plain(each.card)]
    assert not [file for each in sent for file in each.files]
    assert not bridge.discord.reactions[asked]
    assert bridge.slack.reactions[noted] == {"🤫"}
    assert bridge.slack.all_text.count(CANARY) > 4
    assert bridge.discord.all_text.count(CANARY) > 4


async def _goes_on_elsewhere(bridge: Bridge, asked: str) -> None:
    """The ticket moves to another channel, to another agent, and ends."""
    grace, linus = someone("grace", SLACK), someone("linus", DISCORD)
    await bridge.edit(asked, "the printer is on fire", someone("ana"))
    await bridge.desk.correct(grace, 1, "We are looking into it now.")
    code = await bridge.desk.link_code(someone("ana"))
    await bridge.desk.use_link_code(someone("ana.b", SLACK), code)
    await bridge.write("anybody there?", by="ana.b", channel=SLACK)
    await bridge.desk.move_ticket(someone("ana.b", SLACK), 1)
    await bridge.settle()
    await bridge.desk.transfer(grace, 1, Target(agent=linus))
    await bridge.discuss(f"after the move {CANARY}", "linus", DISCORD)
    await bridge.desk.resolve(linus, 1, "Done.")
    await bridge.write("not done", by="ana.b", channel=SLACK)
    await bridge.desk.resolve(OPERATOR, 1)
    await bridge.desk.confirm(someone("ana"), 1)
    await bridge.settle()


async def test_nothing_that_a_customer_may_look_at_has_it(bridge: Bridge) -> None:
    grace = await bridge.hire("grace")
    await bridge.write("the printer smokes")
    await bridge.settle()
    await bridge.discuss(CANARY, "grace", SLACK)
    await bridge.desk.note(grace, 1, CANARY)
    await bridge.settle()

    seen = await bridge.desk.ticket(someone("ana"), 1)
    assert {each.kind for each in seen.messages} == {Kind.MESSAGE}
    assert seen.history == []
    posts = await bridge.desk.said_at(direct("ana"))
    assert posts
    assert not [each for each in posts if CANARY in plain(each.card)]


@pytest.mark.parametrize("form", Form)
async def test_no_transcript_of_a_customers_has_it(
    database: Database, clock: FakeClock, tmp_path: Path, form: Form
) -> None:
    bridge = bridged(database, clock, tmp_path, transcripts=True)
    grace = await bridge.hire("grace")
    await bridge.write("the printer smokes")
    await bridge.settle()
    await bridge.discuss(CANARY, "grace", SLACK)
    await bridge.desk.note(grace, 1, CANARY)
    await bridge.desk.ask_transcript(someone("ana"), 1, form=form)
    await bridge.desk.ask_transcript(grace, 1, form=form)
    await bridge.desk.resolve(grace, 1, "Done.")
    await bridge.desk.confirm(someone("ana"), 1)
    await bridge.settle()

    files = [await file.read() for each in outward(bridge) for file in each.files]
    assert len(files) == 2
    assert not [each for each in files if CANARY.encode() in each]
    hers = [await file.read() for each in bridge.slack.to("grace") for file in each.files]
    assert CANARY.encode() in hers[0]
