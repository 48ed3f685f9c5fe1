"""A desk behind the real Discord adapter, in front of a stand-in for Discord."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bots.discord.connect import Discord, Pace, connect
from bots.discord.setup import DiscordSettings
from core.channels import Who
from core.deflection import QUIET, NoDeflector, Suggestion, Suggestions, Verdict
from core.desk import Desk
from core.model import Message
from core.storage.database import Database
from core.vocabulary import OPERATOR, Details, House, Role
from tests.bots.discord import stand_in as discord_server
from tests.bots.discord.people import People
from tests.bots.discord.stand_in import StandIn
from tests.bots.discord.world import FORUM, STAFF, TOKEN, Json

ALICE, BOB, GRACE, ROOT = 101, 102, 103, 109
NAMES = {ALICE: "Alice", BOB: "Bob", GRACE: "Grace", ROOT: "Root"}

ON_BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
"""For the stories in which the database has a part; the others are told on SQLite alone."""

BRISK = Pace(between_sessions=0.01, first_pause=0.01)


class OneArticle(NoDeflector):
    """A knowledge base that knows how to reset a password."""

    async def suggest(self, question: str, *, language: str | None = None) -> Suggestions:
        if "password" not in question:
            return QUIET
        article = Suggestion(
            article="reset-password",
            title="Reset your password",
            answer="Press **Forgot password** on the [sign-in page](https://shop.example/login).",
            confidence=0.93,
        )
        return Suggestions(verdict=Verdict.SURE, suggestions=(article,))


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(
        "sqlite_url" if request.param == "sqlite" else "postgres_url"
    )
    return url


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with discord_server.running() as running:
        running.names |= NAMES
        yield running


@pytest.fixture
def settings(stand_in: StandIn) -> DiscordSettings:
    return DiscordSettings(
        bot_token=TOKEN,
        staff_channel=STAFF,
        api_url=f"{stand_in.url}/api/v10",
        agent_roles=frozenset({31}),
        admin_roles=frozenset({33}),
    )


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "discord.json"


@pytest.fixture
async def discord(settings: DiscordSettings, state: Path) -> AsyncIterator[Discord]:
    """The adapter, logged in and not listening yet."""
    connected = await connect(settings, state, pace=BRISK)
    yield connected
    await connected.close()


@pytest.fixture
def desk(database: Database, discord: Discord) -> Desk:
    """A desk with the staff channel as its room, on a real clock, since Discord dates its posts."""
    return desk_behind(discord, database)


@pytest.fixture
async def people(discord: Discord, desk: Desk, stand_in: StandIn) -> AsyncIterator[People]:
    """People before a bot that listens."""
    async with listening(discord, stand_in):
        yield People(stand_in)


@pytest.fixture
async def forum(
    settings: DiscordSettings, state: Path, database: Database, stand_in: StandIn
) -> AsyncIterator[tuple[People, Desk]]:
    """The same where staff meet in a forum."""
    connected = await connect(replace(settings, staff_channel=FORUM), state, pace=BRISK)
    desk = desk_behind(connected, database)
    async with listening(connected, stand_in):
        yield People(stand_in), desk
    await connected.close()


@pytest.fixture
async def people_without_content(
    settings: DiscordSettings, state: Path, database: Database, stand_in: StandIn
) -> AsyncIterator[tuple[People, Desk]]:
    """The same where the bot may not read what is written in servers."""
    stand_in.flags = 0
    connected = await connect(settings, state, pace=BRISK)
    desk = desk_behind(connected, database)
    async with listening(connected, stand_in):
        yield People(stand_in), desk
    await connected.close()


@contextlib.asynccontextmanager
async def listening(discord: Discord, stand_in: StandIn) -> AsyncIterator[None]:
    """The bot connected to the gateway, and what it heard stored at the end."""
    running = asyncio.create_task(discord.run_gateway())
    try:
        await asyncio.wait(
            [running, asyncio.create_task(stand_in.until(lambda: stand_in.is_heard))],
            return_when=asyncio.FIRST_COMPLETED,
        )
        if running.done():
            await running
        yield
    finally:
        await discord.settle()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


def desk_behind(discord: Discord, database: Database, admins: tuple[Who, ...] = ()) -> Desk:
    assert discord.staff_room is not None
    house = House(staff_rooms=(discord.staff_room,), deflector=OneArticle(), admins=admins)
    desk = Desk(database, house, channels={"discord": discord.channel})
    discord.attach(desk)
    return desk


async def hire(desk: Desk, user: int, *, role: Role = Role.AGENT, capacity: int = 1) -> Who:
    """Put somebody on the roster."""
    who = replace(person(user), name=NAMES[user])
    await desk.add_agent(OPERATOR, who, Details(role=role, capacity=capacity))
    return who


def person(user: int) -> Who:
    return Who("discord", "global", str(user), NAMES.get(user, ""))


async def delivered(desk: Desk, within: float = 30) -> None:
    """Until nothing waits any more."""
    async with asyncio.timeout(within):
        while True:
            await desk.courier.deliver_due()
            if (await desk.condition()).oldest_due is None:
                return
            await asyncio.sleep(0.01)


async def heard(desk: Desk, *messages: Json, within: float = 10) -> None:
    """Until the desk has these messages."""
    wanted = {f"{each['channel_id']}:{each['id']}" for each in messages}
    async with asyncio.timeout(within):
        while wanted:
            wanted -= {each.external_id for each in await kept_messages(desk)}
            await asyncio.sleep(0.01 * bool(wanted))


async def kept_messages(desk: Desk) -> Sequence[Message]:
    """Everything that the desk took in, in its order."""
    async with desk.looking() as work:
        return (await work.session.scalars(select(Message).order_by(Message.id))).all()


async def eventually(happened: Callable[[], Any], within: float = 10) -> None:
    """Wait for what gives no sign of its own."""
    for _ in range(int(within / 0.01)):
        if happened():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError
