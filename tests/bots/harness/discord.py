"""Discord, as the contract of channels sees it: over its gateway and its API, of the stand-in."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bots.discord.connect import Discord, connect
from bots.discord.setup import DiscordSettings
from core.channels import Channel, Who
from core.desk import Desk
from core.files import FolderStore
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, House
from tests.bots.discord import stand_in as discord_server
from tests.bots.discord.conftest import ALICE, BRISK, GRACE, listening
from tests.bots.discord.limits import calls_somebody
from tests.bots.discord.people import People
from tests.bots.discord.stand_in import Fault, StandIn
from tests.bots.discord.world import BOT, STAFF, TOKEN, Json, readable
from tests.bots.harness.base import Ability, Shown
from tests.clock import FakeClock


class DiscordHarness:
    """Ana in her direct messages, grace in the staff channel."""

    name = "discord"
    lacks: frozenset[Ability] = frozenset()

    def __init__(self, desk: Desk, discord: Discord, stand_in: StandIn) -> None:
        self.desk = desk
        self.channel: Channel = discord.channel
        self._discord = discord
        self._stand_in = stand_in
        self._people = People(stand_in)
        self._said: dict[str, Json] = {}

    async def write(
        self, text: str, *, post: str | None = None, files: Sequence[tuple[str, bytes]] = ()
    ) -> str:
        if post is not None:
            await self._stand_in.emit_message(self._said[post])
        else:
            attached = [self._attached(name, content) for name, content in files]
            made = await self._people.dm(ALICE, text, attachments=attached)
            post = str(made["id"])
            self._said[post] = made
        await self._taken_in()
        return post

    async def answer(self, post: str, text: str) -> None:
        dm = str(self._stand_in.dm(ALICE))
        reference = {"message_id": post, "channel_id": dm}
        await self._people.dm(ALICE, text, type=19, message_reference=reference)
        await self._taken_in()

    async def edit(self, post: str, text: str) -> None:
        await self._people.edit(self._said[post], text)
        await self._taken_in()

    async def delete(self, post: str) -> None:
        await self._people.delete(self._said[post])
        await self._taken_in()

    async def react(self, post: str, emoji: str, *, added: bool = True) -> None:
        dm = self._stand_in.dm(ALICE)
        message = self._stand_in.find(dm, int(post))
        assert message is not None
        await self._people.react(ALICE, message, emoji, added=added)
        await self._taken_in()

    async def discuss(self, number: int, text: str) -> str:
        root = next(
            int(each["id"])
            for each in self._stand_in.messages[STAFF]
            if f"#{number} " in readable(each)
        )
        if root not in self._stand_in.channels:
            made = self._stand_in.thread(root, 11, STAFF, "ticket")
            await self._stand_in.emit("THREAD_CREATE", made)
        said = await self._people.say(GRACE, root, text)
        await self._taken_in()
        return str(said["id"])

    async def claim(self, number: int) -> None:
        await self._people.answer(await self._people.press(GRACE, STAFF, "Claim"))

    def seen(self) -> Sequence[Shown]:
        return [self._shown(each) for each in self._ours(self._stand_in.dm(ALICE))]

    def staff_room(self) -> Sequence[Shown]:
        roots = self._ours(STAFF)
        beneath = [each for root in roots for each in self._ours(int(root["id"]))]
        return [self._shown(each) for each in (*roots, *beneath)]

    def on_hers(self, post: str) -> Sequence[str]:
        return self._reactions(int(post))

    def fail(self, *, down: bool = False, refuses: bool = False) -> None:
        self._stand_in.fault_of = lambda *_: Fault(status=503) if down else None
        self._stand_in.closed_to = {ALICE} if refuses else set()

    async def look(self) -> None:
        """The stand-in is looked at directly."""

    async def _taken_in(self) -> None:
        """What comes later over the same connection was answered, so what came before is heard."""
        if self._stand_in.is_heard:
            await self._people.type_option(GRACE, "ticket show", "ticket", "none")
        await self._discord.settle()

    def _ours(self, channel: int) -> list[Json]:
        said = self._stand_in.messages[channel]
        return [each for each in said if each["author"]["id"] == str(BOT)]

    def _reactions(self, message: int) -> list[str]:
        there: list[str] = []
        for sign, on, emoji in self._stand_in.reactions:
            if on == message:
                there = [each for each in there if each != emoji] + [emoji] * (sign == "+")
        return there

    def _shown(self, message: Json) -> Shown:
        return Shown(
            id=str(message["id"]),
            text=readable(message),
            files=[each["filename"] for each in message["attachments"]],
            reactions=self._reactions(int(message["id"])),
            under=(message.get("message_reference") or {}).get("message_id"),
            pings=any(calls_somebody(each) for each in self._stand_in.pings),
        )

    def _attached(self, name: str, content: bytes) -> Json:
        self._stand_in.files[name] = content
        url = f"{self._stand_in.url}/store/{name}"
        number = str(self._stand_in.id())
        about = {"id": number, "filename": name, "size": len(content), "content_type": "image/png"}
        return {**about, "url": url, "proxy_url": url}


@asynccontextmanager
async def opened(
    database: Database, clock: FakeClock, folder: Path
) -> AsyncIterator[DiscordHarness]:
    async with discord_server.running() as stand_in:
        stand_in.names |= {ALICE: "Ana", GRACE: "Grace"}
        url = f"{stand_in.url}/api/v10"
        settings = DiscordSettings(bot_token=TOKEN, staff_channel=STAFF, api_url=url)
        discord = await connect(settings, None, pace=BRISK)
        assert discord.staff_room is not None
        house = House(staff_rooms=(discord.staff_room,), files=FolderStore(folder))
        desk = Desk(database, house, channels={"discord": discord.channel}, clock=clock)
        grace = Who("discord", "global", str(GRACE), "Grace")
        await desk.add_agent(OPERATOR, grace, Details(capacity=5))
        discord.attach(desk)
        async with listening(discord, stand_in):
            yield DiscordHarness(desk, discord, stand_in)
        await discord.close()
