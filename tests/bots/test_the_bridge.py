"""The bridge, on the wire: a customer on Discord, an agent on Slack, one ticket between them.

Both adapters are the real ones, each before a stand-in of its platform on loopback.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bots.discord.connect import connect as connect_discord
from bots.discord.setup import DiscordSettings
from bots.slack.connect import Slack
from bots.slack.connect import connect as connect_slack
from bots.slack.pace import Pacer
from bots.slack.setup import SlackSettings
from core.channels import Who
from core.desk import Desk
from core.files import FolderStore
from core.storage.database import Database
from core.vocabulary import OPERATOR, Availability, Details, House, Status
from tests.bots.discord import stand_in as discord_server
from tests.bots.discord.conftest import ALICE, BRISK, listening
from tests.bots.discord.world import STAFF as DISCORD_STAFF
from tests.bots.discord.world import TOKEN, readable
from tests.bots.harness.discord import DiscordHarness
from tests.bots.harness.slack import GRACE, SlackHarness
from tests.bots.slack import stand_in as slack_server
from tests.bots.slack.conftest import OneArticle
from tests.bots.slack.stand_in import BOT_TOKEN, SECRET, STAFF, TEAM
from tests.bots.slack.workspace import Workspace

CANARY = "canary-55b1"


@dataclass
class Bridge:
    """One desk with both platforms, and the people on them."""

    desk: Desk
    discord: DiscordHarness
    slack: SlackHarness
    workspace: Workspace
    adapter: Slack
    discord_server: discord_server.StandIn

    async def types(self, line: str) -> None:
        """Grace types a slash command on Slack."""
        assert await self.workspace.command(GRACE, line, channel=STAFF) == 200
        await self.settle()

    async def writes(self, text: str, *, files: tuple[tuple[str, bytes], ...] = ()) -> str:
        """Ana writes on Discord."""
        post = await self.discord.write(text, files=files)
        await self.settle()
        return post

    async def settle(self) -> None:
        await self.adapter.settle()
        while await self.desk.fetcher.fetch_due() + await self.desk.courier.deliver_due():
            pass

    def ana_sees(self) -> list[str]:
        return [each.text for each in self.discord.seen()]

    def slack_staff_see(self) -> list[str]:
        return [each.text for each in self.slack.staff_room()]

    def discord_staff_see(self) -> list[str]:
        return [each.text for each in self.discord.staff_room()]


@pytest.fixture
async def bridge(database: Database, tmp_path: Path) -> AsyncIterator[Bridge]:
    """Grace works on Slack and is busy; staff follow on Discord, too. By the clock on the wall,
    since both platforms date their posts."""
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(discord_server.running())
        here.names |= {ALICE: "Ana"}
        settings = DiscordSettings(
            bot_token=TOKEN, staff_channel=DISCORD_STAFF, api_url=f"{here.url}/api/v10"
        )
        discord = await connect_discord(settings, None, pace=BRISK)
        stack.push_async_callback(discord.close)
        there = await stack.enter_async_context(slack_server.running())
        slack = await connect_slack(
            SlackSettings(
                bot_token=BOT_TOKEN,
                signing_secret=SECRET,
                staff_channel=STAFF,
                api_url=there.url,
                site="https://desk.example",
            ),
            pacer=Pacer(timedelta(milliseconds=1), burst=100),
        )
        stack.push_async_callback(slack.close)
        assert discord.staff_room is not None
        assert slack.staff_room is not None
        house = House(
            staff_rooms=(discord.staff_room, slack.staff_room),
            deflector=OneArticle(),
            files=FolderStore(tmp_path / "files"),
        )
        desk = Desk(database, house, channels={"discord": discord.channel, "slack": slack.channel})
        discord.attach(desk)
        slack.attach(desk)
        grace = Who("slack", TEAM, GRACE, "Grace")
        await desk.add_agent(OPERATOR, grace, Details())
        await desk.set_availability(grace, Availability.BUSY)
        await stack.enter_async_context(listening(discord, here))
        workspace = Workspace(slack, there)
        stack.push_async_callback(workspace.close)
        yield Bridge(
            desk,
            DiscordHarness(desk, discord, here),
            SlackHarness(desk, slack, there, workspace),
            workspace,
            slack,
            here,
        )


async def test_a_whole_story_between_discord_and_slack(bridge: Bridge) -> None:
    await _asked_and_claimed(bridge)
    await _talked_over(bridge)
    await _changed(bridge)
    await bridge.types("/ticket resolve 1 It was the cable.")

    assert "It was the cable." in bridge.ana_sees()[-1]
    assert "✅ Ticket #1 is resolved." in bridge.ana_sees()[-1]
    whole = await bridge.desk.ticket(OPERATOR, 1)
    assert whole.ticket.status is Status.RESOLVED
    assert not await bridge.desk.unsent(OPERATOR)
    assert CANARY not in "".join(bridge.ana_sees())


async def _asked_and_claimed(bridge: Bridge) -> None:
    await bridge.writes("how do I reset my password?")
    assert "Reset your password" in bridge.ana_sees()[-1]
    await bridge.writes("no, that does not work. I want to talk to a person")
    assert "This is ticket #1" in "".join(bridge.ana_sees())

    await bridge.slack.claim(1)
    await bridge.settle()
    assert "Grace has taken your ticket #1" in "".join(bridge.ana_sees())
    for room in (bridge.slack_staff_see(), bridge.discord_staff_see()):
        assert "Grace" in room[0]


async def _talked_over(bridge: Bridge) -> None:
    for number in range(1, 6):
        await bridge.writes(f"question number **{number}** `code {number}`")
        await bridge.types(f"/ticket reply 1 answer number *{number}* for you")

    answers = [text for text in bridge.ana_sees() if "answer number" in text]
    assert [f"answer number **{n}** for you" in text for n, text in enumerate(answers, 1)] == (
        [True] * 5
    )
    for room in (bridge.slack_staff_see(), bridge.discord_staff_see()):
        lines = [text for text in room if "number" in text]
        assert len(lines) == 10
        assert sum("✓ delivered" in text for text in lines) == 5
    questions = [text for text in bridge.slack_staff_see() if "question number" in text]
    assert "question number *1* `code 1`" in questions[0]  # as Slack writes bold


async def _changed(bridge: Bridge) -> None:
    """An edit, a deletion and a file from Discord; an edit, an emoji and a note from Slack."""
    edited = await bridge.writes("it is the red one")
    gone = await bridge.writes("oh, wrong window")
    await bridge.writes("look", files=(("cable.png", b"\x89PNG a cable"),))
    await bridge.discord.edit(edited, "it is the blue one")
    await bridge.discord.delete(gone)
    await bridge.settle()
    for harness in (bridge.slack, bridge.discord):
        room = "".join(each.text for each in harness.staff_room())
        assert "it is the blue one" in room
        assert "it is the red one" not in room
        assert "wrong window" not in room
        assert [name for each in harness.staff_room() for name in each.files] == ["cable.png"]

    await bridge.slack.discuss(1, f"has anybody a cable? {CANARY}")
    await bridge.types("/ticket edit 1 answer number six, sorry")
    assert CANARY in "".join(bridge.discord_staff_see())
    assert "answer number six, sorry" in "".join(bridge.ana_sees())
    assert "answer number **5**" not in "".join(bridge.ana_sees())

    reply = [each for each in bridge.discord.seen() if "number six" in each.text][-1]
    await bridge.discord.react(reply.id, "👍")
    await bridge.settle()
    line = [each for each in bridge.slack.staff_room() if "number six" in each.text][-1]
    assert list(line.reactions) == ["👍"]


async def test_the_ticket_moves_from_discord_to_slack_with_its_customer(bridge: Bridge) -> None:
    await bridge.writes("the printer smokes")
    await bridge.slack.claim(1)
    code = await bridge.desk.link_code(Who("discord", "global", str(ALICE), "Ana"))

    await bridge.slack.write(code)
    await bridge.settle()
    await bridge.slack.write("I am here now")
    await bridge.settle()
    assert "Your ticket #1 is open on Discord" in bridge.slack.seen()[-1].text
    await bridge.workspace.press("U1ALICE", "D1ALICE", "Yes")
    await bridge.settle()

    await bridge.types("/ticket reply 1 Welcome to Slack.")
    assert "Welcome to Slack." in bridge.slack.seen()[-1].text
    assert "Welcome to Slack." not in "".join(bridge.ana_sees())
    assert "Ticket #1 continues on Slack." in bridge.ana_sees()[-1]
    assert "I am here now" in "".join(bridge.discord_staff_see())


async def test_cards_and_threads_that_somebody_deleted_lose_nothing_of_what_follows(
    bridge: Bridge,
) -> None:
    here, there = bridge.discord_server, bridge.workspace.stand_in
    await bridge.writes("the printer smokes")
    await bridge.slack.claim(1)
    await bridge.settle()
    await bridge.writes("and it hisses")
    thread = int(here.messages[DISCORD_STAFF][0]["id"])

    del here.channels[thread]  # the thread, by hand
    here.messages[thread].clear()
    here.messages[DISCORD_STAFF][0].pop("thread")
    await bridge.writes("it burns")
    assert "it burns" in readable(here.messages[thread][-1])

    del here.channels[thread]  # and now the card with it, on both
    here.messages[DISCORD_STAFF].clear()
    card = there.posts[STAFF].pop(0)
    there.fault_of = lambda _, args: (
        slack_server.Fault(error="thread_not_found")
        if args.get("thread_ts") == card["ts"]
        else None
    )
    await bridge.writes("there is water everywhere")
    assert "water everywhere" in readable(here.messages[DISCORD_STAFF][-1])
    assert "water everywhere" in slack_server.readable(there.posts[STAFF][-1])

    for line in ("/ticket priority 1 urgent", "/ticket priority 1 low"):
        await bridge.types(line)  # the card is there again, once
    cards = [each for each in bridge.discord_staff_see() if "#1 the printer" in each]
    again = [each for each in bridge.slack_staff_see() if "#1 the printer" in each]
    assert (len(cards), len(again)) == (1, 1)
    await bridge.writes("help")
    root = next(each for each in here.messages[DISCORD_STAFF] if "#1 the printer" in readable(each))
    assert "help" in readable(here.messages[int(root["id"])][-1])
    assert not await bridge.desk.unsent(OPERATOR)
