"""The same bot against somebody else's model of Discord: its permissions, limits and rules.

simcord runs discord.py on an in-memory server that refuses what Discord would refuse.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord
import simcord

from bots.discord import tree
from bots.discord.breaker import Breaker
from bots.discord.channel import DiscordChannel
from bots.discord.client import Client
from bots.discord.connect import Parts
from bots.discord.memory import Memory
from bots.discord.rest import Rest
from bots.discord.setup import DiscordSettings
from bots.discord.translate import within
from core.channels import Who
from core.desk import Desk
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, House
from tests.bots.discord.conftest import OneArticle


class Ears:
    """Hands on to the parts; the staff channel is known only once the server is there."""

    def __init__(self) -> None:
        self.parts: Parts | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.parts, name) if self.parts else lambda *_, **__: None


@dataclass
class Scene:
    """A server with a support channel and a staff channel, and the bot in it."""

    env: simcord.Env
    desk: Desk
    parts: Parts
    guild: simcord.GuildHandle
    general: simcord.ChannelHandle
    staff: simcord.ChannelHandle

    async def person(self, name: str) -> simcord.MemberActor:
        """Somebody in the server."""
        return self.guild.add_member(self.env.create_user(name))

    async def hire(self, somebody: simcord.MemberActor) -> None:
        who = Who("discord", "global", str(somebody.id), "Grace")
        await self.desk.add_agent(OPERATOR, who, Details())
        await self.delivered()

    async def delivered(self) -> None:
        """Until all that was said is stored, and all that is owed is sent."""
        await self.parts.settle()
        await self.desk.courier.deliver_due()
        await self.env.settle()

    def said(self, channel: int) -> list[discord.Message]:
        """What the bot said in a channel."""
        return [
            simcord.results.to_discord_message(self.env, each)
            for each in self.env.backend.messages[channel].values()
            if each.author_id == self.me
        ]

    @property
    def me(self) -> int:
        assert self.env.bot.user is not None
        return self.env.bot.user.id


def client(ears: Ears, rests: list[Rest]) -> Client:
    """A client as it is in earnest, but for the number of shards."""
    memory = Memory(None)

    async def told(connected: Client) -> None:
        await tree.sync(rests[0], memory, connected.application_id or 0)

    made = Client(
        ears,
        memory,
        content=True,
        breaker=Breaker(),
        shard_count=1,
        on_setup=told,
    )
    rests[:] = [Rest(lambda: made.http)]
    return made


@asynccontextmanager
async def scene(database: Database) -> AsyncIterator[Scene]:
    ears, rests = Ears(), list[Rest]()
    bot = client(ears, rests)
    async with simcord.run(bot) as env:
        guild = env.create_guild()
        general, staff = guild.create_text_channel("general"), guild.create_text_channel("staff")
        rest = Rest(lambda: env.bot.http)
        channel = DiscordChannel(rest, staff.id)
        house = House(staff_rooms=(within(staff.id),), deflector=OneArticle())
        desk = Desk(database, house, channels={"discord": channel})
        settings = DiscordSettings(bot_token="x", staff_channel=staff.id)
        ears.parts = Parts(desk, rest, channel, settings, Memory(None))
        ears.parts.connected(bot, 0)
        await env.settle()
        yield Scene(env, desk, ears.parts, guild, general, staff)
        await ears.parts.settle()


async def test_from_a_mention_to_a_reply(database: Database) -> None:
    async with scene(database) as there:
        alice, grace = await there.person("alice"), await there.person("grace")
        await there.hire(grace)
        await alice.send(there.general, f"<@{there.me}> my lamp flickers")
        await there.delivered()
        (card,) = there.said(there.staff.id)

        opened = await grace.click(card, label="💬 Reply")
        assert opened.modal is not None
        done = await grace.submit_modal(opened, {"text": "Try *another* socket"})
        await there.delivered()
        assert done.response is not None
        assert done.ephemeral
        assert "Sent to alice" in done.response.content

        (thread,) = [n for n, each in there.env.backend.channels.items() if each.type == 12]
        assert "Try *another* socket" in (there.said(thread)[-1].embeds[0].description or "")


async def test_a_bot_that_may_not_make_threads_answers_directly(database: Database) -> None:
    async with scene(database) as there:
        alice = await there.person("alice")
        there.env.inject_error("POST", "/channels/*/threads", status=403, code=50013)
        await alice.send(there.general, f"<@{there.me}> my lamp flickers")
        await there.delivered()

        dm = there.env.backend.get_dm_channel(alice.id)
        assert "ticket #1" in there.said(dm.id)[-1].content


async def test_typed_commands_with_suggestions(database: Database) -> None:
    async with scene(database) as there:
        alice, grace = await there.person("alice"), await there.person("grace")
        await there.hire(grace)
        await alice.send_dm("my lamp flickers")
        await there.delivered()

        offered = await grace.autocomplete(there.general, "ticket show", "ticket", "lamp")
        assert [each["value"] for each in offered] == [1]
        shown = await grace.slash(there.general, "ticket show", ticket=1)
        assert shown.response is not None
        assert "my lamp flickers" in shown.response.content
        noted = await grace.slash(there.general, "ticket note", ticket=1, text="a bulb?")
        assert noted.response is not None
        assert "Noted on #1" in noted.response.content
        denied = await alice.slash(there.general, "ticket claim", ticket=1)
        assert denied.response is not None
        assert "for the support team" in denied.response.content


async def test_buttons_outlive_a_restart(database: Database) -> None:
    async with scene(database) as there:
        alice = await there.person("alice")
        await alice.send_dm("I forgot my password")
        await there.delivered()
        dm = there.env.backend.get_dm_channel(alice.id)
        (offer,) = there.said(dm.id)
        assert offer.embeds[0].title == "Reset your password"

        ears, rests = Ears(), list[Rest]()
        ears.parts = there.parts
        await there.env.restart_bot(client(ears, rests))
        pressed = await alice.user.click(offer, label="🙋 Talk to a person")
        assert pressed.response is not None
        assert "ticket #1" in pressed.response.content


async def test_a_message_menu_makes_a_ticket(database: Database) -> None:
    async with scene(database) as there:
        alice, grace = await there.person("alice"), await there.person("grace")
        await there.hire(grace)
        said = await alice.send(there.general, "why does my lamp flicker?")
        done = await grace.context_menu(there.general, "Create ticket from message", said)
        await there.delivered()

        assert done.response is not None
        assert "It is ticket #1" in done.response.content
